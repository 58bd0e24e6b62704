"""Nothing overtakes what a person has just written: it may say that somebody stands beside them. It delays a reply, no more."""

from __future__ import annotations

from uuid import uuid4

import pytest
from fakes_bridge import ScriptedChannel, ask
from people import Person

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
