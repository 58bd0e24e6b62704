"""rotate: put another key into force while everything runs, and let go of an old one when nothing needs it.

Each commit leaves a state from which the same order goes on: the new key is on disk before it is used, the database says
which key is in force, and a conversation's key names the one that wraps it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from hotline_bridge.errors import NotNow
from hotline_bridge.store.engine import transaction
from hotline_bridge.vault.master import MasterKey
from hotline_bridge.vault.safe import Batch, Safe

AT_ONCE = 500  # conversations in one transaction
_FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Rotated:
    """key: the id now in force; changed: conversations wrapped anew; broken: those whose key is damaged; old: ids not needed."""

    key: str
    changed: int
    broken: int
    old: tuple[str, ...]


async def rotate(engine: AsyncEngine, safe: Safe) -> Rotated:
    """Put the newest key into force, made now unless an earlier rotation was not finished; wrap every key anew.

    Raises NotNow while another rotation runs, SettingError when a new key must be made by hand.
    """
    async with _alone(engine, safe):
        async with transaction(engine) as connection:
            before = await safe.census(connection)
        newest = safe.ring.newest
        done = await _put_into_force(engine, safe, newest)
        if before.in_force == newest.id and not done.changed:  # no rotation was left unfinished
            done = await _put_into_force(engine, safe, safe.ring.add())
    return done


async def retire(engine: AsyncEngine, safe: Safe) -> tuple[str, ...]:
    """Let go of the older keys under which nothing in this database is wrapped; their ids. Copies made under them are noise then.

    Raises NotNow while another rotation runs, SettingError when the keys' place is not ours to write.
    """
    async with _alone(engine, safe):
        gone = await _not_needed(engine, safe)
        if gone:
            safe.ring.drop(gone)
    return gone


async def _put_into_force(engine: AsyncEngine, safe: Safe, new: MasterKey) -> Rotated:
    async with transaction(engine) as connection:
        await safe.bring_into_force(connection, new)
    changed = broken = 0
    step = Batch(_FIRST)
    while step.last is not None:
        async with transaction(engine) as connection:
            step = await safe.wrap_anew(connection, new, step.last, AT_ONCE)
        changed, broken = changed + step.changed, broken + step.broken
    return Rotated(new.id, changed, broken, await _not_needed(engine, safe))


async def _not_needed(engine: AsyncEngine, safe: Safe) -> tuple[str, ...]:
    """Keys older than the one in force under which nothing is wrapped; one that is still to come into force is kept."""
    async with transaction(engine) as connection:
        counted = await safe.census(connection)
    held = [k.id for k in safe.ring.keys]
    older = held[held.index(counted.in_force) + 1 :] if counted.in_force in held else []
    return tuple(one for one in older if not counted.wraps.get(one))


@asynccontextmanager
async def _alone(engine: AsyncEngine, safe: Safe) -> AsyncIterator[None]:
    """One rotation of a safe at a time, on any number of machines; the lock goes with the connection."""
    number = safe.place.lock + 1
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        if not (await connection.execute(text(f"SELECT pg_try_advisory_lock({number})"))).scalar_one():
            raise NotNow("A rotation is under way already; wait for its end.")
        try:
            safe.ring.read_again()
            yield
        finally:
            await connection.execute(text(f"SELECT pg_advisory_unlock({number})"))
