"""Who has a conversation's tickets: claimed, handed over, given back. On the caller's transaction.

An operator takes a person, not a ticket: all open tickets of the conversation go together, so that two never talk at once.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.tables import conversations, ticket_events, tickets
from hotline_bridge.tickets import changes, events, presence
from hotline_bridge.tickets.needs import ANSWER_WITHIN, DANGERS
from hotline_bridge.tickets.rows import CALM, NOT_PAGED, open_of, taken_of

# Danger, or the agreed sign: whoever takes it is to answer, or to say that they have seen it.
_PRESSING = tickets.c.need.in_(DANGERS) | tickets.c.flagged_at.is_not(None)


async def claim(connection: AsyncConnection, conversation: UUID, account: UUID) -> int:
    """All open tickets go to `account`; how many. Whoever takes them sees what they were flagged for.

    The caller holds the conversation's lock and has seen that nobody else has it. Danger calls again when no answer follows.
    """
    taken = await _take(connection, conversation, account)
    await changes.note(connection, "ticket.taken", taken)
    await events.tell(connection, conversation, account, "claimed")
    return len(taken)


async def take_over(connection: AsyncConnection, conversation: UUID, account: UUID, holder: UUID) -> None:
    """From `holder`, whom nobody asks, to `account`; else as `claim`."""
    await _take(connection, conversation, account)
    await events.tell(connection, conversation, account, "taken_over", holder=str(holder))


async def hand_over(connection: AsyncConnection, conversation: UUID, account: UUID, to: UUID) -> None:
    """From `account` to another operator, without the bot in between. Danger that nobody has answered calls until one does."""
    await presence.hold(connection, conversation, to)
    unanswered = tickets.c.need.in_(DANGERS) & tickets.c.answered_since.is_(None)
    await connection.execute(
        update(tickets)
        .where(taken_of(conversation))
        .values(taken_by=to, flagged_at=_flag_if(unanswered | _alarmed(conversation)), answer_by=None)
    )
    await events.tell(connection, conversation, account, "handed_over", to=str(to))


async def give_back(connection: AsyncConnection, conversation: UUID, account: UUID | None, kind: str = "given_back") -> None:
    """Back into the queue; the bot answers again. account: None when the operator was lost.

    Whoever no human has answered yet has waited all the time, and keeps their place. Whoever gave the agreed sign and has not
    come back is called for again, whatever was seen meanwhile.
    """
    since = case((tickets.c.answered_since.is_(None), tickets.c.waiting_since), else_=func.now())
    await presence.hold(connection, conversation, None)
    done = await connection.execute(
        update(tickets)
        .where(taken_of(conversation))
        .values(
            state="open",
            taken_by=None,
            waiting_since=since,
            answered_since=None,
            answer_by=None,
            flagged_at=_flag_if(_alarmed(conversation)),
            told_at=None,
            **NOT_PAGED,
        )
        .returning(tickets.c.id)
    )
    await changes.note(connection, "ticket.returned", list(done.scalars()))
    await events.tell(connection, conversation, account, kind)


async def _take(connection: AsyncConnection, conversation: UUID, account: UUID) -> list[UUID]:
    await presence.hold(connection, conversation, account)
    answer_by = case((_PRESSING, func.now() + ANSWER_WITHIN))
    taken_at = func.coalesce(tickets.c.taken_at, func.now())
    done = await connection.execute(
        update(tickets)
        .where(open_of(conversation))
        .values(CALM | {"state": "taken", "taken_by": account, "taken_at": taken_at, "answer_by": answer_by})
        .returning(tickets.c.id)
    )
    return list(done.scalars())


def _flag_if(condition: ColumnElement[bool]) -> ColumnElement[datetime]:
    """The flag as it is; where there is none and `condition` holds, one of now."""
    return func.coalesce(tickets.c.flagged_at, case((condition, func.now())))


def _alarmed(conversation: UUID) -> ColumnElement[bool]:
    """Whether the silence of this conversation is one of the agreed sign: the person is not alone."""
    silent = select(conversations.c.id).where(conversations.c.id == conversation, conversations.c.silence == "unsafe")
    sign = select(ticket_events.c.id).where(ticket_events.c.conversation_id == conversation, ticket_events.c.kind == "alarm")
    return silent.exists() & sign.exists()
