"""The time to decide: counted from the day that was noted, whatever becomes of the ticket, and gone with the person."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from fakes_bridge import Clock, ask
from people import Person

from hotline_bridge.errors import DeskError, NotYours
from hotline_bridge.flow import decide, operate
from hotline_bridge.flow.forget import forget
from hotline_bridge.flow.stations import Stations, today
from hotline_bridge.tickets.deciding import DAYS, DecisionTime

ANNA, BOLAT = uuid4(), uuid4()


@pytest.fixture
async def conversation(person: Person, stations: Stations) -> UUID:
    """Somebody whom Anna has."""
    found = await person.asks("меня убивают")
    await operate.claim(stations, ANNA, found)
    return found


@pytest.mark.parametrize(
    ("left", "stage"), [(30, "running"), (11, "running"), (10, "soon"), (3, "soon"), (2, "last"), (0, "last"), (-1, "over")]
)
def test_the_last_ten_days_and_the_last_two_are_said(left: int, stage: str) -> None:
    day = date(2026, 11, 30)
    time = DecisionTime(uuid4(), day - timedelta(days=DAYS - left))
    assert (time.left(day), time.stage(day)) == (left, stage)


async def test_it_outlives_the_ticket_and_the_reminder_counts_it(stations: Stations, conversation: UUID) -> None:
    on = today(stations) - timedelta(days=22)
    await decide.identified(stations, ANNA, conversation, on)
    await operate.close(stations, ANNA, conversation, "referred")
    (row,) = (await decide.reminders(stations)).rows
    assert (row.conversation, row.identified_on, row.open) == (conversation, on, False)
    assert await decide.soon(stations) == 1


async def test_a_later_day_replaces_the_first_and_a_mistake_can_be_taken_back(stations: Stations, conversation: UUID) -> None:
    day = today(stations)
    await decide.identified(stations, ANNA, conversation, day - timedelta(days=3))
    await decide.identified(stations, ANNA, conversation, day)
    found = await decide.of(stations, conversation)
    assert found is not None
    assert found.identified_on == day
    assert await decide.soon(stations) == 0
    await decide.not_identified(stations, ANNA, conversation)
    assert await decide.of(stations, conversation) is None


@pytest.mark.parametrize("days", [1, -367])
async def test_a_day_that_cannot_be_is_refused(stations: Stations, conversation: UUID, days: int) -> None:
    with pytest.raises(DeskError, match="not after today"):
        await decide.identified(stations, ANNA, conversation, today(stations) + timedelta(days=days))
    assert await decide.of(stations, conversation) is None


async def test_only_whoever_has_the_person_notes_it(stations: Stations, conversation: UUID) -> None:
    with pytest.raises(NotYours):
        await decide.identified(stations, BOLAT, conversation, today(stations))
    await decide.identified(stations, ANNA, conversation, today(stations))
    with pytest.raises(NotYours):
        await decide.not_identified(stations, BOLAT, conversation)


async def test_it_leaves_the_list_two_weeks_after_its_end(stations: Stations, conversation: UUID, clock: Clock) -> None:
    await decide.identified(stations, ANNA, conversation, today(stations))
    clock.advance(days=DAYS + 14)
    assert [row.stage(today(stations)) for row in (await decide.reminders(stations)).rows] == ["over"]
    clock.advance(days=1)
    assert (await decide.reminders(stations)).rows == []


async def test_forgetting_takes_it_along(stations: Stations, conversation: UUID) -> None:
    await decide.identified(stations, ANNA, conversation, today(stations))
    await forget(stations, conversation)
    assert await ask(stations, "SELECT count(*) FROM decision_times") == [(0,)]
