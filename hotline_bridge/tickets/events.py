"""What happened to a conversation's tickets, for the page that shows it. Kinds and closed values only, never words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store import signals
from hotline_bridge.store.tables import ticket_events


@dataclass(frozen=True, slots=True)
class Event:
    """actor: an account, or None for the bridge itself."""

    at: datetime
    actor: UUID | None
    kind: str
    facts: dict[str, str]


async def note(connection: AsyncConnection, conversation: UUID, actor: UUID | None, kind: str, **facts: str) -> None:
    """Write one down."""
    await connection.execute(
        insert(ticket_events).values(id=uuid4(), conversation_id=conversation, actor=actor, kind=kind, facts=facts)
    )


async def tell(connection: AsyncConnection, conversation: UUID, actor: UUID | None, kind: str, **facts: str) -> None:
    """Write down one that changed who has the conversation or what is open in it, and let the desk know."""
    await note(connection, conversation, actor, kind, **facts)
    await signals.send(connection, "taken", conversation)


async def of(connection: AsyncConnection, conversation: UUID) -> list[Event]:
    """All of a conversation, oldest first."""
    columns = (ticket_events.c.at, ticket_events.c.actor, ticket_events.c.kind, ticket_events.c.facts)
    query = select(*columns).where(ticket_events.c.conversation_id == conversation).order_by(ticket_events.c.at)
    return [Event(row.at, row.actor, row.kind, row.facts) for row in await connection.execute(query)]


async def forget(connection: AsyncConnection, conversation: UUID) -> None:
    """Nothing is left of what happened."""
    await connection.execute(delete(ticket_events).where(ticket_events.c.conversation_id == conversation))
