"""How often somebody may try, and that nobody is locked out for good."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from hotline_bridge.accounts import throttle
from hotline_bridge.accounts.throttle import Limit, wait_after
from hotline_bridge.flow.stations import Store
from hotline_bridge.store.engine import transaction

WHO = Limit(b"w", free=3, longest=60.0)
SOURCE = Limit(b"s", free=100, longest=900.0)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def attempt(store: Store, now: datetime, *limits: Limit) -> float:
    async with transaction(store.engine) as connection:
        return await throttle.take(connection, limits or (WHO,), now)


@pytest.mark.parametrize(("failures", "wait"), [(1, 0), (2, 0), (3, 1), (4, 2), (5, 4), (8, 32), (9, 60), (10_000, 60)])
def test_waits_grow_up_to_the_longest(failures: int, wait: float) -> None:
    assert wait_after(failures, WHO) == wait


async def test_after_the_free_attempts_each_one_waits_longer(store: Store) -> None:
    now = NOW
    waits = []
    for _ in range(6):
        assert await attempt(store, now) == 0.0
        waits.append(await attempt(store, now))  # while one must wait nothing is counted
        now += timedelta(seconds=max(waits[-1], 0))
    assert waits[:2] == [0.0, 1.0]
    assert waits[2:] == sorted(waits[2:])


async def test_whoever_keeps_trying_while_they_must_wait_does_not_wait_longer_for_it(store: Store) -> None:
    for _ in range(5):
        await attempt(store, NOW)
    wait = await attempt(store, NOW)
    for _ in range(50):
        assert await attempt(store, NOW) == wait
    assert await attempt(store, NOW + timedelta(seconds=wait)) == 0.0


async def test_after_a_day_of_quiet_everything_is_forgotten(store: Store) -> None:
    now = NOW
    for _ in range(20):
        now += timedelta(seconds=await attempt(store, now))
    assert await attempt(store, now + timedelta(hours=25)) == 0.0
    assert await attempt(store, now + timedelta(hours=25)) == 0.0


async def test_of_many_attempts_at_once_only_the_free_ones_are_let_through(store: Store) -> None:
    waits = await asyncio.gather(*(attempt(store, NOW, WHO, SOURCE) for _ in range(20)))
    assert sum(wait == 0.0 for wait in waits) == WHO.free


async def test_what_one_limit_refuses_is_not_counted_under_the_other(store: Store) -> None:
    for _ in range(30):
        await attempt(store, NOW, WHO, SOURCE)
    other = Limit(b"o", free=3, longest=60.0)
    assert await attempt(store, NOW, other, Limit(SOURCE.key, free=4, longest=900.0)) == 0.0


async def test_success_forgives_who_it_was_and_takes_one_back_from_the_source(store: Store) -> None:
    for _ in range(3):
        await attempt(store, NOW, WHO, SOURCE)
    async with transaction(store.engine) as connection:
        await throttle.forgive(connection, WHO.key)
        await throttle.take_back(connection, SOURCE.key, NOW)
    assert await attempt(store, NOW, WHO) == 0.0
    assert await attempt(store, NOW, Limit(SOURCE.key, free=4, longest=900.0)) == 0.0  # the third that counts
    assert await attempt(store, NOW, Limit(SOURCE.key, free=4, longest=900.0)) == 0.0
    assert await attempt(store, NOW, Limit(SOURCE.key, free=4, longest=900.0)) > 0.0


async def test_counts_that_nobody_needs_are_swept(store: Store) -> None:
    await attempt(store, NOW)
    async with transaction(store.engine) as connection:
        await throttle.sweep(connection, NOW + timedelta(hours=25))
        left = await connection.exec_driver_sql("SELECT count(*) FROM console.sign_in_throttle")
        assert left.scalar_one() == 0
