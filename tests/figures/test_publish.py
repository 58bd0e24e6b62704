"""publish: a month is counted once, when it is over, and what was published stays."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from counted import PARTS, tally, ticket
from fakes_bridge import ask

from hotline_bridge.figures import releases, tree
from hotline_bridge.figures.periods import Period
from hotline_bridge.figures.releases import Release
from hotline_bridge.flow.publish import publish
from hotline_bridge.flow.stations import Stations
from hotline_bridge.store.engine import transaction


def at(stations: Stations, *day: int) -> Stations:
    """At noon of another day."""
    return replace(stations, clock=lambda: datetime(*day, 12, tzinfo=UTC))  # type: ignore[arg-type,misc]


async def release(stations: Stations, key: str) -> Release:
    async with transaction(stations.store.engine) as connection:
        (found,) = await releases.read(connection, [Period(key)])
        return found


async def keys(stations: Stations) -> list[str]:
    async with transaction(stations.store.engine) as connection:
        return [period.key for period in await releases.published(connection)]


async def test_with_nothing_to_count_nothing_is_published(stations: Stations) -> None:
    assert await publish(stations, PARTS) == []


async def test_a_month_is_published_a_day_after_its_end(stations: Stations) -> None:
    await tally(stations, date(2026, 10, 30), 12)
    assert await publish(at(stations, 2026, 11, 1), PARTS) == []
    assert await publish(at(stations, 2026, 11, 2), PARTS) == [Period("2026-10")]
    assert await publish(at(stations, 2026, 11, 30), PARTS) == []
    found = await release(stations, "2026-10")
    assert found.numbers["contacts"] == 12
    assert found.numbers["contacts/region/unknown"] is None  # twelve of twelve: the zeros would be known


async def test_every_month_since_the_first_row_is_made_up_for_with_quarters_and_years(stations: Stations) -> None:
    await tally(stations, date(2025, 11, 30), 20)
    done = await publish(at(stations, 2026, 7, 2), PARTS)
    assert [period.key for period in done] == [
        "2025-11", "2025-12", "2025-Q4", "2025", "2026-01", "2026-02", "2026-03", "2026-Q1", "2026-04", "2026-05", "2026-06",
        "2026-Q2",
    ]  # fmt: skip
    assert await keys(stations) == [
        "2026-Q2", "2026-06", "2026-05", "2026-04", "2026-Q1", "2026-03", "2026-02", "2026-01", "2025", "2025-Q4", "2025-12",
        "2025-11",
    ]  # fmt: skip


async def test_what_was_published_stays_though_the_rows_change(stations: Stations) -> None:
    await ticket(stations, datetime(2026, 10, 5, tzinfo=UTC), 30)
    await publish(stations, PARTS)
    before = await release(stations, "2026-10")
    await ask(stations, "UPDATE tickets SET state = 'closed', outcome = 'test', closed_at = '2026-10-09'")
    await tally(stations, date(2026, 10, 5), 50)
    await publish(at(stations, 2026, 12, 2), PARTS)
    assert await release(stations, "2026-10") == before
    assert before.numbers["tickets"] == 30


async def test_a_quarter_is_the_sum_of_what_was_counted_for_its_months(stations: Stations) -> None:
    for month in (10, 11, 12):
        await tally(stations, date(2026, month, 5), 20)
        await publish(at(stations, 2026 + month // 12, month % 12 + 1, 2), PARTS)
        await tally(stations, date(2026, month, 6), 500)  # too late: the month is published
    assert (await release(stations, "2026-Q4")).numbers["contacts"] == 60
    assert (await release(stations, "2026")).numbers["contacts"] == 60


async def test_no_number_under_ten_is_in_what_is_published_and_no_median_of_so_few(stations: Stations) -> None:
    start = datetime(2026, 10, 5, tzinfo=UTC)
    for need, times in (("danger_now", 9), ("talk_to_operator", 20), ("request_callback", 14)):
        await ticket(stations, start, times, need=need, taken_at=start + timedelta(minutes=3))
    await tally(stations, date(2026, 10, 5), 9, language="tg")
    await tally(stations, date(2026, 10, 5), 90, language="uz")
    await publish(stations, PARTS)
    found = await release(stations, "2026-10")
    assert [cell for cell, value in found.numbers.items() if value is not None and value < 10] == []
    assert found.numbers["taken/class/danger"] is None
    assert found.times == {"taken/class/hour": (180, 180)}  # with the nine goes the smaller of the others


async def test_two_workers_that_publish_at_once_publish_once(stations: Stations) -> None:
    await tally(stations, date(2026, 8, 5), 100)
    await tally(stations, date(2026, 9, 5), 9)
    await asyncio.gather(*(publish(stations, PARTS) for _ in range(3)))
    assert sorted(await keys(stations)) == ["2026-08", "2026-09", "2026-10", "2026-Q3"]
    shown = await release(stations, "2026-Q3")
    assert (shown.numbers["contacts"], shown.at_least["contacts"]) == (None, 100)


async def test_a_crash_between_a_month_and_its_quarter_is_made_good(stations: Stations, monkeypatch: pytest.MonkeyPatch) -> None:
    await tally(stations, date(2026, 9, 5), 100)
    decided = tree.decided

    def crash(node: Any) -> Any:
        if node.period.kind == "quarter":
            raise RuntimeError("the process was killed")
        return decided(node)

    monkeypatch.setattr(tree, "decided", crash)
    with pytest.raises(RuntimeError):
        await publish(stations, PARTS)
    monkeypatch.undo()
    september = await release(stations, "2026-09")
    assert [period.key for period in await publish(stations, PARTS)] == ["2026-09", "2026-Q3", "2026-10"]
    assert await release(stations, "2026-09") == september


async def test_with_a_hundred_thousand_tickets_a_month_is_counted_in_seconds(stations: Stations) -> None:
    await ask(
        stations,
        """
        INSERT INTO tickets (id, need, language, channel, region, opened_at, taken_at, answered_at, closed_at, state, outcome)
        SELECT gen_random_uuid(), (ARRAY['danger_now', 'talk_to_operator', 'request_callback'])[1 + n % 3],
               (ARRAY['kk', 'ru', 'uz', 'tg'])[1 + n % 4], 'telegram', 'R-ALA', t, t + interval '2 minutes',
               t + interval '3 minutes', t + interval '1 day', 'closed', 'informed'
        FROM generate_series(1, 100000) AS n, LATERAL (SELECT '2026-10-30'::timestamptz - n * interval '5 minutes') AS at (t)
        """,
    )
    loop = asyncio.get_running_loop()
    began = loop.time()
    await publish(at(stations, 2026, 11, 2), PARTS)
    assert loop.time() - began < 60  # nine months and three quarters
    assert (await release(stations, "2026-09")).numbers["tickets"] == 30 * 24 * 12
