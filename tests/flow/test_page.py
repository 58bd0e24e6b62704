"""page: danger that nobody claims goes up level by level, each once, in hours and out of them; the person hears the truth."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from colleagues import Colleague
from fakes_bridge import Clock, ScriptedAssistant, ScriptedChannel, ask
from people import Person

from hotline_bridge import safe_contact
from hotline_bridge.errors import DeskError, Gone, NeverAgain, NotYours, TryAgain
from hotline_bridge.flow import operate
from hotline_bridge.flow.answer import answer
from hotline_bridge.flow.deliver import deliver
from hotline_bridge.flow.expire import expire
from hotline_bridge.flow.lost import give_back_lost
from hotline_bridge.flow.page import call_for, page
from hotline_bridge.flow.reply import reply
from hotline_bridge.flow.stations import Stations, desk_of
from hotline_bridge.messages import Channel, Message
from hotline_bridge.pagers import Pager
from hotline_bridge.replies import catalogs
from hotline_bridge.replies.render import Renderer
from hotline_bridge.retention import Limits
from hotline_bridge.safe_contact import Agreement
from hotline_bridge.settings import PROJECT
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import paging
from hotline_bridge.tickets.needs import ANSWER_WITHIN
from hotline_bridge.tickets.paging import AGAIN, EVERYBODY, NOBODY, ON_SHIFT, SUPERVISORS, Patience, Unclaimed

PATIENCE = Patience()
FIRST = "Something waits. Please look at the console."
STILL = "Something still waits. Please look at the console."
TRUTH = "Nobody here has taken your message yet. It is not forgotten. If you can, call 112 now, it is free."
AGAIN_TRUE = (
    "A person here had taken your message, but now it waits again. It is not forgotten. If you can, call 112 now, it is free."
)


class Shifts:
    """Somebody in danger, people who work here, and time."""

    def __init__(self, stations: Stations, clock: Clock, telegram: ScriptedChannel) -> None:
        self.stations, self.clock, self.telegram = stations, clock, telegram

    async def after(self, **time: float) -> None:
        """Time goes by, one round of paging, and what it led to is delivered."""
        self.clock.advance(**time)
        await page(self.stations, PATIENCE)
        await self.delivered()

    async def delivered(self) -> None:
        for row in await ask(self.stations, "SELECT DISTINCT conversation_id FROM outbox WHERE status = 'waiting'"):
            await deliver(self.stations, row.conversation_id)

    def heard(self, who: Colleague | Person) -> list[str]:
        """What reached this phone but for the answers it had before."""
        address = who.phone.who if isinstance(who, Colleague) else who.who
        return [m.text for a, m in self.telegram.sent if a == address and m.text in (FIRST, STILL, TRUTH, AGAIN_TRUE)]


@pytest.fixture
def night(stations: Stations, clock: Clock, telegram: ScriptedChannel) -> Shifts:
    return Shifts(stations, clock, telegram)


async def tickets(stations: Stations) -> list[tuple[Any, ...]]:
    return [tuple(r) for r in await ask(stations, "SELECT need, page_level FROM tickets WHERE state <> 'closed' ORDER BY need")]


# --- the levels ---


async def test_danger_unclaimed_goes_up_from_the_shift_to_everybody_and_again(
    night: Shifts, stations: Stations, person: Person
) -> None:
    anna = await Colleague.hired(stations, on_shift=True)
    off = await Colleague.hired(stations)
    chief = await Colleague.hired(stations, "supervisor")
    boss = await Colleague.hired(stations, "administrator")
    team = (anna, off, chief, boss)
    await person.asks("меня убивают")
    await night.after(seconds=119)
    assert [night.heard(one) for one in team] == [[], [], [], []]
    await night.after(seconds=1)
    assert [night.heard(one) for one in team] == [[FIRST], [], [], []]
    assert night.heard(person) == []
    await night.after(seconds=119)
    assert [night.heard(one) for one in team] == [[FIRST], [], [], []]
    await night.after(seconds=2)
    assert [night.heard(one) for one in team] == [[FIRST] * 2, [], [FIRST], []]
    await night.after(seconds=121)
    assert [night.heard(one) for one in team] == [[FIRST] * 3, [FIRST], [FIRST] * 2, [FIRST]]
    await night.after(seconds=290)
    assert len(night.heard(boss)) == 1
    for times in (1, 2, 3):
        await night.after(seconds=301)
        assert night.heard(boss) == [FIRST] + [STILL] * times
    assert await tickets(stations) == [("danger_now", AGAIN)]


async def test_a_page_is_loud_and_says_nothing_of_whom_or_what(
    night: Shifts, stations: Stations, person: Person, telegram: ScriptedChannel
) -> None:
    anna = await Colleague.hired(stations, on_shift=True)
    await person.asks("меня убивают")
    await night.after(minutes=2)
    sent = [message for address, message in telegram.sent if address == anna.phone.who][-1]
    assert sent == Message(FIRST, loud=True)
    assert not any(message.loud for address, message in telegram.sent if address == person.who)


@pytest.mark.parametrize(
    ("interface", "text"),
    [
        ("en", FIRST),
        ("ru", "Вас ждут. Загляните, пожалуйста, в консоль."),
        ("kk", "Сізді күтіп тұр. Консольге қараңызшы."),
        ("uz", "Sizni kutishyapti. Konsolga qarang, iltimos."),
        ("tg", "Шуморо интизоранд. Лутфан ба консол нигаред."),
    ],
)
async def test_a_page_is_in_the_language_of_its_owners_console(
    stations: Stations, clock: Clock, telegram: ScriptedChannel, interface: str, text: str
) -> None:
    assert stations.renderer
    speaking = replace(stations, renderer=Renderer(stations.renderer.knowledge, catalogs.load(PROJECT / "locales")))
    anna = await Colleague.hired(speaking, interface=interface, on_shift=True)
    await Person(speaking).asks("меня убивают")
    await Shifts(speaking, clock, telegram).after(minutes=2)
    assert [message.text for address, message in telegram.sent if address == anna.phone.who][-1] == text


async def test_those_who_speak_the_persons_language_come_first_and_the_rest_of_the_shift_a_level_later(
    night: Shifts, stations: Stations, person: Person
) -> None:
    uzbek = await Colleague.hired(stations, languages=["uz"], on_shift=True)
    other = await Colleague.hired(stations, languages=["kk", "tg"], on_shift=True)
    await person.asks("qanday", "o'ldiryapti")
    await night.after(minutes=2)
    assert (night.heard(uzbek), night.heard(other)) == ([FIRST], [])
    await night.after(minutes=2, seconds=1)
    assert (night.heard(uzbek), night.heard(other)) == ([FIRST] * 2, [FIRST])


async def test_when_nobody_on_shift_speaks_the_language_the_whole_shift_is_called(
    night: Shifts, stations: Stations, person: Person
) -> None:
    other = await Colleague.hired(stations, languages=["kk"], on_shift=True)
    await person.asks("qanday", "o'ldiryapti")
    await night.after(minutes=2)
    assert night.heard(other) == [FIRST]


async def test_with_nobody_on_shift_it_goes_up_at_once(night: Shifts, stations: Stations, person: Person) -> None:
    off = await Colleague.hired(stations)
    chief = await Colleague.hired(stations, "supervisor")
    await person.asks("меня убивают")
    await night.after(minutes=2)
    assert (night.heard(off), night.heard(chief), night.heard(person)) == ([], [FIRST], [TRUTH])
    await night.after(minutes=2, seconds=1)
    assert (night.heard(off), night.heard(chief), night.heard(person)) == ([FIRST], [FIRST] * 2, [TRUTH])


async def test_with_no_supervisor_either_everybody_is_called_at_once(night: Shifts, stations: Stations, person: Person) -> None:
    off = await Colleague.hired(stations)
    await Colleague.hired(stations, on_shift=True, with_pager=False)
    await Colleague.hired(stations, "supervisor", with_pager=False)
    await person.asks("меня убивают")
    await night.after(minutes=2)
    assert night.heard(off) == [FIRST]


async def test_without_any_pager_the_person_hears_the_truth_all_the_same(
    night: Shifts, stations: Stations, person: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    await person.asks("меня убивают")
    await night.after(minutes=2)
    assert night.heard(person) == [TRUTH]
    assert "nobody can be paged" in capsys.readouterr().out
    await night.after(minutes=10)
    assert night.heard(person) == [TRUTH]


async def test_a_pager_that_is_blocked_is_passed_over(
    night: Shifts, stations: Stations, person: Person, telegram: ScriptedChannel
) -> None:
    anna = await Colleague.hired(stations, on_shift=True)
    chief = await Colleague.hired(stations, "supervisor")
    telegram.faults = [Gone("blocked")]
    await anna.phone.asks("что")
    await person.asks("меня убивают")
    await night.after(minutes=2)
    assert (night.heard(anna), night.heard(chief)) == ([], [FIRST])


async def test_a_pager_by_sms_is_called_too(night: Shifts, stations: Stations, person: Person, sms: ScriptedChannel) -> None:
    anna = await Colleague.hired(stations, with_pager=False, on_shift=True)
    anna.phone = Person(stations, "+77010000009", Channel.TWILIO)
    await anna.takes_a_pager()
    await person.asks("меня убивают")
    await night.after(minutes=2)
    assert sms.texts[-1] == FIRST


async def test_a_pager_whose_key_does_not_open_is_passed_over_and_the_person_is_told(
    night: Shifts, stations: Stations, person: Person
) -> None:
    unread = await Colleague.hired(stations, "supervisor")
    chat = await unread.phone.conversation()
    await ask(stations, "DELETE FROM desk_keys WHERE conversation_id = :c", c=chat)
    await ask(stations, "INSERT INTO desk_keys VALUES (:c, 'x', 'another')", c=chat)
    chief = await Colleague.hired(stations, "supervisor")
    await person.asks("меня убивают")
    await night.after(minutes=2)
    assert (night.heard(unread), night.heard(chief), night.heard(person)) == ([], [FIRST], [TRUTH])


async def test_the_person_is_told_even_when_the_paging_fails(
    night: Shifts, stations: Stations, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = await person.asks("меня убивают")
    await ask(stations, "UPDATE tickets SET page_level = :level", level=SUPERVISORS)

    async def fails(*_: Any) -> None:
        raise RuntimeError("the plan of the shifts cannot be read")

    night.clock.advance(minutes=3)
    monkeypatch.setattr("hotline_bridge.flow.page.shifts.on_duty", fails)
    with pytest.raises(RuntimeError):
        await page(stations, PATIENCE)
    await deliver(stations, conversation)
    assert night.heard(person) == [TRUTH]


async def test_the_deactivated_and_auditors_are_not_called(night: Shifts, stations: Stations, person: Person) -> None:
    gone = await Colleague.hired(stations, on_shift=True)
    auditor = await Colleague.hired(stations, "supervisor")
    await ask(stations, "UPDATE console.accounts SET active = false WHERE id = :id", id=gone.account)
    await ask(stations, "UPDATE console.accounts SET role = 'auditor' WHERE id = :id", id=auditor.account)
    await person.asks("меня убивают")
    for _ in range(4):
        await night.after(minutes=6)
    assert (night.heard(gone), night.heard(auditor)) == ([], [])


async def test_what_is_no_danger_is_not_paged(
    night: Shifts, stations: Stations, person: Person, assistant: ScriptedAssistant
) -> None:
    anna = await Colleague.hired(stations, on_shift=True)
    assistant.always = None
    await person.asks("что делать")
    await night.after(hours=3)
    assert night.heard(anna) == []
    assert await tickets(stations) == [("assistant_silent", NOBODY)]


async def test_many_in_danger_at_once_are_one_page_a_round(night: Shifts, stations: Stations) -> None:
    anna = await Colleague.hired(stations, on_shift=True)
    for number in range(5):
        await Person(stations, f"20{number}").asks("меня убивают")
    await night.after(minutes=3)
    assert night.heard(anna) == [FIRST]
    assert await tickets(stations) == [("danger_now", ON_SHIFT)] * 5


# --- somebody claims it ---


async def test_a_claim_ends_the_paging(night: Shifts, stations: Stations, person: Person) -> None:
    anna = await Colleague.hired(stations, on_shift=True)
    chief = await Colleague.hired(stations, "supervisor")
    conversation = await person.asks("меня убивают")
    await night.after(minutes=2)
    await operate.claim(stations, anna.account, conversation)
    await reply(stations, anna.account, conversation, "Мы здесь.")
    for _ in range(5):
        await night.after(minutes=6)
    assert (night.heard(anna), night.heard(chief), night.heard(person)) == ([FIRST], [], [])


async def test_a_claim_before_the_first_page_means_that_nobody_is_paged(
    night: Shifts, stations: Stations, person: Person
) -> None:
    anna = await Colleague.hired(stations, on_shift=True)
    conversation = await person.asks("меня убивают")
    await operate.claim(stations, anna.account, conversation)
    await night.after(minutes=4)
    assert night.heard(anna) == []


async def test_given_back_it_begins_again_from_the_shift(night: Shifts, stations: Stations, person: Person) -> None:
    anna = await Colleague.hired(stations, on_shift=True)
    chief = await Colleague.hired(stations, "supervisor")
    conversation = await person.asks("меня убивают")
    await night.after(minutes=2)
    await night.after(minutes=2, seconds=1)
    await operate.claim(stations, anna.account, conversation)
    await operate.give_back(stations, anna.account, conversation)
    await ask(stations, "UPDATE tickets SET waiting_since = :now", now=night.clock())
    before = (len(night.heard(anna)), len(night.heard(chief)))
    await night.after(minutes=2)
    assert (len(night.heard(anna)), len(night.heard(chief))) == (before[0] + 1, before[1])


async def test_a_claim_that_is_under_way_is_waited_for_and_not_paged(night: Shifts, stations: Stations, person: Person) -> None:
    anna = await Colleague.hired(stations, on_shift=True)
    conversation = await person.asks("меня убивают")
    night.clock.advance(minutes=2)
    async with transaction(stations.store.engine) as connection:
        await paging.hold(connection, [conversation])
        await asyncio.wait_for(page(stations, PATIENCE), 5)
        await night.delivered()
        assert night.heard(anna) == []
    await night.after(seconds=10)
    assert night.heard(anna) == [FIRST]


# --- an operator who does not react ---


async def test_danger_that_is_claimed_and_not_answered_is_paged_to_its_holder_and_then_up(
    night: Shifts, stations: Stations, person: Person
) -> None:
    anna = await Colleague.hired(stations)
    chief = await Colleague.hired(stations, "supervisor")
    conversation = await person.asks("меня убивают")
    await operate.claim(stations, anna.account, conversation)
    await night.after(seconds=ANSWER_WITHIN.total_seconds() - 10)
    assert (night.heard(anna), night.heard(chief)) == ([], [])
    await night.after(seconds=15)
    assert (night.heard(anna), night.heard(chief)) == ([FIRST], [])
    await night.after(minutes=2, seconds=1)
    assert (night.heard(anna), night.heard(chief)) == ([FIRST] * 2, [FIRST])
    assert night.heard(person) == []  # somebody has them: that nobody has would be untrue
    await reply(stations, anna.account, conversation, "Мы здесь.")
    for _ in range(3):
        await night.after(minutes=6)
    assert night.heard(chief) == [FIRST]


async def test_danger_whose_answer_never_went_out_is_paged_as_if_nobody_had_answered(
    night: Shifts, stations: Stations, person: Person, telegram: ScriptedChannel
) -> None:
    anna = await Colleague.hired(stations)
    conversation = await person.asks("меня убивают")
    await operate.claim(stations, anna.account, conversation)
    await reply(stations, anna.account, conversation, "Мы здесь.")
    telegram.faults = [NeverAgain("refused")]
    await deliver(stations, conversation)
    await night.after(minutes=4)
    assert night.heard(anna) == []
    await night.after(minutes=1, seconds=5)
    assert night.heard(anna) == [FIRST]
    await reply(stations, anna.account, conversation, "Мы здесь.")
    await night.after(minutes=6)
    assert night.heard(anna) == [FIRST]


async def is_silent_and_taken_by(anna: Colleague, conversation: UUID) -> None:
    """Somebody may be watching them: whoever has them may not write."""
    await ask(anna.stations, "UPDATE conversations SET silence = 'unsafe'")
    await operate.claim(anna.stations, anna.account, conversation)


async def test_the_agreed_sign_that_is_claimed_calls_again_until_somebody_has_seen_it(
    night: Shifts, stations: Stations, person: Person
) -> None:
    anna = await Colleague.hired(stations)
    conversation = await person.asks("меня убивают")
    await ask(stations, "UPDATE tickets SET need = 'talk_to_operator', flagged_at = now()")
    await is_silent_and_taken_by(anna, conversation)
    await night.after(minutes=6)
    assert night.heard(anna) == [FIRST]
    await operate.flag_seen(stations, anna.account, conversation)
    for _ in range(3):
        await night.after(minutes=6)
    assert night.heard(anna) == [FIRST]


async def test_whoever_may_not_write_says_at_once_that_they_have_seen_it_and_nobody_is_called(
    night: Shifts, stations: Stations, person: Person
) -> None:
    anna = await Colleague.hired(stations)
    conversation = await person.asks("меня убивают")
    await is_silent_and_taken_by(anna, conversation)
    await operate.flag_seen(stations, anna.account, conversation)
    await night.after(minutes=30)
    assert night.heard(anna) == []


async def test_danger_that_was_opened_again_and_handed_over_unanswered_calls(
    night: Shifts, stations: Stations, person: Person
) -> None:
    anna, bolat = await Colleague.hired(stations), await Colleague.hired(stations)
    conversation = await person.asks("меня убивают")
    await operate.claim(stations, anna.account, conversation)
    await reply(stations, anna.account, conversation, "Мы здесь.")
    await operate.close(stations, anna.account, conversation, "informed")
    await person.asks("что делать")
    await operate.claim(stations, anna.account, conversation)
    await operate.hand_over(stations, anna.account, conversation, bolat.account)
    await night.after(minutes=2, seconds=1)
    assert night.heard(bolat) == [FIRST]


async def test_danger_that_an_operator_does_not_answer_is_paged_to_them_and_then_up(
    night: Shifts, stations: Stations, person: Person, telegram: ScriptedChannel
) -> None:
    anna = await Colleague.hired(stations)
    chief = await Colleague.hired(stations, "supervisor")
    conversation = await person.asks("меня убивают")
    await operate.claim(stations, anna.account, conversation)
    await person.asks("меня убивают")
    await night.after(seconds=119)
    assert night.heard(anna) == []
    await night.after(seconds=2)
    assert (night.heard(anna), night.heard(chief)) == ([FIRST], [])
    await night.after(minutes=2, seconds=1)
    assert (night.heard(anna), night.heard(chief)) == ([FIRST] * 2, [FIRST])
    # An operator has them: nobody talks over a human.
    assert night.heard(person) == []


async def test_an_answer_of_the_operator_ends_it_and_later_danger_begins_anew(
    night: Shifts, stations: Stations, person: Person
) -> None:
    anna = await Colleague.hired(stations)
    chief = await Colleague.hired(stations, "supervisor")
    conversation = await person.asks("меня убивают")
    await operate.claim(stations, anna.account, conversation)
    await person.asks("меня убивают")
    await night.after(minutes=2, seconds=1)
    await reply(stations, anna.account, conversation, "Я здесь")
    await night.after(minutes=10)
    assert (night.heard(anna), night.heard(chief)) == ([FIRST], [])
    await person.asks("меня убивают")
    await ask(stations, "UPDATE tickets SET flagged_at = :now", now=night.clock())
    await night.after(minutes=2, seconds=1)
    assert (night.heard(anna), night.heard(chief)) == ([FIRST] * 2, [])


async def test_who_cries_again_and_again_does_not_keep_the_paging_from_its_time(
    night: Shifts, stations: Stations, person: Person
) -> None:
    anna = await Colleague.hired(stations)
    conversation = await person.asks("меня убивают")
    await operate.claim(stations, anna.account, conversation)
    await person.asks("меня убивают")
    first = (await ask(stations, "SELECT flagged_at FROM tickets"))[0].flagged_at
    await person.asks("меня убивают")
    assert (await ask(stations, "SELECT flagged_at FROM tickets"))[0].flagged_at == first


# --- the agreed sign, and danger of somebody who may not be written to ---

ALARM = Agreement(words=("яблоко", "груша"))


@pytest.fixture
async def agreed(person: Person, stations: Stations) -> UUID:
    """Somebody with an agreed sign, of whom nothing is open."""
    conversation = await person.asks("что делать")
    async with transaction(stations.store.engine) as connection:
        key = await desk_of(stations).find_or_make(connection, conversation)
        await safe_contact.save(connection, conversation, ALARM, key)
    return conversation


async def test_the_agreed_sign_of_somebody_whom_nobody_has_is_paged(
    night: Shifts, stations: Stations, person: Person, agreed: UUID
) -> None:
    anna = await Colleague.hired(stations, on_shift=True)
    await person.asks("груша")
    await night.after(minutes=2, seconds=1)
    assert night.heard(anna) == [FIRST]
    for _ in range(4):
        await night.after(minutes=6)
    assert (len(night.heard(anna)), night.heard(person)) == (5, [])


@pytest.mark.parametrize("word", ["груша", "что делать"])
async def test_whoever_writes_before_the_truth_is_out_hears_it_only_when_that_was_read_and_was_no_alarm(
    night: Shifts, stations: Stations, person: Person, agreed: UUID, word: str
) -> None:
    await Colleague.hired(stations, "supervisor")
    await person.asks("меня убивают")
    night.clock.advance(minutes=5)
    await page(stations, PATIENCE)
    await person.writes(word)
    await night.delivered()
    assert night.heard(person) == []
    await answer(stations, agreed)
    await night.after(seconds=5)
    assert night.heard(person) == ([] if word == "груша" else [TRUTH])


@pytest.mark.parametrize("end", ["given back", "lost"])
async def test_the_agreed_sign_goes_on_calling_when_its_operator_is_gone(
    night: Shifts, stations: Stations, person: Person, agreed: UUID, end: str
) -> None:
    anna = await Colleague.hired(stations, on_shift=True)
    await person.asks("груша")
    await operate.claim(stations, anna.account, agreed)
    if end == "lost":
        await ask(stations, "UPDATE conversations SET operator_seen_at = now() - interval '16 minutes'")
        assert await give_back_lost(stations) == 1
    else:
        await operate.give_back(stations, anna.account, agreed)
    await night.after(minutes=2, seconds=10)
    assert night.heard(anna) == [FIRST]


@pytest.mark.parametrize(
    "silenced",
    [
        "UPDATE conversations SET silence = 'stopped' WHERE id = :id",
        "UPDATE conversations SET unreachable = 'x' WHERE id = :id",
        None,
    ],
)
async def test_who_may_not_write_says_that_they_have_seen_it_and_nobody_is_called_any_more(
    night: Shifts, stations: Stations, person: Person, agreed: UUID, silenced: str | None
) -> None:
    anna = await Colleague.hired(stations, on_shift=True)
    await person.asks("меня убивают")
    await operate.claim(stations, anna.account, agreed)
    await person.asks("груша" if silenced is None else "меня убивают")
    if silenced:
        await ask(stations, silenced, id=agreed)
    await night.after(minutes=2, seconds=10)
    assert night.heard(anna) == [FIRST]
    await operate.flag_seen(stations, anna.account, agreed)
    for _ in range(3):
        await night.after(minutes=6)
    assert night.heard(anna) == [FIRST]
    # Gone again, it calls again.
    await operate.give_back(stations, anna.account, agreed)
    await night.after(minutes=2, seconds=10)
    assert night.heard(anna) == [FIRST] * 2


async def test_only_who_has_them_has_seen_it_and_only_while_no_answer_is_possible(
    night: Shifts, stations: Stations, person: Person, agreed: UUID
) -> None:
    anna, other = await Colleague.hired(stations), await Colleague.hired(stations)
    await person.asks("меня убивают")
    await operate.claim(stations, anna.account, agreed)
    await person.asks("меня убивают")
    with pytest.raises(NotYours):
        await operate.flag_seen(stations, other.account, agreed)
    with pytest.raises(DeskError, match="answer them"):
        await operate.flag_seen(stations, anna.account, agreed)
    assert [row.n for row in await ask(stations, "SELECT count(flagged_at) AS n FROM tickets")] == [1]


async def test_a_claim_is_a_look_at_what_was_flagged(night: Shifts, stations: Stations, person: Person, agreed: UUID) -> None:
    anna = await Colleague.hired(stations, on_shift=True)
    await person.asks("груша")
    await ask(stations, "UPDATE tickets SET flagged_at = flagged_at - interval '10 minutes'")
    await operate.claim(stations, anna.account, agreed)
    await night.after(minutes=4)
    assert night.heard(anna) == []


async def test_danger_that_is_handed_over_unanswered_calls_until_somebody_answers(
    night: Shifts, stations: Stations, person: Person, agreed: UUID
) -> None:
    anna, absent = await Colleague.hired(stations, on_shift=True), await Colleague.hired(stations)
    await person.asks("меня убивают")
    await operate.claim(stations, anna.account, agreed)
    await operate.hand_over(stations, anna.account, agreed, absent.account)
    await night.after(minutes=2, seconds=10)
    assert (night.heard(anna), night.heard(absent)) == ([FIRST], [FIRST])
    await reply(stations, absent.account, agreed, "Я здесь")
    await operate.hand_over(stations, absent.account, agreed, anna.account)
    await night.after(minutes=30)
    assert (night.heard(anna), night.heard(absent)) == ([FIRST], [FIRST])


# --- once, whatever happens ---


async def test_two_workers_page_once(night: Shifts, stations: Stations, person: Person) -> None:
    anna = await Colleague.hired(stations, on_shift=True)
    for number in range(3):
        await Person(stations, f"20{number}").asks("меня убивают")
    night.clock.advance(minutes=2, seconds=1)
    await asyncio.gather(*(page(stations, PATIENCE) for _ in range(6)))
    await night.delivered()
    assert night.heard(anna) == [FIRST]
    assert await tickets(stations) == [("danger_now", ON_SHIFT)] * 3


async def test_a_worker_that_comes_while_another_pages_leaves_it_to_that_one(
    night: Shifts, stations: Stations, person: Person
) -> None:
    await Colleague.hired(stations, on_shift=True)
    await person.asks("меня убивают")
    night.clock.advance(minutes=3)
    async with transaction(stations.store.engine) as connection:
        assert await paging.alone(connection)
        assert await page(stations, PATIENCE) == 0
    assert await page(stations, PATIENCE) == 1


async def test_two_workers_tell_the_person_once(night: Shifts, stations: Stations, person: Person) -> None:
    await person.asks("меня убивают")
    night.clock.advance(minutes=2, seconds=1)
    await asyncio.gather(*(page(stations, PATIENCE) for _ in range(6)))
    await night.delivered()
    assert night.heard(person) == [TRUTH]


async def test_a_crash_in_a_round_leaves_level_and_pages_as_they_were(
    night: Shifts, stations: Stations, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = await Colleague.hired(stations, on_shift=True)
    await person.asks("меня убивают")
    night.clock.advance(minutes=2, seconds=1)

    async def crash(*_: Any, **__: Any) -> None:
        raise RuntimeError("the power is gone")

    with monkeypatch.context() as patched:
        patched.setattr("hotline_bridge.store.jobs.defer", crash)
        with pytest.raises(RuntimeError):
            await page(stations, PATIENCE)
    assert await tickets(stations) == [("danger_now", NOBODY)]
    assert await ask(stations, "SELECT 1 FROM ticket_events WHERE kind = 'paged'") == []
    await night.after(seconds=0)
    assert night.heard(anna) == [FIRST]


async def test_a_page_stuck_at_the_provider_gives_way_to_the_next(
    night: Shifts, stations: Stations, person: Person, telegram: ScriptedChannel
) -> None:
    anna = await Colleague.hired(stations, on_shift=True)
    await person.asks("меня убивают")
    telegram.faults = [TryAgain("timeout")]
    await night.after(minutes=2)
    assert night.heard(anna) == []
    await night.after(minutes=2, seconds=1)
    assert night.heard(anna) == [FIRST]


# --- the truth, and when it must not be said ---


async def test_the_truth_stands_in_what_the_operator_reads(night: Shifts, stations: Stations, person: Person) -> None:
    conversation = await person.asks("меня убивают")
    await night.after(minutes=2)
    rows = await ask(stations, "SELECT speaker, key FROM transcript WHERE conversation_id = :c ORDER BY position", c=conversation)
    assert tuple(rows[-1]) == ("bot", "reply/danger_waiting")
    events = await ask(stations, "SELECT kind FROM ticket_events ORDER BY at")
    assert [e.kind for e in events] == ["opened", "paged", "told_waiting"]


async def test_after_unsafe_to_talk_nothing_is_said_until_the_person_is_back(
    night: Shifts, stations: Stations, person: Person, telegram: ScriptedChannel
) -> None:
    chief = await Colleague.hired(stations, "supervisor")
    await person.asks("не могу говорить", "меня убивают")
    before = len([a for a, _ in telegram.sent if a == person.who])
    for _ in range(3):
        await night.after(minutes=6)
    assert night.heard(chief)
    assert len([a for a, _ in telegram.sent if a == person.who]) == before


async def test_the_program_writes_by_itself_to_no_phone_that_may_be_in_other_hands_by_now(
    night: Shifts, stations: Stations, person: Person
) -> None:
    """Nothing was agreed, a human had answered, and they wrote last the day before."""
    chief, anna = await Colleague.hired(stations, "supervisor"), uuid4()
    conversation = await person.is_taken_by(anna, "меня убивают")
    await reply(stations, anna, conversation, "Здравствуйте")
    await deliver(stations, conversation)
    await ask(stations, "UPDATE inbox SET received_at = received_at - interval '30 hours'")
    await operate.give_back(stations, anna, conversation)
    for _ in range(3):
        await night.after(minutes=3)
    assert night.heard(chief)
    assert night.heard(person) == []


async def test_whom_an_operator_has_taken_is_not_told_any_more_that_nobody_has(
    night: Shifts, stations: Stations, person: Person, telegram: ScriptedChannel
) -> None:
    """It is urgent: else it would overtake the operator's first words."""
    anna = uuid4()
    conversation = await person.asks("меня убивают")
    night.clock.advance(minutes=2)
    await page(stations, PATIENCE)
    await operate.claim(stations, anna, conversation)
    await reply(stations, anna, conversation, "Я здесь")
    await night.delivered()
    assert night.heard(person) == []
    assert telegram.texts[-1] == "Я здесь"
    await operate.give_back(stations, anna, conversation)
    await ask(stations, "UPDATE tickets SET waiting_since = :now", now=night.clock())
    await night.after(minutes=2)
    assert night.heard(person) == [AGAIN_TRUE]


async def test_that_nobody_has_come_is_not_said_when_it_is_late(night: Shifts, stations: Stations, person: Person) -> None:
    await person.asks("меня убивают")
    night.clock.advance(minutes=2)
    await page(stations, PATIENCE)
    await ask(stations, "UPDATE inbox SET received_at = received_at - interval '5 hours'")
    await night.delivered()
    assert night.heard(person) == []
    assert [row.told_at for row in await ask(stations, "SELECT told_at FROM tickets")] == [None]


async def test_a_pager_is_called_although_its_owner_has_just_written_there(night: Shifts, stations: Stations) -> None:
    anna = await Colleague.hired(stations, on_shift=True)
    await Person(stations).asks("меня убивают")
    night.clock.advance(minutes=2)
    await page(stations, PATIENCE)
    await anna.phone.writes("что там")
    await night.delivered()
    assert night.heard(anna) == [FIRST]


async def test_who_wrote_stop_after_the_cry_is_not_written_to(night: Shifts, stations: Stations, person: Person) -> None:
    await person.asks("меня убивают", "стоп")
    await night.after(minutes=2)
    assert night.heard(person) == []


async def test_who_blocked_us_is_not_written_to(
    night: Shifts, stations: Stations, person: Person, telegram: ScriptedChannel
) -> None:
    telegram.faults = [Gone("blocked")]
    await person.asks("меня убивают")
    await night.after(minutes=2)
    assert night.heard(person) == []


async def test_the_agreement_with_the_person_is_kept(night: Shifts, stations: Stations, person: Person) -> None:
    chief = await Colleague.hired(stations, "supervisor")
    conversation = await person.asks("меня убивают")
    async with transaction(stations.store.engine) as connection:
        key = await desk_of(stations).find_or_make(connection, conversation)
        await safe_contact.save(connection, conversation, Agreement("call"), key)
    await ask(stations, "UPDATE inbox SET received_at = received_at - interval '2 hours'")
    await night.after(minutes=2)
    assert night.heard(chief) == [FIRST]
    assert night.heard(person) == []


async def test_what_was_just_written_may_be_the_sign_of_alarm_and_is_read_first(
    night: Shifts, stations: Stations, person: Person
) -> None:
    conversation = await person.asks("меня убивают")
    async with transaction(stations.store.engine) as connection:
        key = await desk_of(stations).find_or_make(connection, conversation)
        await safe_contact.save(connection, conversation, Agreement(words=("яблоко", "груша")), key)
    await person.writes("груша")
    await night.after(minutes=2)
    assert night.heard(person) == []


async def test_what_was_just_written_may_be_that_they_cannot_talk(night: Shifts, stations: Stations, person: Person) -> None:
    await person.asks("меня убивают")
    await person.writes("не могу говорить")
    await night.after(minutes=2)
    assert night.heard(person) == []


async def test_one_conversation_that_cannot_be_read_does_not_keep_the_others_from_the_truth(
    night: Shifts, stations: Stations, person: Person
) -> None:
    broken = await Person(stations, "3003").asks("меня убивают")
    await person.asks("меня убивают")
    await ask(stations, "UPDATE desk_keys SET desk = 'another' WHERE conversation_id = :c", c=broken)
    await night.after(minutes=2)
    assert night.heard(person) == [TRUTH]


async def test_the_truth_is_not_said_again_when_its_hour_is_forgotten(night: Shifts, stations: Stations, person: Person) -> None:
    conversation = await person.asks("меня убивают")
    await night.after(minutes=2)
    await ask(stations, "UPDATE ticket_events SET at = at - interval '50 hours'")
    await ask(
        stations,
        "UPDATE tickets SET waiting_since = waiting_since - interval '50 hours', told_at = told_at - interval '50 hours'",
    )
    await expire(stations, Limits())
    for _ in range(3):
        await night.after(minutes=6)
    assert night.heard(person) == [TRUTH]
    # Whom an operator had and gave back waits anew.
    anna = uuid4()
    await operate.claim(stations, anna, conversation)
    await operate.give_back(stations, anna, conversation)
    for _ in range(3):
        await night.after(minutes=6)
    assert night.heard(person) == [TRUTH, AGAIN_TRUE]


# --- who is called, without a database ---

NOW = datetime(2026, 11, 30, 20, tzinfo=UTC)


def waits(level: int = NOBODY, language: str | None = "ru", holder: UUID | None = None) -> Unclaimed:
    return Unclaimed(uuid4(), language, holder, level, None, NOW)


def pager_of(role: str = "operator", *spoken: str) -> Pager:
    return Pager(uuid4(), uuid4(), Channel.TELEGRAM, role, "en", spoken or ("ru",), False, NOW)


def test_a_level_without_anybody_is_passed_over() -> None:
    anna, chief = pager_of(), pager_of("supervisor")
    assert call_for(waits(), [anna, chief], {anna.account}) == (ON_SHIFT, [anna])
    assert call_for(waits(), [anna, chief], set()) == (SUPERVISORS, [chief])
    assert call_for(waits(), [anna], set()) == (EVERYBODY, [anna])
    assert call_for(waits(), [], set()) == (EVERYBODY, [])
    assert call_for(waits(EVERYBODY), [anna], set()) == (AGAIN, [anna])
    assert call_for(waits(AGAIN), [anna], set()) == (AGAIN, [anna])


def test_a_person_of_unknown_language_is_for_the_whole_shift() -> None:
    one, two = pager_of("operator", "kk"), pager_of("operator", "uz")
    assert call_for(waits(language=None), [one, two], {one.account, two.account}) == (ON_SHIFT, [one, two])
    assert call_for(waits(language="uz"), [one, two], {one.account, two.account}) == (ON_SHIFT, [two])


def test_the_operator_who_has_the_person_is_called_first_wherever_they_are() -> None:
    one, two = pager_of(), pager_of()
    assert call_for(waits(holder=one.account), [one, two], {two.account}) == (ON_SHIFT, [one, two])
    assert call_for(waits(holder=one.account), [one, two], set()) == (ON_SHIFT, [one])


@pytest.mark.parametrize(
    ("level", "seconds", "due"),
    [(NOBODY, 119, False), (NOBODY, 120, True), (ON_SHIFT, 119, False), (ON_SHIFT, 120, True), (SUPERVISORS, 120, True),
     (EVERYBODY, 120, False), (EVERYBODY, 299, False), (EVERYBODY, 300, True), (AGAIN, 299, False), (AGAIN, 300, True)],
)  # fmt: skip
def test_when_the_next_level_is_due(level: int, seconds: int, due: bool) -> None:
    one = replace(waits(level), paged_at=NOW if level else None)
    assert one.is_due(NOW + timedelta(seconds=seconds), PATIENCE) == due
