"""Whoever may not be alone by what they wrote while an operator has them: it rings, and no answer goes out by habit."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from fakes_bridge import ScriptedChannel, ask
from people import ANNA, Person
from test_cries import flags
from test_reply_checks import draft, found, to

from hotline_bridge.errors import DeskError
from hotline_bridge.flow import look, operate
from hotline_bridge.flow.proofread import proofread
from hotline_bridge.flow.reply import reply
from hotline_bridge.flow.stations import DeskStations, Stations
from hotline_bridge.safe_contact import Decision
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import paging


@pytest.fixture
def at_desk(desk: DeskStations, stations: Stations) -> DeskStations:
    """The console with the tests' reader of languages."""
    assert stations.reading
    reader = stations.reading.language
    return replace(desk, language=lambda: reader)


async def findings(desk: DeskStations, conversation: UUID) -> list[str]:
    return [one.name for one in (await proofread(desk, conversation, "Вы тут?")).findings if one.name == "watched"]


@pytest.mark.parametrize("text", ["он тут", "рядом хозяин", "u yonimda", "ҳозир нанависед", "звандама"])
async def test_it_is_flagged_and_paged_for_and_an_answer_needs_a_second_press(
    writer: Person, stations: Stations, at_desk: DeskStations, taken: UUID, text: str
) -> None:
    await writer.asks(text)
    assert (await flags(stations))["unsafe_to_talk"]
    async with transaction(stations.store.engine) as connection:
        assert [(one.conversation, one.holder) for one in await paging.waiting(connection)] == [(taken, ANNA)]
    assert await findings(at_desk, taken) == ["watched"]
    case = await look.at_case(stations, taken)
    assert case is not None
    assert (case.watched, case.danger) == (True, True)


async def test_an_answer_sent_all_the_same_ends_it(
    writer: Person, stations: Stations, at_desk: DeskStations, telegram: ScriptedChannel, taken: UUID
) -> None:
    await writer.asks("он тут")
    await reply(stations, ANNA, taken, "Хорошо.")
    assert not any((await flags(stations)).values())
    assert await findings(at_desk, taken) == []


async def test_whoever_has_them_need_not_write_to_end_the_calls(
    writer: Person, stations: Stations, at_desk: DeskStations, taken: UUID
) -> None:
    with pytest.raises(DeskError, match="answer them"):
        await operate.flag_seen(stations, ANNA, taken)
    await writer.asks("он тут")
    await operate.flag_seen(stations, ANNA, taken)
    assert not any((await flags(stations)).values())
    assert await findings(at_desk, taken) == []


async def test_the_bots_open_question_counts_for_the_operator_who_comes(
    writer: Person, stations: Stations, at_desk: DeskStations
) -> None:
    conversation = await writer.wants_a_person()
    await writer.asks("он тут")
    await operate.claim(stations, ANNA, conversation)
    assert await findings(at_desk, conversation) == ["watched"]
    await writer.asks("что с паспортом")
    assert await findings(at_desk, conversation) == []


async def test_certain_words_ring_once_and_what_is_written_in_the_silence_does_not(
    writer: Person, stations: Stations, taken: UUID
) -> None:
    await writer.asks("не могу говорить")
    assert (await ask(stations, "SELECT silence FROM conversations"))[0].silence == "unsafe"
    assert (await flags(stations))["unsafe_to_talk"]
    await operate.flag_seen(stations, ANNA, taken)
    await writer.asks("кто это пишет")
    assert not (await flags(stations))["unsafe_to_talk"]


def test_it_stands_beside_what_was_agreed() -> None:
    assert found(draft(), to(watched=True)) == {"watched": "ask"}
    assert found(draft(), to(watched=True, decision=Decision("ask"))) == {"watched": "ask", "held": "ask"}
    assert found(draft(), to(watched=True, silence="unsafe")) == {"unsafe": "stop"}
