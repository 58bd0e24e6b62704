"""conclude: what is told, kept and erased with an answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from fakes_bridge import Clock, ScriptedAssistant, ScriptedChannel, ask
from people import Person
from test_answer import messages, statuses, unaccounted

from hotline_bridge import reckoning
from hotline_bridge.errors import Forgotten
from hotline_bridge.flow.answer import answer
from hotline_bridge.flow.deliver import deliver
from hotline_bridge.flow.forget import forget
from hotline_bridge.flow.stations import Stations
from hotline_bridge.messages import Reply
from hotline_bridge.store.engine import transaction

# --- what is told ---


async def test_a_withheld_topic_opens_a_ticket(
    person: Person, stations: Stations, assistant: ScriptedAssistant, clock: Any
) -> None:
    clock.advance(days=3000)
    assistant.always = [Reply("topic", topic="ask_shelter")]
    await answer(stations, await person.writes("что делать"))
    assert [r.need for r in await ask(stations, "SELECT need FROM tickets")] == ["withheld"]


async def test_after_midnight_in_kazakhstan_sums_are_those_of_the_new_year(
    person: Person, assistant: ScriptedAssistant, telegram: ScriptedChannel, clock: Clock
) -> None:
    clock.shows(datetime(2025, 12, 31, 20, 30, tzinfo=UTC))
    assistant.next = [[Reply("topic", topic="ask_compensation")]]
    await person.asks("что")
    assert "129 750 tenge by the index of 2026" in telegram.texts[-1]


# --- what is kept ---


async def test_the_same_telephone_number_keeps_its_placeholder_in_a_conversation(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    await answer(stations, await person.writes("что 87011234567", "что 8 701 123-45-67 и 87079999999"))
    assert [a.text for a in assistant.asked] == ["что [PHONE_1]", "что [PHONE_1] и [PHONE_2]"]
    rows = await ask(stations, "SELECT sealed_value FROM placeholders")
    assert len(rows) == 2
    assert not any(b"701" in bytes(row.sealed_value) for row in rows)


async def test_the_words_of_a_self_check_are_erased_with_the_answer(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    assistant.next = [[Reply("check_1", options=("yes", "no"))], [Reply("greet")]]
    await answer(stations, await person.writes("да", "что делать"))
    kept = [row.sealed_text is not None for row in await ask(stations, "SELECT sealed_text FROM inbox ORDER BY position")]
    assert kept == [False, True]


async def test_numbers_of_an_sms_refer_to_the_list_that_was_sent_last(
    by_sms: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    assistant.always = [Reply("ask_help")]
    conversation = await by_sms.asks("что делать")
    offered = (await ask(stations, "SELECT offered FROM conversations"))[0].offered
    assert offered[0].startswith("topic/")
    await by_sms.writes("1")
    await answer(stations, conversation)
    assert assistant.asked[1].text == f"/{offered[0].removeprefix('topic/')}"


async def test_more_goes_on_where_the_answer_stopped_and_ends(
    by_sms: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    assistant.always = [Reply("topic", topic="ask_unpaid_wages")]
    conversation = await by_sms.asks("что с зарплатой")
    for _ in range(6):
        await by_sms.asks("ещё")
    told = [m.text.split("\n")[0] for m in await messages(stations, conversation)]
    assert len(assistant.asked) == 1
    assert len(set(told)) == 6  # five pages, then that this is all
    assert told[-1] == told[-2]


async def test_asking_for_the_source_does_not_lose_the_page(
    by_sms: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    assistant.always = [Reply("topic", topic="ask_unpaid_wages")]
    await by_sms.asks("что с зарплатой", "ещё", "где написано")
    assert (await ask(stations, "SELECT topic, page FROM conversations"))[0] == ("ask_unpaid_wages", 1)


# --- clear and delete ---


async def test_clear_takes_back_both_sides_newest_first_and_leaves_a_harmless_line(
    person: Person, stations: Stations, telegram: ScriptedChannel
) -> None:
    await person.asks("что делать", reference="501")
    await person.asks("очистить", reference="502")
    address, line = telegram.sent[-1]
    assert (address, line.text) == ("1001", "Hello.")
    assert set(line.take_back) == {"501", "502", "ref-1"}
    assert line.take_back.index("502") < line.take_back.index("501")


async def test_messages_older_than_two_days_are_not_tried(person: Person, stations: Stations, telegram: ScriptedChannel) -> None:
    await person.asks("что делать", reference="501")
    await ask(stations, "UPDATE inbox SET received_at = now() - interval '49 hours'")
    await person.asks("очистить", reference="502")
    assert "501" not in telegram.sent[-1][1].take_back


async def deleted(person: Person, assistant: ScriptedAssistant) -> UUID:
    assistant.next = [[Reply("greet")], [Reply("delete_now")]]
    return await person.writes("что делать 87011234567", "да")


async def test_delete_erases_the_words_at_once_and_the_address_after_the_last_line(
    person: Person, stations: Stations, assistant: ScriptedAssistant, telegram: ScriptedChannel
) -> None:
    conversation = await deleted(person, assistant)
    memory = "INSERT INTO dialogue.memory (conversation, turn) VALUES (:c, 't')"
    await ask(stations, memory, c=conversation)
    await answer(stations, conversation)
    assert [r.sealed_text for r in await ask(stations, "SELECT sealed_text FROM inbox")] == [None, None]
    assert len(await messages(stations, conversation)) == 1  # the last line, and nothing that was said before
    for table in ("placeholders", "dialogue.memory"):
        assert await ask(stations, f"SELECT 1 FROM {table}") == []
    assert len(await ask(stations, "SELECT 1 FROM vault.identities")) == 1
    await deliver(stations, conversation)
    assert [address for address, _ in telegram.sent] == ["1001"]
    its_pace = "pace WHERE key <> 'telegram' AND key NOT LIKE 'from:%'"  # a keyed hash that outlives it by an hour: crowding.py
    for table in ("vault.identities", "vault.keys", "conversations", "inbox", "outbox", its_pace):
        assert await ask(stations, f"SELECT 1 FROM {table}") == [], table


async def test_nothing_queued_names_a_forgotten_conversation(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    conversation = await deleted(person, assistant)
    await answer(stations, conversation)
    await deliver(stations, conversation)
    assert await ask(stations, "SELECT 1 FROM procrastinate_jobs WHERE args->>'conversation' = :c", c=str(conversation)) == []
    with pytest.raises(Forgotten):
        async with transaction(stations.store.engine) as connection:
            await stations.vault.key(connection, conversation)


async def test_every_message_is_accounted_for_after_forgetting(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    conversation = await deleted(person, assistant)
    await person.writes("ещё одно")
    await forget(stations, conversation)
    async with transaction(stations.store.engine) as connection:
        found = await reckoning.take(connection)
    assert (found.received, found.refused, found.unaccounted) == (3, 3, 0)
    rows = await ask(stations, "SELECT channel, outcome, messages FROM departures")
    assert [tuple(row) for row in rows] == [("telegram", "refused", 3)]


async def test_tickets_of_the_forgotten_are_closed_and_name_nobody(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    conversation = await person.writes("убивают")
    await answer(stations, conversation)
    await ask(stations, """UPDATE tickets SET facts = '{"report_where": "given"}'""")
    await forget(stations, conversation)
    rows = await ask(stations, "SELECT conversation_id, turn_id, state, facts, need FROM tickets")
    assert [tuple(row) for row in rows] == [(None, None, "closed", {}, "danger_now")]


async def test_somebody_who_writes_while_being_deleted_is_answered_and_kept(
    person: Person, stations: Stations, assistant: ScriptedAssistant, telegram: ScriptedChannel
) -> None:
    conversation = await deleted(person, assistant)
    await person.writes("что ещё одно")
    assert await answer(stations, conversation) == 3
    await deliver(stations, conversation)
    assert assistant.asked[-1].text == "что ещё одно"
    assert len(telegram.sent) == 2  # that it is deleted, and the new answer
    assert await statuses(stations) == ["answered", "answered", "answered"]
    assert await unaccounted(stations) == 0


async def test_somebody_who_writes_before_the_last_line_is_out_is_kept(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    conversation = await deleted(person, assistant)
    await answer(stations, conversation)
    await person.writes("что ещё одно")
    await deliver(stations, conversation)
    assert await person.conversation() == conversation
    assert await answer(stations, conversation) == 1


async def test_forgetting_twice_does_no_harm(person: Person, stations: Stations) -> None:
    conversation = await person.writes("что")
    assert await forget(stations, conversation)
    assert await forget(stations, conversation)
    assert await unaccounted(stations) == 0


async def test_who_comes_back_after_being_forgotten_is_new(person: Person, stations: Stations) -> None:
    before = await person.writes("что")
    await forget(stations, before)
    assert await person.writes("что") != before


async def test_a_job_that_comes_after_forgetting_finds_nothing(person: Person, stations: Stations) -> None:
    conversation = await person.writes("что")
    await forget(stations, conversation)
    assert await answer(stations, conversation) == 0
    assert await deliver(stations, conversation) == 0
