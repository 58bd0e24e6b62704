"""The pace: each who asks gets a moment of its own, whoever else asks."""

from __future__ import annotations

import asyncio
import itertools

import pytest
from sqlalchemy import text

from hotline_bridge import pace
from hotline_bridge.flow.stations import Store
from hotline_bridge.store.engine import transaction


async def reserve(store: Store, key: str, per_second: float, within: float | None = None) -> float:
    async with transaction(store.engine) as connection:
        return await pace.reserve(connection, key, per_second, within=within)


async def test_the_first_may_go_now_and_the_next_one_gap_later(store: Store) -> None:
    assert await reserve(store, "k", 2.0) == 0.0
    assert await reserve(store, "k", 2.0) == pytest.approx(0.5, abs=0.2)
    assert await reserve(store, "k", 2.0) == pytest.approx(1.0, abs=0.2)


async def test_two_connections_never_get_the_same_moment(store: Store) -> None:
    loop = asyncio.get_running_loop()

    async def moment() -> float:
        wait = await reserve(store, "k", 1.0)
        return loop.time() + wait

    moments = sorted(await asyncio.gather(*(moment() for _ in range(8))))
    assert all(later - sooner > 0.5 for sooner, later in itertools.pairwise(moments))


async def test_keys_do_not_wait_for_each_other(store: Store) -> None:
    await reserve(store, "one", 0.1)
    assert await reserve(store, "other", 0.1) == 0.0


async def test_nothing_is_reserved_later_than_asked_for(store: Store) -> None:
    assert await reserve(store, "k", 0.1) == 0.0
    waits = [await reserve(store, "k", 0.1, within=1.5) for _ in range(5)]
    assert all(9 < wait <= 10 for wait in waits)
    assert await reserve(store, "k", 0.1) == pytest.approx(10, abs=0.5)


async def test_a_held_key_waits_and_a_shorter_hold_does_not_free_it(store: Store) -> None:
    for seconds in (30.0, 1.0):
        async with transaction(store.engine) as connection:
            await pace.hold(connection, "k", seconds)
    assert await reserve(store, "k", 1.0) == pytest.approx(30, abs=1)
    async with transaction(store.engine) as connection:
        assert await pace.free_at(connection, "k") is not None
        assert await pace.free_at(connection, "never used") is None


async def test_a_moment_that_passed_unused_is_not_saved_up(store: Store) -> None:
    await reserve(store, "k", 20.0)
    await asyncio.sleep(0.3)  # time itself is what is tried here
    assert await reserve(store, "k", 20.0) == 0.0
    assert await reserve(store, "k", 20.0) > 0.0


async def test_a_bucket_gives_its_tokens_at_once_and_then_as_they_come_back(store: Store) -> None:
    async def take() -> bool:
        async with transaction(store.engine) as connection:
            return await pace.take(connection, "k", 3, 0.1)

    assert [await take() for _ in range(5)] == [True, True, True, False, False]
    async with transaction(store.engine) as connection:
        await connection.execute(text("UPDATE pace SET free_at = free_at - interval '21 seconds'"))
    assert [await take() for _ in range(3)] == [True, True, False]
