"""What an operator's words do to the tickets that they are for: answered, and called for no more. On the caller's transaction."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.retention import EXACT
from hotline_bridge.store.tables import outbox, tickets
from hotline_bridge.tickets import events
from hotline_bridge.tickets.rows import CALM, taken_of


async def answered(connection: AsyncConnection, conversation: UUID, written: datetime | None = None) -> None:
    """A human's words are handed over to be sent: note the first time on each ticket that they were for.

    answered_since is the first time since it waits: whoever comes back waits anew.

    written: when, if they were held since. A need that came up meanwhile is not answered by them, one that was closed is, as long
    as its times are kept to the second (flow/coarse.py).
    """
    theirs = still_open = tickets.c.state != "closed"
    if written is not None:
        still_open &= tickets.c.waiting_since < written
        theirs |= tickets.c.closed_at > func.greatest(written, func.now() - EXACT)
        theirs &= tickets.c.opened_at < written
    await connection.execute(
        update(tickets)
        .where(tickets.c.conversation_id == conversation, theirs)
        .values(
            answered_at=func.coalesce(tickets.c.answered_at, func.now()),
            answered_since=func.coalesce(tickets.c.answered_since, case((still_open, func.now()))),
        )
    )


async def not_answered(connection: AsyncConnection, conversation: UUID) -> None:
    """A reply did not go out after all: whom it would have answered first counts from the next one that did, or waits on.

    By the moment at which it was handed over; replies that were held are released together, and any of them is an answer.
    """
    theirs = (outbox.c.conversation_id == conversation, outbox.c.author.is_not(None))
    lost = outbox.c.status.in_(("held", "failed"))
    for column in (tickets.c.answered_at, tickets.c.answered_since):
        not_out = select(outbox.c.id).where(*theirs, outbox.c.created_at == column, lost)
        next_out = select(func.min(outbox.c.created_at)).where(*theirs, outbox.c.created_at >= column, ~lost)
        await connection.execute(
            update(tickets)
            .where(tickets.c.conversation_id == conversation, not_out.correlate(tickets).exists())
            .values({column: next_out.correlate(tickets).scalar_subquery()})
        )


async def calm(connection: AsyncConnection, conversation: UUID) -> None:
    """Whoever writes has seen what was flagged: it calls nobody any more, even if their words are held."""
    await connection.execute(update(tickets).where(taken_of(conversation)).values(CALM))


async def flag_seen(connection: AsyncConnection, conversation: UUID, account: UUID) -> bool:
    """The operator has seen the danger and may not write: it calls nobody any more. False when it called nobody."""
    calling = tickets.c.flagged_at.is_not(None) | tickets.c.answer_by.is_not(None)
    done = await connection.execute(update(tickets).where(taken_of(conversation), calling).values(CALM).returning(tickets.c.id))
    if done.first() is None:
        return False
    await events.tell(connection, conversation, account, "flag_seen")
    return True
