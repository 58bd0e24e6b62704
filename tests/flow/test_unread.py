"""Nothing overtakes what a person has just written: it may say that somebody stands beside them. It delays a reply, no more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest
from fakes_bridge import ScriptedChannel, ask
from people import Person
from test_contact import QUESTION, waiting
from test_deliver import hours_later, later_jobs, ready

from hotline_bridge.flow.answer import answer
from hotline_bridge.flow.contact import ask_who_waits
from hotline_bridge.flow.deliver import deliver
from hotline_bridge.flow.reply import reply
from hotline_bridge.flow.stations import Stations

ANNA = uuid4()
SENSITIVE = "Вас держат взаперти?"


async def statuses(stations: Stations) -> list[str]:
    return [row.status for row in await ask(stations, "SELECT status FROM outbox WHERE author IS NOT NULL ORDER BY position")]


@pytest.mark.parametrize("word", ["не могу говорить", "стоп"])
@pytest.mark.parametrize("first", ["reply", "word"])
async def test_a_reply_does_not_overtake_it_although_nothing_was_agreed(
    person: Person, stations: Stations, telegram: ScriptedChannel, word: str, first: str
) -> None:
    conversation = await person.is_taken_by(ANNA, "меня убивают")
    if first == "word":
        await person.writes(word)
    held = (await reply(stations, ANNA, conversation, SENSITIVE)).held
    assert held == (first == "word")
    if first == "reply":
        await person.writes(word)
    await deliver(stations, conversation)
    assert await ask_who_waits(stations) == 0, "it is not read yet"
    assert await statuses(stations) == ["held"]
    await answer(stations, conversation)
    assert await ask_who_waits(stations) == 0
    await deliver(stations, conversation)
    assert await statuses(stations) == ["failed"]
    assert SENSITIVE not in telegram.texts


@pytest.mark.parametrize("first", ["reply", "word"])
async def test_it_goes_out_when_what_was_written_is_read_and_says_nothing_of_the_kind(
    person: Person, stations: Stations, telegram: ScriptedChannel, first: str
) -> None:
    conversation = await person.is_taken_by(ANNA, "меня убивают")
    if first == "word":
        await person.writes("я на кухне")
    await reply(stations, ANNA, conversation, SENSITIVE)
    if first == "reply":
        await person.writes("я на кухне")
    await deliver(stations, conversation)
    await answer(stations, conversation)
    assert await ask_who_waits(stations) == 1
    await deliver(stations, conversation)
    assert telegram.texts[-1] == SENSITIVE
    assert [row.answered_at is not None for row in await ask(stations, "SELECT answered_at FROM tickets")] == [True]


async def late(person: Person, stations: Stations) -> UUID:
    """Somebody whose answer could not go out for hours, and who has written again."""
    conversation = await person.writes("что с паспортом")
    await answer(stations, conversation)
    await hours_later(stations, 9)
    return conversation


async def asked(person: Person, stations: Stations) -> UUID:
    """Somebody whom the question whether it is safe has not reached yet."""
    conversation = await waiting(stations, person)
    assert await ask_who_waits(stations) == 1
    return conversation


async def by_komek(stations: Stations) -> list[str]:
    return [row.status for row in await ask(stations, "SELECT status FROM outbox WHERE author IS NULL ORDER BY position")]


@pytest.mark.parametrize("made", [late, asked])
async def test_neither_a_late_answer_nor_the_question_overtakes_it(
    person: Person, stations: Stations, telegram: ScriptedChannel, made: Callable[[Person, Stations], Awaitable[UUID]]
) -> None:
    conversation = await made(person, stations)
    await person.writes("не могу говорить")
    before = len(telegram.sent)
    assert await deliver(stations, conversation) == 0
    assert (await by_komek(stations))[-1] == "waiting"
    await answer(stations, conversation)
    await ready(stations)
    await deliver(stations, conversation)
    assert len(telegram.sent) == before + 1, "the harmless line"
    assert (await by_komek(stations))[-2:] == ["failed", "delivered"]


async def test_a_late_answer_is_looked_at_again_and_goes_out_when_what_was_written_is_read(
    person: Person, stations: Stations, telegram: ScriptedChannel
) -> None:
    conversation = await late(person, stations)
    await person.writes("что делать")
    await deliver(stations, conversation)
    assert len(await later_jobs(stations)) == 1
    await answer(stations, conversation)
    assert await deliver(stations, conversation) == 1, "what answers it waits for nothing"
    assert await by_komek(stations) == ["waiting", "delivered"]
    await ready(stations)
    assert await deliver(stations, conversation) == 1
    assert len(telegram.sent) == 2


async def test_the_question_is_put_when_what_was_written_is_read(
    person: Person, stations: Stations, telegram: ScriptedChannel
) -> None:
    conversation = await asked(person, stations)
    await person.writes("я на кухне")
    await deliver(stations, conversation)
    assert QUESTION not in telegram.texts
    await answer(stations, conversation)
    await ready(stations)
    await deliver(stations, conversation)
    assert telegram.texts[-1] == QUESTION
