"""The desk's keys: they open what operators may read (anonymised words, notes), and nothing of the vault.

A process that holds only these, such as the console, can read no address, no name and no word as it was typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.tables import desk_keys, desk_secrets
from hotline_bridge.vault.safe import Place, Safe
from hotline_bridge.vault.sealing import Key, new_key


@dataclass(slots=True)
class Desk(Safe):
    """The desk keys of the conversations, each wrapped by a key of the desk's ring."""

    place: ClassVar[Place] = Place(desk_secrets, desk_keys, "desk", 0x6B6F6D656B0011)

    async def find_or_make(self, connection: AsyncConnection, conversation: UUID) -> Key:
        """The conversation's desk key, made when there is none yet."""
        there = select(desk_keys.c.conversation_id).where(desk_keys.c.conversation_id == conversation)
        if (await connection.execute(there)).first() is None:
            row = await self.wrap(connection, conversation, Key(new_key()))
            await connection.execute(insert(desk_keys).values(row).on_conflict_do_nothing())
        return await self.key(connection, conversation)

    async def shred(self, connection: AsyncConnection, conversation: UUID) -> None:
        """Without its key what was written down is noise."""
        await connection.execute(delete(desk_keys).where(desk_keys.c.conversation_id == conversation))
