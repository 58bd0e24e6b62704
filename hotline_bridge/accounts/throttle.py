"""How often somebody may try to sign in. Waits grow with every failure up to a limit, and nobody is locked out for good.

An attempt is counted before it is checked, so that a hundred at once are not checked at once. A browser in which somebody has
signed in before has a count of its own: a stranger who guesses at a login cannot keep its owner waiting (OWASP, "Slow down
online guessing attacks with device cookies").
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.tables.console import sign_in_throttle as throttle

FORGET_AFTER = timedelta(hours=24)  # without an attempt


@dataclass(frozen=True, slots=True)
class Limit:
    """Who is counted (a keyed hash), how many failures are free, and the longest wait in seconds."""

    key: bytes
    free: int
    longest: float


def wait_after(failures: int, limit: Limit) -> float:
    """Seconds to wait after so many failures in a row: none, then 1, 2, 4 … up to the longest."""
    over = failures - limit.free
    return 0.0 if over < 0 else min(limit.longest, 2.0 ** min(over, 30))


async def take(connection: AsyncConnection, limits: Iterable[Limit], now: datetime) -> float:
    """Count an attempt under every limit and give 0.0; or count nothing and give the seconds until one is free."""
    limits = sorted(limits, key=lambda one: one.key)  # always in the same order, so that two attempts never wait for each other
    counts: list[tuple[Limit, int]] = []
    longest = 0.0
    for one in limits:
        failures, free_at = await _held(connection, one.key, now)
        longest = max(longest, (free_at - now).total_seconds())
        counts.append((one, failures + 1))
    if longest > 0:
        return longest
    for one, failures in counts:
        free_at = now + timedelta(seconds=wait_after(failures, one))
        await connection.execute(
            update(throttle).where(throttle.c.key == one.key).values(failures=failures, last_at=now, free_at=free_at)
        )
    return 0.0


async def _held(connection: AsyncConnection, key: bytes, now: datetime) -> tuple[int, datetime]:
    """Failures so far and the next free moment, in a row that is ours until the transaction ends."""
    made = insert(throttle).values(key=key, failures=0, last_at=now, free_at=now).on_conflict_do_nothing()
    await connection.execute(made)
    query = select(throttle.c.failures, throttle.c.last_at, throttle.c.free_at).where(throttle.c.key == key).with_for_update()
    row = (await connection.execute(query)).one()
    return (0, now) if now - row.last_at > FORGET_AFTER else (row.failures, row.free_at)


async def forgive(connection: AsyncConnection, key: bytes) -> None:
    """Somebody proved who they are: their failures are forgotten."""
    await connection.execute(delete(throttle).where(throttle.c.key == key))


async def take_back(connection: AsyncConnection, key: bytes, now: datetime) -> None:
    """An attempt that succeeded does not count. The others do: one's own account must not pay for guesses at another's."""
    await connection.execute(
        update(throttle).where(throttle.c.key == key).values(failures=func.greatest(throttle.c.failures - 1, 0), free_at=now)
    )


async def sweep(connection: AsyncConnection, now: datetime) -> None:
    """Remove counts that nobody needs any more."""
    await connection.execute(delete(throttle).where(throttle.c.last_at < now - FORGET_AFTER))
