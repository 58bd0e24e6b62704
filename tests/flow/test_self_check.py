"""The self-check by SMS: eleven signs at once, no verdict, and kept only for whoever asks for a person right after."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes_bridge import ScriptedAssistant, ScriptedChannel, ask, keys
from people import Person
from test_compose import SOMEBODY, heard

from hotline_bridge.flow import self_check
from hotline_bridge.flow.compose import compose
from hotline_bridge.flow.stations import Stations
from hotline_bridge.messages import Channel, Kind, Reply

BY_SMS = replace(SOMEBODY, channel=Channel.TWILIO)
LISTED = replace(BY_SMS, offered=self_check.OFFER)
WANTS = Reply("wanted", values={"need": "talk_to_operator", "told": "ticket_opened"})


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("1 3 7", (1, 3, 7)),
        ("7,3,1", (1, 3, 7)),
        ("1. 10. 11.", (1, 10, 11)),
        ("5", (5,)),
        ("3 3", (3,)),
        ("12", None),
        ("0 1", None),
        ("1 и 3", None),
        ("137", None),
        ("", None),
        ("да", None),
    ],
)
def test_numbers_are_read_and_nothing_else(text: str, signs: tuple[int, ...] | None) -> None:
    assert self_check.read(text) == signs


async def test_by_sms_the_signs_come_at_once_and_in_a_chat_the_assistant_asks(
    without_store: Stations, assistant: ScriptedAssistant
) -> None:
    found = await compose(without_store, BY_SMS, heard("check", Kind.CHOICE))
    assert (keys(found.replies), found.offer, found.private) == (["check_list_1", "check_list_2"], self_check.OFFER, True)
    assert assistant.asked == []
    await compose(without_store, SOMEBODY, heard("check", Kind.CHOICE))
    assert assistant.asked[0].text == "/start_self_check"


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("1 3 7", "check_result_many"),
        ("7", "check_result_some"),
        ("2 3", "check_result_some"),
        ("нет", "check_result_none"),
    ],
)
async def test_the_result_names_rights_and_options_and_never_a_verdict(without_store: Stations, text: str, result: str) -> None:
    found = await compose(without_store, LISTED, heard(text))
    assert (keys(found.replies), found.private, found.needs, found.wanted) == ([result], True, (), ())
    assert found.replies[0].options[0].startswith("operator")
    assert len(found.replies[0].options) >= 2


async def test_yes_asks_one_by_one_and_a_question_is_a_question(without_store: Stations, assistant: ScriptedAssistant) -> None:
    await compose(without_store, LISTED, heard("да"))
    await compose(without_store, LISTED, heard("что с паспортом"))
    assert [one.text for one in assistant.asked] == ["/start_self_check", "что с паспортом"]


async def test_danger_in_answer_goes_first(without_store: Stations) -> None:
    assert keys((await compose(without_store, LISTED, heard("5 меня убивают"))).replies) == ["danger_now"]


@pytest.mark.parametrize("wish", ["1", "0", "оператор", "что хочу человека"])
@pytest.mark.parametrize("silent", [False, True])
async def test_who_asks_for_a_person_right_after_need_not_say_it_again(
    by_sms: Person, stations: Stations, assistant: ScriptedAssistant, wish: str, silent: bool
) -> None:
    await by_sms.asks("что со мной", "check", kind=Kind.CHOICE)
    await by_sms.asks("1 3 7")
    assistant.always = None if silent else [WANTS]
    await by_sms.asks(wish)
    expected = {} if silent and wish.startswith("что") else {"indicators": "1,3,7"}
    assert [row.facts for row in await ask(stations, "SELECT facts FROM tickets")] == [expected]


async def test_with_any_other_message_in_between_the_signs_are_gone(
    by_sms: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    await by_sms.asks("check", kind=Kind.CHOICE)
    await by_sms.asks("1 3 7", "что с паспортом")
    assistant.always = [WANTS]
    await by_sms.asks("оператор")
    assert [row.facts for row in await ask(stations, "SELECT facts FROM tickets")] == [{}]


async def test_nothing_of_the_answers_is_written_down(by_sms: Person, stations: Stations, sms: ScriptedChannel) -> None:
    conversation = await by_sms.asks("check", kind=Kind.CHOICE)
    await by_sms.asks("1 3 7")
    assert "many signs" in sms.texts[-1]
    assert await ask(stations, "SELECT 1 FROM transcript WHERE conversation_id = :c", c=conversation) == []
    assert await ask(stations, "SELECT 1 FROM inbox WHERE sealed_text IS NOT NULL") == []
