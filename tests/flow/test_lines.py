"""What answer counts: people and what they asked about, in Kazakhstan's days, and never one person often."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from fakes_bridge import Clock, ScriptedAssistant, ask
from people import Person

from hotline_bridge.flow.stations import Stations
from hotline_bridge.messages import Reply

QUERY = "SELECT kind, key, sum(times) AS times FROM tallies GROUP BY kind, key ORDER BY kind, key"


async def counts(stations: Stations) -> dict[str, int]:
    return {row.key or row.kind: row.times for row in await ask(stations, QUERY)}


async def test_somebody_who_asks_the_same_ten_times_is_counted_once(
    person: Person, stations: Stations, assistant: ScriptedAssistant, clock: Clock
) -> None:
    assistant.always = [Reply("topic", topic="ask_unpaid_wages")]
    for _ in range(5):
        await person.asks("не платят")
    assistant.always = [Reply("topic", topic="ask_shelter")]
    await person.asks("где жить")
    clock.advance(days=1)
    assistant.always = [Reply("topic", topic="ask_unpaid_wages")]
    await person.asks("не платят")
    assert await counts(stations) == {"contact": 2, "ask_unpaid_wages": 1, "ask_shelter": 1}


async def test_two_people_who_ask_the_same_are_two(person: Person, stations: Stations, assistant: ScriptedAssistant) -> None:
    assistant.always = [Reply("topic", topic="ask_unpaid_wages")]
    await person.asks("не платят")
    await Person(stations, "1002").asks("не платят")
    assert await counts(stations) == {"contact": 2, "ask_unpaid_wages": 2}


@pytest.mark.parametrize(("hour", "day"), [(18, date(2026, 10, 31)), (19, date(2026, 11, 1))])
async def test_a_contact_is_counted_on_the_day_it_is_in_kazakhstan(
    person: Person, stations: Stations, clock: Clock, hour: int, day: date
) -> None:
    clock.ahead = datetime(2026, 10, 31, hour, 30, tzinfo=UTC) - datetime.now(UTC)
    await person.asks("сәлем")
    assert [row.day for row in await ask(stations, "SELECT day FROM tallies")] == [day]


async def test_an_arrival_is_of_kazakhstans_day(person: Person, stations: Stations) -> None:
    await person.writes("сәлем")
    (row,) = await ask(stations, "SELECT day = (now() AT TIME ZONE interval '5 hours')::date AS same FROM arrivals")
    assert row.same
