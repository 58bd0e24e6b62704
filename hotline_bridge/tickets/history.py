"""All tickets of one person, open and closed, for the page that shows the conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.tables import tickets


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


async def goes_on_elsewhere(connection: AsyncConnection, conversation: UUID) -> bool:
    """Whether the number of one of its tickets was written from another phone: this one may be in other hands."""
    mine = select(tickets.c.id).where(tickets.c.conversation_id == conversation)
    query = select(tickets.c.id).where(tickets.c.resumes.in_(mine), tickets.c.conversation_id != conversation)
    return (await connection.execute(query.limit(1))).first() is not None


_NAMES = tuple(Entry.__dataclass_fields__)


async def of(connection: AsyncConnection, conversation: UUID) -> list[Entry]:
    """Those still open first, the newest of each first."""
    columns = [tickets.c[name] for name in _NAMES]
    query = select(*columns).where(tickets.c.conversation_id == conversation)
    rows = await connection.execute(query.order_by(tickets.c.state == "closed", tickets.c.opened_at.desc()))
    return [Entry(**row) for row in rows.mappings()]
