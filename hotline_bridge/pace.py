"""Who may send when, for any number of workers: each asks the database for the next free moment and gets one of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.tables import pace


async def reserve(
    connection: AsyncConnection, key: str, per_second: float, *, within: float | None = None, credit: float = 0.0
) -> float:
    """Seconds until the moment that is reserved for the caller under `key`; 0.0 for now.

    Later than `within` seconds nothing is reserved: the caller is only told when to ask again. With `credit`, so many seconds
    that went by unused may be made up for: at full load a hiccup would otherwise delay everybody behind it for ever.
    """
    gap = timedelta(seconds=1 / per_second)
    now = func.clock_timestamp()
    taken = (
        insert(pace)
        .values(key=key, free_at=now + gap)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={"free_at": func.greatest(pace.c.free_at, now - timedelta(seconds=credit)) + gap},
            where=None if within is None else pace.c.free_at <= now + timedelta(seconds=within),
        )
        .returning(pace.c.free_at - gap - now)
    )
    wait: timedelta | None = (await connection.execute(taken)).scalar_one_or_none()
    if wait is None:
        wait = (await connection.execute(select(pace.c.free_at - now).where(pace.c.key == key))).scalar_one()
    return max(0.0, wait.total_seconds())


async def take(connection: AsyncConnection, key: str, burst: int, per_second: float) -> bool:
    """Whether one of `burst` tokens was left under `key`; taken ones come back at `per_second`."""
    gap = timedelta(seconds=1 / per_second)
    now = func.clock_timestamp()
    full = now - gap * burst
    taken = (
        insert(pace)
        .values(key=key, free_at=full + gap)
        .on_conflict_do_update(
            index_elements=["key"], set_={"free_at": func.greatest(pace.c.free_at, full) + gap}, where=pace.c.free_at + gap <= now
        )
        .returning(pace.c.key)
    )
    return (await connection.execute(taken)).first() is not None


async def hold(connection: AsyncConnection, key: str, seconds: float) -> None:
    """Nothing under `key` before `seconds` have passed: the provider asked for it."""
    until = func.clock_timestamp() + timedelta(seconds=seconds)
    await connection.execute(
        insert(pace)
        .values(key=key, free_at=until)
        .on_conflict_do_update(index_elements=["key"], set_={"free_at": func.greatest(pace.c.free_at, until)})
    )


async def free_at(connection: AsyncConnection, key: str) -> datetime | None:
    """When `key` is free again; None when it never was used."""
    return (await connection.execute(select(pace.c.free_at).where(pace.c.key == literal(key)))).scalar_one_or_none()


async def forget(connection: AsyncConnection, *keys: str) -> None:
    """Whatever was reserved, taken or held under these, nothing is."""
    await connection.execute(delete(pace).where(pace.c.key.in_(keys)))
