"""compose: silence, then danger, then orders and choices, then the assistant."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from fakes_bridge import ScriptedAssistant, keys
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.reading.commands import Commands
from hotline_bridge.conversations import Conversation
from hotline_bridge.flow import listen
from hotline_bridge.flow.assist import GIVE_UP_AFTER
from hotline_bridge.flow.compose import compose
from hotline_bridge.flow.stations import Reading, Stations
from hotline_bridge.flow.turn import Answer, Heard
from hotline_bridge.messages import Channel, Kind, Reply
from hotline_bridge.settings import PROJECT
from hotline_bridge.vault.sealing import Key

KEY = Key(b"k" * 32)
SOMEBODY = Conversation(UUID(int=1), Channel.TELEGRAM, language="ru")
UNKNOWN = replace(SOMEBODY, language=None)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)


def heard(text: str, kind: Kind = Kind.TEXT, attempts: int = 1) -> Heard:
    return Heard(uuid4(), kind, text, attempts, KEY)


async def test_a_question_goes_to_the_assistant_in_the_voice_of_the_message(
    without_store: Stations, assistant: ScriptedAssistant
) -> None:
    found = await compose(without_store, UNKNOWN, heard("oylik bermayapti"))
    assert keys(found.replies) == ["greet"]
    asked = assistant.asked[0]
    assert (asked.text, asked.voice.language, asked.voice.script, asked.channel) == ("oylik bermayapti", "uz", "latn", "telegram")


async def test_the_assistant_never_sees_a_telephone_number(without_store: Stations, assistant: ScriptedAssistant) -> None:
    found = await compose(without_store, SOMEBODY, heard("мой номер 8 701 123 45 67"))
    assert assistant.asked[0].text == "мой номер [PHONE_1]"
    assert [(p.label, p.value) for p in found.new] == [("PHONE", "8 701 123 45 67")]


# --- danger ---


async def test_certain_danger_is_answered_without_the_assistant_and_a_person_is_called(
    without_store: Stations, assistant: ScriptedAssistant
) -> None:
    found = await compose(without_store, SOMEBODY, heard("помогите меня убивают"))
    assert (keys(found.replies), found.needs) == (["danger_now"], ("danger_now",))
    assert assistant.asked == []


async def test_danger_in_a_first_message_is_answered_in_the_language_of_its_words(without_store: Stations) -> None:
    found = await compose(without_store, UNKNOWN, heard("o'ldiryapti"))
    assert (keys(found.replies), found.conversation.language) == (["danger_now"], "uz")


async def test_a_doubtful_word_is_asked_about_once(without_store: Stations, assistant: ScriptedAssistant) -> None:
    found = await compose(without_store, SOMEBODY, heard("бьют"))
    assert (keys(found.replies), found.needs, found.conversation.confirming) == (["danger_confirm"], (), "danger_now")
    assert found.replies[0].options == ("yes/danger_now", "no/danger_now")
    assert assistant.asked == []


@pytest.mark.parametrize(
    ("text", "kind", "replies", "needs"),
    [
        ("да", Kind.TEXT, ["danger_now"], ("danger_now",)),
        ("yes", Kind.CHOICE, ["danger_now"], ("danger_now",)),
        ("что с паспортом", Kind.TEXT, ["greet"], ()),
        ("оператор", Kind.TEXT, ["greet"], ()),
    ],
)
async def test_yes_no_or_anything_else_settles_the_question_about_danger(
    without_store: Stations, text: str, kind: Kind, replies: list[str], needs: tuple[str, ...]
) -> None:
    asked = replace(SOMEBODY, confirming="danger_now")
    found = await compose(without_store, asked, heard(text, kind))
    assert (keys(found.replies), found.needs, found.conversation.confirming) == (replies, needs, None)


@pytest.mark.parametrize(("text", "kind"), [("нет", Kind.TEXT), ("no/danger_now", Kind.CHOICE)])
async def test_a_no_to_the_question_about_danger_lets_a_form_go_on_and_needs_no_assistant(
    without_store: Stations, assistant: ScriptedAssistant, text: str, kind: Kind
) -> None:
    asked = replace(SOMEBODY, confirming="danger_now")
    await compose(without_store, asked, heard(text, kind))
    assert [one.text for one in assistant.asked] == ["/no_danger"]
    assistant.always = None
    found = await compose(without_store, asked, heard(text, kind))
    assert (keys(found.replies), found.needs, found.conversation.confirming) == (["danger_denied"], (), None)


async def test_danger_is_heard_in_a_conversation_that_waits_for_something_else(without_store: Stations) -> None:
    waiting = replace(SOMEBODY, confirming="suicidal_thoughts", offered=("more",), silence="stopped")
    found = await compose(without_store, waiting, heard("убивают"))
    assert (keys(found.replies), found.conversation.confirming) == (["danger_now"], None)


async def test_danger_is_found_behind_ten_thousand_letters(without_store: Stations) -> None:
    found = await compose(without_store, SOMEBODY, heard("а" * 10_000 + " убивают"))
    assert keys(found.replies) == ["danger_now"]


@pytest.mark.parametrize("key", ["danger_now", "child_in_danger", "medical_emergency", "suicidal_thoughts"])
async def test_a_safety_reply_of_the_assistant_calls_a_person_too(
    without_store: Stations, assistant: ScriptedAssistant, key: str
) -> None:
    assistant.always = [Reply(key)]
    assert (await compose(without_store, SOMEBODY, heard("что делать"))).needs == (key,)


# --- silence ---


@pytest.mark.parametrize("by_assistant", [True, False])
async def test_unsafe_to_talk_gives_a_two_digit_code_and_falls_silent(
    without_store: Stations, assistant: ScriptedAssistant, by_assistant: bool
) -> None:
    assistant.always = [Reply("unsafe_to_talk")]
    found = await compose(without_store, SOMEBODY, heard("он рядом что делать" if by_assistant else "не могу говорить"))
    code = found.conversation.return_code
    assert code is not None
    assert re.fullmatch(r"[1-9]\d", code)
    assert (found.conversation.silence, found.needs) == ("unsafe", ("unsafe_to_talk",))
    assert found.replies == (Reply("unsafe_to_talk", values={"code": code}),)


SILENT = replace(SOMEBODY, silence="unsafe", return_code="42")


@pytest.mark.parametrize("code", ["42", " 42 ", "42.", "/42"])
async def test_the_agreed_number_ends_the_silence(without_store: Stations, code: str) -> None:
    found = await compose(without_store, SILENT, heard(code))
    assert (keys(found.replies), found.conversation.silence, found.conversation.return_code) == (["silence_over"], None, None)


@pytest.mark.parametrize(
    ("text", "kind", "need"),
    [
        ("кто это", Kind.TEXT, "unsafe_to_talk"),
        ("43", Kind.TEXT, "unsafe_to_talk"),
        ("оператор", Kind.TEXT, "unsafe_to_talk"),
        ("убивают", Kind.TEXT, "danger_now"),
        ("", Kind.PHOTO, "unsafe_to_talk"),
        ("operator", Kind.CHOICE, "unsafe_to_talk"),
        ("start", Kind.COMMAND, "unsafe_to_talk"),
    ],
)
async def test_until_then_nothing_is_said_whatever_comes_and_a_person_learns_of_it(
    without_store: Stations, assistant: ScriptedAssistant, text: str, kind: Kind, need: str
) -> None:
    found = await compose(without_store, SILENT, heard(text, kind))
    assert (found.replies, found.needs, found.conversation.silence) == ((), (need,), "unsafe")
    assert assistant.asked == []


async def test_somebody_who_stopped_us_and_writes_again_is_answered_again(without_store: Stations) -> None:
    stopped = await compose(without_store, SOMEBODY, heard("стоп"))
    assert (keys(stopped.replies), stopped.conversation.silence) == (["stop_messages"], "stopped")
    back = await compose(without_store, stopped.conversation, heard("что с паспортом"))
    assert (keys(back.replies), back.conversation.silence) == (["greet"], None)


# --- orders and choices ---

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


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("topic/ask_shelter", "/ask_shelter"),
        ("operator", "/talk_to_operator"),
        ("menu", "/ask_help"),
        ("delete", "/delete_my_data"),
        ("call_me", "/request_callback"),
        ("check", "/start_self_check"),
        ("yes", "/affirm"),
        ("no", "/deny"),
    ],
)
async def test_a_pressed_button_reaches_the_assistant_as_an_intent(
    without_store: Stations, assistant: ScriptedAssistant, choice: str, said: str
) -> None:
    await compose(without_store, SOMEBODY, heard(choice, Kind.CHOICE))
    assert assistant.asked[0].text == said


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


# --- kinds, languages ---


@pytest.mark.parametrize("kind", sorted(listen.MEDIA))
async def test_what_is_no_text_gets_the_sentence_for_its_kind_in_the_persons_language(
    without_store: Stations, assistant: ScriptedAssistant, kind: Kind
) -> None:
    uzbek = replace(SOMEBODY, language="uz", script="latn")
    found = await compose(without_store, uzbek, heard("что это", kind))
    assert (keys(found.replies), found.conversation.voice.language) == ([listen.MEDIA[kind]], "uz")
    assert assistant.asked == []


def test_every_kind_has_its_sentence() -> None:
    assert set(listen.MEDIA) == set(Kind) - {Kind.TEXT, Kind.CHOICE, Kind.COMMAND}


async def test_an_order_word_does_not_change_the_language(without_store: Stations) -> None:
    uzbek = replace(SOMEBODY, language="uz", script="latn")
    found = await compose(without_store, uzbek, heard("стоп"))
    assert (found.conversation.language, found.conversation.script) == ("uz", "latn")


async def test_a_language_that_was_asked_for_stays(without_store: Stations, assistant: ScriptedAssistant) -> None:
    assistant.next = [[Reply("language_changed", values={"language": "uz"})]]
    chosen = (await compose(without_store, SOMEBODY, heard("что с языком"))).conversation
    assert (chosen.language, chosen.script, chosen.language_chosen) == ("uz", "latn", True)
    assert (await compose(without_store, chosen, heard("что с паспортом"))).conversation.language == "uz"


# --- the assistant fails ---


async def test_with_the_assistant_silent_a_person_is_called(without_store: Stations, assistant: ScriptedAssistant) -> None:
    assistant.always = None
    found = await compose(without_store, SOMEBODY, heard("что с паспортом 8 701 123 45 67"))
    assert (keys(found.replies), found.needs) == (["assistant_down"], ("assistant_silent",))
    assert [p.label for p in found.new] == ["PHONE"]


async def test_with_the_assistant_silent_a_chosen_topic_is_still_told(
    without_store: Stations, assistant: ScriptedAssistant
) -> None:
    assistant.always = None
    found = await compose(without_store, SOMEBODY, heard("topic/ask_shelter", Kind.CHOICE))
    assert (found.replies, found.needs) == ((Reply("topic", topic="ask_shelter"),), ())


async def test_a_message_that_failed_too_often_goes_to_a_person(without_store: Stations, assistant: ScriptedAssistant) -> None:
    found = await compose(without_store, SOMEBODY, heard("что с паспортом", attempts=GIVE_UP_AFTER + 1))
    assert found.needs == ("assistant_silent",)
    assert assistant.asked == []


async def test_delete_now_erases_and_clears_where_that_can_be_done(without_store: Stations, assistant: ScriptedAssistant) -> None:
    assistant.always = [Reply("delete_now")]
    found = await compose(without_store, SOMEBODY, heard("что обо мне"))
    assert (keys(found.replies), found.forget, found.clear) == (["delete_done"], True, True)
    assert not (await compose(without_store, replace(SOMEBODY, channel=Channel.TWILIO), heard("что обо мне"))).clear


async def test_an_offer_always_ends_with_a_person(without_store: Stations, assistant: ScriptedAssistant) -> None:
    assistant.always = [Reply("fallback_offer", options=("operator", "topic/ask_shelter"))]
    found = await compose(without_store, SOMEBODY, heard("что"))
    assert found.replies[0].options == ("topic/ask_shelter", "operator")


async def test_of_a_very_long_message_the_beginning_is_read_and_that_is_said(
    without_store: Stations, assistant: ScriptedAssistant
) -> None:
    found = await compose(without_store, SOMEBODY, heard("что делать " * 1000))
    assert keys(found.replies) == ["too_long", "greet"]
    assert len(assistant.asked[0].text) <= listen.READ_LETTERS


# --- whatever is written ---

STATES = st.sampled_from(
    [SOMEBODY, UNKNOWN, SILENT, replace(SOMEBODY, confirming="danger_now", offered=("more",), topic="ask_shelter")]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=ANY_TEXT, kind=st.sampled_from(Kind), state=STATES, times=st.sampled_from([1, 1, 1, 70]))
def test_nothing_that_can_be_written_does_harm(
    without_store: Stations, assistant: ScriptedAssistant, text: str, kind: Kind, state: Conversation, times: int
) -> None:
    assistant.asked.clear()
    found: Answer = asyncio.run(compose(without_store, state, heard(text * times, kind)))
    assert found.replies or state.silence
    for asked in assistant.asked:
        asked.text.encode()
        assert kind is Kind.CHOICE or not asked.text.startswith("/") or listen.chosen(state, listen.clean(text * times))
    renderer = without_store.renderer
    assert renderer is not None
    for reply in found.replies:
        one = renderer.render(
            replace(reply, values={"code": "1", **reply.values}),
            state.voice,
            sms=state.channel.is_sms,
            today=without_store.clock().date(),
        )
        one.message.text.encode()


def test_the_reading_of_a_test_is_what_serving_uses(reading: Reading) -> None:
    assert reading.commands.match("Стоп!") == "stop"
    assert reading.danger.check("меня убивают") is not None


async def test_a_late_yes_under_the_question_about_danger_is_still_one(
    without_store: Stations, assistant: ScriptedAssistant
) -> None:
    asked = (await compose(without_store, SOMEBODY, heard("бьют"))).conversation
    meanwhile = (await compose(without_store, asked, heard("что с паспортом"))).conversation
    found = await compose(without_store, meanwhile, heard("yes/danger_now", Kind.CHOICE))
    assert (keys(found.replies), found.needs) == (["danger_now"], ("danger_now",))


async def test_start_ends_a_silence_whose_number_was_lost(without_store: Stations) -> None:
    silent = replace(SOMEBODY, silence="unsafe", return_code="47")
    assert (await compose(without_store, silent, heard("салам"))).replies == ()
    assert keys((await compose(without_store, silent, heard("старт"))).replies) == ["silence_over"]


async def test_a_sign_of_distress_without_a_word_is_asked_about(without_store: Stations) -> None:
    assert keys((await compose(without_store, SOMEBODY, heard("🆘"))).replies) == ["danger_confirm"]


async def test_a_bare_cry_for_help_is_asked_about_and_given_the_number(without_store: Stations) -> None:
    for cry in ("помогите", "Помогите!!"):
        found = await compose(without_store, SOMEBODY, heard(cry))
        assert (keys(found.replies), found.conversation.confirming) == (["danger_confirm"], "danger_now")
