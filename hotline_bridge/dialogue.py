"""What the assistant remembers of a conversation, seen from here: it can only be dropped (bot/tracker_store.py keeps it)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.tables import memory


async def forget(connection: AsyncConnection, conversation: UUID) -> None:
    """The assistant remembers nothing of it, no open form and no question: the next message is the first of a dialogue."""
    await connection.execute(delete(memory).where(memory.c.conversation == conversation))
