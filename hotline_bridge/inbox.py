"""What arrived. A row is here before the provider is told that we have it, and keeps its outcome after it was answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.messages import Channel, Kind
from hotline_bridge.retention import REMOVABLE
from hotline_bridge.store.days import TODAY
from hotline_bridge.store.places import next_place
from hotline_bridge.store.tables import arrivals, departures, inbox


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that nobody has answered yet. Its id is the turn's. crowded: its writer sent too many (crowding.py)."""

    id: UUID
    conversation: UUID
    channel: Channel
    kind: Kind
    sealed_text: bytes | None
    attempts: int
    crowded: bool = False


async def add(
    connection: AsyncConnection,
    *,
    turn: UUID,
    conversation: UUID,
    channel: Channel,
    kind: Kind,
    dedup: bytes,
    sealed_text: bytes,
    sealed_reference: bytes | None,
) -> bool:
    """Store one message. False when it was here before (same `dedup`): then nothing is done."""
    row = await connection.execute(
        insert(inbox)
        .values(
            id=turn,
            conversation_id=conversation,
            position=next_place(inbox, conversation),
            channel=channel,
            kind=kind,
            dedup=dedup,
            sealed_text=sealed_text,
            sealed_reference=sealed_reference,
        )
        .on_conflict_do_nothing(index_elements=["dedup"])
        .returning(inbox.c.id)
    )
    if row.first() is None:
        return False
    await connection.execute(insert(arrivals).values(channel=channel, day=TODAY))
    return True


async def is_crowded(connection: AsyncConnection, turn: UUID) -> None:
    """It came when there was no room for an ordinary answer."""
    await connection.execute(update(inbox).where(inbox.c.id == turn).values(crowded=True))


async def was_told_of_crowding(connection: AsyncConnection, conversation: UUID) -> bool:
    """Whether a message was passed over within ten minutes: that is said once."""
    query = select(inbox.c.id).where(
        inbox.c.conversation_id == conversation,
        inbox.c.crowded,
        inbox.c.status != "waiting",
        inbox.c.done_at > func.now() - timedelta(minutes=10),
    )
    return (await connection.execute(query.limit(1))).first() is not None


async def next_waiting(connection: AsyncConnection, conversation: UUID) -> Waiting | None:
    """The oldest unanswered message of a conversation; counts the attempt that begins now.

    What came in a crowd stands behind the rest: a cry in the midst of a thousand messages is never one of it.
    """
    oldest = (
        select(inbox.c.id)
        .where(inbox.c.conversation_id == conversation, inbox.c.status == "waiting")
        .order_by(inbox.c.crowded, inbox.c.position)
        .limit(1)
    )
    row = (
        await connection.execute(
            update(inbox)
            .where(inbox.c.id == oldest.scalar_subquery())
            .values(attempts=inbox.c.attempts + 1)
            .returning(inbox.c.id, inbox.c.channel, inbox.c.kind, inbox.c.sealed_text, inbox.c.attempts, inbox.c.crowded)
        )
    ).first()
    if row is None:
        return None
    return Waiting(row.id, conversation, Channel(row.channel), Kind(row.kind), row.sealed_text, row.attempts, row.crowded)


async def has_waiting(connection: AsyncConnection, conversation: UUID) -> bool:
    """Whether anything of the conversation is unanswered."""
    query = select(inbox.c.id).where(inbox.c.conversation_id == conversation, inbox.c.status == "waiting").limit(1)
    return (await connection.execute(query)).first() is not None


async def heard_at(connection: AsyncConnection, conversation: UUID) -> datetime | None:
    """When the person wrote last."""
    query = select(func.max(inbox.c.received_at)).where(inbox.c.conversation_id == conversation)
    found: datetime | None = (await connection.execute(query)).scalar()
    return found


async def finish(connection: AsyncConnection, turn: UUID, outcome: str) -> bool:
    """Mark a message answered, ticketed or refused. False when it was already: then the caller must change nothing."""
    row = await connection.execute(
        update(inbox)
        .where(inbox.c.id == turn, inbox.c.status == "waiting")
        .values(status=outcome, done_at=func.now())
        .returning(inbox.c.id)
    )
    return row.first() is not None


async def erase(connection: AsyncConnection, turn: UUID) -> None:
    """Drop the words of one answered message."""
    await connection.execute(update(inbox).where(inbox.c.id == turn).values(sealed_text=None))


async def forget(connection: AsyncConnection, conversation: UUID) -> None:
    """No words are left of what has its outcome. What waits for its answer is not touched: its writer is still here."""
    done = (inbox.c.conversation_id == conversation, inbox.c.status != "waiting")
    await connection.execute(update(inbox).where(*done).values(sealed_text=None, sealed_reference=None))


async def references(connection: AsyncConnection, conversation: UUID) -> list[tuple[UUID, bytes]]:
    """Turn and sealed provider reference of what the person wrote and can still be removed, newest first."""
    rows = await connection.execute(
        select(inbox.c.id, inbox.c.sealed_reference)
        .where(
            inbox.c.conversation_id == conversation,
            inbox.c.sealed_reference.is_not(None),
            inbox.c.received_at > func.now() - REMOVABLE,
        )
        .order_by(inbox.c.position.desc())
    )
    return [(row.id, row.sealed_reference) for row in rows]


async def depart(connection: AsyncConnection, conversation: UUID, language: str | None) -> None:
    """Turn the conversation's messages into counts that name nobody; the rows themselves go."""
    gone = (
        await connection.execute(
            select(inbox.c.channel, inbox.c.status, func.count().label("messages"))
            .where(inbox.c.conversation_id == conversation)
            .group_by(inbox.c.channel, inbox.c.status)
        )
    ).all()
    for row in gone:
        # A message still waiting when its writer asks to be forgotten is refused, not lost.
        outcome = "refused" if row.status == "waiting" else row.status
        await connection.execute(
            insert(departures).values(day=TODAY, channel=row.channel, outcome=outcome, messages=row.messages, language=language)
        )
    await connection.execute(delete(inbox).where(inbox.c.conversation_id == conversation))
