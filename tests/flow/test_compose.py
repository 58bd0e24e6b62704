"""compose: silence, then danger, then orders and choices, then the assistant."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from fakes_bridge import ScriptedAssistant, keys
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline_bridge.conversations import Conversation
from hotline_bridge.flow import listen
from hotline_bridge.flow.assist import GIVE_UP_AFTER
from hotline_bridge.flow.compose import compose
from hotline_bridge.flow.stations import Reading, Stations
from hotline_bridge.flow.turn import Answer, Heard
from hotline_bridge.messages import Channel, Kind, Reply
from hotline_bridge.vault.sealing import Key

KEY = Key(b"k" * 32)
SOMEBODY = Conversation(UUID(int=1), Channel.TELEGRAM, language="ru")
UNKNOWN = replace(SOMEBODY, language=None)
SILENT = replace(SOMEBODY, silence="unsafe", return_code="42")
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
