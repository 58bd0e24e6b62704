"""Referrals: what is handed to another organisation, by a link that works once. Decisions are pure; rows at the end.

sent → read → accepted → served; or refused, withdrawn, expired, forgotten. The packet is sealed under a key that is derived from
the link's token; only a hash of the token is kept. Whoever has the database, or this house's keys, or both, cannot read it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.tables import referrals
from hotline_bridge.vault.sealing import Key

LASTS = timedelta(hours=72)
TOKEN_BYTES = 32
OPEN = ("sent", "read", "accepted")
AGES = ("under_14", "14_17", "adult", "over_60")
SEXES = ("woman", "man")
LONGEST_NOTE, LONGEST_CONSENT = 1000, 500
# What may be given, each by its own tick.
FIELDS = ("needs", "language", "region", "contact", "age", "sex", "note", "values")
# From where an answer may lead to where: the reader's by the page, an operator's by hand.
_AFTER = {
    "sent": frozenset({"read", "accepted", "refused", "withdrawn", "expired"}),
    "read": frozenset({"accepted", "refused", "withdrawn"}),
    "accepted": frozenset({"served", "refused", "withdrawn"}),
}


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


@dataclass(frozen=True, slots=True)
class Referral:
    """One row without what is sealed. organisation: an id of organisations.yml; answered_by: None when the reader did."""

    id: UUID
    conversation: UUID | None
    organisation: str
    state: str
    noted: str
    fields: tuple[str, ...]
    made_by: UUID
    made_at: datetime
    expires_at: datetime
    read_at: datetime | None
    answered_at: datetime | None
    answered_by: UUID | None
    served_at: datetime | None
    ended_at: datetime | None

    def is_over(self, now: datetime) -> bool:
        """Whether the link's time has run out unread, even if the sweep has not come by yet."""
        return self.state == "sent" and now >= self.expires_at

    @property
    def answer(self) -> str:
        """What its reader had done: sent (nothing), read or accepted. It stays when the person is forgotten."""
        return "accepted" if self.answered_at else "read" if self.read_at else "sent"

    @property
    def reference(self) -> str:
        """What both sides call it on the telephone."""
        return reference(self.id)


def may_become(before: str, after: str) -> bool:
    """Whether a referral may go from one state to the other."""
    return after in _AFTER.get(before, frozenset())


def new_token() -> str:
    """256 random bits, fit for an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def fingerprint(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def key_of(token: str, referral: UUID) -> Key:
    """The key that only the token gives (HKDF, RFC 5869)."""
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"komek:referral:{referral}".encode())
    return Key(derive.derive(token.encode("utf-8", "surrogatepass")))


def reference(referral: UUID) -> str:
    """Six digits from the random id: a name for it, not a secret."""
    number = int.from_bytes(hashlib.sha256(referral.bytes).digest()[:8]) % 1_000_000
    return f"{number // 1000:03d}-{number % 1000:03d}"


def sealed(packet: Packet, token: str, referral: UUID) -> bytes:
    """The packet as it is stored."""
    return key_of(token, referral).seal(f"packet:{referral}", json.dumps(asdict(packet)))


def opened(stored: bytes, token: str, referral: UUID) -> Packet:
    """The packet again. Raises Forgotten for another token."""
    raw: dict[str, Any] = json.loads(key_of(token, referral).open(f"packet:{referral}", stored))
    contact = raw["contact"]
    return Packet(
        **raw
        | {
            "needs": tuple(raw["needs"]),
            "values": tuple((name, value) for name, value in raw["values"]),
            "contact": (contact[0], tuple(contact[1]), contact[2]) if contact else None,
        }
    )


async def add(connection: AsyncConnection, one: Referral, *, token_hash: bytes, packet: bytes, consent: bytes) -> None:
    """A new row."""
    values = {name: getattr(one, name) for name in _NAMES} | {"conversation_id": one.conversation, "fields": list(one.fields)}
    await connection.execute(
        insert(referrals).values(**values, token_hash=token_hash, sealed_packet=packet, sealed_consent=consent)
    )


async def change(connection: AsyncConnection, referral: UUID, state: str, **values: Any) -> None:
    """Its next state; but for "sent" the packet is gone from then on."""
    await connection.execute(
        update(referrals).where(referrals.c.id == referral).values(state=state, sealed_packet=None, **values)
    )


async def load(connection: AsyncConnection, referral: UUID, *, lock: bool = False) -> Referral | None:
    """One row. With `lock` nobody else changes it until the transaction ends."""
    query = _SELECT.where(referrals.c.id == referral)
    row = (await connection.execute(query.with_for_update() if lock else query)).first()
    return _referral(row) if row is not None else None


async def of(connection: AsyncConnection, conversation: UUID) -> list[Referral]:
    """All of a conversation, newest first."""
    query = _SELECT.where(referrals.c.conversation_id == conversation).order_by(referrals.c.made_at.desc())
    return [_referral(row) for row in await connection.execute(query)]


async def newest(
    connection: AsyncConnection, *, only_open: bool, before: datetime | None = None, most: int = 50
) -> list[Referral]:
    """Of everybody, newest first."""
    query = _SELECT.order_by(referrals.c.made_at.desc()).limit(most)
    if only_open:
        query = query.where(referrals.c.state.in_(OPEN))
    if before is not None:
        query = query.where(referrals.c.made_at < before)
    return [_referral(row) for row in await connection.execute(query)]


async def over(connection: AsyncConnection, now: datetime, *, most: int = 100) -> list[UUID]:
    """Those whose link was not read in time."""
    query = select(referrals.c.id).where(referrals.c.state == "sent", referrals.c.expires_at <= now).limit(most)
    return list((await connection.execute(query)).scalars())


async def unnoted(connection: AsyncConnection, conversation: UUID) -> list[Referral]:
    """Those with a step of their reader that does not stand in the audit trail yet, locked."""
    query = _SELECT.where(referrals.c.conversation_id == conversation, referrals.c.noted != referrals.c.state)
    return [_referral(row) for row in await connection.execute(query.with_for_update())]


async def without_job(connection: AsyncConnection) -> list[UUID]:
    """Conversations with such a step."""
    query = (
        select(referrals.c.conversation_id)
        .where(referrals.c.noted != referrals.c.state, referrals.c.conversation_id.is_not(None))
        .distinct()
        .limit(100)
    )
    return [found for found in (await connection.execute(query)).scalars() if found is not None]


async def noted(connection: AsyncConnection, referral: UUID, state: str) -> None:
    """This state stands in the audit trail."""
    await connection.execute(update(referrals).where(referrals.c.id == referral).values(noted=state))


async def consent(connection: AsyncConnection, referral: UUID, desk_key: Key) -> str | None:
    """The person's own words; None when they are forgotten."""
    found = (await connection.execute(select(referrals.c.sealed_consent).where(referrals.c.id == referral))).scalar()
    return None if found is None else desk_key.open(f"consent:{referral}", found)


async def forget(connection: AsyncConnection, conversation: UUID) -> None:
    """Nothing sealed is left, and a link that was not read leads nowhere. What its reader had answered stays."""
    mine = referrals.c.conversation_id == conversation
    nothing = dict.fromkeys(("token_hash", "answer_hash", "sealed_packet", "sealed_consent"))
    await connection.execute(update(referrals).where(mine).values(**nothing))
    live = update(referrals).where(mine, referrals.c.state.in_(OPEN))
    await connection.execute(live.values(state="forgotten", noted="forgotten", ended_at=func.now()))


_NAMES = (
    "id", "organisation", "state", "noted", "made_by", "made_at", "expires_at", "read_at", "answered_at", "answered_by",
    "served_at", "ended_at",
)  # fmt: skip
_SELECT: Select[Any] = select(referrals.c.conversation_id, referrals.c.fields, *(referrals.c[name] for name in _NAMES))


def _referral(row: Any) -> Referral:
    return Referral(conversation=row.conversation_id, fields=tuple(row.fields), **{name: getattr(row, name) for name in _NAMES})
