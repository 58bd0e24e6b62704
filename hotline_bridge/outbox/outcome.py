"""What became of a message: a provider took it, reported on it, or it is never sent; and what of it can still be removed."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.retention import REMOVABLE
from hotline_bridge.store.tables import outbox


async def took(
    connection: AsyncConnection, message: UUID, *, reference_hash: bytes | None, sealed_reference: bytes | None, final: bool
) -> None:
    """The provider has it."""
    await connection.execute(
        update(outbox)
        .where(outbox.c.id == message)
        .values(
            status="delivered" if final else "sent",
            sent_at=func.now(),
            attempts=outbox.c.attempts + 1,
            not_before=None,
            error=None,
            reference_hash=reference_hash,
            sealed_reference=sealed_reference,
        )
    )


async def never(connection: AsyncConnection, message: UUID, code: str) -> None:
    """It cannot be delivered."""
    await connection.execute(
        update(outbox)
        .where(outbox.c.id == message)
        .values(status="failed", attempts=outbox.c.attempts + 1, not_before=None, error=code)
    )


async def withdraw(connection: AsyncConnection, conversation: UUID, *, of_operators: bool = False) -> int:
    """Nothing that still waits or is held is sent any more; with `of_operators` only what operators wrote. How many that were."""
    mine = (outbox.c.author.is_not(None),) if of_operators else ()
    done = await connection.execute(
        update(outbox)
        .where(outbox.c.conversation_id == conversation, outbox.c.status.in_(("waiting", "held")), *mine)
        .values(status="failed", not_before=None, error="withdrawn")
    )
    return done.rowcount


async def report(connection: AsyncConnection, reference_hash: bytes, state: str, code: str) -> UUID | None:
    """A provider's later word. Returns the conversation when a message of ours was meant."""
    row = (
        await connection.execute(
            update(outbox)
            .where(outbox.c.reference_hash == reference_hash, outbox.c.status.in_(("sent", "delivered")))
            .values(status=state, error=code or None)
            .returning(outbox.c.conversation_id)
        )
    ).first()
    return None if row is None else row.conversation_id


async def references(connection: AsyncConnection, conversation: UUID) -> list[tuple[UUID, bytes]]:
    """Id and sealed provider reference of what we sent and can still be removed, newest first."""
    rows = await connection.execute(
        select(outbox.c.id, outbox.c.sealed_reference)
        .where(
            outbox.c.conversation_id == conversation,
            outbox.c.sealed_reference.is_not(None),
            outbox.c.sent_at > func.now() - REMOVABLE,
        )
        .order_by(outbox.c.position.desc())
    )
    return [(row.id, row.sealed_reference) for row in rows]


async def forget(connection: AsyncConnection, conversation: UUID) -> None:
    """Nothing that was said is left, and nothing that waits is sent."""
    await connection.execute(delete(outbox).where(outbox.c.conversation_id == conversation))
