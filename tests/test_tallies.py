"""Counts become fewer rows; what they say stays."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from fakes_bridge import ask

from hotline_bridge import tallies
from hotline_bridge.flow.stations import Store
from hotline_bridge.store.engine import transaction
from hotline_bridge.tallies import Place

TODAY = date(2026, 11, 30)
SUMS = """
    SELECT day, kind, key, language, channel, region, sum(times) AS times FROM tallies
    GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
"""


async def add(store: Store, day: date, times: int, kind: str = "contact", region: str | None = None) -> None:
    async with transaction(store.engine) as connection:
        for _ in range(times):
            await tallies.add(connection, day, kind, Place("telegram", None, region))


async def compact(store: Store) -> int:
    async with transaction(store.engine) as connection:
        return await tallies.compact(connection, TODAY)


async def rows(store: Store) -> int:
    return int((await ask(store, "SELECT count(*) FROM tallies"))[0][0])


async def test_equal_counts_of_past_days_become_one_row_with_their_sum(store: Store) -> None:
    await add(store, TODAY - timedelta(days=2), 5)
    await add(store, TODAY - timedelta(days=2), 3, region="R-ALA")
    await add(store, TODAY - timedelta(days=3), 1)
    before: list[Any] = await ask(store, SUMS)
    assert await compact(store) == 6
    assert await ask(store, SUMS) == before
    assert await rows(store) == 3
    assert await compact(store) == 0


async def test_counts_of_today_and_yesterday_are_left_alone(store: Store) -> None:
    await add(store, TODAY, 2)
    await add(store, TODAY - timedelta(days=1), 2)
    assert await compact(store) == 0
    assert await rows(store) == 4


async def test_what_comes_late_is_added_to_the_sum(store: Store) -> None:
    day = TODAY - timedelta(days=9)
    await add(store, day, 3)
    await compact(store)
    await add(store, day, 2)
    await compact(store)
    assert [tuple(row) for row in await ask(store, "SELECT times FROM tallies")] == [(5,)]


async def test_a_crash_before_the_commit_leaves_every_row(store: Store) -> None:
    await add(store, TODAY - timedelta(days=2), 5)

    async def killed() -> None:
        async with transaction(store.engine) as connection:
            assert await tallies.compact(connection, TODAY) == 4
            raise RuntimeError("the process was killed")

    with pytest.raises(RuntimeError):
        await killed()
    assert await rows(store) == 5


async def test_two_workers_at_once_lose_and_double_nothing(store: Store) -> None:
    for days in range(2, 30):
        await add(store, TODAY - timedelta(days=days), 4)
    before = await ask(store, SUMS)
    await asyncio.gather(*(compact(store) for _ in range(4)))
    assert await ask(store, SUMS) == before
    assert await rows(store) == 28
