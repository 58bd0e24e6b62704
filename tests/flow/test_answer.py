"""answer: exactly once, in order; what is told, kept and erased with it."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from fakes_bridge import Clock, ScriptedAssistant, ScriptedChannel, ask, made_vault
from people import Person
from test_operate import agree

from hotline_bridge import outbox, reckoning, tickets
from hotline_bridge.errors import Forgotten, SettingError
from hotline_bridge.flow import answer as step
from hotline_bridge.flow.answer import answer, ticket_code
from hotline_bridge.flow.deliver import deliver
from hotline_bridge.flow.forget import forget
from hotline_bridge.flow.stations import Stations
from hotline_bridge.messages import Kind, Message, Reply
from hotline_bridge.safe_contact import Agreement
from hotline_bridge.store.engine import transaction


async def messages(stations: Stations, conversation: UUID) -> list[Message]:
    """What waits to be said, opened."""
    async with transaction(stations.store.engine) as connection:
        key = await stations.vault.key(connection, conversation)
    rows = await ask(
        stations, "SELECT id, sealed_message FROM outbox WHERE conversation_id = :c ORDER BY position", c=conversation
    )
    return [outbox.unpack(key.open(f"outbox:{row.id}", row.sealed_message)) for row in rows]


async def statuses(stations: Stations) -> list[str]:
    return [row.status for row in await ask(stations, "SELECT status FROM inbox ORDER BY position")]


async def unaccounted(stations: Stations) -> int:
    async with transaction(stations.store.engine) as connection:
        return (await reckoning.take(connection)).unaccounted


# --- exactly once ---


async def test_everything_that_waits_is_answered_in_the_order_of_arrival(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    conversation = await person.writes("что раз", "что два", "что три")
    assert await answer(stations, conversation) == 3
    assert [a.text for a in assistant.asked] == ["что раз", "что два", "что три"]
    query = "SELECT i.position AS asked FROM outbox o JOIN inbox i ON i.id = o.inbox_id ORDER BY o.position"
    positions = [row.asked for row in await ask(stations, query)]
    assert len(positions) == 3
    assert positions == sorted(positions)


async def test_answering_again_says_nothing_twice(person: Person, stations: Stations, assistant: ScriptedAssistant) -> None:
    conversation = await person.writes("что делать")
    assert await answer(stations, conversation) == 1
    assert await answer(stations, conversation) == 0
    assert (len(assistant.asked), len(await messages(stations, conversation))) == (1, 1)


async def test_two_workers_on_one_message_store_one_answer(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    conversation = await person.writes("что делать")
    assistant.meanwhile = lambda: answer(stations, conversation)
    await answer(stations, conversation)
    assert len(assistant.asked) == 2
    assert len(await messages(stations, conversation)) == 1
    assert await statuses(stations) == ["answered"]


async def test_after_a_crash_the_message_waits_and_the_same_turn_is_asked_again(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    conversation = await person.writes("что делать")

    async def crash() -> None:
        raise KeyboardInterrupt

    assistant.meanwhile = crash
    with pytest.raises(KeyboardInterrupt):
        await answer(stations, conversation)
    assert await statuses(stations) == ["waiting"]
    await answer(stations, conversation)
    assert assistant.asked[0].turn == assistant.asked[1].turn
    assert len(await messages(stations, conversation)) == 1


async def test_a_reply_that_cannot_be_rendered_goes_to_a_person_in_the_end(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    assistant.always = [Reply("no_such_reply")]
    conversation = await person.writes("что делать")
    for _ in range(3):
        with pytest.raises(AssertionError):
            await answer(stations, conversation)
    await answer(stations, conversation)
    assert await statuses(stations) == ["ticketed"]
    assert "112" in (await messages(stations, conversation))[0].text


async def test_an_old_button_for_a_topic_that_is_gone_is_answered(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    assistant.always = None
    conversation = await person.writes("topic/gone_since", "source/gone_since", kind=Kind.CHOICE)
    assert await answer(stations, conversation) == 2
    assert all(m.text for m in await messages(stations, conversation))


async def test_every_answer_has_its_delivery_job_and_danger_goes_first(person: Person, stations: Stations) -> None:
    conversation = await person.writes("что делать", "убивают")
    await answer(stations, conversation)
    jobs = await ask(stations, "SELECT priority FROM procrastinate_jobs WHERE task_name = 'deliver' ORDER BY id")
    assert [job.priority for job in jobs] == [0, 10]
    assert [row.urgent for row in await ask(stations, "SELECT urgent FROM outbox ORDER BY position")] == [False, True]


async def test_under_another_master_key_nothing_is_given_up(person: Person, stations: Stations) -> None:
    conversation = await person.writes("что делать")
    other = Stations(stations.store, made_vault(b"o"))
    with pytest.raises(SettingError, match="lacks the key"):
        await answer(other, conversation)
    assert await statuses(stations) == ["waiting"]


# --- tickets ---


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
    monkeypatch.setattr(step, "ticket_code", lambda _stations, _ticket, further=0: few[further])
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


@pytest.mark.parametrize(
    ("text", "replies", "needs"),
    [
        ("меня убивают", 1, ["danger_now"]),
        ("бьют", 1, ["danger_now"]),
        ("помогите 🆘", 1, ["danger_now"]),
        ("куплю тюльпан", 0, ["unsafe_to_talk"]),
        ("что делать", 0, ["assistant_silent"]),
    ],
)
async def test_danger_that_cannot_be_answered_is_still_danger_and_is_told_whom_to_call(
    person: Person, stations: Stations, monkeypatch: pytest.MonkeyPatch, text: str, replies: int, needs: list[str]
) -> None:
    conversation = await person.writes(text)
    await agree(stations, conversation, Agreement(words=("груша", "тюльпан")))
    monkeypatch.setattr(step, "compose", _breaks)
    await ask(stations, "UPDATE inbox SET attempts = :n", n=step.HAND_OVER_AFTER)
    await answer(stations, conversation)
    assert ["112" in message.text for message in await messages(stations, conversation)] == [True] * replies
    rows = await ask(stations, "SELECT need, flagged_at FROM tickets")
    assert [row.need for row in rows] == needs
    silence = (await ask(stations, "SELECT silence FROM conversations"))[0].silence
    assert (silence == "unsafe") == ("тюльпан" in text)


async def test_a_fault_in_the_fixed_reply_too_leaves_the_ticket_of_danger(person: Person, stations: Stations) -> None:
    conversation = await person.writes("меня убивают")
    await ask(stations, "UPDATE inbox SET attempts = :n", n=step.HAND_OVER_AFTER)
    broken: Any = SimpleNamespace(render=_breaks)
    await answer(replace(stations, renderer=broken), conversation)
    assert [row.need for row in await ask(stations, "SELECT need FROM tickets")] == ["danger_now"]
    assert await statuses(stations) == ["ticketed"]


def _breaks(*_: Any, **__: Any) -> Any:
    raise ConnectionError


async def test_with_the_assistant_down_the_person_hears_112_and_a_ticket_is_open(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    assistant.always = None
    conversation = await person.writes("что делать")
    await answer(stations, conversation)
    assert "112" in (await messages(stations, conversation))[0].text
    assert [r.need for r in await ask(stations, "SELECT need FROM tickets")] == ["assistant_silent"]


async def test_a_withheld_topic_opens_a_ticket(
    person: Person, stations: Stations, assistant: ScriptedAssistant, clock: Any
) -> None:
    clock.advance(days=3000)
    assistant.always = [Reply("topic", topic="ask_shelter")]
    await answer(stations, await person.writes("что делать"))
    assert [r.need for r in await ask(stations, "SELECT need FROM tickets")] == ["withheld"]


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


async def test_many_people_at_once_are_each_answered_once(stations: Stations) -> None:
    people = [Person(stations, f"p{n}") for n in range(12)]
    conversations = await asyncio.gather(*(p.writes("что делать") for p in people))
    await asyncio.gather(*(answer(stations, c) for c in conversations))
    assert await statuses(stations) == ["answered"] * 12
    assert await unaccounted(stations) == 0


# --- the day ---


async def test_after_midnight_in_kazakhstan_sums_are_those_of_the_new_year(
    person: Person, assistant: ScriptedAssistant, telegram: ScriptedChannel, clock: Clock
) -> None:
    clock.shows(datetime(2025, 12, 31, 20, 30, tzinfo=UTC))
    assistant.next = [[Reply("topic", topic="ask_compensation")]]
    await person.asks("что")
    assert "129 750 tenge by the index of 2026" in telegram.texts[-1]
