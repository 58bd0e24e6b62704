"""A month's numbers, as they stand in the rows: every row is counted once, in its own month, and the parts add up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from counted import PARTS, tally, ticket
from fakes_bridge import ask

from hotline_bridge.figures import counting
from hotline_bridge.figures.measures import BREAKDOWNS, WEEKLY, cells
from hotline_bridge.figures.periods import Period
from hotline_bridge.flow.stations import Stations
from hotline_bridge.store.engine import transaction

OCTOBER = Period("2026-10")
MIDDLE = datetime(2026, 10, 15, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


async def counts(stations: Stations, period: Period = OCTOBER) -> dict[str, int]:
    async with transaction(stations.store.engine) as connection:
        return await counting.month(connection, period, PARTS)


def there(found: dict[str, int]) -> dict[str, int]:
    return {cell: value for cell, value in found.items() if value}


async def test_contacts_are_counted_by_language_channel_region_and_week(stations: Stations) -> None:
    await tally(stations, date(2026, 10, 1), 3, region="R-TUR")
    await tally(stations, date(2026, 10, 31), 2, language="uz", channel="sms_kannel")
    await tally(stations, date(2026, 9, 30), 5)
    await tally(stations, date(2026, 11, 1), 5)
    assert there(await counts(stations)) == {
        "contacts": 5,
        "contacts/week/1": 3,
        "contacts/week/4": 2,
        "contacts/language/ru": 3,
        "contacts/language/uz": 2,
        "contacts/channel/telegram": 3,
        "contacts/channel/sms_kannel": 2,
        "contacts/region/R-TUR": 3,
        "contacts/region/unknown": 2,
    }


async def test_topics_and_what_could_not_be_answered_are_counts_of_their_own(stations: Stations) -> None:
    await tally(stations, date(2026, 10, 5), 4, "topic", key="ask_shelter")
    await tally(stations, date(2026, 10, 5), 2, "topic", key="a topic of the year before last")
    await tally(stations, date(2026, 10, 5), 3, "unanswered", language=None)
    assert there(await counts(stations)) == {
        "topics": 6,
        "topics/topic/ask_shelter": 4,
        "topics/topic/unknown": 2,
        "unanswered": 3,
        "unanswered/language/unknown": 3,
    }


async def test_messages_are_the_arrivals_of_the_month(stations: Stations) -> None:
    await ask(stations, "INSERT INTO arrivals (day, channel) SELECT '2026-10-03', 'telegram' FROM generate_series(1, 7)")
    await ask(stations, "INSERT INTO arrivals (day, channel) VALUES ('2026-11-01', 'telegram')")
    assert there(await counts(stations)) == {"messages": 7, "messages/channel/telegram": 7}


async def test_a_month_begins_at_midnight_in_kazakhstan(stations: Stations) -> None:
    await ticket(stations, datetime(2026, 9, 30, 18, 59, tzinfo=UTC))
    await ticket(stations, datetime(2026, 9, 30, 19, 0, tzinfo=UTC), 2)
    await ticket(stations, datetime(2026, 10, 31, 18, 59, tzinfo=UTC), 4)
    await ticket(stations, datetime(2026, 10, 31, 19, 0, tzinfo=UTC), 8)
    found = await counts(stations)
    assert (found["tickets"], found["tickets/week/1"], found["tickets/week/4"]) == (6, 2, 4)


async def test_tickets_are_counted_where_they_are_opened_taken_answered_and_closed(stations: Stations) -> None:
    last_month = MIDDLE - timedelta(days=31)
    await ticket(
        stations, last_month, need="danger_now", taken_at=MIDDLE, answered_at=MIDDLE, closed_at=MIDDLE, state="closed",
        outcome="referred", reopened=1,
    )  # fmt: skip
    await ticket(stations, MIDDLE, 2, need="danger_now", taken_at=MIDDLE + 2 * MINUTE)
    await ticket(stations, MIDDLE, 3, closed_at=MIDDLE, state="closed", outcome="ended_by_person")
    assert there(await counts(stations)) == {
        "tickets": 5,
        "tickets/week/3": 5,
        "tickets/need/danger_now": 2,
        "tickets/need/talk_to_operator": 3,
        "tickets/language/ru": 5,
        "tickets/region/unknown": 5,
        "taken": 3,
        "taken/class/danger": 3,
        "answered": 1,
        "answered/class/danger": 1,
        "closed": 4,
        "closed/outcome/referred": 1,
        "closed/outcome/ended_by_person": 3,
        "closed/taken/yes": 1,
        "closed/taken/no": 3,
        "closed/again/yes": 1,
        "closed/again/no": 3,
    }


async def test_what_was_closed_as_a_test_is_no_ticket(stations: Stations) -> None:
    await ticket(stations, MIDDLE, 4, taken_at=MIDDLE, answered_at=MIDDLE, closed_at=MIDDLE, state="closed", outcome="test")
    assert there(await counts(stations)) == {}


async def test_the_parts_of_every_breakdown_add_up_to_its_whole(stations: Stations) -> None:
    for n, (language, region) in enumerate([("ru", "R-ALA"), ("tg", None), (None, "somewhere else")], 1):
        await tally(stations, date(2026, 10, 8 * n), n, language=language, region=region, channel="a channel of old")
        await tally(stations, date(2026, 10, 8 * n), n, "unanswered", language=language)
        await ticket(stations, MIDDLE, n, need=["danger_now", "withheld", "request_callback"][n - 1], language=language,
                     region=region, taken_at=MIDDLE + n * MINUTE, answered_at=MIDDLE + n * MINUTE, closed_at=MIDDLE,
                     state="closed", outcome=["informed", "lost", None][n - 1])  # fmt: skip
    found = await counts(stations)
    for breakdown in BREAKDOWNS:
        assert sum(cells(found, breakdown.name).values()) == found[breakdown.whole], breakdown.name
    for count in WEEKLY:
        assert sum(cells(found, f"{count}/week").values()) == found[count]


async def test_times_are_the_median_and_the_ninetieth_percentile_from_the_opening_on(stations: Stations) -> None:
    for minutes in range(1, 12):
        await ticket(stations, MIDDLE, taken_at=MIDDLE + minutes * MINUTE, answered_at=MIDDLE + 2 * minutes * MINUTE)
    async with transaction(stations.store.engine) as connection:
        found = await counting.times(connection, OCTOBER)
        assert found == {"taken/class/hour": (360, 600), "answered/class/hour": (720, 1200)}
        assert await counting.times(connection, Period("2026")) == found
        assert await counting.times(connection, Period("2025")) == {}
