"""Who has a conversation's tickets: claimed, handed over, given back, closed, reopened. On the caller's transaction.

An operator takes a person, not a ticket: all open tickets of the conversation go together, so that two never talk at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.retention import EXACT
from hotline_bridge.store import signals
from hotline_bridge.store.tables import conversations, outbox, ticket_events, tickets
from hotline_bridge.tickets import changes, events
from hotline_bridge.tickets.needs import ANSWER_WITHIN, DANGERS, KEPT_CLOSED, NEEDS

# Danger, or the agreed sign: whoever takes it is to answer, or to say that they have seen it.
_PRESSING = tickets.c.need.in_(DANGERS) | tickets.c.flagged_at.is_not(None)
_RANKS = {need.name: need.rank for need in NEEDS.values()}


async def holder(connection: AsyncConnection, conversation: UUID, *, lock: bool = False) -> UUID | None:
    """The account that has the conversation, if any. With `lock` it stays so until the transaction ends."""
    query = select(conversations.c.operator_id).where(conversations.c.id == conversation)
    found: UUID | None = (await connection.execute(query.with_for_update() if lock else query)).scalar()
    return found


async def claim(connection: AsyncConnection, conversation: UUID, account: UUID) -> int:
    """All open tickets go to `account`; how many. Whoever takes them sees what they were flagged for.

    The caller holds the conversation's lock and has seen that nobody else has it. Danger calls again when no answer follows.
    """
    taken = await _take(connection, conversation, account)
    await changes.note(connection, "ticket.taken", taken)
    await _told(connection, conversation, account, "claimed")
    return len(taken)


async def take_over(connection: AsyncConnection, conversation: UUID, account: UUID, holder: UUID) -> None:
    """From `holder`, whom nobody asks, to `account`; else as `claim`."""
    await _take(connection, conversation, account)
    await _told(connection, conversation, account, "taken_over", holder=str(holder))


async def hand_over(connection: AsyncConnection, conversation: UUID, account: UUID, to: UUID) -> None:
    """From `account` to another operator, without the bot in between. Danger that nobody has answered calls until one does."""
    await _hold(connection, conversation, to)
    unanswered = tickets.c.need.in_(DANGERS) & tickets.c.answered_since.is_(None)
    await connection.execute(
        update(tickets)
        .where(tickets.c.conversation_id == conversation, tickets.c.state == "taken")
        .values(taken_by=to, flagged_at=_flag_if(unanswered | _alarmed(conversation)), answer_by=None)
    )
    await _told(connection, conversation, account, "handed_over", to=str(to))


async def give_back(connection: AsyncConnection, conversation: UUID, account: UUID | None, kind: str = "given_back") -> None:
    """Back into the queue; the bot answers again. account: None when the operator was lost.

    Whoever no human has answered yet has waited all the time, and keeps their place. Whoever gave the agreed sign and has not
    come back is called for again, whatever was seen meanwhile.
    """
    since = case((tickets.c.answered_since.is_(None), tickets.c.waiting_since), else_=func.now())
    await _hold(connection, conversation, None)
    done = await connection.execute(
        update(tickets)
        .where(tickets.c.conversation_id == conversation, tickets.c.state == "taken")
        .values(
            state="open",
            taken_by=None,
            waiting_since=since,
            answered_since=None,
            answer_by=None,
            flagged_at=_flag_if(_alarmed(conversation)),
            told_at=None,
            page_level=0,
            paged_at=None,
        )
        .returning(tickets.c.id)
    )
    await changes.note(connection, "ticket.returned", list(done.scalars()))
    await _told(connection, conversation, account, kind)


async def close(connection: AsyncConnection, conversation: UUID, account: UUID | None, outcome: str) -> int:
    """Close every open ticket of the conversation; how many. The bot answers again."""
    await _hold(connection, conversation, None)
    known = select(conversations.c.topics, conversations.c.region).where(conversations.c.id == conversation)
    row = (await connection.execute(known)).one()
    done = await connection.execute(
        update(tickets)
        .where(tickets.c.conversation_id == conversation, tickets.c.state != "closed")
        .values(state="closed", outcome=outcome, closed_at=func.now(), topics=row.topics, region=row.region, flagged_at=None)
        .returning(tickets.c.id)
    )
    closed = list(done.scalars())
    await changes.note(connection, "ticket.closed", closed)
    await _told(connection, conversation, account, "closed", outcome=outcome)
    return len(closed)


async def close_one(connection: AsyncConnection, conversation: UUID, ticket: UUID, outcome: str) -> None:
    """Close one ticket that nobody has at the moment; others of the person stay."""
    await connection.execute(
        update(tickets)
        .where(tickets.c.id == ticket, tickets.c.state == "open")
        .values(state="closed", outcome=outcome, closed_at=func.now())
    )
    await changes.note(connection, "ticket.closed", [ticket])
    await _told(connection, conversation, None, "closed", outcome=outcome)


async def reopen(connection: AsyncConnection, conversation: UUID, within: timedelta) -> bool:
    """The ticket that was closed last waits again, if that was within `within` and nothing else is open.

    Of those that were closed together the most pressing one: the person comes back in danger as they were. Not after
    KEPT_CLOSED; after "test" it does: whoever was taken for one by mistake may be in danger.
    """
    still_open = select(tickets.c.id).where(tickets.c.conversation_id == conversation, tickets.c.state != "closed")
    last = (
        select(tickets.c.id)
        .where(
            tickets.c.conversation_id == conversation,
            tickets.c.state == "closed",
            tickets.c.closed_at > func.now() - within,
            tickets.c.outcome != KEPT_CLOSED,
        )
        .order_by(tickets.c.closed_at.desc(), case(_RANKS, value=tickets.c.need, else_=len(_RANKS)))
        .limit(1)
    )
    row = (
        await connection.execute(
            update(tickets)
            .where(tickets.c.id == last.scalar_subquery(), ~still_open.exists())
            .values(
                state="open",
                taken_by=None,
                outcome=None,
                closed_at=None,
                waiting_since=func.now(),
                answered_since=None,
                answer_by=None,
                reopened=tickets.c.reopened + 1,
                page_level=0,
                paged_at=None,
            )
            .returning(tickets.c.id)
        )
    ).first()
    if row is not None:
        await changes.note(connection, "ticket.reopened", [row.id])
        await _told(connection, conversation, None, "reopened")
    return row is not None


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
    await connection.execute(
        update(tickets)
        .where(tickets.c.conversation_id == conversation, tickets.c.state == "taken")
        .values(flagged_at=None, answer_by=None, page_level=0, paged_at=None)
    )


async def all_of(connection: AsyncConnection, account: UUID) -> list[UUID]:
    """Every conversation that `account` has, locked."""
    query = select(conversations.c.id).where(conversations.c.operator_id == account).order_by(conversations.c.id)
    return list((await connection.execute(query.with_for_update())).scalars())


async def flag_seen(connection: AsyncConnection, conversation: UUID, account: UUID) -> bool:
    """The operator has seen the danger and may not write: it calls nobody any more. False when it called nobody."""
    calling = tickets.c.flagged_at.is_not(None) | tickets.c.answer_by.is_not(None)
    done = await connection.execute(
        update(tickets)
        .where(tickets.c.conversation_id == conversation, tickets.c.state == "taken", calling)
        .values(flagged_at=None, answer_by=None, page_level=0, paged_at=None)
        .returning(tickets.c.id)
    )
    if done.first() is None:
        return False
    await _told(connection, conversation, account, "flag_seen")
    return True


async def seen(connection: AsyncConnection, account: UUID) -> None:
    """A sign of life of the operator: what they have stays theirs."""
    await connection.execute(
        update(conversations).where(conversations.c.operator_id == account).values(operator_seen_at=func.now())
    )


async def release(connection: AsyncConnection, conversation: UUID) -> None:
    """Nobody has the conversation any more, without a word about it."""
    await _hold(connection, conversation, None)


async def lost(connection: AsyncConnection, silent_for: timedelta) -> list[UUID]:
    """Conversations whose operator has shown no sign of life for so long."""
    query = select(conversations.c.id).where(
        conversations.c.operator_id.is_not(None), conversations.c.operator_seen_at < func.now() - silent_for
    )
    return list((await connection.execute(query)).scalars())


async def _take(connection: AsyncConnection, conversation: UUID, account: UUID) -> list[UUID]:
    await _hold(connection, conversation, account)
    done = await connection.execute(
        update(tickets)
        .where(tickets.c.conversation_id == conversation, tickets.c.state != "closed")
        .values(
            state="taken",
            taken_by=account,
            taken_at=func.coalesce(tickets.c.taken_at, func.now()),
            answer_by=case((_PRESSING, func.now() + ANSWER_WITHIN)),
            flagged_at=None,
            page_level=0,
            paged_at=None,
        )
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


async def _hold(connection: AsyncConnection, conversation: UUID, account: UUID | None) -> None:
    """Whoever holds it: a question that the bot had put is not open any more when the bot answers again."""
    await connection.execute(
        update(conversations)
        .where(conversations.c.id == conversation)
        .values(operator_id=account, operator_seen_at=func.now() if account else None, dialogue_over=True)
    )


async def _told(connection: AsyncConnection, conversation: UUID, actor: UUID | None, kind: str, **facts: str) -> None:
    await events.note(connection, conversation, actor, kind, **facts)
    await signals.send(connection, "taken", conversation)
