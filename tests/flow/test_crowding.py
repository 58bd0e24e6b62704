"""Very many messages: ordinary answers end, and nobody in danger is locked out, not by a thousand messages of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes_bridge import ScriptedAssistant, ask, inbound
from people import Person

from hotline_bridge import crowding
from hotline_bridge.channels.base import Parsed
from hotline_bridge.flow import cries
from hotline_bridge.flow.answer import answer
from hotline_bridge.flow.forget import forget
from hotline_bridge.flow.receive import receive
from hotline_bridge.flow.stations import Reading, Stations

ROOM = crowding.ADDRESS[0]


async def keys(stations: Stations) -> list[str]:
    return [row.key for row in await ask(stations, "SELECT key FROM transcript WHERE speaker = 'bot' ORDER BY at")]


async def needs(stations: Stations) -> list[str]:
    return [row.need for row in await ask(stations, "SELECT need FROM tickets ORDER BY need")]


# As receive stores it, but for the words: they stand behind everything else and are not read in this test.
_MORE = """
    INSERT INTO inbox (id, conversation_id, position, channel, kind, dedup, sealed_text, crowded)
    SELECT gen_random_uuid(), conversation_id, position + n, channel, kind, uuid_send(gen_random_uuid()), sealed_text, true
    FROM (SELECT * FROM inbox WHERE crowded ORDER BY position DESC LIMIT 1) AS last, generate_series(1, :many) AS n
"""


async def test_a_cry_in_a_flood_of_a_thousand_is_answered_before_the_flood(
    person: Person, stations: Stations, reading: Reading, assistant: ScriptedAssistant
) -> None:
    there = replace(stations, alarm=reading)
    await receive(there, Parsed(tuple(inbound(who=person.who, text="что") for _ in range(ROOM))))
    await no_room(stations)
    await person.writes(*["что"] * 10)
    await ask(stations, _MORE, many=570)
    await receive(there, Parsed((inbound("меня убивают", who=person.who),)))
    await ask(stations, _MORE, many=399)
    rows = await ask(stations, "SELECT crowded, count(*) AS n FROM inbox GROUP BY 1 ORDER BY 1")
    assert [tuple(row) for row in rows] == [(False, ROOM + 1), (True, 979)]  # all are stored; the cry is not of the crowd
    await ask(stations, "UPDATE inbox SET status = 'answered' WHERE crowded AND position > 30")
    await answer(there, await person.conversation())
    assert await keys(stations) == ["reply/greet"] * ROOM + ["reply/danger_now", "reply/crowded"]
    assert len(assistant.asked) == ROOM
    assert await needs(stations) == ["assistant_silent", "danger_now"]  # the crowd, too, is an operator's to read


async def no_room(stations: Stations) -> None:
    """However slow the machine is."""
    await ask(stations, "UPDATE pace SET free_at = now() + interval '1 minute'")


async def flood(person: Person, stations: Stations, *last: str) -> None:
    await person.writes(*["что"] * ROOM)
    await no_room(stations)
    await person.writes(*["что"] * 3, *last)
    await answer(stations, await person.conversation())


async def test_that_no_more_is_answered_is_said_once(person: Person, stations: Stations, assistant: ScriptedAssistant) -> None:
    await flood(person, stations, "что", "что")
    assert await keys(stations) == ["reply/greet"] * ROOM + ["reply/crowded"]
    assert len(assistant.asked) == ROOM
    assert {r.status for r in await ask(stations, "SELECT status FROM inbox")} == {"answered"}
    assert len(await ask(stations, "SELECT 1 FROM transcript WHERE speaker = 'person'")) == ROOM + 5  # an operator reads them all


async def test_a_cry_that_no_list_knows_is_read_by_a_human(
    person: Person, stations: Stations, reading: Reading, assistant: ScriptedAssistant
) -> None:
    cry = "за мной второй час едет машина, это люди хозяина"
    assert cries.danger_in(reading, cry) is None
    await flood(person, stations, cry)
    assert cry not in [asked.text for asked in assistant.asked]
    assert await needs(stations) == ["assistant_silent"]
    await person.asks(cry)  # in the next minute as well, and it stays one request
    assert await needs(stations) == ["assistant_silent"]


async def test_whose_order_came_first_in_the_crowd_is_read_by_a_human_all_the_same(person: Person, stations: Stations) -> None:
    await person.writes(*["что"] * ROOM)
    await no_room(stations)
    await person.writes("очистить", "что")
    await answer(stations, await person.conversation())
    assert await needs(stations) == ["assistant_silent"]


@pytest.mark.parametrize(
    ("text", "key", "need"),
    [
        ("убивают", "reply/danger_now", ["danger_now"]),
        ("бьют", "reply/danger_confirm", []),  # it is asked
        ("помогите", "reply/danger_confirm", []),
        ("стоп", "reply/stop_messages", []),
        ("очистить", "reply/chat_cleared", []),
    ],
)
async def test_danger_and_orders_are_heard_in_a_crowd_without_the_listeners_eye(
    person: Person, stations: Stations, text: str, key: str, need: list[str]
) -> None:
    await flood(person, stations, text)
    assert key in await keys(stations)
    assert await needs(stations) == ["assistant_silent", *need]


async def test_whoever_wants_a_person_gets_one_in_a_crowd(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    await flood(person, stations, "оператор")
    assert assistant.asked[-1].text == "/talk_to_operator"


async def test_room_comes_back_and_others_have_their_own(person: Person, stations: Stations) -> None:
    await flood(person, stations)
    await ask(stations, "UPDATE pace SET free_at = now() - interval '31 seconds'")
    await person.asks("что")
    other = Person(stations, "1002")
    await other.asks("что")
    assert (await keys(stations))[-2:] == ["reply/greet", "reply/greet"]


async def test_who_is_forgotten_has_no_new_room_and_leaves_no_bucket_of_the_conversation(
    person: Person, stations: Stations
) -> None:
    await flood(person, stations)
    before = await person.conversation()
    await forget(stations, before)
    assert [r.key[:5] for r in await ask(stations, "SELECT key FROM pace")] == ["from:"]
    await no_room(stations)
    await person.writes("что")
    assert [r.crowded for r in await ask(stations, "SELECT crowded FROM inbox")] == [True]
