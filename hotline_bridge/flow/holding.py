"""holding: the lock that every step of an operator takes first, who has the conversation, and whether there still is one."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import conversations
from hotline_bridge.conversations import Conversation
from hotline_bridge.errors import CannotBeWritten, NotYours


def readable(row: Conversation | None) -> Conversation:
    """The conversation, if there is anything of it to read. Raises CannotBeWritten when it is forgotten."""
    if row is None or row.is_going:
        raise CannotBeWritten("forgotten", "this person asked to be forgotten; nothing of the conversation is left")
    return row


async def locked(connection: AsyncConnection, conversation: UUID | None) -> Conversation:
    """The conversation, which nobody else changes until the transaction ends. Raises CannotBeWritten when it is forgotten."""
    return readable(await conversations.load(connection, conversation, lock=True) if conversation is not None else None)


async def held_by(connection: AsyncConnection, conversation: UUID | None, account: UUID) -> Conversation:
    """The same, for whoever has it. Raises NotYours."""
    row = await locked(connection, conversation)
    if row.operator_id != account:
        raise NotYours()
    return row
