"""The tickets of one person, open and closed, and the conversations whose requests go on in theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.tables import tickets
from hotline_bridge.tickets.needs import WATCHED


@dataclass(frozen=True, slots=True)
class Entry:
    """One ticket as its row tells. facts: closed answers, never words."""

    id: UUID
    need: str
    state: str
    facts: dict[str, str]
    opened_at: datetime
    waiting_since: datetime
    flagged_at: datetime | None
    answer_by: datetime | None
    taken_by: UUID | None
    answered_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    reopened: int


_BEHIND = text(
    """
    WITH RECURSIVE behind (id) AS (
        SELECT cast(:conversation AS uuid)
        UNION
        SELECT there.conversation_id FROM behind
        JOIN tickets AS here ON here.conversation_id = behind.id
        JOIN tickets AS there ON there.id = here.resumes
        WHERE there.conversation_id IS NOT NULL
    )
    SELECT id FROM behind WHERE id <> :conversation ORDER BY id
    """
)
_COLUMNS = [tickets.c[name] for name in Entry.__dataclass_fields__]


async def goes_on_elsewhere(connection: AsyncConnection, conversation: UUID) -> bool:
    """Whether the number of one of its tickets was written from another phone: this one may be in other hands."""
    mine = select(tickets.c.id).where(tickets.c.conversation_id == conversation)
    query = select(tickets.c.id).where(tickets.c.resumes.in_(mine), tickets.c.conversation_id != conversation)
    return (await connection.execute(query.limit(1))).first() is not None


async def of(connection: AsyncConnection, conversation: UUID) -> list[Entry]:
    """Those still open first, the newest of each first."""
    query = select(*_COLUMNS).where(tickets.c.conversation_id == conversation)
    rows = await connection.execute(query.order_by(tickets.c.state == "closed", tickets.c.opened_at.desc()))
    return [Entry(**row) for row in rows.mappings()]


async def one(connection: AsyncConnection, public: UUID) -> Entry:
    """The ticket that other case systems know by this id, which there must be."""
    return Entry(**(await connection.execute(select(*_COLUMNS).where(tickets.c.public_id == public))).mappings().one())


async def may_be_watched(connection: AsyncConnection, conversation: UUID) -> bool:
    """Whether the person may not be alone by what they wrote, and their operator has neither answered nor seen it."""
    mine = (tickets.c.conversation_id == conversation, tickets.c.need == WATCHED, tickets.c.state == "taken")
    return (await connection.execute(select(tickets.c.id).where(*mine, tickets.c.flagged_at.is_not(None)))).first() is not None


async def behind(connection: AsyncConnection, conversation: UUID) -> list[UUID]:
    """The conversations whose requests go on in this one, from however many phones (flow/resume.py)."""
    return list((await connection.execute(_BEHIND, {"conversation": conversation})).scalars())
