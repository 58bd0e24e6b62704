"""The form that agrees how somebody may be reached: every step can be skipped, nothing is taken for an answer that is none."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest
from assistant_fakes import FakeTickets, Person

from bot.components.agreement_form import HOURS, MESSAGE, METHOD, NUMBER, PLACEHOLDER, QUESTIONS, Said, agreed, answers
from bot.reading.confidence import SAFETY

SKIP = '/pick{"choice": "skip"}'


def pick(choice: str) -> str:
    return f"/pick{json.dumps({'choice': choice})}"


async def through(person: Person, *texts: str) -> dict[str, str]:
    """What the bridge is handed after these answers."""
    for text in texts[:-1]:
        await person.says(text)
    [custom] = await person.says(texts[-1])
    return dict(custom.get("values") or {}) if custom["reply"] == "agreement_made" else {custom["reply"]: ""}


async def test_an_agreement_on_this_chat_takes_two_answers(person: Person) -> None:
    assert await person.keys("/talk_to_operator") == ["ticket_opened", "agree_how"]
    assert await person.keys(pick("this_chat")) == ["agree_hours"]
    assert await through(person, pick("evening morning")) == {"method": "this_chat", "hours": "morning evening"}
    assert await person.keys("/greet") == ["greet"]


async def test_a_call_is_agreed_with_number_hours_and_whether_a_message_may_be_left(person: Person) -> None:
    assert await person.keys("/request_callback") == ["callback_opened", "agree_number"]
    assert await person.keys("[PHONE_2]") == ["agree_hours"]
    assert await person.keys(pick("night")) == ["agree_message"]
    assert await through(person, "/deny") == {"method": "call", "hours": "night", "message": "no", "number": "2"}


async def test_a_number_named_too_early_is_not_asked_for_again(person: Person) -> None:
    await person.says("/talk_to_operator")
    assert await person.keys('/nlu_fallback{"phone": 1.0}') == ["agree_how"]
    assert await person.keys(pick("number")) == ["agree_hours"]
    assert await through(person, pick("any"), "/affirm") == {"method": "number", "hours": "any", "message": "yes", "number": "1"}


async def test_everything_skipped_is_no_agreement(person: Person) -> None:
    await person.says("/talk_to_operator")
    assert await through(person, SKIP, SKIP) == {"agreement_later": ""}


async def test_a_question_put_twice_in_vain_is_left_and_what_was_agreed_before_counts(person: Person) -> None:
    await person.says("/talk_to_operator")
    await person.says(pick("this_chat"))
    assert await person.keys("/ask_shelter") == ["topic", "agree_hours"]
    assert await person.keys("/ask_unpaid_wages") == ["topic", "agreement_made"]
    assert await person.keys("/affirm") == ["affirm"]


async def test_a_story_told_instead_of_an_answer_is_not_interrogated(person: Person) -> None:
    await person.says("/talk_to_operator")
    assert await person.keys("/nlu_fallback") == ["agree_how"]
    assert await person.keys("/nlu_fallback") == ["agreement_later"]


async def test_a_choice_of_another_question_is_no_answer(person: Person) -> None:
    await person.says("/talk_to_operator")
    assert await person.keys(pick("evening")) == ["agree_how"]
    assert await person.keys(pick("call")) == ["agree_number"]


async def test_asking_for_a_call_with_a_number_answers_the_question_for_the_number(person: Person) -> None:
    await person.says("/request_callback")
    assert await person.keys('/request_callback{"phone": 3.0}') == ["agree_hours"]


async def test_a_late_button_without_a_form_gets_an_answer(person: Person) -> None:
    assert await person.keys(pick("evening")) == ["affirm"]


async def test_a_button_begins_it_anew(person: Person) -> None:
    assert await person.keys("/start_agreement") == ["agree_how"]


async def test_nothing_of_an_agreement_stays_in_the_memory(person: Person, database: str) -> None:
    await person.says("/request_callback")
    await through(person, "[PHONE_7]", pick("day"), "/affirm")
    with psycopg.connect(database) as connection:
        query = "SELECT state FROM dialogue.memory WHERE conversation = %s"
        assert connection.execute(query, (person.conversation,)).fetchone() == ({"slots": {}, "loop": None},)


async def test_the_form_needs_no_action_server(person: Person, tickets: FakeTickets) -> None:
    tickets.down = True
    assert await person.keys("/talk_to_operator") == ["agree_how"]
    assert await through(person, pick("this_chat"), pick("any")) == {"method": "this_chat", "hours": "any"}


@pytest.mark.parametrize("intent", [*SAFETY, "maybe_danger"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_danger_is_no_answer_to_any_question_even_with_a_number_in_it(question: str, intent: str) -> None:
    assert answers(question, Said(intent, phone=3.0)) == {}


@pytest.mark.parametrize(
    ("question", "said", "filled"),
    [
        (METHOD, Said("pick", "call"), {METHOD: "call"}),
        (METHOD, Said("pick", "this_chat"), {METHOD: "this_chat", NUMBER: "none", MESSAGE: "no"}),
        (METHOD, Said("pick", "any"), {}),
        (METHOD, Said("deny"), {}),
        (NUMBER, Said("pick", "this_number"), {NUMBER: "this"}),
        (NUMBER, Said("deny"), {NUMBER: "skipped"}),
        (NUMBER, Said("nlu_fallback", phone=4.0), {NUMBER: "given", PLACEHOLDER: 4.0}),
        (HOURS, Said("pick", "night day"), {HOURS: "day night"}),
        (HOURS, Said("pick", "day tomorrow"), {}),
        (HOURS, Said("pick", ""), {}),
        (MESSAGE, Said("affirm"), {MESSAGE: "yes"}),
        (MESSAGE, Said("pick", "skip"), {MESSAGE: "skipped"}),
        (MESSAGE, Said("talk_to_operator"), {}),
    ],
)
def test_what_answers_which_question(question: str, said: Said, filled: dict[str, Any]) -> None:
    assert answers(question, said) == filled


@pytest.mark.parametrize(
    ("slots", "values"),
    [
        ({METHOD: "call", NUMBER: "given", PLACEHOLDER: 1.0, HOURS: "skipped", MESSAGE: "yes"}, {"method": "this_chat"}),
        ({METHOD: "call", NUMBER: "skipped", HOURS: "day", MESSAGE: "yes"}, {"method": "this_chat", "hours": "day"}),
        ({METHOD: "number", NUMBER: "this", HOURS: "day", MESSAGE: "no"}, {"method": "this_chat", "hours": "day"}),
        ({METHOD: "call", NUMBER: "this", HOURS: "any", MESSAGE: "skipped"}, {"method": "call", "hours": "any", "message": "no"}),
        ({METHOD: "skipped", HOURS: "night"}, {"method": "this_chat", "hours": "night"}),
        ({METHOD: "skipped", HOURS: "skipped"}, {}),
        ({}, {}),
    ],
)  # fmt: skip
def test_nobody_is_called_without_hours_and_a_number(slots: dict[str, Any], values: dict[str, str]) -> None:
    assert agreed(slots) == values
