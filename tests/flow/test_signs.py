"""What a self-check came to is dropped soon, unless a person is asked for."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from fakes_bridge import ScriptedAssistant, ask
from people import Person

from hotline_bridge.flow import signs
from hotline_bridge.flow.stations import Stations
from hotline_bridge.messages import Kind, Reply

OVER = '{"slots": {"check_signs": 69}, "loop": null}'
BROKEN_OFF = '{"slots": {"check_1": "given", "check_signs": 1, "requested_slot": "check_2"}, "loop": "check_form"}'
OTHER = '{"slots": {"report_danger": true}, "loop": "report_form"}'


async def offered(stations: Stations) -> list[str]:
    rows = await ask(stations, "SELECT offered FROM conversations")
    found: list[str] = rows[0].offered
    return found


async def pass_minutes(stations: Stations, minutes: int) -> None:
    await ask(stations, "UPDATE inbox SET received_at = received_at - make_interval(mins => :m)", m=minutes)


@pytest.fixture
async def checked(by_sms: Person) -> UUID:
    """Somebody whose self-check by SMS has just come to a result."""
    await by_sms.asks("check", kind=Kind.CHOICE)
    return await by_sms.asks("1 3 7")


async def test_by_sms_the_signs_leave_the_list_of_choices_and_the_number_still_calls_a_person(
    by_sms: Person, stations: Stations, checked: UUID, assistant: ScriptedAssistant
) -> None:
    before = await offered(stations)
    assert before[0] == "operator/1,3,7"
    await pass_minutes(stations, 59)
    assert await signs.let_go(stations) == 0
    await pass_minutes(stations, 2)
    assert await signs.let_go(stations) == 1
    assert await offered(stations) == ["operator", *before[1:]]
    assert await signs.let_go(stations) == 0
    assistant.always = None
    await by_sms.asks("1")
    assert [tuple(r) for r in await ask(stations, "SELECT need, facts FROM tickets")] == [("talk_to_operator", {})]


async def test_who_asks_for_a_person_in_time_has_them_passed_on(
    by_sms: Person, stations: Stations, checked: UUID, assistant: ScriptedAssistant
) -> None:
    await signs.let_go(stations)
    assistant.always = [Reply("wanted", values={"need": "talk_to_operator", "told": "ticket_opened"})]
    await by_sms.asks("1")
    assert (await ask(stations, "SELECT facts FROM tickets"))[0].facts == {"indicators": "1,3,7"}
    assert not any("1,3,7" in one for one in await offered(stations))


@pytest.mark.parametrize(("state", "previous"), [(OVER, None), (BROKEN_OFF, None), (OTHER, OVER)])
async def test_in_a_chat_they_go_with_what_the_assistant_remembers_also_when_it_was_broken_off(
    person: Person, stations: Stations, state: str, previous: Any
) -> None:
    conversation = await person.asks("что делать")
    await remembers(stations, conversation, state, previous)
    await signs.let_go(stations)
    assert len(await ask(stations, "SELECT 1 FROM dialogue.memory")) == 1
    await pass_minutes(stations, 61)
    await signs.let_go(stations)
    assert await ask(stations, "SELECT 1 FROM dialogue.memory") == []


async def test_another_form_that_is_open_stays(person: Person, stations: Stations) -> None:
    await remembers(stations, await person.asks("что делать"), OTHER, None)
    await pass_minutes(stations, 600)
    assert await signs.let_go(stations) == 0


async def test_a_message_that_waits_keeps_them_for_its_answer(by_sms: Person, stations: Stations, checked: UUID) -> None:
    await by_sms.writes("1")
    await pass_minutes(stations, 120)
    assert await signs.let_go(stations) == 0


async def test_while_an_operator_is_there_they_serve_nothing(person: Person, stations: Stations) -> None:
    await remembers(stations, await person.asks("что делать"), OVER, None)
    await ask(stations, "UPDATE conversations SET operator_id = :a", a=uuid4())
    await signs.let_go(stations)
    assert await ask(stations, "SELECT 1 FROM dialogue.memory") == []


async def remembers(stations: Stations, conversation: UUID, state: str, previous: str | None) -> None:
    await ask(
        stations,
        "INSERT INTO dialogue.memory VALUES (:c, 't', cast(:s AS jsonb), cast(:p AS jsonb), current_date)",
        c=conversation,
        s=state,
        p=previous,
    )
