"""assist: what the assistant says; a human is called for what it wants, done already by its action server or not."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from fakes_bridge import ScriptedAssistant, ask, keys
from people import Person
from test_compose import SOMEBODY, heard

from hotline_bridge.flow import assist
from hotline_bridge.flow.compose import compose
from hotline_bridge.flow.stations import Stations
from hotline_bridge.flow.turn import CODE_OF, Wanted
from hotline_bridge.messages import Channel, Kind, Reply
from hotline_bridge.safe_contact import Agreement

WANTS = Reply("wanted", values={"need": "talk_to_operator", "told": "ticket_opened"})


def opened(key: str = "ticket_opened") -> Reply:
    return Reply(key, values={"code": str(uuid4())})


async def tickets(stations: Stations) -> list[tuple[str, dict[str, str]]]:
    return [(row.need, row.facts) for row in await ask(stations, "SELECT need, facts FROM tickets ORDER BY opened_at, need")]


# --- for what a human is wanted ---


async def test_with_the_action_server_down_the_bridge_opens_the_ticket_and_tells_its_number(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    for _ in range(3):
        assistant.next = [[WANTS, Reply("agree_how")]]
        conversation = await person.asks("что хочу человека")
    assert await tickets(stations) == [("talk_to_operator", {})]
    rows = await ask(stations, "SELECT status FROM inbox WHERE conversation_id = :c", c=conversation)
    assert {row.status for row in rows} == {"answered"}


async def test_the_number_told_by_the_bridge_is_the_tickets(without_store: Stations, assistant: ScriptedAssistant) -> None:
    assistant.always = [WANTS, Reply("agree_how")]
    found = await compose(without_store, SOMEBODY, heard("что хочу человека"))
    assert found.replies == (Reply("ticket_opened", values={"code": CODE_OF + "talk_to_operator"}), Reply("agree_how"))
    assert found.wanted == (Wanted("talk_to_operator"),)
    assert found.needs == (), "nobody is hurried"


async def test_what_the_action_server_has_said_is_not_said_twice(without_store: Stations, assistant: ScriptedAssistant) -> None:
    assistant.always = [WANTS, opened(), Reply("agree_how")]
    found = await compose(without_store, SOMEBODY, heard("что хочу человека"))
    assert keys(found.replies) == ["ticket_opened", "agree_how"]


async def test_facts_come_with_the_ticket_and_the_latest_count(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    first = Reply("wanted", values={"need": "report_someone_else"})
    done = Reply("wanted", values={"need": "report_someone_else", "told": "report_done", "report_danger": "no"})
    assistant.next = [[first, Reply("report_ask_where")], [done]]
    await person.asks("что сосед", "что все")
    assert await tickets(stations) == [("report_someone_else", {"report_danger": "no"})]


@pytest.mark.parametrize(
    ("order", "told", "need"),
    [("operator", "ticket_opened", "talk_to_operator"), ("call_me", "callback_opened", "request_callback")],
)
async def test_a_human_is_called_by_button_with_rasa_silent(
    without_store: Stations, assistant: ScriptedAssistant, order: str, told: str, need: str
) -> None:
    assistant.always = None
    found = await compose(without_store, SOMEBODY, heard(order, Kind.CHOICE))
    assert (keys(found.replies), found.wanted) == ([told], (Wanted(need),))


# --- how to be reached is asked once ---


@pytest.mark.parametrize("agreement", [None, Agreement()])
@pytest.mark.parametrize("key", ["ticket_opened", "ticket_already"])
async def test_how_to_be_reached_is_asked_with_a_new_ticket_and_only_where_nothing_is_agreed(
    without_store: Stations, assistant: ScriptedAssistant, key: str, agreement: Agreement | None
) -> None:
    assistant.always = [WANTS, opened(key), Reply("agree_how")]
    found = await compose(without_store, SOMEBODY, replace(heard("что оператор"), agreement=agreement))
    asked = key == "ticket_opened" and agreement is None
    assert keys(found.replies) == [key, *(["agree_how"] if asked else [])]
    assert found.reset is not asked, "the form is left where it is not shown"


async def test_the_question_comes_again_inside_the_form_and_by_its_own_button(
    without_store: Stations, assistant: ScriptedAssistant
) -> None:
    assistant.always = [Reply("topic", topic="ask_shelter"), Reply("agree_how")]
    found = await compose(without_store, SOMEBODY, replace(heard("что с жильём"), agreement=Agreement()))
    assert (keys(found.replies), found.reset) == (["topic", "agree_how"], False)
    await compose(without_store, SOMEBODY, heard("agree", Kind.CHOICE))
    assert assistant.asked[-1].text == "/start_agreement"


@pytest.mark.parametrize(("channel", "first"), [(Channel.TELEGRAM, "pick/skip"), (Channel.TWILIO, "pick/this_number")])
async def test_only_by_sms_there_is_a_number_from_which_somebody_writes(
    without_store: Stations, assistant: ScriptedAssistant, channel: Channel, first: str
) -> None:
    assistant.always = [Reply("agree_number")]
    found = await compose(without_store, replace(SOMEBODY, channel=channel), heard("что дальше будет"))
    assert without_store.renderer
    rendered = without_store.renderer.render(
        found.replies[0], SOMEBODY.voice, sms=channel.is_sms, today=without_store.clock().date()
    )
    assert rendered.offered[0] == first


# --- the assistant's own question about danger ---


async def test_a_yes_to_the_assistants_question_about_danger_needs_neither_it_nor_the_action_server(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    assistant.next = [[Reply("danger_confirm", options=("yes", "no"))]]
    await person.asks("что то странное")
    assistant.always = None
    for _ in range(2):
        await person.asks("да")
    assert ("danger_now", {}) in await tickets(stations)
    assert len(await ask(stations, "SELECT 1 FROM tickets WHERE need = 'danger_now'")) == 1


async def test_its_buttons_name_what_was_asked(without_store: Stations, assistant: ScriptedAssistant) -> None:
    assistant.always = [Reply("danger_confirm", options=("yes", "no"))]
    found = await compose(without_store, SOMEBODY, heard("что то странное"))
    assert found.conversation.confirming == "danger_now"
    late = await compose(without_store, SOMEBODY, heard(found.replies[0].options[0], Kind.CHOICE))
    assert (keys(late.replies), late.reset) == (["danger_now"], True)


@pytest.mark.parametrize("text", ["меня убивают", "стоп"])
async def test_what_the_bridge_answers_by_itself_ends_what_the_assistant_had_asked(without_store: Stations, text: str) -> None:
    assert (await compose(without_store, SOMEBODY, heard(text))).reset


async def test_danger_in_the_middle_of_a_form_leaves_nothing_of_it(person: Person, stations: Stations) -> None:
    conversation = await person.writes("меня убивают")
    await ask(stations, "INSERT INTO dialogue.memory VALUES (:c, 't', '{}', NULL, current_date)", c=conversation)
    await person.asks("меня убивают")
    assert await ask(stations, "SELECT 1 FROM dialogue.memory") == []


# --- choices ---


@pytest.mark.parametrize(
    ("choice", "text"),
    [
        ("pick/morning evening", '/pick{"choice": "morning evening"}'),
        ("pick/this_chat", '/pick{"choice": "this_chat"}'),
        ('pick/x"}', "/pick"),
        ("pick/", "/pick"),
    ],
)
def test_a_choice_is_told_to_the_assistant_and_nothing_can_be_smuggled_in_by_it(choice: str, text: str) -> None:
    assert assist._as_intent(choice) == text
