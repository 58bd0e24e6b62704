"""open_tickets: danger calls a human, and the number that is told names this person's request and nobody else's."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from fakes_bridge import ScriptedAssistant, ask, made_vault
from people import Person
from test_answer import messages, statuses

from hotline_bridge import tickets
from hotline_bridge.flow import open_tickets
from hotline_bridge.flow.answer import answer
from hotline_bridge.flow.open_tickets import ticket_code
from hotline_bridge.flow.stations import Stations
from hotline_bridge.messages import Reply
from hotline_bridge.store.engine import transaction


async def test_danger_opens_a_ticket_and_asking_again_finds_it(person: Person, stations: Stations) -> None:
    conversation = await person.writes("убивают", "убивают")
    await answer(stations, conversation)
    rows = await ask(stations, "SELECT need, state, channel FROM tickets")
    assert [(r.need, r.state, r.channel) for r in rows] == [("danger_now", "open", "telegram")]
    assert await statuses(stations) == ["ticketed", "ticketed"]


async def test_the_number_that_is_told_looks_like_an_order_and_is_the_same_each_time(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    conversation = await person.writes("что раз", "что два")
    async with transaction(stations.store.engine) as connection:  # as the action server does
        ticket = (await tickets.open_once(connection, conversation=conversation, turn=None, need="talk_to_operator")).id
    assistant.always = [Reply("ticket_opened", values={"code": str(ticket)})]
    await answer(stations, conversation)
    told = [re.findall(r"\b\d\d-\d{4}\b", m.text) for m in await messages(stations, conversation)]
    assert told == [[ticket_code(stations, str(ticket))]] * 2
    assert str(ticket) not in (await messages(stations, conversation))[0].text


def test_numbers_of_tickets_have_one_form_and_need_the_master_key(without_store: Stations) -> None:
    made = [ticket_code(without_store, str(UUID(int=n))) for n in range(500)]
    assert all(re.fullmatch(r"\d\d-\d{4}", code) for code in made)
    assert len(set(made)) > 490
    other = Stations(without_store.store, made_vault(b"o"))
    assert sum(ticket_code(other, str(UUID(int=n))) == code for n, code in enumerate(made)) < 5


async def test_two_people_are_never_told_the_same_number(
    person: Person, stations: Stations, assistant: ScriptedAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = {0: "11-1111", 1: "22-2222"}
    monkeypatch.setattr(open_tickets, "ticket_code", lambda _stations, _ticket, further=0: few[further])
    assistant.always = None
    told = []
    for one in (person, replace(person, who="1002"), person, replace(person, who="1002")):
        conversation = await one.writes("оператор")
        await answer(stations, conversation)
        told.append(re.findall(r"\b\d\d-\d{4}\b", (await messages(stations, conversation))[-1].text))
    assert told == [["11-1111"], ["22-2222"]] * 2
    assert len(await ask(stations, "SELECT 1 FROM tickets WHERE code_hash IS NOT NULL")) == 2


async def test_a_stolen_assistant_hands_nobody_the_number_of_another_persons_request(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    await answer(stations, await replace(person, who="2002").writes("убивают"))
    (theirs,) = await ask(stations, "SELECT id, code_hash FROM tickets")
    assistant.next = [[Reply("ticket_opened", values={"code": str(theirs.id)})]]
    conversation = await person.writes("что хочу человека")
    await answer(stations, conversation)
    (own,) = await ask(stations, "SELECT id, need FROM tickets WHERE conversation_id = :c", c=conversation)
    assert own.need == "assistant_silent"
    (told,) = [re.findall(r"\b\d\d-\d{4}\b", m.text) for m in await messages(stations, conversation)]
    assert told == [ticket_code(stations, str(own.id))]


async def test_nor_the_number_of_a_request_that_there_is_not(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    """It would be kept and asked about, and no human would know of it."""
    assistant.next = [[Reply("ticket_opened", values={"code": str(uuid4())})]]
    conversation = await person.writes("что хочу человека")
    await answer(stations, conversation)
    (own,) = await ask(stations, "SELECT id, need FROM tickets")
    assert own.need == "assistant_silent"
    (told,) = [re.findall(r"\b\d\d-\d{4}\b", m.text) for m in await messages(stations, conversation)]
    assert told == [ticket_code(stations, str(own.id))]
