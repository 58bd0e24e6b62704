"""Replies that are held for the person's word that it is safe: they are let out, or taken back and never said.

Safety: what is held is no work for deliver (tests/flow/test_contact.py).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.tables import outbox

# In `error`, why a reply that was held is not sent: the request was closed; the person's word has not come for too long.
CLOSED, UNSAID = "closed", "unsaid"


async def hold(connection: AsyncConnection, message: UUID) -> None:
    """What was to go out waits for the person's word after all (see `release`)."""
    await connection.execute(
        update(outbox)
        .where(outbox.c.id == message, outbox.c.status == "waiting")
        .values(status="held", attempts=0, not_before=None, error=None)
    )


async def release(connection: AsyncConnection, conversation: UUID) -> int:
    """What was held goes out now; how many. The caller defers the job."""
    done = await connection.execute(
        update(outbox)
        .where(outbox.c.conversation_id == conversation, outbox.c.status == "held")
        .values(status="waiting", created_at=func.now())
    )
    return done.rowcount


async def take_back(connection: AsyncConnection, conversation: UUID, code: str, *, before: datetime | None = None) -> int:
    """What is held is not said any more; with `before` only what was written before. How many that were. See `is_taken_back`."""
    older = (outbox.c.created_at < before,) if before else ()
    done = await connection.execute(
        update(outbox)
        .where(outbox.c.conversation_id == conversation, outbox.c.status == "held", *older)
        .values(status="failed", error=code)
    )
    return done.rowcount


async def is_taken_back(connection: AsyncConnection, conversation: UUID) -> bool:
    """Whether a reply was held here until it was taken back."""
    mine = (outbox.c.conversation_id == conversation, outbox.c.status == "failed", outbox.c.error.in_((CLOSED, UNSAID)))
    return (await connection.execute(select(outbox.c.id).where(*mine).limit(1))).first() is not None


async def held_since(connection: AsyncConnection, conversation: UUID) -> datetime | None:
    """When the last of the replies that are held was written; None when there is none."""
    held = (outbox.c.conversation_id == conversation, outbox.c.status == "held")
    found: datetime | None = (await connection.execute(select(func.max(outbox.c.created_at)).where(*held))).scalar()
    return found


async def has_held(connection: AsyncConnection, conversation: UUID) -> bool:
    """Whether a reply waits for the person's word that it is safe."""
    return await held_since(connection, conversation) is not None


async def with_held(connection: AsyncConnection, *, most: int = 500) -> list[UUID]:
    """Conversations in which a reply waits for the person's word that it is safe."""
    query = select(outbox.c.conversation_id).where(outbox.c.status == "held").distinct().limit(most)
    return list((await connection.execute(query)).scalars())
