"""status: how long a request has waited, whether somebody has it, and when somebody is there, as far as that is known."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from fakes_bridge import Clock, ScriptedAssistant, ScriptedChannel, ask
from people import Person

from hotline_bridge.action_api import ActionApi
from hotline_bridge.flow import operate, status
from hotline_bridge.flow.stations import Stations
from hotline_bridge.local_time import ZONE
from hotline_bridge.messages import Reply
from hotline_bridge.shifts import Shift, roster
from hotline_bridge.store.engine import transaction

CODE = str(uuid4())
WAITING = Reply("ticket_status_waiting", values={"code": CODE, "hours": "3"})


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> list[datetime | None]:
    """What the plan of the shifts says."""
    plan: list[datetime | None] = [None]

    async def next_on_duty(connection: Any, language: str, now: datetime) -> datetime | None:
        assert language == "ru"
        return plan[0]

    monkeypatch.setattr(status, "next_on_duty", next_on_duty)
    return plan


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (None, "It is not forgotten, but nobody has taken it yet."),
        (datetime(2020, 1, 1, tzinfo=UTC), "Nobody has taken it yet. By our plan a person is there now."),
        (datetime(2099, 11, 24, 4, 0, tzinfo=UTC), "By our plan a person is there from 24.11 09:00."),
    ],
)
async def test_when_somebody_is_there_is_told_as_far_as_it_is_known(
    person: Person, assistant: ScriptedAssistant, telegram: ScriptedChannel, planned: list[datetime | None],
    at: datetime | None, said: str,
) -> None:  # fmt: skip
    planned[0] = at
    assistant.next = [[WAITING]]
    await person.asks("что с моей заявкой")
    assert "3 h" in telegram.texts[-1]
    assert said in telegram.texts[-1]


async def test_the_next_planned_shift_in_the_persons_language_is_told_by_its_day_and_hour(
    person: Person, stations: Stations, assistant: ScriptedAssistant, telegram: ScriptedChannel, clock: Clock
) -> None:
    today = clock().astimezone(ZONE).date()
    for name, language, days in (("Anna", "ru", 3), ("Zafar", "tg", 1)):
        account, shift = uuid4(), uuid4()
        await ask(
            stations,
            "INSERT INTO console.accounts (id, login, name, role, languages) VALUES (:id, :name, :name, 'operator', :spoken)",
            id=account, name=name, spoken=[language],
        )  # fmt: skip
        async with transaction(stations.store.engine) as connection:
            await roster.add(connection, [Shift(shift, account, time(9), time(17), day=today + timedelta(days=days))])
    assistant.next = [[WAITING]]
    await person.asks("что с моей заявкой")
    assert f"By our plan a person is there from {today + timedelta(days=3):%d.%m} 09:00." in telegram.texts[-1]


async def test_nothing_is_added_to_a_request_that_somebody_has(
    person: Person, assistant: ScriptedAssistant, telegram: ScriptedChannel, planned: list[datetime | None]
) -> None:
    planned[0] = datetime(2020, 1, 1, tzinfo=UTC)
    assistant.next = [[Reply("ticket_status_taken", values={"code": CODE})]]
    await person.asks("что с моей заявкой")
    assert "A person is working on your request" in telegram.texts[-1]
    assert "plan" not in telegram.texts[-1]


async def test_the_hours_are_those_for_which_nobody_has_had_it(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    assistant.always = None
    conversation = await person.asks("оператор")
    api = ActionApi(stations.store)
    await ask(stations, "UPDATE tickets SET opened_at = now() - interval '9 days', waiting_since = now() - interval '5 hours'")
    found = await api.ticket_status(str(conversation))
    assert (found.state, found.waiting_hours) == ("waiting", 5)


async def test_the_hours_of_a_wait_are_counted_by_the_clock_that_was_given(
    person: Person, stations: Stations, assistant: ScriptedAssistant, clock: Clock
) -> None:
    assistant.always = None
    conversation = await person.asks("оператор")
    clock.advance(hours=7, minutes=1)
    assert (await ActionApi(stations.store, clock).ticket_status(str(conversation))).waiting_hours == 7


async def test_what_is_written_later_does_not_hide_how_long_the_first_has_waited(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    assistant.always = None
    conversation = await person.asks("оператор")
    await ask(stations, "UPDATE tickets SET waiting_since = now() - interval '20 hours'")
    await person.asks("что это")
    assert len(await ask(stations, "SELECT 1 FROM tickets")) == 2
    assert (await ActionApi(stations.store).ticket_status(str(conversation))).waiting_hours == 20


async def test_whose_request_was_taken_before_is_not_told_that_nobody_ever_had_it(
    person: Person,
    stations: Stations,
    assistant: ScriptedAssistant,
    telegram: ScriptedChannel,
    planned: list[datetime | None],
) -> None:
    assistant.always = None
    conversation = await person.asks("оператор")
    anna = uuid4()
    await operate.claim(stations, anna, conversation)
    api = ActionApi(stations.store)
    assert (await api.ticket_status(str(conversation))).state == "taken"
    await operate.give_back(stations, anna, conversation)
    found = await api.ticket_status(str(conversation))
    assert found.state == "again"
    for plan in (None, datetime(2020, 1, 1, tzinfo=UTC)):
        planned[0] = plan
        assistant.next = [[Reply(f"ticket_status_{found.state}", values={"code": CODE, "hours": "3"})]]
        await person.asks("что с моей заявкой")
        assert "A person had taken your request" in telegram.texts[-1]
    planned[0] = datetime(2099, 11, 24, 4, 0, tzinfo=UTC)
    assistant.next = [[Reply("ticket_status_again", values={"code": CODE, "hours": "3"})]]
    await person.asks("что с моей заявкой")
    assert "from 24.11 09:00" in telegram.texts[-1]
