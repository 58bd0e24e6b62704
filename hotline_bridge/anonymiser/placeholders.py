"""The placeholders of a conversation in the store. Values are sealed; only a granted reveal opens one."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.anonymiser.anonymiser import Placeholder
from hotline_bridge.store.tables import placeholders
from hotline_bridge.vault.sealing import Key


async def known(connection: AsyncConnection, conversation: UUID) -> tuple[Placeholder, ...]:
    """All so far, without their values."""
    query = select(placeholders.c.label, placeholders.c.number, placeholders.c.value_hash).where(
        placeholders.c.conversation_id == conversation
    )
    return tuple(Placeholder(r.label, r.number, r.value_hash) for r in await connection.execute(query))


async def keep(connection: AsyncConnection, conversation: UUID, key: Key, new: tuple[Placeholder, ...]) -> None:
    """Store new ones, sealed."""
    for p in new:
        name = f"placeholder:{conversation}:{p.label}:{p.number}"
        await connection.execute(
            insert(placeholders)
            .values(
                conversation_id=conversation,
                label=p.label,
                number=p.number,
                value_hash=p.digest,
                sealed_value=key.seal(name, p.value),
            )
            .on_conflict_do_nothing()
        )


async def opened(connection: AsyncConnection, conversation: UUID, key: Key, name: str) -> str | None:
    """What `name` (PHONE_1) stands for; None when the conversation has no such placeholder. Raises Forgotten."""
    label, _, number = name.rpartition("_")
    query = select(placeholders.c.sealed_value).where(
        placeholders.c.conversation_id == conversation, placeholders.c.label == label, placeholders.c.number == int(number)
    )
    sealed = (await connection.execute(query)).scalar()
    return None if sealed is None else key.open(f"placeholder:{conversation}:{name.replace('_', ':')}", sealed)


async def forget(connection: AsyncConnection, conversation: UUID) -> None:
    """Nothing that a placeholder stood for is left."""
    await connection.execute(delete(placeholders).where(placeholders.c.conversation_id == conversation))
