"""What is handed over, sealed under a key that is derived from the link's token. Pure.

Only a hash of the token is kept. Whoever has the database, or this house's keys, or both, cannot read a packet.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hotline_bridge.vault.sealing import Key

TOKEN_BYTES = 32
AGES = ("under_14", "14_17", "adult", "over_60")
SEXES = ("woman", "man")
LONGEST_NOTE, LONGEST_CONSENT = 1000, 500
# What may be given, each by its own tick.
FIELDS = ("needs", "language", "region", "contact", "age", "sex", "note", "values")


@dataclass(frozen=True, slots=True)
class Packet:
    """What the reader gets; what was not ticked is empty. Everything but note and values is a name from a closed list.

    contact: method, parts of the day, whether a message may be left. values: placeholder and what it stands for.
    """

    reference: str
    urgent: bool = False
    needs: tuple[str, ...] = ()
    language: str = ""
    region: str = ""
    contact: tuple[str, tuple[str, ...], bool] | None = None
    age: str = ""
    sex: str = ""
    note: str = field(default="", repr=False)
    values: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def fields(self) -> list[str]:
        """Names of what is in it."""
        return [name for name in FIELDS if getattr(self, name)]


def new_token() -> str:
    """256 random bits, fit for an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def fingerprint(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _key_of(token: str, referral: UUID) -> Key:
    """The key that only the token gives (HKDF, RFC 5869)."""
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"komek:referral:{referral}".encode())
    return Key(derive.derive(token.encode("utf-8", "surrogatepass")))


def sealed(packet: Packet, token: str, referral: UUID) -> bytes:
    """The packet as it is stored."""
    return _key_of(token, referral).seal(f"packet:{referral}", json.dumps(asdict(packet)))


def opened(stored: bytes, token: str, referral: UUID) -> Packet:
    """The packet again. Raises Forgotten for another token."""
    raw: dict[str, Any] = json.loads(_key_of(token, referral).open(f"packet:{referral}", stored))
    contact = raw["contact"]
    return Packet(
        **raw
        | {
            "needs": tuple(raw["needs"]),
            "values": tuple((name, value) for name, value in raw["values"]),
            "contact": (contact[0], tuple(contact[1]), contact[2]) if contact else None,
        }
    )
