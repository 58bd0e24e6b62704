"""Danger that nobody has claimed or answered: how long it has waited, how far up its paging has gone. Decisions are pure.

A person is paged for, not a ticket: all their tickets of danger go up together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.tables import conversations, tickets
from hotline_bridge.tickets import events
from hotline_bridge.tickets.needs import DANGERS

# The levels: nobody yet, those on shift, supervisors too, everybody with a pager, and everybody again and again.
NOBODY, ON_SHIFT, SUPERVISORS, EVERYBODY, AGAIN = range(5)
_ALONE = 7_026_410  # an advisory lock's number: one worker pages at a time

# Open and about danger; or flagged: danger or the agreed sign was heard, and nobody has reacted since, whoever has the person;
# or claimed and not answered yet: then it is due from answer_by on.
_UNCLAIMED = """
    t.state <> 'closed' AND (t.state = 'open' AND t.need = ANY(:dangers) OR t.flagged_at IS NOT NULL OR t.answer_by IS NOT NULL)
"""
_WAITING = text(
    f"""
    SELECT c.id, c.language, c.operator_id, max(t.page_level) AS level, max(t.paged_at) AS paged_at,
           bool_and(t.flagged_at IS NULL AND t.answer_by IS NOT NULL) AS unanswered,
           min(CASE WHEN t.state = 'taken' THEN coalesce(t.flagged_at, t.answer_by)
                    WHEN t.need = ANY(:dangers) THEN t.waiting_since
                    ELSE greatest(t.flagged_at, t.waiting_since) END) AS since
    FROM tickets t JOIN conversations c ON c.id = t.conversation_id
    WHERE {_UNCLAIMED} AND (cast(:ids AS uuid[]) IS NULL OR c.id = ANY(:ids))
    GROUP BY c.id ORDER BY since, c.id
    """
)
_RAISE = text(f"UPDATE tickets t SET page_level = :level, paged_at = :now WHERE {_UNCLAIMED} AND t.conversation_id = ANY(:ids)")
# Of danger alone: whoever gave the sign asked for nothing that could be told to be waiting.
_UNTOLD = text(
    """
    SELECT t.conversation_id FROM tickets t
    WHERE t.state = 'open' AND t.need = ANY(:dangers) AND t.page_level >= :level
      AND (cast(:id AS uuid) IS NULL OR t.conversation_id = :id) AND (t.told_at IS NULL OR t.told_at < t.waiting_since)
    GROUP BY t.conversation_id
    """
)


@dataclass(frozen=True, slots=True)
class Patience:
    """after: until the next to be paged are those above; again: between two pages to everybody."""

    after: timedelta = timedelta(seconds=120)
    again: timedelta = timedelta(seconds=300)


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """A person in danger whom nobody has. since: waiting, or unheard by the operator who has them (holder).

    unanswered: claimed, and the time for an answer runs until `since`.
    """

    conversation: UUID
    language: str | None
    holder: UUID | None
    level: int
    paged_at: datetime | None
    since: datetime
    unanswered: bool = False

    def is_due(self, now: datetime, patience: Patience) -> bool:
        """Whether the next level is to be paged now."""
        if self.level == NOBODY or self.paged_at is None:
            return now >= self.since + (timedelta() if self.unanswered else patience.after)
        return now >= self.paged_at + (patience.after if self.level < EVERYBODY else patience.again)

    @property
    def next_level(self) -> int:
        """What comes after what was done."""
        return min(self.level + 1, AGAIN)


async def alone(connection: AsyncConnection) -> bool:
    """Whether this transaction is the only one that pages now; it stays so until it ends."""
    return bool((await connection.execute(select(func.pg_try_advisory_xact_lock(_ALONE)))).scalar())


async def waiting(connection: AsyncConnection, ids: Iterable[UUID] | None = None) -> list[Unclaimed]:
    """Everybody in danger whom nobody has, or those of `ids` who are; the longest wait first."""
    values: dict[str, Any] = {"dangers": list(DANGERS), "ids": None if ids is None else list(ids)}
    rows = await connection.execute(_WAITING, values)
    return [Unclaimed(row.id, row.language, row.operator_id, row.level, row.paged_at, row.since, row.unanswered) for row in rows]


async def hold(connection: AsyncConnection, ids: Iterable[UUID]) -> list[UUID]:
    """Lock these conversations against a claim; those that somebody is at work on are left out."""
    query = select(conversations.c.id).where(conversations.c.id.in_(list(ids))).with_for_update(skip_locked=True)
    return list((await connection.execute(query)).scalars())


async def raise_to(connection: AsyncConnection, level: int, ids: Iterable[UUID], now: datetime) -> None:
    """What is unclaimed of these conversations was paged at this level."""
    await connection.execute(_RAISE, {"level": level, "ids": list(ids), "now": now, "dangers": list(DANGERS)})


async def untold(connection: AsyncConnection, conversation: UUID | None = None) -> list[UUID]:
    """People for whom the paging went beyond those on shift, and who do not know yet that nobody has taken it."""
    values = {"level": SUPERVISORS, "dangers": list(DANGERS), "id": conversation}
    return list((await connection.execute(_UNTOLD, values)).scalars())


async def is_open(connection: AsyncConnection, conversation: UUID) -> bool:
    """Whether danger waits here that nobody has."""
    return (await connection.execute(select(tickets.c.id).where(*_open_danger(conversation)).limit(1))).first() is not None


async def was_taken(connection: AsyncConnection, conversation: UUID) -> bool:
    """Whether somebody has had all the danger that waits here."""
    never = select(tickets.c.id).where(*_open_danger(conversation), tickets.c.taken_at.is_(None)).limit(1)
    return (await connection.execute(never)).first() is None


def _open_danger(conversation: UUID) -> tuple[ColumnElement[bool], ...]:
    return tickets.c.conversation_id == conversation, tickets.c.state == "open", tickets.c.need.in_(DANGERS)


async def told(connection: AsyncConnection, conversation: UUID) -> None:
    """The person knows now. A fact of the tickets: of events only the day is kept (tests/flow/test_page.py)."""
    mine = (tickets.c.conversation_id == conversation, tickets.c.state == "open")
    await connection.execute(update(tickets).where(*mine).values(told_at=func.clock_timestamp()))
    await events.note(connection, conversation, None, "told_waiting")


async def not_told(connection: AsyncConnection, conversation: UUID) -> None:
    """It did not go out: they are told when it may, if nobody has come by then."""
    mine = (tickets.c.conversation_id == conversation, tickets.c.state == "open")
    await connection.execute(update(tickets).where(*mine).values(told_at=None))


async def longest_wait(connection: AsyncConnection, now: datetime) -> float:
    """Seconds that somebody in danger has waited for a human at most; 0 when nobody does."""
    found = await waiting(connection)
    return max(0.0, (now - found[0].since).total_seconds()) if found else 0.0
