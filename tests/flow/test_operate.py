"""operate: one operator a person, a silent bot meanwhile, and nothing sent to somebody who may not be written to."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from colleagues import has_an_account
from fakes_bridge import Clock, ScriptedAssistant, ScriptedChannel, ask, made_desk
from people import ANNA, Person

from hotline_bridge import safe_contact, transcript
from hotline_bridge.accounts.people import Role
from hotline_bridge.errors import CannotBeWritten, DeskError, Forgotten, Gone, Identifying, NotYours, SettingError, TakenByAnother
from hotline_bridge.flow import operate
from hotline_bridge.flow.answer import answer
from hotline_bridge.flow.deliver import deliver
from hotline_bridge.flow.forget import forget
from hotline_bridge.flow.lost import give_back_lost
from hotline_bridge.flow.reply import Replied, reply
from hotline_bridge.flow.stations import Stations
from hotline_bridge.flow.take_over import take_over
from hotline_bridge.flow.unnamed import Looked
from hotline_bridge.local_time import ZONE, day_of
from hotline_bridge.messages import Channel, Kind, Reply
from hotline_bridge.safe_contact import Agreement
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import presence, queue, taking
from hotline_bridge.transcript import Line

BOLAT = uuid4()


async def lines(stations: Stations, conversation: UUID) -> list[Line]:
    assert stations.desk
    async with transaction(stations.store.engine) as connection:
        return await transcript.read(connection, conversation, await stations.desk.key(connection, conversation))


async def tickets(stations: Stations) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await ask(stations, "SELECT need, state, taken_by FROM tickets ORDER BY opened_at, need")]


async def agree(stations: Stations, conversation: UUID, agreement: Agreement) -> None:
    assert stations.desk
    async with transaction(stations.store.engine) as connection:
        key = await stations.desk.find_or_make(connection, conversation)
        await safe_contact.save(connection, conversation, agreement, key)


@pytest.fixture
async def conversation(person: Person) -> UUID:
    """Somebody in danger, with a ticket."""
    return await person.asks("меня убивают")


# --- who has it ---


async def test_the_one_who_claims_first_has_it_and_the_other_is_told_who(stations: Stations, conversation: UUID) -> None:
    done = await asyncio.gather(
        operate.claim(stations, ANNA, conversation), operate.claim(stations, BOLAT, conversation), return_exceptions=True
    )
    refused = [d for d in done if d is not None]
    assert [type(r) for r in refused] == [TakenByAnother]
    holder = (await tickets(stations))[0][2]
    assert refused[0].holder == holder  # type: ignore[union-attr]
    assert holder in (ANNA, BOLAT)


async def test_where_nothing_is_open_nobody_takes_anything_and_the_bot_answers(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel
) -> None:
    await operate.claim(stations, ANNA, conversation)
    await operate.close(stations, ANNA, conversation, "informed")
    with pytest.raises(DeskError, match="nothing is open"):
        await operate.claim(stations, ANNA, conversation)
    before = len(telegram.sent)
    await person.asks("что делать")
    assert len(telegram.sent) > before


async def test_all_open_tickets_of_a_person_go_together(person: Person, stations: Stations, assistant: ScriptedAssistant) -> None:
    conversation = await person.asks("меня убивают")
    assistant.always = None
    await person.asks("что делать")
    await operate.claim(stations, ANNA, conversation)
    assert {(state, by) for _, state, by in await tickets(stations)} == {("taken", ANNA)}
    assert len(await tickets(stations)) == 2


async def test_handed_over_it_is_the_other_ones_and_not_mine_any_more(stations: Stations, conversation: UUID) -> None:
    await operate.claim(stations, ANNA, conversation)
    with pytest.raises(DeskError) as refused:
        await operate.hand_over(stations, ANNA, conversation, BOLAT)
    assert refused.value.reason == "colleague"
    await has_an_account(stations, account=BOLAT)
    await operate.hand_over(stations, ANNA, conversation, BOLAT)
    with pytest.raises(NotYours):
        await reply(stations, ANNA, conversation, "Здравствуйте")
    await reply(stations, BOLAT, conversation, "Здравствуйте")


async def test_nobody_writes_hands_over_or_closes_what_is_not_theirs(stations: Stations, conversation: UUID) -> None:
    for step in (
        reply(stations, ANNA, conversation, "Здравствуйте"),
        operate.hand_over(stations, ANNA, conversation, BOLAT),
        operate.give_back(stations, ANNA, conversation),
        operate.close(stations, ANNA, conversation, "informed"),
    ):
        with pytest.raises(NotYours):
            await step


async def test_a_lost_operators_tickets_return_to_the_queue_and_the_bot_answers(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel
) -> None:
    await operate.claim(stations, ANNA, conversation)
    assert await give_back_lost(stations) == 0
    await ask(stations, "UPDATE conversations SET operator_seen_at = now() - interval '16 minutes'")
    assert await give_back_lost(stations) == 1
    assert await tickets(stations) == [("danger_now", "open", None)]
    before = len(telegram.sent)
    await person.asks("что делать")
    assert len(telegram.sent) == before + 1


async def test_a_sign_of_life_waits_for_no_conversation_that_somebody_is_at_work_on(
    person: Person, stations: Stations, conversation: UUID
) -> None:
    """An operator who answers one person holds that one: to wait for another may be to wait for each other."""
    other = await replace(person, who="1002").asks("меня убивают")
    for one in (conversation, other):
        await operate.claim(stations, ANNA, one)
    await ask(stations, "UPDATE conversations SET operator_seen_at = now() - interval '16 minutes'")
    async with transaction(stations.store.engine) as worker:
        await presence.holder(worker, other, lock=True)
        await asyncio.wait_for(reply(stations, ANNA, conversation, "Здравствуйте"), timeout=10)
    rows = await ask(stations, "SELECT id FROM conversations WHERE operator_seen_at > now() - interval '1 minute'")
    assert [row.id for row in rows] == [conversation]
    await reply(stations, ANNA, conversation, "Вы там?")
    assert await give_back_lost(stations) == 0


async def test_a_supervisor_takes_a_person_over_and_nobody_else_may(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel
) -> None:
    chief = await has_an_account(stations, Role.SUPERVISOR)
    await has_an_account(stations, account=BOLAT)
    with pytest.raises(DeskError, match="nobody has it"):
        await take_over(stations, chief, conversation)
    await operate.claim(stations, ANNA, conversation)
    for other in (BOLAT, uuid4()):
        with pytest.raises(DeskError, match="only a supervisor"):
            await take_over(stations, other, conversation)
    await person.asks("меня убивают")  # flagged to Anna, who does not react
    await take_over(stations, chief, conversation)
    assert await tickets(stations) == [("danger_now", "taken", chief)]
    row = (await ask(stations, "SELECT flagged_at, answer_by > now() AS due FROM tickets"))[0]
    assert (row.flagged_at, row.due) == (None, True)
    with pytest.raises(NotYours):
        await reply(stations, ANNA, conversation, "Здравствуйте")
    before = len(telegram.sent)
    await person.asks("что делать")
    assert len(telegram.sent) == before  # the bot is silent all the time
    said = [tuple(r) for r in await ask(stations, "SELECT actor, action, facts FROM audit ORDER BY sequence DESC LIMIT 1")]
    assert said == [(chief, "taken_over", {"holder": str(ANNA)})]


# --- the bot is silent ---


async def test_the_bot_is_silent_while_an_operator_is_there_and_comes_back_after(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel, assistant: ScriptedAssistant
) -> None:
    await operate.claim(stations, ANNA, conversation)
    before, asked = len(telegram.sent), len(assistant.asked)
    await person.asks("что делать")
    assert (len(telegram.sent), len(assistant.asked)) == (before, asked)
    assert [r.status for r in await ask(stations, "SELECT status FROM inbox ORDER BY position DESC LIMIT 1")] == ["ticketed"]
    await operate.give_back(stations, ANNA, conversation)
    await person.asks("что делать")
    assert len(telegram.sent) == before + 1


async def test_a_claim_while_the_bot_thinks_silences_that_very_answer(
    person: Person, stations: Stations, assistant: ScriptedAssistant, conversation: UUID, telegram: ScriptedChannel
) -> None:
    before = len(telegram.sent)
    await person.writes("что делать")
    assistant.meanwhile = lambda: operate.claim(stations, ANNA, conversation)
    await answer(stations, conversation)
    await deliver(stations, conversation)
    assert len(assistant.asked) == 1
    assert len(telegram.sent) == before
    assert [line.text for line in await lines(stations, conversation)][-1] == "что делать"


async def test_words_of_danger_are_flagged_to_the_operator_and_no_bot_talks_over_them(
    person: Person, stations: Stations, assistant: ScriptedAssistant, telegram: ScriptedChannel
) -> None:
    assistant.always = None
    conversation = await person.asks("что делать")
    await operate.claim(stations, ANNA, conversation)
    before = len(telegram.sent)
    await person.asks("меня убивают")
    assert len(telegram.sent) == before
    async with transaction(stations.store.engine) as connection:
        row = (await queue.read(connection, ANNA, queue.Filter("mine")))[0]
    assert row.danger
    assert row.flagged_at is not None
    assert (await lines(stations, conversation))[-1].danger


async def test_stop_clear_and_delete_work_while_an_operator_is_there(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel
) -> None:
    await operate.claim(stations, ANNA, conversation)
    await person.asks("стоп")
    with pytest.raises(CannotBeWritten) as refused:
        await reply(stations, ANNA, conversation, "Здравствуйте")
    assert refused.value.reason == "stopped"
    assert len(telegram.sent) == 2
    await ask(stations, "UPDATE conversations SET silence = NULL")
    await person.asks("delete", kind=Kind.COMMAND)
    await person.asks("да")
    assert await ask(stations, "SELECT 1 FROM vault.keys") == []
    assert await tickets(stations) == [("danger_now", "closed", ANNA)]


# --- what the operator writes ---


async def test_a_reply_reaches_the_person_and_stands_in_the_transcript(
    stations: Stations, conversation: UUID, telegram: ScriptedChannel
) -> None:
    await operate.claim(stations, ANNA, conversation)
    assert await reply(stations, ANNA, conversation, " Мы здесь. ") == Replied()
    await deliver(stations, conversation)
    assert telegram.texts[-1] == "Мы здесь."
    said = (await lines(stations, conversation))[-1]
    assert (said.speaker, said.author, said.text, said.status) == ("operator", ANNA, "Мы здесь.", "delivered")


async def test_pages_show_no_number_of_a_reply_whoever_asked_for_it(
    stations: Stations, conversation: UUID, telegram: ScriptedChannel
) -> None:
    text = " Позвоните по +7 701 234 56 78, [PHONE_1] не отвечает "
    await operate.claim(stations, ANNA, conversation)
    await reply(stations, ANNA, conversation, text)
    await deliver(stations, conversation)
    assert telegram.texts[-1] == text.strip()
    assert (await lines(stations, conversation))[-1].text == "Позвоните по [PHONE], [PHONE_1] не отвечает"


async def test_what_was_found_in_these_very_words_is_not_looked_for_again(stations: Stations, conversation: UUID) -> None:
    await operate.claim(stations, ANNA, conversation)
    blind = replace(stations, anonymiser=None)
    with pytest.raises(SettingError):
        await reply(blind, ANNA, conversation, "Мы здесь")
    await reply(blind, ANNA, conversation, " Мы здесь ", looked=Looked("Мы здесь", ()))
    with pytest.raises(SettingError):
        await reply(blind, ANNA, conversation, "Мы здесь, +7 701 234 56 78", looked=Looked("Мы здесь", ()))


async def test_a_note_with_a_number_is_refused(stations: Stations, conversation: UUID) -> None:
    with pytest.raises(Identifying):
        await operate.note(stations, ANNA, conversation, "её номер 8 701 234 56 78")


async def test_the_transcript_shows_what_both_said_without_identifiers(person: Person, stations: Stations) -> None:
    conversation = await person.asks("мой номер +7 701 123 45 67 что делать")
    first, second = await lines(stations, conversation)
    assert (first.speaker, first.text) == ("person", "мой номер [PHONE_1] что делать")
    assert (second.speaker, second.key) == ("bot", "reply/greet")


async def test_the_self_check_is_not_written_down(person: Person, stations: Stations, assistant: ScriptedAssistant) -> None:
    conversation = await person.asks("что делать")
    assistant.next = [[Reply("check_2")]]
    await person.asks("что да")
    assert len(await lines(stations, conversation)) == 2


@pytest.mark.parametrize("text", ["", "  \n", "а" * 3501])
async def test_an_empty_or_endless_reply_is_refused(stations: Stations, conversation: UUID, text: str) -> None:
    await operate.claim(stations, ANNA, conversation)
    with pytest.raises(CannotBeWritten):
        await reply(stations, ANNA, conversation, text)


async def test_a_reply_to_somebody_who_blocked_us_is_refused_until_they_write_again(
    person: Person, stations: Stations, conversation: UUID, telegram: ScriptedChannel
) -> None:
    await operate.claim(stations, ANNA, conversation)
    telegram.faults.append(Gone("blocked"))
    await reply(stations, ANNA, conversation, "Мы здесь.")
    await deliver(stations, conversation)
    with pytest.raises(CannotBeWritten) as refused:
        await reply(stations, ANNA, conversation, "Вы там?")
    assert refused.value.reason == "unreachable"
    await person.asks("я тут")
    await reply(stations, ANNA, conversation, "Хорошо.")


async def test_nothing_is_sent_into_an_unsafe_silence(person: Person, stations: Stations) -> None:
    conversation = await person.asks("не могу говорить")
    await operate.claim(stations, ANNA, conversation)
    with pytest.raises(CannotBeWritten) as refused:
        await reply(stations, ANNA, conversation, "Мы здесь.")
    assert refused.value.reason == "unsafe"


# --- the agreement ---


async def test_who_has_just_written_is_answered_at_once(stations: Stations, conversation: UUID) -> None:
    await agree(stations, conversation, Agreement(hours=("evening",)))
    await operate.claim(stations, ANNA, conversation)
    assert (await reply(stations, ANNA, conversation, "Мы здесь.")).held is False


async def test_the_first_contact_of_a_day_is_held_until_the_person_says_that_it_is_safe(
    stations: Stations, conversation: UUID, clock: Clock, telegram: ScriptedChannel
) -> None:
    await agree(stations, conversation, Agreement())
    await operate.claim(stations, ANNA, conversation)
    clock.advance(days=1)
    before = len(telegram.sent)
    assert (await reply(stations, ANNA, conversation, "Мы здесь.")).held
    await deliver(stations, conversation)
    assert len(telegram.sent) == before
    assert [r.status for r in await ask(stations, "SELECT status FROM outbox WHERE author IS NOT NULL")] == ["held"]


async def test_an_agreed_call_is_not_answered_in_the_chat(stations: Stations, conversation: UUID, clock: Clock) -> None:
    await agree(stations, conversation, Agreement(method="call"))
    await operate.claim(stations, ANNA, conversation)
    clock.advance(hours=2)
    with pytest.raises(CannotBeWritten) as refused:
        await reply(stations, ANNA, conversation, "Мы здесь.")
    assert refused.value.reason == "method"


# --- the end, and after ---


async def test_closed_it_reopens_when_the_person_writes_again_but_not_for_thanks(
    person: Person, stations: Stations, assistant: ScriptedAssistant, conversation: UUID
) -> None:
    await operate.claim(stations, ANNA, conversation)
    await operate.close(stations, ANNA, conversation, "informed")
    assistant.next = [[Reply("thank")]]
    await person.asks("что спасибо")
    assert await tickets(stations) == [("danger_now", "closed", ANNA)]
    await person.asks("что делать")
    assert await tickets(stations) == [("danger_now", "open", None)]


@pytest.mark.parametrize(("outcome", "state"), [("test", "open"), ("not_ours", "open"), ("ended_by_person", "closed")])
async def test_who_was_taken_for_a_test_by_mistake_is_heard_again_and_who_wanted_no_more_is_left_alone(
    person: Person, stations: Stations, conversation: UUID, outcome: str, state: str
) -> None:
    await operate.claim(stations, ANNA, conversation)
    await operate.close(stations, ANNA, conversation, outcome)
    await person.asks("что делать")
    assert (await tickets(stations))[0][1] == state


async def test_who_wanted_no_more_is_left_alone_though_an_older_ticket_ended_otherwise(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    assistant.next = [None]
    conversation = await person.asks("что с зарплатой")
    await operate.claim(stations, ANNA, conversation)
    await operate.close(stations, ANNA, conversation, "informed")
    await ask(stations, "UPDATE tickets SET closed_at = closed_at - interval '2 days', opened_at = opened_at - interval '2 days'")
    await person.asks("меня убивают")
    await operate.claim(stations, ANNA, conversation)
    await operate.close(stations, ANNA, conversation, "ended_by_person")
    await person.asks("что с паспортом")
    assert [state for _, state, _ in await tickets(stations)] == ["closed", "closed"]


async def test_of_the_tickets_that_were_closed_together_the_most_pressing_one_reopens(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    assistant.next = [None, [Reply("thank")]]
    conversation = await person.asks("что делать")
    await person.asks("меня убивают")
    await operate.claim(stations, ANNA, conversation)
    await operate.close(stations, ANNA, conversation, "informed")
    await ask(stations, "UPDATE tickets SET topics = topics WHERE need = 'danger_now'")  # which puts its row behind the other
    assistant.always = [Reply("greet")]
    await person.asks("что спасибо", "что делать")
    assert ("danger_now", "open", None) in await tickets(stations)


@pytest.mark.parametrize("gone", ["lost", "given back"])
async def test_whom_no_human_has_answered_keeps_their_wait_and_their_place(
    person: Person, stations: Stations, conversation: UUID, gone: str
) -> None:
    async def waits() -> bool:
        rows = await ask(stations, "SELECT waiting_since < now() - interval '19 hours' AS long FROM tickets")
        return bool(rows[0].long)

    async def leaves() -> None:
        if gone == "lost":
            await give_back_lost(stations, timedelta(seconds=-1))
        else:
            await operate.give_back(stations, ANNA, conversation)

    await ask(stations, "UPDATE tickets SET waiting_since = now() - interval '20 hours'")
    await operate.claim(stations, ANNA, conversation)
    await leaves()
    assert await waits()
    await operate.claim(stations, ANNA, conversation)
    await reply(stations, ANNA, conversation, "Мы здесь.")
    await leaves()
    assert not await waits()


async def test_who_comes_back_and_is_given_back_unanswered_keeps_the_wait_since_then(
    person: Person, stations: Stations, conversation: UUID
) -> None:
    await operate.claim(stations, ANNA, conversation)
    await reply(stations, ANNA, conversation, "Мы здесь.")
    first = (await ask(stations, "SELECT answered_at FROM tickets"))[0].answered_at
    await operate.close(stations, ANNA, conversation, "informed")
    await person.asks("что делать")
    await ask(stations, "UPDATE tickets SET waiting_since = now() - interval '40 minutes'")
    await operate.claim(stations, ANNA, conversation)
    await operate.give_back(stations, ANNA, conversation)
    row = (await ask(stations, "SELECT waiting_since < now() - interval '39 minutes' AS long, answered_at FROM tickets"))[0]
    assert row.long
    assert row.answered_at == first  # the figures count the first answer
    await operate.claim(stations, ANNA, conversation)
    await reply(stations, ANNA, conversation, "Мы снова здесь.")
    await operate.give_back(stations, ANNA, conversation)
    assert not (await ask(stations, "SELECT waiting_since < now() - interval '39 minutes' AS long FROM tickets"))[0].long


@pytest.mark.parametrize(("days", "state"), [(14, "open"), (15, "closed")])
async def test_a_ticket_reopens_until_the_last_of_its_days_ends_though_no_hour_of_its_end_is_left(
    person: Person, stations: Stations, conversation: UUID, days: int, state: str
) -> None:
    await operate.claim(stations, ANNA, conversation)
    await operate.close(stations, ANNA, conversation, "informed")
    ended = datetime.combine(day_of(datetime.now(UTC)) - timedelta(days=days), time(), ZONE)  # as flow/coarse.py leaves it
    await ask(stations, "UPDATE tickets SET closed_at = :ended", ended=ended)
    await person.asks("что делать")
    assert (await tickets(stations))[0][1] == state


async def test_forgetting_ends_the_tickets_and_leaves_nothing_to_read(stations: Stations, conversation: UUID) -> None:
    await operate.claim(stations, ANNA, conversation)
    await operate.note(stations, ANNA, conversation, "ждёт ночью")
    await forget(stations, conversation)
    assert await tickets(stations) == [("danger_now", "closed", ANNA)]
    for table in ("transcript", "notes", "ticket_events", "agreements", "desk_keys"):
        assert await ask(stations, f"SELECT 1 FROM {table}") == []
    with pytest.raises(CannotBeWritten) as refused:
        await operate.claim(stations, BOLAT, conversation)
    assert refused.value.reason == "forgotten"
    with pytest.raises(Forgotten):
        await lines(stations, conversation)


async def test_another_desks_key_opens_nothing(stations: Stations, conversation: UUID) -> None:
    other = replace(stations, desk=made_desk(b"x"))
    with pytest.raises(SettingError, match="KOMEK_DESK_KEY"):
        await lines(other, conversation)


# --- the queue ---


async def test_the_most_endangered_stands_first_then_who_has_waited_beyond_the_promise(
    stations: Stations, assistant: ScriptedAssistant
) -> None:
    assistant.always = None
    waits = await Person(stations, "1").asks("что раз")
    waits_longer = await Person(stations, "2").asks("что два")
    in_danger = await Person(stations, "3").asks("меня убивают")
    await ask(
        stations, "UPDATE tickets SET waiting_since = now() - interval '3 hours' WHERE conversation_id = :c", c=waits_longer
    )
    async with transaction(stations.store.engine) as connection:
        rows = await queue.read(connection, ANNA, queue.Filter("free"))
        counted = (await queue.totals(connection)).of(ANNA)
    assert [row.conversation for row in rows] == [in_danger, waits_longer, waits]
    assert [row.danger for row in rows] == [True, False, False]
    assert rows[0].due_at - rows[0].waiting_since == timedelta(minutes=2)
    assert counted == queue.Counts(free=3, mine=0, everything=3)


async def test_whoever_cries_or_is_not_answered_while_somebody_has_them_stands_among_the_free(stations: Stations) -> None:
    cries = await Person(stations, "1").asks("меня убивают")
    unanswered = await Person(stations, "2").asks("меня убивают")
    helped = await Person(stations, "3").asks("меня убивают")
    for one in (cries, unanswered, helped):
        await operate.claim(stations, ANNA, one)
    await reply(stations, ANNA, helped, "Мы здесь.")
    await Person(stations, "1").asks("меня убивают")
    await ask(stations, "UPDATE tickets SET answer_by = now() - interval '2 minutes' WHERE conversation_id = :c", c=unanswered)
    async with transaction(stations.store.engine) as connection:
        rows = await queue.read(connection, BOLAT, queue.Filter("free"))
        everybody = await queue.read(connection, BOLAT, queue.Filter("all"))
        counted = (await queue.totals(connection)).of(BOLAT)
    assert [row.conversation for row in rows] == [cries, unanswered]
    assert [row.conversation for row in everybody] == [cries, unanswered, helped]
    assert counted == queue.Counts(free=2, mine=0, everything=3)


async def test_an_agreed_sign_that_nobody_reacted_to_is_danger_to_everybody_again(
    stations: Stations, assistant: ScriptedAssistant
) -> None:
    assistant.always = None
    signed = await Person(stations, "1").asks("не знаю что делать дальше")
    helped = await Person(stations, "2").asks("не знаю что делать дальше")
    await ask(stations, "UPDATE tickets SET flagged_at = now() WHERE conversation_id = :c", c=signed)
    in_danger = await Person(stations, "3").asks("меня убивают")
    await ask(stations, "UPDATE tickets SET waiting_since = now() - interval '1 hour' WHERE conversation_id = :c", c=in_danger)
    for one in (signed, helped):
        await operate.claim(stations, ANNA, one)

    async def seen(wanted: queue.Filter) -> list[tuple[UUID, bool]]:
        async with transaction(stations.store.engine) as connection:
            return [(row.conversation, row.danger) for row in await queue.read(connection, BOLAT, wanted)]

    in_kazakh = queue.Filter("all", languages=("kk",))
    assert await seen(in_kazakh) == [(in_danger, True)]  # Anna has five minutes
    await ask(stations, "UPDATE tickets SET answer_by = answer_by - interval '6 minutes'")
    for wanted in (in_kazakh, replace(in_kazakh, whose="free")):
        assert await seen(wanted) == [(in_danger, True), (signed, True)]
    assert await seen(queue.Filter("all")) == [(in_danger, True), (signed, True), (helped, False)]
    await reply(stations, ANNA, signed, "Мы здесь.")
    assert await seen(in_kazakh) == [(in_danger, True)]


async def test_no_filter_of_the_queue_hides_danger(stations: Stations, assistant: ScriptedAssistant) -> None:
    assistant.always = None
    await Person(stations, "1").asks("что делать")
    tajik = await Person(stations, "2").asks("чӣ кор кунам")
    sms = await Person(stations, "+77010000001", Channel.TWILIO).asks("меня убивают")
    flagged = await Person(stations, "3").asks("не знаю что делать дальше")
    await ask(stations, "UPDATE tickets SET flagged_at = now() WHERE conversation_id = :c", c=flagged)
    danger = {sms, flagged}
    async with transaction(stations.store.engine) as connection:
        in_tajik = await queue.read(connection, ANNA, queue.Filter("free", languages=("tg",)))
        for nobody in (
            queue.Filter("all", channel="sms_kannel"),
            queue.Filter("all", topic="ask_shelter"),
            queue.Filter("all", region="R-ALM"),
            queue.Filter("all", need="withheld"),
            queue.Filter("all", languages=("kk",)),
        ):
            assert {row.conversation for row in await queue.read(connection, ANNA, nobody)} == danger
        await taking.claim(connection, tajik, ANNA)
        mine = await queue.read(connection, ANNA, queue.Filter("mine"))
    assert {row.conversation for row in in_tajik} == {tajik} | danger
    assert [row.conversation for row in mine] == [tajik]


# --- the assistant's open questions ---

FORM = "INSERT INTO dialogue.memory VALUES (:c, 't', '{}', NULL, current_date) ON CONFLICT DO NOTHING"
MEMORY = "SELECT 1 FROM dialogue.memory"


@pytest.mark.parametrize("end", ["give_back", "close", "lost"])
async def test_a_form_that_was_open_when_an_operator_came_does_not_take_the_first_message_after(
    person: Person, stations: Stations, conversation: UUID, assistant: ScriptedAssistant, end: str
) -> None:
    await ask(stations, FORM, c=conversation)
    await operate.claim(stations, ANNA, conversation)
    if end == "give_back":
        await operate.give_back(stations, ANNA, conversation)
    elif end == "close":
        await operate.close(stations, ANNA, conversation, "informed")
    else:
        await ask(stations, "UPDATE conversations SET operator_seen_at = now() - interval '16 minutes'")
        await give_back_lost(stations)

    async def nothing_is_open() -> None:
        assert await ask(stations, MEMORY) == []

    assistant.meanwhile = nothing_is_open
    await person.asks("что делать")
    assert assistant.meanwhile is None


async def test_what_the_assistant_remembers_of_a_turn_that_an_operator_overtook_is_dropped_too(
    person: Person, stations: Stations, conversation: UUID, assistant: ScriptedAssistant
) -> None:
    async def claimed() -> None:
        await operate.claim(stations, ANNA, conversation)
        await ask(stations, FORM, c=conversation)

    assistant.meanwhile = claimed
    await person.asks("что делать")
    await operate.give_back(stations, ANNA, conversation)

    async def nothing_is_open() -> None:
        assert await ask(stations, MEMORY) == []

    assistant.meanwhile = nothing_is_open
    await person.asks("что делать")
    assert assistant.meanwhile is None


async def test_without_an_operator_in_between_a_form_stays_open(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    conversation = await person.asks("что делать")
    await ask(stations, FORM, c=conversation)
    await person.asks("что делать")
    assert len(await ask(stations, MEMORY)) == 1
