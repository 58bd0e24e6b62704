"""Who is asked whether they are in danger, and is silent, is looked after by a human; nothing is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from fakes_bridge import ScriptedAssistant, ScriptedChannel, ask
from people import ANNA, Person

from hotline_bridge import tickets
from hotline_bridge.flow import operate, unanswered
from hotline_bridge.flow.answer import HAND_OVER_AFTER, answer
from hotline_bridge.flow.settle import settle
from hotline_bridge.flow.stations import Stations
from hotline_bridge.flow.sweep import sweep
from hotline_bridge.messages import Reply
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import paging


async def pass_minutes(stations: Stations, minutes: float) -> None:
    await ask(
        stations,
        "UPDATE inbox SET received_at = received_at - make_interval(secs => :s), done_at = done_at - make_interval(secs => :s)",
        s=minutes * 60,
    )


async def needs(stations: Stations) -> list[tuple[str, str]]:
    return [(row.need, row.state) for row in await ask(stations, "SELECT need, state FROM tickets ORDER BY opened_at")]


@pytest.fixture
async def asked(person: Person) -> UUID:
    """Somebody whose words left open whether they are in danger."""
    return await person.asks("бьют")


async def test_after_two_minutes_it_is_a_request_of_its_own_and_nothing_is_sent(
    stations: Stations, telegram: ScriptedChannel, asked: UUID
) -> None:
    await sweep(stations)
    assert await needs(stations) == []
    await pass_minutes(stations, 2.1)
    before = len(telegram.sent)
    await sweep(stations)
    assert await needs(stations) == [("danger_unanswered", "open")]
    assert len(telegram.sent) == before
    assert await ask(stations, "SELECT 1 FROM outbox WHERE status = 'waiting'") == []
    async with transaction(stations.store.engine) as connection:
        assert await paging.waiting(connection) == [], "it is in the queue, and wakes nobody"
    assert await unanswered.hand_over(stations) == 0


async def test_so_it_is_where_the_assistant_had_it_asked(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    assistant.next = [[Reply("danger_confirm")]]
    await person.asks("что мне делать")
    await pass_minutes(stations, 3)
    assert await unanswered.hand_over(stations) == 1


@pytest.mark.parametrize("text", ["нет", "что с паспортом", "стоп"])
async def test_any_answer_settles_it(person: Person, stations: Stations, asked: UUID, text: str) -> None:
    await person.asks(text)
    await pass_minutes(stations, 3)
    assert await unanswered.hand_over(stations) == 0


async def breaks(*_: Any) -> None:
    raise RuntimeError


@pytest.mark.parametrize("how", ["fault", "restore"])
async def test_so_does_one_that_could_not_be_answered_for_a_fault_of_ours_or_after_a_restore(
    person: Person, stations: Stations, telegram: ScriptedChannel, asked: UUID, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await person.writes("нет")
    if how == "restore":
        await settle(stations)
    else:
        await ask(stations, "UPDATE inbox SET attempts = :n WHERE status = 'waiting'", n=HAND_OVER_AFTER)
        with monkeypatch.context() as broken:
            broken.setattr("hotline_bridge.flow.answer.compose", breaks)
            await answer(stations, asked)
    assert await needs(stations) == [("assistant_silent", "open")]
    await pass_minutes(stations, 3)
    assert await unanswered.hand_over(stations) == 0
    await person.asks("да")
    assert await needs(stations) == [("assistant_silent", "open")], "a yes to nothing any more"


async def test_a_late_yes_is_danger_as_ever(person: Person, stations: Stations, asked: UUID) -> None:
    await pass_minutes(stations, 3)
    await unanswered.hand_over(stations)
    await person.asks("да")
    assert await needs(stations) == [("danger_unanswered", "open"), ("danger_now", "open")]


async def test_an_answer_that_waits_to_be_read_is_read_first(person: Person, stations: Stations, asked: UUID) -> None:
    await pass_minutes(stations, 3)
    await person.writes("нет")
    assert await unanswered.hand_over(stations) == 0
    await answer(stations, asked)
    await pass_minutes(stations, 3)
    assert await unanswered.hand_over(stations) == 0


async def test_once_closed_it_stays_closed_until_the_question_is_put_again(
    person: Person, stations: Stations, asked: UUID
) -> None:
    await pass_minutes(stations, 3)
    await unanswered.hand_over(stations)
    await operate.claim(stations, ANNA, asked)
    await operate.close(stations, ANNA, asked, "lost")
    assert await unanswered.hand_over(stations) == 0
    await person.asks("бьют")
    await pass_minutes(stations, 3)
    await ask(stations, "UPDATE tickets SET opened_at = opened_at - interval '10 minutes', state = 'closed'")
    assert await unanswered.hand_over(stations) == 1


@pytest.mark.parametrize("state", ["unsafe", "stopped", "forgotten", "let_go"])
async def test_not_for_whom_it_is_silent_for_another_reason(stations: Stations, asked: UUID, state: str) -> None:
    await pass_minutes(stations, 3)
    await ask(stations, "UPDATE conversations SET silence = :s", s=state)
    assert await unanswered.hand_over(stations) == 0


async def test_not_where_an_operator_sees_the_question(person: Person, stations: Stations, asked: UUID) -> None:
    async with transaction(stations.store.engine) as connection:
        await tickets.open_once(connection, conversation=asked, turn=None, need="talk_to_operator")
    await operate.claim(stations, ANNA, asked)
    await pass_minutes(stations, 3)
    assert await unanswered.hand_over(stations) == 0
    await operate.give_back(stations, ANNA, asked)
    assert await unanswered.hand_over(stations) == 0, "they have seen it"


async def test_not_for_whether_all_is_to_be_deleted(stations: Stations, asked: UUID) -> None:
    await pass_minutes(stations, 3)
    await ask(stations, "UPDATE conversations SET confirming = 'delete_my_data'")
    assert await unanswered.hand_over(stations) == 0


async def test_a_day_later_no_restored_question_is_dug_out(person: Person, stations: Stations, asked: UUID) -> None:
    await pass_minutes(stations, 25 * 60)
    assert await unanswered.hand_over(stations) == 0
    await replace(person, who="1002").asks("бьют")
    await pass_minutes(stations, 3)
    assert await unanswered.hand_over(stations) == 1
