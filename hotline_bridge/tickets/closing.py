"""How tickets end: closed by an operator, from outside, or because their person is forgotten. On the caller's transaction."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store import signals
from hotline_bridge.store.tables import conversations, tickets
from hotline_bridge.tickets import changes, events, presence
from hotline_bridge.tickets.needs import KEPT_CLOSED
from hotline_bridge.tickets.rows import open_of


async def close(connection: AsyncConnection, conversation: UUID, account: UUID | None, outcome: str) -> int:
    """Close every open ticket of the conversation; how many. The bot answers again."""
    await presence.hold(connection, conversation, None)
    known = select(conversations.c.topics, conversations.c.region).where(conversations.c.id == conversation)
    row = (await connection.execute(known)).one()
    done = await connection.execute(
        update(tickets)
        .where(open_of(conversation))
        .values(state="closed", outcome=outcome, closed_at=func.now(), topics=row.topics, region=row.region, flagged_at=None)
        .returning(tickets.c.id)
    )
    closed = list(done.scalars())
    await changes.note(connection, "ticket.closed", closed)
    await events.tell(connection, conversation, account, "closed", outcome=outcome)
    return len(closed)


async def close_one(connection: AsyncConnection, conversation: UUID, ticket: UUID, outcome: str) -> None:
    """Close one ticket that nobody has at the moment; others of the person stay."""
    await connection.execute(
        update(tickets)
        .where(tickets.c.id == ticket, tickets.c.state == "open")
        .values(state="closed", outcome=outcome, closed_at=func.now())
    )
    await changes.note(connection, "ticket.closed", [ticket])
    await events.tell(connection, conversation, None, "closed", outcome=outcome)


async def forget(connection: AsyncConnection, conversation: UUID) -> None:
    """All end, and keep nothing that leads to their person; nobody has the conversation any more, without a word about it."""
    await presence.hold(connection, conversation, None)
    ending = list((await connection.execute(select(tickets.c.id).where(open_of(conversation)))).scalars())
    await connection.execute(
        update(tickets)
        .where(tickets.c.conversation_id == conversation)
        .values(
            facts={},
            turn_id=None,
            state="closed",
            code_hash=None,
            resumes=None,
            closed_at=func.coalesce(tickets.c.closed_at, func.now()),
            outcome=func.coalesce(tickets.c.outcome, KEPT_CLOSED),
        )
    )
    await changes.note(connection, "ticket.closed", ending)
    await signals.send(connection, "taken", conversation)
