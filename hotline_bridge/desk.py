"""The desk's secret: it opens what operators may read (anonymised words, notes), and nothing of the vault.

A process that holds only this, such as the console, can read no address, no name and no word as it was typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.errors import Forgotten, SettingError
from hotline_bridge.store.tables import desk_keys
from hotline_bridge.vault.master import MasterKey
from hotline_bridge.vault.sealing import Key, new_key


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk keys of the conversations, each wrapped by the desk's secret."""

    secret: MasterKey

    async def key(self, connection: AsyncConnection, conversation: UUID) -> Key:
        """The conversation's desk key. Raises Forgotten."""
        query = select(desk_keys.c.wrapped, desk_keys.c.desk).where(desk_keys.c.conversation_id == conversation)
        row = (await connection.execute(query)).first()
        if row is None:
            raise Forgotten("this conversation was forgotten")
        if row.desk != self.secret.id:
            raise SettingError("KOMEK_DESK_KEY is not the key under which this conversation was written down")
        return self.secret.unwrap(conversation, row.wrapped)

    async def find_or_make(self, connection: AsyncConnection, conversation: UUID) -> Key:
        """The same, made when there is none yet."""
        made = Key(new_key())
        await connection.execute(
            insert(desk_keys)
            .values(conversation_id=conversation, wrapped=self.secret.wrap(conversation, made), desk=self.secret.id)
            .on_conflict_do_nothing()
        )
        return await self.key(connection, conversation)

    async def shred(self, connection: AsyncConnection, conversation: UUID) -> None:
        """Without its key what was written down is noise."""
        await connection.execute(delete(desk_keys).where(desk_keys.c.conversation_id == conversation))
