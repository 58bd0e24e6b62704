"""What an operator's words do to the tickets that they are for: answered, and called for no more. On the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.retention import EXACT
from hotline_bridge.store.tables import outbox, tickets
from hotline_bridge.tickets import events
from hotline_bridge.tickets.needs import ANSWER_WITHIN, DANGERS
from hotline_bridge.tickets.rows import CALM, taken_of

_NOT_OUT = ("held", "failed")


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

    By the moment at which it was handed over; replies that were held are released together, and any of them is an answer. Danger
    whose answer has failed has the time of a claim again, and calls when no other follows; held ones call nobody (`calm`).
    """
    at, since = (tickets.c.answered_at, tickets.c.answered_since)
    await connection.execute(
        update(tickets).where(tickets.c.conversation_id == conversation, _lost(at)).values(answered_at=_next_out(at))
    )
    again = (
        (tickets.c.state == "taken")
        & tickets.c.need.in_(DANGERS)
        & tickets.c.flagged_at.is_(None)
        & _lost(since, ("failed",))
        & _next_out(since).is_(None)
    )
    await connection.execute(
        update(tickets)
        .where(tickets.c.conversation_id == conversation, _lost(since))
        .values(answered_since=_next_out(since), answer_by=case((again, func.now() + ANSWER_WITHIN), else_=tickets.c.answer_by))
    )


async def by_lost_words(connection: AsyncConnection) -> list[UUID]:
    """Conversations with an open ticket that counts as answered by a reply that did not arrive; see `not_answered`."""
    lost = _lost(tickets.c.answered_at) | _lost(tickets.c.answered_since)
    query = select(tickets.c.conversation_id).distinct().where(tickets.c.state != "closed", lost).limit(500)
    return list((await connection.execute(query)).scalars())


def _lost(column: ColumnElement[datetime | None], states: Sequence[str] = _NOT_OUT) -> ColumnElement[bool]:
    """Whether a reply of the moment in `column` is held or has failed."""
    return _replies().where(outbox.c.created_at == column, outbox.c.status.in_(states)).correlate(tickets).exists()


def _next_out(column: ColumnElement[datetime | None]) -> ScalarSelect[Any]:
    """When the first reply since the moment in `column` was handed over that went out, or is on its way; NULL without one."""
    out = _replies(func.min(outbox.c.created_at)).where(outbox.c.created_at >= column, outbox.c.status.not_in(_NOT_OUT))
    return out.correlate(tickets).scalar_subquery()


def _replies(what: ColumnElement[Any] = outbox.c.id) -> Select[Any]:
    return select(what).where(outbox.c.conversation_id == tickets.c.conversation_id, outbox.c.author.is_not(None))


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
