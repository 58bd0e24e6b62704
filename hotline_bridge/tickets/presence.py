"""Which operator has a conversation, and whether they are still there. On the caller's transaction."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.tables import conversations


async def holder(connection: AsyncConnection, conversation: UUID, *, lock: bool = False) -> UUID | None:
    """The account that has the conversation, if any. With `lock` it stays so until the transaction ends."""
    query = select(conversations.c.operator_id).where(conversations.c.id == conversation)
    found: UUID | None = (await connection.execute(query.with_for_update() if lock else query)).scalar()
    return found


async def hold(connection: AsyncConnection, conversation: UUID, account: UUID | None) -> None:
    """Whoever holds it: a question that the bot had put is not open any more when the bot answers again."""
    await connection.execute(
        update(conversations)
        .where(conversations.c.id == conversation)
        .values(operator_id=account, operator_seen_at=func.now() if account else None, dialogue_over=True)
    )


async def all_of(connection: AsyncConnection, account: UUID) -> list[UUID]:
    """Every conversation that `account` has, locked."""
    query = select(conversations.c.id).where(conversations.c.operator_id == account).order_by(conversations.c.id)
    return list((await connection.execute(query.with_for_update())).scalars())


async def seen(connection: AsyncConnection, account: UUID) -> None:
    """A sign of life of the operator: what they have stays theirs.

    What somebody else is at work on this moment is left to the next one: the caller may hold a conversation already, and two who
    wait for each other's would both fail.
    """
    free = select(conversations.c.id).where(conversations.c.operator_id == account).with_for_update(skip_locked=True)
    await connection.execute(update(conversations).where(conversations.c.id.in_(free)).values(operator_seen_at=func.now()))


async def lost(connection: AsyncConnection, silent_for: timedelta) -> list[UUID]:
    """Conversations whose operator has shown no sign of life for so long."""
    query = select(conversations.c.id).where(
        conversations.c.operator_id.is_not(None), conversations.c.operator_seen_at < func.now() - silent_for
    )
    return list((await connection.execute(query)).scalars())
