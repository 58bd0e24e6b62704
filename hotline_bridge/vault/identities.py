"""Addresses and the keys of the conversations, found by a keyed hash and kept sealed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.errors import Forgotten
from hotline_bridge.messages import Channel
from hotline_bridge.store.tables import identities, keys, secrets
from hotline_bridge.vault.safe import Place, Safe
from hotline_bridge.vault.sealing import Key, new_key


@dataclass(frozen=True, slots=True)
class Known:
    """A conversation and its key."""

    conversation: UUID
    key: Key


@dataclass(slots=True)
class Vault(Safe):
    """The only door to addresses. Data functions on the caller's transaction."""

    place: ClassVar[Place] = Place(secrets, keys, "master", 0x6B6F6D656B0001)

    async def find_or_make(self, connection: AsyncConnection, channel: Channel, address: str) -> Known:
        """The conversation of `address`, its row locked until the transaction ends, so that its messages keep their order."""
        digest = self.fingerprint("address", f"{channel}\0{address}")
        made = uuid4()
        key = Key(new_key())
        row = (
            await connection.execute(
                insert(identities)
                .values(
                    conversation_id=made,
                    channel=channel,
                    address_hash=digest,
                    sealed_address=key.seal(f"address:{made}", address),
                )
                # A no-op update takes the row's lock and returns it, whoever made it.
                .on_conflict_do_update(index_elements=["address_hash"], set_={"channel": channel})
                .returning(identities.c.conversation_id)
            )
        ).one()
        if row.conversation_id != made:
            return Known(row.conversation_id, await self.key(connection, row.conversation_id))
        await connection.execute(insert(keys).values(await self.wrap(connection, made, key)))
        return Known(made, key)

    async def address(self, connection: AsyncConnection, conversation: UUID, key: Key) -> str:
        """Where to send. Raises Forgotten."""
        query = select(identities.c.sealed_address).where(identities.c.conversation_id == conversation)
        row = (await connection.execute(query)).first()
        if row is None:
            raise Forgotten("this conversation was forgotten")
        return key.open(f"address:{conversation}", row.sealed_address)

    async def lock(self, connection: AsyncConnection, conversation: UUID) -> None:
        """Keep new messages of this conversation out until the transaction ends."""
        query = select(identities.c.conversation_id).where(identities.c.conversation_id == conversation)
        await connection.execute(query.with_for_update())

    async def shred(self, connection: AsyncConnection, conversation: UUID) -> None:
        """Delete key and address: what was sealed is noise from the commit on."""
        await connection.execute(delete(keys).where(keys.c.conversation_id == conversation))
        await connection.execute(delete(identities).where(identities.c.conversation_id == conversation))
