"""The rows of referrals."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.referrals.course import OPEN, Referral
from hotline_bridge.store.tables import referrals
from hotline_bridge.vault.sealing import Key


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
