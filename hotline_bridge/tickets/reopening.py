"""A closed ticket that waits again because its person has written. On the caller's transaction."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import Select, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.local_time import ZONE
from hotline_bridge.retention import REOPENS
from hotline_bridge.store.tables import tickets
from hotline_bridge.tickets import changes, events
from hotline_bridge.tickets.needs import KEPT_CLOSED, NEEDS
from hotline_bridge.tickets.rows import NOT_PAGED, open_of

_RANKS = {need.name: need.rank for need in NEEDS.values()}


def closed_since(today: date) -> datetime:
    """From when on a ticket must have been closed to open again today. Pure.

    Days are counted, in Kazakhstan: of what was closed longer ago than retention.EXACT no more is left (flow/coarse.py).
    """
    return datetime.combine(today - REOPENS, time(), ZONE)


async def reopen(connection: AsyncConnection, conversation: UUID, today: date) -> bool:
    """The ticket that was closed last waits again, if that was within the days of REOPENS and nothing else is open.

    Of those that were closed together the most pressing one: the person comes back in danger as they were. Not after
    KEPT_CLOSED, whatever was closed before; after "test" it does: whoever was taken for one by mistake may be in danger.
    """
    still_open = select(tickets.c.id).where(open_of(conversation))
    done = await connection.execute(
        update(tickets)
        .where(
            tickets.c.id == _last(conversation, today).scalar_subquery(),
            tickets.c.outcome != KEPT_CLOSED,
            ~still_open.exists(),
        )
        .values(
            state="open",
            taken_by=None,
            outcome=None,
            closed_at=None,
            waiting_since=func.now(),
            answered_since=None,
            answer_by=None,
            reopened=tickets.c.reopened + 1,
            **NOT_PAGED,
        )
        .returning(tickets.c.id)
    )
    row = done.first()
    if row is None:
        return False
    await changes.note(connection, "ticket.reopened", [row.id])
    await events.tell(connection, conversation, None, "reopened")
    return True


def _last(conversation: UUID, today: date) -> Select[tuple[UUID]]:
    return (
        select(tickets.c.id)
        .where(
            tickets.c.conversation_id == conversation,
            tickets.c.state == "closed",
            tickets.c.closed_at >= closed_since(today),
        )
        .order_by(tickets.c.closed_at.desc(), case(_RANKS, value=tickets.c.need, else_=len(_RANKS)))
        .limit(1)
    )
