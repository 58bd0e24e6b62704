"""What a provider (or the trial phones' page) is still to erase. A row leads to no conversation and goes when it is done.

Address and references are sealed under a key of the vault's own, because the conversation's key may be gone before they are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.errors import Forgotten
from hotline_bridge.messages import Channel
from hotline_bridge.store.tables import erasures
from hotline_bridge.vault.sealing import Key

KEY = "erasures"  # the use for which the vault derives the key
AT_ONCE = 20

# Put off before it is tried: whoever crashes leaves it for after the pause. In seconds, then the last one again and again.
_PAUSES = (10, 60, 300, 1800, 7200)
_DUE = text(
    """
    UPDATE erasures SET attempts = attempts + 1,
        due_at = cast(:now AS timestamptz) + make_interval(secs => (cast(:pauses AS integer[]))[least(attempts + 1, :many)])
    WHERE id IN (SELECT id FROM erasures WHERE due_at <= :now ORDER BY due_at LIMIT :most FOR UPDATE SKIP LOCKED)
    RETURNING id, channel, sealed
    """
)


@dataclass(frozen=True, slots=True)
class Erasure:
    """What to hand to the channel's erase()."""

    id: UUID
    channel: Channel
    address: str = field(repr=False)
    references: tuple[str, ...] = field(repr=False)


async def add(
    connection: AsyncConnection,
    key: Key,
    channel: Channel,
    *,
    address: str = "",
    references: tuple[str, ...] = (),
    reference_hash: bytes | None = None,
    due_at: datetime,
    until: datetime,
) -> None:
    """To be erased from `due_at` on; given up after `until`. reference_hash: by which `is_final` finds it; known once."""
    made = uuid4()
    await connection.execute(
        insert(erasures)
        .values(
            id=made,
            channel=channel,
            reference_hash=reference_hash,
            sealed=key.seal(f"erasure:{made}", json.dumps([address, list(references)])),
            due_at=due_at,
            until=until,
        )
        .on_conflict_do_nothing(index_elements=["reference_hash"])
    )


async def is_final(connection: AsyncConnection, reference_hash: bytes, now: datetime) -> None:
    """The provider has no more to say of this message: it is due."""
    await connection.execute(
        update(erasures).where(erasures.c.reference_hash == reference_hash, erasures.c.due_at > now).values(due_at=now)
    )


async def due(connection: AsyncConnection, key: Key, now: datetime) -> list[Erasure]:
    """What is to be erased now. A row that cannot be opened is removed: nobody can ever act on it."""
    found = []
    for row in await connection.execute(_DUE, {"now": now, "most": AT_ONCE, "pauses": list(_PAUSES), "many": len(_PAUSES)}):
        try:
            address, references = json.loads(key.open(f"erasure:{row.id}", row.sealed))
        except Forgotten:
            await done(connection, row.id)
            continue
        found.append(Erasure(row.id, Channel(row.channel), address, tuple(references)))
    return found


async def done(connection: AsyncConnection, erasure: UUID) -> None:
    """It is erased, or can never be."""
    await connection.execute(delete(erasures).where(erasures.c.id == erasure))


async def give_up(connection: AsyncConnection, now: datetime) -> int:
    """Remove what could not be erased in its time; how many."""
    gone = await connection.execute(delete(erasures).where(erasures.c.until < now).returning(erasures.c.id))
    return len(gone.all())
