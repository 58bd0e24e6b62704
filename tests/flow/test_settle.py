"""settle: a restored installation says nothing by itself; what waited goes to an operator."""

from __future__ import annotations

from dataclasses import replace

from fakes_bridge import ScriptedAssistant, ScriptedChannel, ask
from people import Person
from test_operate import agree

from hotline_bridge import reckoning
from hotline_bridge.flow.answer import answer
from hotline_bridge.flow.deliver import deliver
from hotline_bridge.flow.settle import Settled, settle
from hotline_bridge.flow.stations import Stations
from hotline_bridge.flow.sweep import sweep
from hotline_bridge.messages import Reply
from hotline_bridge.safe_contact import Agreement
from hotline_bridge.store.engine import transaction


async def test_nothing_that_waited_is_said_and_an_operator_finds_it(
    person: Person, stations: Stations, telegram: ScriptedChannel
) -> None:
    answered = await person.writes("что делать")
    await answer(stations, answered)  # its answer waits
    unanswered = await replace(person, who="1002").writes("что делать")
    await ask(stations, "DELETE FROM procrastinate_jobs")
    assert await settle(stations) == Settled(forgotten=0, halted=2)
    for conversation in (answered, unanswered):
        await answer(stations, conversation)
        await deliver(stations, conversation)
    await sweep(stations)
    assert telegram.sent == []
    assert await ask(stations, "SELECT 1 FROM procrastinate_jobs") == []
    rows = await ask(stations, "SELECT conversation_id, need FROM tickets ORDER BY need")
    assert [(r.conversation_id, r.need) for r in rows] == [(unanswered, "assistant_silent"), (answered, "undeliverable")]
    async with transaction(stations.store.engine) as connection:
        assert (await reckoning.take(connection)).unaccounted == 0


async def test_a_cry_that_waited_is_danger_and_the_sign_of_alarm_makes_komek_silent(
    person: Person, stations: Stations, telegram: ScriptedChannel
) -> None:
    cries = await person.writes("что делать", "бьют")
    watched = await replace(person, who="1002").writes("куплю тюльпан")
    await agree(stations, watched, Agreement(words=("груша", "тюльпан")))
    await settle(stations)
    rows = await ask(stations, "SELECT conversation_id, need, flagged_at IS NOT NULL AS first FROM tickets ORDER BY need")
    assert [(r.conversation_id, r.need, r.first) for r in rows] == [
        (cries, "assistant_silent", False),
        (cries, "danger_now", False),
        (watched, "unsafe_to_talk", True),
    ]
    await replace(person, who="1002").asks("что делать")
    assert telegram.sent == []


async def test_who_writes_after_it_is_answered_as_ever(person: Person, stations: Stations, telegram: ScriptedChannel) -> None:
    await person.writes("что делать")
    await settle(stations)
    await person.asks("что делать")
    assert len(telegram.sent) == 1


async def test_a_conversation_without_a_key_goes_and_every_message_is_accounted_for(person: Person, stations: Stations) -> None:
    await person.asks("что делать")
    await ask(stations, "DELETE FROM vault.keys")
    assert await settle(stations) == Settled(forgotten=1, halted=0)
    for table in ("conversations", "inbox", "outbox", "vault.identities", "dialogue.memory"):
        assert await ask(stations, f"SELECT 1 FROM {table}") == [], table
    async with transaction(stations.store.engine) as connection:
        assert (await reckoning.take(connection)).unaccounted == 0


async def test_who_was_about_to_be_forgotten_is(person: Person, stations: Stations, assistant: ScriptedAssistant) -> None:
    assistant.always = [Reply("delete_now")]
    await answer(stations, await person.writes("что"))
    assert (await settle(stations)).forgotten == 1
    assert await ask(stations, "SELECT 1 FROM vault.keys") == []


async def test_a_key_without_a_conversation_goes(person: Person, stations: Stations) -> None:
    await person.asks("что делать")
    await ask(stations, "DELETE FROM conversations")
    await settle(stations)
    for table in ("vault.keys", "vault.identities"):
        assert await ask(stations, f"SELECT 1 FROM {table}") == []


async def test_twice_does_no_harm(person: Person, stations: Stations) -> None:
    await person.writes("что делать")
    await settle(stations)
    before = await ask(stations, "SELECT need FROM tickets")
    assert await settle(stations) == Settled(0, 0)
    assert await ask(stations, "SELECT need FROM tickets") == before
