"""What waits to be sent in a conversation: which message is next, and before which moment it is not tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.messages import Channel
from hotline_bridge.store.tables import outbox

# After so many tries a message no longer holds up the ones behind it.
STEP_ASIDE_AFTER = 4
# In `error`, of what waits: the person has written something that is to be read first.
UNREAD = "unread"
PLACED = "placed"  # in `error`: not_before is a moment in the channel's line, taken for this message


@dataclass(frozen=True, slots=True)
class Due:
    """A message that waits to be sent. not_before: None, or the moment before which it must not be tried.

    placed: that moment is its own in the channel's line, so it asks for no other when it has come.
    urgent: somebody may be in danger: it goes before what else waits for this person, and stands in no line.
    sealed_by: whose key opens it: the conversation's own, or the desk's for what an operator wrote.
    turn: the message that it answers, and author: the operator who wrote it; neither for what Komek says by itself.
    """

    id: UUID
    conversation: UUID
    channel: Channel
    sealed_message: bytes
    attempts: int
    not_before: datetime | None
    created_at: datetime
    placed: bool = False
    urgent: bool = False
    sealed_by: str = "conversation"
    turn: UUID | None = None
    author: UUID | None = None

    @property
    def is_question(self) -> bool:
        """Whether it is the question "is it safe now?": the one thing of Komek's own under the conversation's key."""
        return self.turn is None and self.author is None and self.sealed_by == "conversation"


async def next_due(connection: AsyncConnection, conversation: UUID) -> Due | None:
    """The first message to try now, or the one that everything waits for (see its `not_before`).

    Order is the order of writing, except that a safety reply goes first, and a message tried too often, or that waits until
    what was written is read, steps aside.
    """
    names = ("id", "channel", "sealed_message", "attempts", "not_before", "created_at", "error", "urgent", "sealed_by")
    columns = [outbox.c[name] for name in (*names, "inbox_id", "author")]
    waiting = (outbox.c.conversation_id == conversation, outbox.c.status == "waiting")
    ready = or_(outbox.c.not_before.is_(None), outbox.c.not_before <= func.now())
    stuck = (outbox.c.attempts >= STEP_ASIDE_AFTER) | outbox.c.error.is_not_distinct_from(UNREAD)
    query = select(*columns).where(*waiting, or_(~stuck, ready)).order_by(outbox.c.urgent.desc(), outbox.c.position).limit(1)
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    return Due(
        row.id,
        conversation,
        Channel(row.channel),
        row.sealed_message,
        row.attempts,
        row.not_before,
        row.created_at,
        placed=row.error == PLACED,
        urgent=row.urgent,
        sealed_by=row.sealed_by,
        turn=row.inbox_id,
        author=row.author,
    )


async def has_waiting(connection: AsyncConnection, conversation: UUID) -> bool:
    """Whether anything is still to be said, now or later."""
    query = select(outbox.c.id).where(outbox.c.conversation_id == conversation, outbox.c.status == "waiting").limit(1)
    return (await connection.execute(query)).first() is not None


async def later(connection: AsyncConnection, message: UUID, code: str, at: datetime) -> None:
    """Not now: again at `at`."""
    await connection.execute(
        update(outbox).where(outbox.c.id == message).values(attempts=outbox.c.attempts + 1, not_before=at, error=code)
    )


async def place(connection: AsyncConnection, message: UUID, at: datetime) -> None:
    """Its place in the channel's line is at `at`. Not a failed attempt."""
    await connection.execute(update(outbox).where(outbox.c.id == message).values(not_before=at, error=PLACED))


async def step_aside(connection: AsyncConnection, message: UUID, at: datetime) -> None:
    """Not before what the person wrote is read, which is looked at again at `at`. Not a failed attempt."""
    await connection.execute(update(outbox).where(outbox.c.id == message).values(not_before=at, error=UNREAD))
