"""What the assistant remembers of a conversation, seen from here: it can only be dropped (bot/tracker_store.py keeps it)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.tables import memory


async def begin_anew(connection: AsyncConnection, conversation: UUID) -> None:
    """No form and no question is open any more: the next message is the first of a dialogue."""
    await forget(connection, conversation)


async def forget(connection: AsyncConnection, conversation: UUID) -> None:
    """The assistant remembers nothing of it."""
    await connection.execute(delete(memory).where(memory.c.conversation == conversation))
