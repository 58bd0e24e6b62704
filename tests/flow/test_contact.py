"""contact: the first contact of a day begins with a harmless question, and only a yes lets the operator's reply out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fakes_bridge import Clock, ScriptedAssistant, ScriptedChannel, ask
from people import Person
from test_operate import agree, lines

from hotline_bridge import safe_contact, tickets
from hotline_bridge.errors import NeverAgain
from hotline_bridge.flow import operate
from hotline_bridge.flow.answer import answer
from hotline_bridge.flow.contact import ask_who_waits
from hotline_bridge.flow.deliver import deliver
from hotline_bridge.flow.lost import give_back_lost
from hotline_bridge.flow.reply import reply
from hotline_bridge.flow.stations import Stations
from hotline_bridge.messages import Kind
from hotline_bridge.safe_contact import PARTS, Agreement
from hotline_bridge.store import jobs
from hotline_bridge.store.engine import transaction

ANNA = uuid4()
AGREED = Agreement(words=("груша", "тюльпан"))
QUESTION = "Груша. Can you write now? Yes or no?"
REPLY = "Мы здесь."


async def a_day_passes(stations: Stations) -> None:
    """Everything that is remembered happened a day earlier."""
    for table, columns in {
        "agreements": ("confirmed_at", "asked_at", "refused_at"),
        "inbox": ("received_at",),
        "outbox": ("created_at", "sent_at"),
    }.items():
        moved = ", ".join(f"{column} = {column} - interval '1 day'" for column in columns)
        await ask(stations, f"UPDATE {table} SET {moved}")


async def statuses(stations: Stations) -> list[str]:
    query = "SELECT status FROM outbox WHERE author IS NOT NULL ORDER BY position"
    return [row.status for row in await ask(stations, query)]


async def kinds(stations: Stations) -> list[str]:
    return [row.kind for row in await ask(stations, "SELECT kind FROM ticket_events ORDER BY at")]


async def waiting(stations: Stations, person: Person, agreement: Agreement = AGREED) -> UUID:
    """Somebody with an agreement, whose operator has written on the day after."""
    conversation = await person.asks("меня убивают")
    await agree(stations, conversation, agreement)
    await operate.claim(stations, ANNA, conversation)
    await a_day_passes(stations)
    assert (await reply(stations, ANNA, conversation, REPLY)).held
    return conversation


@pytest.fixture
async def conversation(stations: Stations, person: Person) -> UUID:
    return await waiting(stations, person)


async def test_the_question_begins_with_the_agreed_word_and_is_put_once(
    stations: Stations, conversation: UUID, telegram: ScriptedChannel
) -> None:
    assert await ask_who_waits(stations) == 1
    assert await ask_who_waits(stations) == 0
    await deliver(stations, conversation)
    assert telegram.texts[-1] == QUESTION
    assert await statuses(stations) == ["held"]
    said = (await lines(stations, conversation))[-1]
    assert (said.speaker, said.key, said.text) == ("bot", "reply/contact_check", QUESTION)


@pytest.mark.parametrize("text", ["да", "могу", "yes", "груша", "Grusha"])
async def test_a_yes_or_the_agreed_word_lets_the_reply_out_and_nothing_more_is_asked_that_day(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel, text: str
) -> None:
    await ask_who_waits(stations)
    await deliver(stations, conversation)
    await person.asks(text, **({"kind": Kind.CHOICE} if text == "yes" else {}))
    assert telegram.texts[-2:] == [QUESTION, REPLY]
    assert "safe_now" in await kinds(stations)
    await ask(stations, "UPDATE inbox SET received_at = received_at - interval '2 hours'")
    assert not (await reply(stations, ANNA, conversation, "И ещё.")).held


async def answered(stations: Stations) -> dict[str, bool]:
    rows = await ask(stations, "SELECT need, answered_at FROM tickets ORDER BY need")
    return {row.need: row.answered_at is not None for row in rows}


async def test_whose_reply_is_held_is_answered_when_it_goes_out_and_not_before(
    person: Person, stations: Stations, conversation: UUID
) -> None:
    assert await answered(stations) == {"danger_now": False}
    await ask_who_waits(stations)
    assert await answered(stations) == {"danger_now": False}
    await person.asks("да")
    assert await answered(stations) == {"danger_now": True}


async def test_whose_reply_is_held_keeps_their_wait_when_they_are_given_back(stations: Stations, conversation: UUID) -> None:
    await ask(stations, "UPDATE tickets SET waiting_since = now() - interval '20 hours'")
    await operate.give_back(stations, ANNA, conversation)
    rows = await ask(stations, "SELECT waiting_since < now() - interval '19 hours' AS long FROM tickets")
    assert [row.long for row in rows] == [True]


async def test_a_held_reply_does_not_answer_what_came_up_after_it_was_written(
    person: Person, stations: Stations, conversation: UUID
) -> None:
    await ask_who_waits(stations)
    async with transaction(stations.store.engine) as connection:
        await tickets.open_once(connection, conversation=conversation, turn=None, need="medical_emergency")
    await person.asks("да")
    assert await answered(stations) == {"danger_now": True, "medical_emergency": False}


async def test_writing_quiets_the_calls_though_the_reply_is_held(stations: Stations, person: Person) -> None:
    conversation = await person.asks("меня убивают")
    await agree(stations, conversation, AGREED)
    await operate.claim(stations, ANNA, conversation)
    await person.asks("меня убивают")
    await a_day_passes(stations)
    assert (await reply(stations, ANNA, conversation, REPLY)).held
    assert [row.flagged_at for row in await ask(stations, "SELECT flagged_at FROM tickets")] == [None]


@pytest.mark.parametrize("text", ["нет", "не могу", "no"])
async def test_a_no_keeps_it_back_and_the_operator_is_told(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel, text: str
) -> None:
    await ask_who_waits(stations)
    await deliver(stations, conversation)
    await person.asks(text, **({"kind": Kind.CHOICE} if text == "no" else {}))
    assert await ask_who_waits(stations) == 0
    await deliver(stations, conversation)
    assert telegram.texts[-1] == QUESTION
    assert await statuses(stations) == ["held"]
    assert "not_safe_now" in await kinds(stations)
    assert (await reply(stations, ANNA, conversation, "Вы там?")).held, "although something was written just now"


@pytest.mark.parametrize("text", ["кто это", "ким бул", "да кто это пишет", "алло", "1234"])
async def test_whoever_answers_something_else_gets_nothing(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel, text: str
) -> None:
    """It may be somebody else who holds the phone now."""
    await ask_who_waits(stations)
    await deliver(stations, conversation)
    await person.asks(text)
    assert await ask_who_waits(stations) == 0
    assert telegram.texts[-1] == QUESTION
    assert await statuses(stations) == ["held"]
    assert (await reply(stations, ANNA, conversation, "Вы там?")).held


@pytest.mark.parametrize("gone", ["lost", "closed"])
async def test_with_the_operator_gone_the_bot_does_not_talk_to_whoever_answers(
    person: Person,
    stations: Stations,
    conversation: UUID,
    telegram: ScriptedChannel,
    assistant: ScriptedAssistant,
    gone: str,
) -> None:
    """A greeting that names papers and shelter would tell them whose chat it is."""
    await ask_who_waits(stations)
    await deliver(stations, conversation)
    if gone == "closed":
        await operate.close(stations, ANNA, conversation, "informed")
    else:
        await give_back_lost(stations, timedelta(seconds=-1))
    asked = len(assistant.asked)
    await person.asks("алло", "старт", "1234", "нет", "алло", "оператор")
    await person.asks("", kind=Kind.PHOTO)
    assert (telegram.texts[-1], len(assistant.asked)) == (QUESTION, asked)
    assert await statuses(stations) == ["held"]
    needs = [row.need for row in await ask(stations, "SELECT need FROM tickets WHERE state = 'open' ORDER BY need")]
    assert needs == ["danger_now", "talk_to_operator"], "somebody reads what was written"
    await person.asks("да")
    assert telegram.texts[-1] == REPLY


async def test_with_the_operator_gone_danger_stop_and_deletion_are_obeyed(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel
) -> None:
    await ask_who_waits(stations)
    await deliver(stations, conversation)
    await operate.give_back(stations, ANNA, conversation)
    await person.asks("бьют")
    assert telegram.texts[-1] != QUESTION, "whether they are in danger is asked"
    await person.asks("да")
    assert "112" in telegram.texts[-1]
    assert await statuses(stations) == ["held"], "the yes was to another question"
    await person.asks("delete", kind=Kind.COMMAND)
    await person.asks("да")
    assert await ask(stations, "SELECT 1 FROM vault.keys") == []
    assert REPLY not in telegram.texts


async def test_after_a_no_it_is_asked_again_when_the_person_writes(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel
) -> None:
    await ask_who_waits(stations)
    await person.asks("нет")
    assert await ask_who_waits(stations) == 0
    await person.asks("уже ушли")
    assert await ask_who_waits(stations) == 1
    await deliver(stations, conversation)
    await person.asks("да")
    assert telegram.texts[-1] == REPLY


async def test_the_next_day_it_is_asked_again(stations: Stations, conversation: UUID) -> None:
    await ask_who_waits(stations)
    await a_day_passes(stations)
    assert await ask_who_waits(stations) == 1


async def test_who_writes_by_themselves_before_the_question_is_answered_as_they_asked(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel
) -> None:
    await person.asks("я тут")
    assert await ask_who_waits(stations) == 1
    await deliver(stations, conversation)
    assert telegram.texts[-1] == REPLY
    assert QUESTION not in telegram.texts


async def test_whoever_cries_for_help_is_not_kept_waiting(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel
) -> None:
    await ask_who_waits(stations)
    await deliver(stations, conversation)
    await person.asks("меня убивают")
    assert telegram.texts[-1] == REPLY
    assert (await ask(stations, "SELECT flagged_at FROM tickets"))[0].flagged_at is not None


async def test_the_sign_of_alarm_in_answer_ends_everything(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel
) -> None:
    await ask_who_waits(stations)
    await deliver(stations, conversation)
    before = len(telegram.sent)
    await person.asks("да, куплю тюльпаны")
    assert len(telegram.sent) == before
    assert await statuses(stations) == ["failed"]


@pytest.mark.parametrize("order", ["стоп", "очистить"])
async def test_stop_and_clear_withdraw_what_is_held(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel, order: str
) -> None:
    await ask_who_waits(stations)
    await person.asks(order)
    assert await statuses(stations) == ["failed"]
    assert await ask_who_waits(stations) == 0
    assert REPLY not in telegram.texts


async def test_nothing_is_asked_in_a_silence_or_where_nobody_can_be_reached(stations: Stations, conversation: UUID) -> None:
    for change in ("silence = 'unsafe'", "silence = 'stopped'", "silence = NULL, unreachable = 'blocked'"):
        await ask(stations, f"UPDATE conversations SET {change}")
        assert await ask_who_waits(stations) == 0


async def test_nothing_is_decided_while_a_message_is_not_read_yet(
    person: Person, stations: Stations, conversation: UUID, assistant: ScriptedAssistant
) -> None:
    await person.writes("тюльпан")
    assert await ask_who_waits(stations) == 0
    await answer(stations, conversation)
    assert await statuses(stations) == ["failed"]


async def test_without_words_the_question_is_as_harmless(person: Person, stations: Stations, telegram: ScriptedChannel) -> None:
    conversation = await waiting(stations, person, Agreement())
    await ask_who_waits(stations)
    await deliver(stations, conversation)
    assert telegram.texts[-1] == "Hello. Can you write now? Yes or no?"


async def test_by_sms_it_is_answered_with_a_number(by_sms: Person, stations: Stations, sms: ScriptedChannel) -> None:
    conversation = await waiting(stations, by_sms)
    await ask_who_waits(stations)
    await deliver(stations, conversation)
    assert sms.texts[-1] == f"{QUESTION}\n1 Yes\n2 No"
    await by_sms.asks("1")
    assert sms.texts[-1] == REPLY


async def test_a_question_that_cannot_be_stored_whole_is_not_there_at_all(
    stations: Stations, conversation: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(*_: Any, **__: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(jobs, "defer", gone)
    with pytest.raises(ConnectionError):
        await ask_who_waits(stations)
    monkeypatch.undo()
    assert await ask_who_waits(stations) == 1, "asked_at was not kept either"


async def test_the_agreed_hours_let_the_question_through_when_they_begin(
    person: Person, stations: Stations, clock: Clock
) -> None:
    now = safe_contact.part_of_day(clock())
    others = tuple(part for part in PARTS if part != now)
    await waiting(stations, person, replace(AGREED, hours=others))
    assert await ask_who_waits(stations) == 0
    clock.ahead = safe_contact.next_part(others, clock()) - clock() + timedelta(minutes=1)
    assert await ask_who_waits(stations) == 1


async def errors(stations: Stations) -> list[str]:
    return [row.error for row in await ask(stations, "SELECT error FROM outbox WHERE author IS NOT NULL ORDER BY position")]


async def states(stations: Stations) -> list[tuple[str, str]]:
    return [(row.need, row.state) for row in await ask(stations, "SELECT need, state FROM tickets ORDER BY need")]


async def test_closing_takes_back_what_is_held_and_nothing_is_asked_any_more(stations: Stations, conversation: UUID) -> None:
    await operate.close(stations, ANNA, conversation, "informed")
    assert await ask_who_waits(stations) == 0
    assert (await statuses(stations), await errors(stations)) == (["failed"], ["closed"])
    assert "asked_if_safe" not in await kinds(stations)


async def test_a_question_that_is_not_out_yet_is_not_put_when_there_is_nothing_to_say_any_more(
    stations: Stations, conversation: UUID, telegram: ScriptedChannel
) -> None:
    await ask_who_waits(stations)
    await operate.close(stations, ANNA, conversation, "lost")
    await ask_who_waits(stations)
    await deliver(stations, conversation)
    assert QUESTION not in telegram.texts


async def test_a_yes_that_comes_after_the_closing_brings_the_request_back(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel
) -> None:
    """What was to be said is taken back, and they wait for it."""
    await ask_who_waits(stations)
    await operate.close(stations, ANNA, conversation, "lost")
    await ask_who_waits(stations)
    await person.asks("да")
    assert REPLY not in telegram.texts
    assert await states(stations) == [("danger_now", "open")]


async def test_after_the_closing_the_bot_does_not_talk_to_whoever_answers_and_somebody_reads_it(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel
) -> None:
    await ask_who_waits(stations)
    await deliver(stations, conversation)
    await operate.close(stations, ANNA, conversation, "ended_by_person")  # it does not open again
    await ask_who_waits(stations)
    await person.asks("алло")
    assert telegram.texts[-1] == QUESTION
    assert await states(stations) == [("assistant_silent", "open"), ("danger_now", "closed")]


async def test_weeks_after_the_closing_they_are_answered_and_no_old_words_come_out(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel
) -> None:
    await ask_who_waits(stations)
    await deliver(stations, conversation)
    await operate.close(stations, ANNA, conversation, "lost")
    for _ in range(20):
        await ask_who_waits(stations)
        await a_day_passes(stations)
    await ask(stations, "UPDATE tickets SET closed_at = closed_at - interval '20 days'")
    before = len(telegram.sent)
    await person.asks("что делать")
    assert len(telegram.sent) == before + 1
    assert await ask_who_waits(stations) == 0
    await person.asks("да")
    assert REPLY not in telegram.texts


async def test_after_two_days_without_a_word_what_is_held_is_not_sent_and_the_page_says_so(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel
) -> None:
    await ask_who_waits(stations)
    await a_day_passes(stations)
    await ask_who_waits(stations)
    assert await statuses(stations) == ["held"]
    await a_day_passes(stations)
    await ask_who_waits(stations)
    assert (await statuses(stations), await errors(stations)) == (["failed"], ["unsaid"])
    assert (await kinds(stations))[-1] == "taken_back"
    assert [(line.status, line.error) for line in await lines(stations, conversation)][-3:-2] == [("failed", "unsaid")]
    assert await answered(stations) == {"danger_now": False}


async def test_it_is_not_held_for_longer_where_nobody_can_be_asked(stations: Stations, conversation: UUID) -> None:
    await ask(stations, "UPDATE conversations SET unreachable = 'blocked'")
    await a_day_passes(stations)
    await a_day_passes(stations)
    await ask_who_waits(stations)
    assert await errors(stations) == ["unsaid"]


async def test_one_conversation_that_cannot_be_read_does_not_keep_the_others_replies(
    stations: Stations, telegram: ScriptedChannel
) -> None:
    for number in ("4001", "4002", "4003"):
        made = await waiting(stations, Person(stations, number))
        if number == "4002":
            await ask(stations, "UPDATE desk_keys SET desk = 'another' WHERE conversation_id = :c", c=made)
    await ask(stations, "UPDATE outbox SET created_at = now() WHERE status = 'held'")  # three days have passed for the first
    assert await ask_who_waits(stations) == 2


# --- a question that never went out ---


async def is_not_taken(stations: Stations, telegram: ScriptedChannel, why: str, conversation: UUID) -> None:
    """The question is put, and ends before a provider took it."""
    assert await ask_who_waits(stations) == 1
    if why == "late":  # the provider was down until the agreed hours were over
        others = [part for part in PARTS if part != safe_contact.part_of_day(stations.clock())]
        await ask(stations, "UPDATE agreements SET hours = jsonb_build_array(CAST(:part AS text))", part=others[0])
    else:
        telegram.faults = [NeverAgain("refused")]
    await deliver(stations, conversation)
    errors = await ask(stations, "SELECT error FROM outbox WHERE author IS NULL ORDER BY position DESC LIMIT 1")
    assert [row.error for row in errors] == [why]
    assert QUESTION not in telegram.texts


@pytest.mark.parametrize("why", ["late", "refused"])
async def test_who_was_never_asked_gets_the_operators_words_when_they_write(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel, why: str
) -> None:
    await is_not_taken(stations, telegram, why, conversation)
    await person.asks("что делать")
    assert not (await reply(stations, ANNA, conversation, "Вы там?")).held
    assert await ask_who_waits(stations) == 1
    await deliver(stations, conversation)
    assert sorted(telegram.texts[-2:]) == ["Вы там?", REPLY]


@pytest.mark.parametrize("why", ["late", "refused"])
@pytest.mark.parametrize("gone", ["given_back", "closed"])
async def test_who_was_never_asked_is_answered_when_the_operator_is_gone(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel, why: str, gone: str
) -> None:
    await is_not_taken(stations, telegram, why, conversation)
    if gone == "closed":
        await operate.close(stations, ANNA, conversation, "ended_by_person")
        await ask_who_waits(stations)
    else:
        await operate.give_back(stations, ANNA, conversation)
    before = len(telegram.sent)
    await person.asks("что делать")
    assert len(telegram.sent) == before + 1


@pytest.mark.parametrize("why", ["late", "refused"])
async def test_a_question_of_the_day_before_that_went_out_still_waits_for_its_yes(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel, why: str
) -> None:
    """Somebody else may have read that one."""
    await ask_who_waits(stations)
    await deliver(stations, conversation)
    await a_day_passes(stations)
    telegram.sent.clear()
    await is_not_taken(stations, telegram, why, conversation)
    await person.asks("что делать")
    assert (await reply(stations, ANNA, conversation, "Вы там?")).held


async def test_a_question_that_was_late_is_put_again_as_soon_as_it_may(
    stations: Stations, conversation: UUID, telegram: ScriptedChannel
) -> None:
    await is_not_taken(stations, telegram, "late", conversation)
    assert await ask_who_waits(stations) == 0
    await ask(stations, "UPDATE agreements SET hours = '[]'")
    assert await ask_who_waits(stations) == 1


async def test_a_question_that_the_provider_refuses_is_put_again_the_next_day_and_not_every_few_seconds(
    stations: Stations, conversation: UUID, telegram: ScriptedChannel
) -> None:
    await is_not_taken(stations, telegram, "refused", conversation)
    assert await ask_who_waits(stations) == 0
    await a_day_passes(stations)
    assert await ask_who_waits(stations) == 1
