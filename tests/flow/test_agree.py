"""agree: choices by number or word, what was agreed is kept sealed, and the two words can be had again or not at all."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from fakes_bridge import ScriptedAssistant, ScriptedChannel, ask, keys
from people import Person
from test_compose import SOMEBODY, heard

from bot.reading.agreed_words import AgreedWords
from bot.reading.answers import Answers
from hotline_bridge.flow import agree, contact
from hotline_bridge.flow.compose import compose
from hotline_bridge.flow.stations import Reading, Stations
from hotline_bridge.messages import Kind, Reply
from hotline_bridge.safe_contact import Agreement
from hotline_bridge.settings import PROJECT
from hotline_bridge.store.engine import transaction

HOURS = tuple(f"pick/{name}" for name in ("morning", "day", "evening", "night", "any", "skip"))
MADE = Reply("agreement_made", values={"method": "this_chat", "hours": "evening"})


@pytest.fixture(scope="module")
def answers() -> Answers:
    return Answers.load(PROJECT / "nlu" / "answers")


async def agreed(stations: Stations, conversation: UUID) -> Agreement | None:
    async with transaction(stations.store.engine) as connection:
        return await contact.agreement(stations, connection, conversation)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("1 3", "pick/morning evening"),
        ("1, 3.", "pick/morning evening"),
        ("3;1", "pick/evening morning"),
        ("утром и вечером", "pick/morning evening"),
        ("ertalab", "pick/morning"),
        ("в любое время", "pick/any"),
        ("1 5", None),
        ("1 9", None),
        ("1 3 7 раз", None),
        ("утром меня били", None),
        ("", None),
    ],
)
def test_a_choice_is_read_from_numbers_and_words(answers: Answers, text: str, order: str | None) -> None:
    assert agree.picked(replace(SOMEBODY, offered=HOURS), answers, text) == order


def test_without_a_list_nothing_is_a_choice(answers: Answers) -> None:
    assert agree.picked(SOMEBODY, answers, "утром") is None
    assert agree.picked(replace(SOMEBODY, offered=("more", "operator")), answers, "1 2") is None


async def test_a_typed_choice_goes_to_the_assistant_as_one(without_store: Stations, assistant: ScriptedAssistant) -> None:
    await compose(without_store, replace(SOMEBODY, offered=HOURS), heard("утром и вечером"))
    assert assistant.asked[0].text == '/pick{"choice": "morning evening"}'


async def test_danger_among_choices_goes_first(without_store: Stations, assistant: ScriptedAssistant) -> None:
    found = await compose(without_store, replace(SOMEBODY, offered=HOURS), heard("вечером меня убивают"))
    assert (keys(found.replies), found.needs, assistant.asked) == (["danger_now"], ("danger_now",), [])


async def test_what_was_agreed_is_told_back_and_kept_sealed(
    person: Person, stations: Stations, assistant: ScriptedAssistant, telegram: ScriptedChannel
) -> None:
    assistant.next = [[MADE]]
    conversation = await person.asks("что вечером")
    found = await agreed(stations, conversation)
    assert found is not None
    assert (found.method, found.hours, found.leave_message, found.placeholder) == ("this_chat", ("evening",), False, None)
    assert found.words in (("груша", "тюльпан"), ("тюльпан", "груша"))
    noted, words = telegram.texts[-2:]
    assert "evening, 18-24" in noted
    assert all(word in words for word in found.words)
    assert [event.kind for event in await ask(stations, "SELECT kind FROM ticket_events")] == ["agreed"]
    [row] = await ask(stations, "SELECT sealed_words FROM agreements")
    assert "груша".encode() not in bytes(row.sealed_words)


async def test_another_number_is_kept_as_its_placeholder_and_nowhere_in_clear(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    values = {"method": "call", "hours": "day", "message": "yes", "number": "1"}
    assistant.next = [[Reply("agree_hours")], [Reply("agreement_made", values=values)]]
    conversation = await person.asks("что звоните на 8 701 555 44 33", "что днём")
    found = await agreed(stations, conversation)
    assert found is not None
    assert (found.method, found.placeholder, found.leave_message) == ("call", "[PHONE_1]", True)
    for table in ("agreements", "ticket_events", "transcript", "inbox", "outbox", "placeholders"):
        rows = await ask(stations, f"SELECT {table}::text AS all FROM {table}")
        assert not [row for row in rows if "5554433" in row.all or "555 44 33" in row.all], table


async def test_other_words_or_none_can_be_had(
    person: Person, stations: Stations, assistant: ScriptedAssistant, reading: Reading
) -> None:
    other = replace(stations, reading=replace(reading, words=AgreedWords({"ru": ("груша", "тюльпан", "зонтик", "каркас")})))
    me = replace(person, stations=other)
    assistant.next = [[MADE]]
    conversation = await me.asks("что вечером")
    first = await agreed(stations, conversation)
    await me.asks("pick/other_words", kind=Kind.CHOICE)
    second = await agreed(stations, conversation)
    assert first
    assert second
    assert set(first.words or ()).isdisjoint(second.words or ())
    assert (second.method, second.hours) == (first.method, first.hours)
    await me.asks("pick/no_words", kind=Kind.CHOICE)
    third = await agreed(stations, conversation)
    assert third == replace(second, words=None, confirmed_at=third.confirmed_at if third else None)


async def test_a_late_button_for_other_words_without_an_agreement_does_no_harm(
    without_store: Stations, assistant: ScriptedAssistant
) -> None:
    await compose(without_store, SOMEBODY, heard("pick/other_words", Kind.CHOICE))
    assert assistant.asked[0].text == '/pick{"choice": "other_words"}'


async def test_an_agreement_whose_words_were_never_said_is_not_kept(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    """An operator came while it was thought out, so the bot said nothing."""
    conversation = await person.asks("что делать")

    async def claimed() -> None:
        await ask(stations, "UPDATE conversations SET operator_id = gen_random_uuid() WHERE id = :c", c=conversation)

    assistant.next, assistant.meanwhile = [[MADE]], claimed
    await person.asks("что вечером")
    assert await agreed(stations, conversation) is None


@pytest.mark.parametrize(("language", "script"), [("uz", "cyrl"), ("kk", "latn")])
def test_words_are_shown_as_their_reader_writes(reading: Reading, language: str, script: str) -> None:
    somebody = replace(SOMEBODY, language=language, script=script)
    agreement, reply = agree.with_words(reading, somebody, Agreement())
    assert agreement.words
    assert reply.values["known"] != agreement.words[0]
    assert reply.values["known"] == agree.shown(somebody, agreement.words[0])
