"""A thief with everything that is left: every sealed value is tried under every key, and what comes out is searched.

Seals are broken open without looking at their tags, so that a value sealed under a name that this file does not know, or changed
since, still gives its words when the key is right: AES-GCM without the tag is AES in counter mode (NIST SP 800-38D, 6.5).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

NONCE, TAG, KEY = 12, 16, 32
WRAPPED = NONCE + 44 + TAG  # a key in base64, sealed
# Every use for which the product derives a key from a master key or a root secret.
USES = ("wrap", "keys", "words", "webhook", "totp", "cursor", "audit", "id")


@dataclass
class Loot:
    """What was stolen: bytes by where they stood in the database, and keys from files."""

    sealed: dict[str, list[bytes]] = field(default_factory=dict)
    masters: list[bytes] = field(default_factory=list)

    def __or__(self, other: Loot) -> Loot:
        places = self.sealed.keys() | other.sealed.keys()
        both = {place: self.sealed.get(place, []) + other.sealed.get(place, []) for place in places}
        return Loot(both, self.masters + other.masters)

    def keys(self) -> set[bytes]:
        """Every key that can be had: those above all, what they wrap, and what is derived from each."""
        known = {derived for master in self.masters for derived in _derived(master)}
        wrapped = {value for values in self.sealed.values() for value in values if len(value) == WRAPPED}
        for key in list(known):
            for value in wrapped:
                if inner := _key_in(opened(value, key)):
                    known |= set(_derived(inner))
        return known

    def readable(self) -> bytes:
        """Everything that makes sense under any key, one value behind the other."""
        keys, found = self.keys(), []
        for values in self.sealed.values():
            for value in set(values):
                found += [clear for key in keys if _is_text(clear := opened(value, key))]
        return b"\n".join(found)


def opened(sealed: bytes, key: bytes) -> bytes:
    """What was sealed, or noise."""
    if len(sealed) < NONCE + TAG:
        return b""
    counter = modes.CTR(sealed[:NONCE] + (2).to_bytes(4, "big"))
    return Cipher(algorithms.AES(key), counter).decryptor().update(sealed[NONCE:-TAG])


def stolen(url: str) -> Loot:
    """Every value of bytes in every table of a database."""
    loot = Loot()
    with psycopg.connect(url, autocommit=True) as connection:
        columns = connection.execute(
            "SELECT table_schema, table_name, column_name FROM information_schema.columns "
            "WHERE data_type = 'bytea' AND table_schema NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for schema, table, column in columns:
            rows = connection.execute(f'SELECT "{column}" FROM "{schema}"."{table}" WHERE "{column}" IS NOT NULL'.encode())
            loot.sealed[f"{schema}.{table}.{column}"] = [bytes(value) for (value,) in rows.fetchall()]
    return loot


def keys_in(folder: Path) -> list[bytes]:
    """The keys above all others, old ones too."""
    lines = [line for name in ("master.key", "desk.key") for line in (folder / name).read_text().split()]
    return [base64.b64decode(line) for line in lines]


def _derived(key: bytes) -> Iterator[bytes]:
    yield key
    for use in USES:
        yield hmac.digest(key, f"komek:{use}".encode(), hashlib.sha256)


def _key_in(clear: bytes) -> bytes | None:
    try:
        raw = base64.b64decode(clear, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == KEY else None


def _is_text(clear: bytes) -> bool:
    try:
        return (bool(clear) and clear.decode().isprintable()) or (b"\n" in clear and bool(clear.decode()))
    except UnicodeDecodeError:
        return False
