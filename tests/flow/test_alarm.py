"""The agreed sign "I am not alone": at any moment and however it is typed, silence follows and the operator is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from fakes_bridge import ScriptedAssistant, ScriptedChannel, ask, keys
from people import Person
from test_compose import SOMEBODY, heard
from test_operate import agree, lines

from hotline_bridge.errors import CannotBeWritten
from hotline_bridge.flow import operate
from hotline_bridge.flow.answer import answer
from hotline_bridge.flow.compose import compose
from hotline_bridge.flow.contact import ask_who_waits
from hotline_bridge.flow.deliver import deliver
from hotline_bridge.flow.reply import reply
from hotline_bridge.flow.stations import Stations
from hotline_bridge.messages import Kind
from hotline_bridge.safe_contact import Agreement

ANNA = uuid4()
AGREED = Agreement(words=("груша", "тюльпан"))


@pytest.fixture
async def conversation(person: Person, stations: Stations) -> UUID:
    """Somebody with an agreement."""
    made = await person.asks("что делать")
    await agree(stations, made, AGREED)
    return made


async def state(stations: Stations) -> Any:
    return (await ask(stations, "SELECT silence, return_code FROM conversations"))[0]


@pytest.mark.parametrize("text", ["тюльпан", "Купил тебе ТЮЛЬПАНЫ, приеду поздно", "tyulpan", "тюльпн", "меня бьют тюльпан"])
async def test_alone_or_in_a_sentence_in_any_script_it_silences_the_bot(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel, text: str
) -> None:
    before = len(telegram.sent)
    await person.asks(text)
    assert (await state(stations)).silence == "unsafe"
    assert len(telegram.sent) == before, "not a word, nothing a controller could see"
    await person.asks("кто это пишет")
    assert len(telegram.sent) == before


async def test_the_operator_is_told_and_cannot_write(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel
) -> None:
    await person.asks("меня убивают")
    await operate.claim(stations, ANNA, conversation)
    await ask(stations, "UPDATE tickets SET flagged_at = NULL")
    await person.asks("куплю тюльпаны")
    assert "alarm" in [row.kind for row in await ask(stations, "SELECT kind FROM ticket_events")]
    flagged = await ask(stations, "SELECT need, state FROM tickets WHERE flagged_at IS NOT NULL ORDER BY need")
    assert [tuple(row) for row in flagged] == [("danger_now", "taken"), ("unsafe_to_talk", "taken")]
    with pytest.raises(CannotBeWritten, match="watching"):
        await reply(stations, ANNA, conversation, "Мы здесь.")
    assert (await lines(stations, conversation))[-1].text == "куплю тюльпаны"


async def test_without_an_operator_a_ticket_calls_one_before_all_others(
    person: Person, stations: Stations, conversation: UUID
) -> None:
    await person.asks("тюльпан")
    rows = await ask(stations, "SELECT need, state, flagged_at IS NOT NULL AS flagged FROM tickets")
    assert [tuple(row) for row in rows] == [("unsafe_to_talk", "open", True)]


async def test_everything_that_waits_or_is_held_is_withdrawn(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel
) -> None:
    await person.asks("меня убивают")
    await operate.claim(stations, ANNA, conversation)
    await reply(stations, ANNA, conversation, "Мы здесь.")
    await ask(stations, "UPDATE inbox SET received_at = received_at - interval '2 days'")
    await ask(stations, "UPDATE agreements SET confirmed_at = confirmed_at - interval '2 days'")
    assert (await reply(stations, ANNA, conversation, "Вы там?")).held
    before = len(telegram.sent)
    await person.asks("тюльпан")
    rows = await ask(stations, "SELECT status, error FROM outbox WHERE author IS NOT NULL")
    assert {tuple(row) for row in rows} == {("failed", "withdrawn")}
    assert await ask_who_waits(stations) == 0
    assert len(telegram.sent) == before


async def test_a_reply_written_in_the_moment_of_the_alarm_is_not_sent(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel
) -> None:
    await person.asks("меня убивают")
    await operate.claim(stations, ANNA, conversation)
    await person.writes("тюльпан")
    assert (await reply(stations, ANNA, conversation, "Мы здесь.")).held
    assert await ask_who_waits(stations) == 0
    before = len(telegram.sent)
    await person.asks("и ещё")
    assert len(telegram.sent) == before
    assert [row.status for row in await ask(stations, "SELECT status FROM outbox WHERE author IS NOT NULL")] == ["failed"]


async def test_a_reply_written_while_something_harmless_was_read_goes_out_right_after(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel
) -> None:
    await person.asks("меня убивают")
    await operate.claim(stations, ANNA, conversation)
    await person.writes("я тут")
    assert (await reply(stations, ANNA, conversation, "Мы здесь.")).held
    await person.asks("слышите")
    assert await ask_who_waits(stations) == 1
    await person.asks("алло")
    assert telegram.texts[-1] == "Мы здесь."


async def test_a_reply_that_is_not_out_when_the_alarm_comes_is_not_sent(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel
) -> None:
    await person.asks("меня убивают")
    await operate.claim(stations, ANNA, conversation)
    assert not (await reply(stations, ANNA, conversation, "Мы здесь.")).held
    await person.writes("тюльпан")
    before = len(telegram.sent)
    assert await deliver(stations, conversation) == 0
    assert await ask_who_waits(stations) == 0
    await person.asks("и ещё")
    assert len(telegram.sent) == before
    assert [row.status for row in await ask(stations, "SELECT status FROM outbox WHERE author IS NOT NULL")] == ["failed"]


async def test_a_reply_that_was_not_out_when_something_harmless_came_goes_out_when_that_was_read(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel
) -> None:
    await person.asks("меня убивают")
    await operate.claim(stations, ANNA, conversation)
    assert not (await reply(stations, ANNA, conversation, "Мы здесь.")).held
    await person.writes("я тут")
    assert await deliver(stations, conversation) == 0
    assert await ask_who_waits(stations) == 0, "it is not read yet"
    await answer(stations, conversation)
    assert await ask_who_waits(stations) == 1
    await deliver(stations, conversation)
    assert telegram.texts[-1] == "Мы здесь."


async def test_inside_a_form_it_ends_the_form(person: Person, stations: Stations, conversation: UUID) -> None:
    await ask(stations, "INSERT INTO dialogue.memory VALUES (:c, 't', '{}', NULL, current_date)", c=conversation)
    await person.asks("тюльпан")
    assert await ask(stations, "SELECT 1 FROM dialogue.memory") == []


@pytest.mark.parametrize("text", ["груша", " ГРУША!", "grusha"])
async def test_the_other_word_alone_ends_the_silence(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel, text: str
) -> None:
    await person.asks("тюльпан")
    await person.asks("какая груша")
    assert (await state(stations)).silence == "unsafe"
    before = len(telegram.sent)
    await person.asks(text)
    assert (await state(stations)).silence is None
    assert len(telegram.sent) == before + 1


async def test_in_silence_it_is_told_again_and_the_way_back_stays(without_store: Stations, assistant: ScriptedAssistant) -> None:
    silent = replace(SOMEBODY, silence="unsafe", return_code="47")
    found = await compose(without_store, silent, replace(heard("тюльпан"), agreement=AGREED))
    assert (found.alarm, found.replies, found.conversation.return_code) == (True, (), "47")


async def test_danger_beside_it_is_told_too(without_store: Stations) -> None:
    found = await compose(without_store, SOMEBODY, replace(heard("тюльпан убивают"), agreement=AGREED))
    assert (found.needs, found.replies) == (("danger_now", "unsafe_to_talk"), ())


async def test_without_agreed_words_it_is_a_word_like_any_other(without_store: Stations) -> None:
    for agreement in (None, Agreement()):
        found = await compose(without_store, SOMEBODY, replace(heard("тюльпан"), agreement=agreement))
        assert (found.alarm, keys(found.replies)) == (False, ["greet"])


async def test_a_button_is_never_the_sign(without_store: Stations) -> None:
    found = await compose(without_store, SOMEBODY, replace(heard("тюльпан", Kind.CHOICE), agreement=AGREED))
    assert not found.alarm


async def test_the_sign_is_found_far_into_a_long_message(without_store: Stations) -> None:
    found = await compose(without_store, SOMEBODY, replace(heard("что " * 2000 + "тюльпан"), agreement=AGREED))
    assert found.alarm
