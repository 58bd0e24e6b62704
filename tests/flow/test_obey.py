"""obey: whole messages that are orders, numbers of a list, and buttons."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes_bridge import ScriptedAssistant, keys
from test_compose import SOMEBODY, UNKNOWN, heard

from bot.reading.commands import Commands
from hotline_bridge.flow.compose import compose
from hotline_bridge.flow.stations import Stations
from hotline_bridge.messages import Channel, Kind, Reply
from hotline_bridge.settings import PROJECT

# The real lists of the linguist: whole messages that are orders, in each language and in both scripts.
ORDERS = [
    ("stop", "СТОП"), ("stop", "stop"), ("stop", "To'xta"), ("stop", "тўхта"), ("stop", "бас кун"),
    ("stop", "тоқтат"), ("stop", "toqtat"),
    ("help", "помощь"), ("help", "menyu"), ("help", "рӯйхат"), ("help", "мәзір"),
    ("start", "START"), ("start", "boshla"), ("start", "бошла"), ("start", "баста"),
    ("operator", "оператор"), ("operator", "operator kerak"),
    ("yes", "да"), ("yes", "ha"), ("yes", "ҳа"), ("yes", "ҳа"), ("yes", "иә"),
    ("no", "нет"), ("no", "yo'q"), ("no", "йўқ"), ("no", "не"), ("no", "жоқ"),
]  # fmt: skip


@pytest.mark.parametrize(("order", "text"), ORDERS)
def test_orders_are_obeyed_in_four_languages(order: str, text: str) -> None:
    assert Commands.load(PROJECT / "nlu" / "commands").match(text) == order


@pytest.mark.parametrize("text", ["останови его", "uni to'xtating", "стоп он идёт сюда", "start working on monday", "не платят"])
def test_a_sentence_with_an_order_word_in_it_is_no_order(text: str) -> None:
    assert Commands.load(PROJECT / "nlu" / "commands").match(text) is None


@pytest.mark.parametrize(
    ("text", "kind", "replies"),
    [
        ("стоп", Kind.TEXT, ["stop_messages"]),
        ("stop", Kind.COMMAND, ["stop_messages"]),
        ("start", Kind.COMMAND, ["greet"]),
        ("language", Kind.COMMAND, ["choose_language"]),
        ("language/uz", Kind.CHOICE, ["language_changed"]),
        ("language/xx", Kind.CHOICE, ["choose_language"]),
        ("clear", Kind.COMMAND, ["chat_cleared"]),
        ("очистить", Kind.TEXT, ["chat_cleared"]),
        ("source/ask_shelter", Kind.CHOICE, ["source"]),
        ("😀", Kind.TEXT, ["empty"]),
        ("", Kind.TEXT, ["empty"]),
        ("", Kind.CHOICE, ["empty"]),
        ("nonsense", Kind.COMMAND, ["greet"]),
    ],
)
async def test_orders_are_obeyed_at_once(without_store: Stations, text: str, kind: Kind, replies: list[str]) -> None:
    assert keys((await compose(without_store, SOMEBODY, heard(text, kind))).replies) == replies


async def test_a_number_chooses_from_the_last_list_and_nought_a_person(
    without_store: Stations, assistant: ScriptedAssistant
) -> None:
    offered = replace(SOMEBODY, channel=Channel.TWILIO, offered=("topic/ask_shelter", "menu"))
    for text in ("1", "2.", "0", "7"):
        await compose(without_store, offered, heard(text))
    assert [a.text for a in assistant.asked] == ["/ask_shelter", "/ask_help", "/talk_to_operator", "7"]


async def test_more_and_source_refer_to_the_last_topic(without_store: Stations) -> None:
    told = replace(SOMEBODY, topic="ask_shelter", page=1)
    more = await compose(without_store, told, heard("ещё"))
    assert more.replies == (Reply("topic", topic="ask_shelter", page=2),)
    source = await compose(without_store, told, heard("где написано"))
    assert (source.replies[0].key, source.replies[0].topic) == ("source", "ask_shelter")


async def test_without_a_topic_more_is_a_question_like_any_other(without_store: Stations, assistant: ScriptedAssistant) -> None:
    await compose(without_store, SOMEBODY, heard("ещё"))
    assert assistant.asked[0].text == "ещё"


@pytest.mark.parametrize("channel", [Channel.TWILIO, Channel.KANNEL, Channel.TRIAL_SMS])
async def test_a_chat_is_cleared_only_where_that_can_be_done(without_store: Stations, channel: Channel) -> None:
    found = await compose(without_store, replace(SOMEBODY, channel=channel), heard("очистить"))
    assert (keys(found.replies), found.clear) == (["clear_sms"], False)


async def test_the_first_start_asks_for_the_language_and_the_choice_is_greeted(without_store: Stations) -> None:
    first = await compose(without_store, UNKNOWN, heard("start", Kind.COMMAND))
    assert keys(first.replies) == ["choose_language"]
    then = await compose(without_store, first.conversation, heard("language/tg", Kind.CHOICE))
    assert (keys(then.replies), then.conversation.language, then.conversation.language_chosen) == (["greet"], "tg", True)


async def test_an_order_word_does_not_change_the_language(without_store: Stations) -> None:
    uzbek = replace(SOMEBODY, language="uz", script="latn")
    found = await compose(without_store, uzbek, heard("стоп"))
    assert (found.conversation.language, found.conversation.script) == ("uz", "latn")


async def test_somebody_who_stopped_us_and_writes_again_is_answered_again(without_store: Stations) -> None:
    stopped = await compose(without_store, SOMEBODY, heard("стоп"))
    assert (keys(stopped.replies), stopped.conversation.silence) == (["stop_messages"], "stopped")
    back = await compose(without_store, stopped.conversation, heard("что с паспортом"))
    assert (keys(back.replies), back.conversation.silence) == (["greet"], None)
