"""deliver: in order, again when that helps, to a person when it does not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from fakes_bridge import Clock, ScriptedAssistant, ScriptedChannel, ask
from people import Person
from test_operate import agree

from hotline_bridge.channels.base import Parsed
from hotline_bridge.errors import Gone, NeverAgain, OutOfOrder, SendError, SlowDown, TryAgain
from hotline_bridge.flow import operate
from hotline_bridge.flow.answer import answer
from hotline_bridge.flow.contact import ask_who_waits
from hotline_bridge.flow.deliver import deliver
from hotline_bridge.flow.erase import erase
from hotline_bridge.flow.receive import receive
from hotline_bridge.flow.reply import reply
from hotline_bridge.flow.stations import Stations
from hotline_bridge.messages import Channel, Reply, StatusReport
from hotline_bridge.outbox import STEP_ASIDE_AFTER
from hotline_bridge.safe_contact import PARTS, Agreement, next_part, part_of_day

ANNA = uuid4()


@pytest.fixture(autouse=True)
def _a_short_answer(assistant: ScriptedAssistant) -> None:
    assistant.always = [Reply("thank")]


async def rows(stations: Stations) -> list[Any]:
    return await ask(stations, "SELECT status, attempts, error, not_before, sent_at FROM outbox ORDER BY position")


async def later_jobs(stations: Stations) -> list[Any]:
    query = "SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = 'deliver' AND scheduled_at IS NOT NULL ORDER BY id"
    return await ask(stations, query)


async def ready(stations: Stations) -> None:
    """As if the pauses were over."""
    await ask(stations, "UPDATE outbox SET not_before = now() - interval '1 second' WHERE not_before IS NOT NULL")


async def tickets(stations: Stations) -> list[str]:
    return [row.need for row in await ask(stations, "SELECT need FROM tickets")]


async def answers(stations: Stations) -> list[bool]:
    """Of each ticket, whether a human counts as having answered."""
    return [row.answered_at is not None for row in await ask(stations, "SELECT answered_at FROM tickets")]


async def answered(person: Person, *texts: str) -> Any:
    conversation = await person.writes(*texts)
    await answer(person.stations, conversation)
    return conversation


async def test_messages_go_out_in_the_order_in_which_they_were_written(
    person: Person, stations: Stations, assistant: ScriptedAssistant, telegram: ScriptedChannel
) -> None:
    assistant.next = [[Reply("photo"), Reply("voice")], [Reply("video")]]
    conversation = await answered(person, "что раз", "что два")
    assert await deliver(stations, conversation) == 3
    assert ["photos" in telegram.texts[0], "voice" in telegram.texts[1], "videos" in telegram.texts[2]] == [True] * 3
    assert [r.status for r in await rows(stations)] == ["delivered"] * 3
    assert await deliver(stations, conversation) == 0


async def test_a_provider_that_reports_later_leaves_it_sent_until_then(
    by_sms: Person, stations: Stations, sms: ScriptedChannel
) -> None:
    await by_sms.asks("что")
    assert [r.status for r in await rows(stations)] == ["sent"]
    await receive(stations, Parsed(statuses=(StatusReport(Channel.TWILIO, "ref-1", "failed", "30005"),)))
    assert [(r.status, r.error) for r in await rows(stations)] == [("failed", "30005")]


@pytest.mark.parametrize("error", [TryAgain("timeout"), OutOfOrder("token")])
async def test_what_may_work_later_is_tried_again_in_seconds(
    person: Person, stations: Stations, telegram: ScriptedChannel, error: SendError
) -> None:
    telegram.faults = [error]
    conversation = await answered(person, "что")
    assert await deliver(stations, conversation) == 0
    row = (await rows(stations))[0]
    assert (row.status, row.attempts, row.error) == ("waiting", 1, error.code)
    assert timedelta(0) < row.not_before - datetime.now(UTC) < timedelta(seconds=5)
    assert [j.scheduled_at for j in await later_jobs(stations)] == [row.not_before]
    await ready(stations)
    assert await deliver(stations, conversation) == 1
    assert [(r.status, r.error) for r in await rows(stations)] == [("delivered", None)]
    assert await tickets(stations) == []


@pytest.mark.parametrize("error", [Gone("blocked"), NeverAgain("refused")])
async def test_what_can_never_work_is_not_tried_again_and_a_person_learns_of_it(
    person: Person, stations: Stations, telegram: ScriptedChannel, error: SendError
) -> None:
    telegram.faults = [error]
    await person.asks("что")
    assert [(r.status, r.error, r.not_before) for r in await rows(stations)] == [("failed", error.code, None)]
    assert await tickets(stations) == ["undeliverable"]
    assert await later_jobs(stations) == []


async def test_one_that_fails_does_not_take_the_next_with_it(
    person: Person, stations: Stations, telegram: ScriptedChannel
) -> None:
    telegram.faults = [NeverAgain("refused")]
    conversation = await answered(person, "что раз", "что два")
    assert await deliver(stations, conversation) == 1
    assert [r.status for r in await rows(stations)] == ["failed", "delivered"]


async def test_those_behind_wait_for_one_that_is_tried_again(
    person: Person, stations: Stations, telegram: ScriptedChannel
) -> None:
    telegram.faults = [TryAgain("timeout")]
    conversation = await answered(person, "что раз", "что два")
    assert await deliver(stations, conversation) == 0
    assert [r.status for r in await rows(stations)] == ["waiting", "waiting"]
    assert telegram.tried == 1


async def test_a_stuck_one_steps_aside_for_those_behind_it(person: Person, stations: Stations, telegram: ScriptedChannel) -> None:
    telegram.faults = [TryAgain("timeout")] * STEP_ASIDE_AFTER
    conversation = await answered(person, "что раз", "что два")
    for _ in range(STEP_ASIDE_AFTER):
        await deliver(stations, conversation)
        stuck = (await rows(stations))[0]
        if stuck.attempts < STEP_ASIDE_AFTER:
            await ready(stations)
    assert [r.status for r in await rows(stations)] == ["waiting", "delivered"]
    await ready(stations)
    await deliver(stations, conversation)
    assert [r.status for r in await rows(stations)] == ["delivered", "delivered"]


async def test_waiting_for_a_pause_makes_one_job_however_often_somebody_looks(
    person: Person, stations: Stations, telegram: ScriptedChannel
) -> None:
    telegram.faults = [TryAgain("timeout")]
    conversation = await answered(person, "что")
    for _ in range(5):
        await deliver(stations, conversation)
    assert len(await later_jobs(stations)) == 1


async def test_slow_down_holds_only_that_person(stations: Stations, telegram: ScriptedChannel) -> None:
    one, other = Person(stations, "one"), Person(stations, "other")
    held, free = await answered(one, "что"), await answered(other, "что")
    telegram.faults = [SlowDown("429", 30.0)]
    assert await deliver(stations, held) == 0
    assert await deliver(stations, free) == 1
    row = (await rows(stations))[0]
    assert timedelta(seconds=25) < row.not_before - datetime.now(UTC) <= timedelta(seconds=30)
    await answered(one, "что ещё")
    await deliver(stations, held)
    assert [address for address, _ in telegram.sent] == ["other"]


async def test_after_a_day_it_is_given_up_and_becomes_a_ticket(
    person: Person, stations: Stations, telegram: ScriptedChannel, clock: Clock
) -> None:
    telegram.faults = [TryAgain("timeout")] * 100
    conversation = await answered(person, "что")
    for _ in range(60):
        await deliver(stations, conversation)
        row = (await rows(stations))[0]
        if row.status == "failed":
            break
        clock.ahead = row.not_before - datetime.now(UTC) + timedelta(seconds=1)
        # The database's own clock cannot be moved: move the row instead.
        await ask(stations, "UPDATE outbox SET not_before = now()")
    assert [(r.status, r.error) for r in await rows(stations)] == [("failed", "timeout")]
    assert await tickets(stations) == ["undeliverable"]
    assert 20 < telegram.tried < 60


async def test_a_channel_whose_settings_were_taken_away_is_waited_for(
    person: Person, stations: Stations, telegram: ScriptedChannel
) -> None:
    conversation = await answered(person, "что")
    assert await deliver(Stations(stations.store, stations.vault, {}), conversation) == 0
    assert [(r.status, r.error) for r in await rows(stations)] == [("waiting", "not_configured")]
    await ready(stations)
    assert await deliver(stations, conversation) == 1


async def test_the_last_line_of_somebody_to_be_forgotten_is_waited_for_even_when_it_is_stuck(
    person: Person, stations: Stations, assistant: ScriptedAssistant, telegram: ScriptedChannel
) -> None:
    assistant.always = [Reply("delete_now")]
    telegram.faults = [TryAgain("timeout")] * STEP_ASIDE_AFTER
    conversation = await answered(person, "что")
    for _ in range(STEP_ASIDE_AFTER):
        await ready(stations)
        await deliver(stations, conversation)
    assert len(await ask(stations, "SELECT 1 FROM vault.identities")) == 1
    await ready(stations)
    await deliver(stations, conversation)
    assert len(telegram.sent) == 1
    assert await ask(stations, "SELECT 1 FROM vault.identities") == []


async def test_a_crash_after_the_provider_took_it_sends_it_once_more(
    person: Person, stations: Stations, telegram: ScriptedChannel
) -> None:
    conversation = await answered(person, "что")
    await ask(stations, "ALTER TABLE outbox ADD CONSTRAINT full_disk CHECK (status <> 'delivered')")
    with pytest.raises(Exception, match="full_disk"):
        await deliver(stations, conversation)
    await ask(stations, "ALTER TABLE outbox DROP CONSTRAINT full_disk")
    assert await deliver(stations, conversation) == 1
    assert len(telegram.sent) == 2


# --- the agreement, at the moment of sending ---


async def _agreed(person: Person, stations: Stations, hours: tuple[str, ...]) -> UUID:
    """Somebody whose operator has answered at once, an hour and more after which the provider works again."""
    conversation = await person.asks("меня убивают")
    await agree(stations, conversation, Agreement(hours=hours))
    await operate.claim(stations, ANNA, conversation)
    return conversation


async def test_a_reply_that_was_late_is_held_when_the_agreed_hours_are_over(
    person: Person, stations: Stations, telegram: ScriptedChannel, clock: Clock
) -> None:
    conversation = await _agreed(person, stations, hours=(part_of_day(clock()),))
    assert not (await reply(stations, ANNA, conversation, "Мы здесь.")).held
    assert await answers(stations) == [True]
    telegram.faults = [TryAgain("timeout")]
    await deliver(stations, conversation)
    later = next_part(tuple(part for part in PARTS if part != part_of_day(clock())), clock())
    clock.ahead = later - datetime.now(UTC) + timedelta(hours=1, minutes=1)
    await ready(stations)
    before = len(telegram.sent)
    assert await deliver(stations, conversation) == 0
    assert len(telegram.sent) == before
    assert [(r.status, r.attempts, r.not_before) for r in await rows(stations)][-1] == ("held", 0, None)
    assert await answers(stations) == [False], "nothing reached this person yet"


async def test_whom_another_reply_of_the_same_moment_reached_stays_answered(
    person: Person, stations: Stations, telegram: ScriptedChannel, clock: Clock
) -> None:
    conversation = await _agreed(person, stations, hours=(part_of_day(clock()),))
    await reply(stations, ANNA, conversation, "Мы здесь.")
    await deliver(stations, conversation)
    await reply(stations, ANNA, conversation, "И ещё.")
    released = "UPDATE outbox SET created_at = (SELECT answered_at FROM tickets) WHERE author IS NOT NULL"  # both at once
    await ask(stations, released)
    telegram.faults = [TryAgain("timeout")]
    await deliver(stations, conversation)
    later = next_part(tuple(part for part in PARTS if part != part_of_day(clock())), clock())
    clock.ahead = later - datetime.now(UTC) + timedelta(hours=1, minutes=1)
    await ready(stations)
    assert await deliver(stations, conversation) == 0
    assert [r.status for r in await rows(stations)][-2:] == ["delivered", "held"]
    assert await answers(stations) == [True]


@pytest.mark.parametrize("error", [Gone("blocked"), NeverAgain("refused")])
async def test_whose_only_reply_never_went_out_was_not_answered_and_keeps_their_wait(
    person: Person, stations: Stations, telegram: ScriptedChannel, error: SendError
) -> None:
    conversation = await person.is_taken_by(ANNA, "меня убивают")
    await reply(stations, ANNA, conversation, "Мы здесь.")
    telegram.faults = [error]
    await deliver(stations, conversation)
    assert await answers(stations) == [False, False], "of danger, and of what could not be delivered"
    await ask(stations, "UPDATE tickets SET waiting_since = now() - interval '30 minutes'")
    await operate.give_back(stations, ANNA, conversation)
    rows = await ask(stations, "SELECT waiting_since < now() - interval '29 minutes' AS long FROM tickets")
    assert [row.long for row in rows] == [True, True]


async def test_whom_a_later_reply_reached_was_answered_by_that_one(
    person: Person, stations: Stations, telegram: ScriptedChannel
) -> None:
    conversation = await person.is_taken_by(ANNA, "меня убивают")
    await reply(stations, ANNA, conversation, "Мы здесь.")
    await reply(stations, ANNA, conversation, "И ещё.")
    telegram.faults = [NeverAgain("refused")]
    await deliver(stations, conversation)
    rows = await ask(stations, "SELECT answered_at FROM tickets WHERE need = 'danger_now'")
    second = await ask(stations, "SELECT created_at FROM outbox WHERE author IS NOT NULL AND status = 'delivered'")
    assert [row.answered_at for row in rows] == [row.created_at for row in second]


@pytest.mark.parametrize("order", ["стоп", "не могу говорить"])
async def test_whose_only_reply_was_withdrawn_was_not_answered(person: Person, stations: Stations, order: str) -> None:
    conversation = await person.is_taken_by(ANNA, "меня убивают")
    await reply(stations, ANNA, conversation, "Мы здесь.")
    assert await answers(stations) == [True]
    await person.writes(order)
    await answer(stations, conversation)
    assert not any(await answers(stations))


async def test_a_reply_that_was_late_on_another_day_waits_for_the_question(
    person: Person, stations: Stations, telegram: ScriptedChannel, clock: Clock
) -> None:
    conversation = await _agreed(person, stations, hours=())
    await reply(stations, ANNA, conversation, "Мы здесь.")
    await ask(stations, "UPDATE agreements SET confirmed_at = confirmed_at - interval '1 day'")
    clock.advance(hours=1, minutes=1)
    await deliver(stations, conversation)
    assert await ask_who_waits(stations) == 1
    assert await deliver(stations, conversation) == 1
    assert telegram.texts[-1] == "Hello. Can you write now? Yes or no?"


async def test_a_reply_that_was_late_goes_out_while_it_may(
    person: Person, stations: Stations, telegram: ScriptedChannel, clock: Clock
) -> None:
    conversation = await _agreed(person, stations, hours=(part_of_day(clock()),))
    await reply(stations, ANNA, conversation, "Мы здесь.")
    telegram.faults = [TryAgain("timeout")]
    await deliver(stations, conversation)
    await ready(stations)
    await deliver(stations, conversation)
    assert telegram.texts[-1] == "Мы здесь."


def _others() -> tuple[str, ...]:
    """All parts of the day but the one that it is."""
    return tuple(part for part in PARTS if part != part_of_day(datetime.now(UTC)))


async def test_an_answer_to_whoever_has_just_asked_obeys_no_hours(person: Person, stations: Stations, clock: Clock) -> None:
    conversation = await person.asks("что раз")
    await agree(stations, conversation, Agreement(hours=_others()))
    await answered(person, "что два")
    await ask(stations, "UPDATE outbox SET created_at = created_at - interval '59 minutes' WHERE status = 'waiting'")
    assert await deliver(stations, conversation) == 1


@pytest.mark.parametrize(("text", "needs"), [("что два", []), ("меня убивают", ["danger_now"])])
async def test_an_answer_that_is_hours_late_does_not_light_up_a_screen_outside_the_agreed_hours(
    person: Person, stations: Stations, telegram: ScriptedChannel, text: str, needs: list[str]
) -> None:
    """One to danger neither: who is paged for it can reach them within the hours."""
    conversation = await person.asks("что раз")
    await agree(stations, conversation, Agreement(hours=_others()))
    await answered(person, text)
    await hours_later(stations, 9)
    before = len(telegram.sent)
    assert await deliver(stations, conversation) == 0
    assert len(telegram.sent) == before
    assert [(r.status, r.error) for r in await rows(stations)][-1] == ("failed", "late")
    assert sorted(await tickets(stations)) == [*needs, "undeliverable"], "somebody has an answer to give"


@pytest.mark.parametrize("agreed", ["nothing", "any_hour", "this_hour"])
async def test_a_late_answer_goes_out_where_it_may(person: Person, stations: Stations, clock: Clock, agreed: str) -> None:
    conversation = await person.asks("что раз")
    if agreed != "nothing":
        hours = (part_of_day(clock()),) if agreed == "this_hour" else ()
        await agree(stations, conversation, Agreement(hours=hours))
    await answered(person, "что два")
    await hours_later(stations, 9)
    assert await deliver(stations, conversation) == 1


async def test_what_a_late_answer_would_have_taken_from_the_screen_goes_all_the_same(
    person: Person, stations: Stations, telegram: ScriptedChannel
) -> None:
    conversation = await person.asks("что раз")
    await agree(stations, conversation, Agreement(hours=_others()))
    await answered(person, "очистить")
    await hours_later(stations, 9)
    assert await deliver(stations, conversation) == 0
    await erase(stations)
    assert [(address, "ref-1" in gone) for address, gone in telegram.erased] == [(person.who, True)]


async def hours_later(stations: Stations, hours: int) -> None:
    """What was written and what waits is so many hours old."""
    by = f"interval '{hours} hours'"
    await ask(stations, f"UPDATE inbox SET received_at = received_at - {by}")
    await ask(stations, f"UPDATE outbox SET created_at = created_at - {by} WHERE status = 'waiting'")


async def test_the_question_itself_is_not_put_outside_the_agreed_hours(
    person: Person, stations: Stations, telegram: ScriptedChannel, clock: Clock
) -> None:
    conversation = await _agreed(person, stations, hours=(part_of_day(clock()),))
    await ask(stations, "UPDATE agreements SET confirmed_at = confirmed_at - interval '1 day'")
    await ask(stations, "UPDATE inbox SET received_at = received_at - interval '1 day'")
    assert (await reply(stations, ANNA, conversation, "Мы здесь.")).held
    assert await ask_who_waits(stations) == 1
    before = len(telegram.sent)
    clock.ahead = next_part(tuple(p for p in PARTS if p != part_of_day(clock())), clock()) - datetime.now(UTC)
    assert await deliver(stations, conversation) == 0
    assert len(telegram.sent) == before
    assert [(r.status, r.error) for r in await rows(stations)][-2:] == [("held", None), ("failed", "late")]


# --- pace ---

SLOW, GAP = 0.01, 100.0  # messages a second, and the seconds between two: no test takes so long


async def pass_seconds(stations: Stations, seconds: float) -> None:
    """As if they had passed: every place in a line is so much nearer."""
    await ask(stations, "UPDATE pace SET free_at = free_at - make_interval(secs => :s)", s=seconds)
    await ask(stations, "UPDATE outbox SET not_before = not_before - make_interval(secs => :s)", s=seconds)


async def free_at(stations: Stations, key: object) -> datetime:
    found: datetime = (await ask(stations, "SELECT free_at FROM pace WHERE key = :key", key=str(key)))[0].free_at
    return found


@dataclass
class Sleepless:
    """Stands for asyncio in deliver: notes until when it would have slept."""

    until: list[datetime] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.until.append(datetime.now(UTC) + timedelta(seconds=seconds))


async def test_one_person_gets_no_more_than_the_channel_allows(
    person: Person, stations: Stations, telegram: ScriptedChannel
) -> None:
    telegram.pace = type(telegram.pace)(overall=1000.0, each=SLOW)
    conversation = await answered(person, *["что"] * 3)
    for sent in (1, 2, 3):
        assert await deliver(stations, conversation) == 1
        assert await deliver(stations, conversation) == 0, "nothing more before the pause is over"
        assert len(telegram.sent) == sent
        await pass_seconds(stations, GAP)


async def test_a_short_pause_is_waited_for_on_the_spot(
    person: Person, stations: Stations, telegram: ScriptedChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleepless = Sleepless()
    monkeypatch.setattr("hotline_bridge.flow.deliver.asyncio", sleepless)
    telegram.pace = type(telegram.pace)(overall=1000.0, each=1.0)
    conversation = await answered(person, "что", "что")
    assert await deliver(stations, conversation) == 2
    place = await free_at(stations, conversation) - timedelta(seconds=1)
    assert max([*sleepless.until, telegram.sent_at[-1]]) >= place


async def test_more_people_than_the_pace_allows_are_all_served_at_that_pace(
    stations: Stations, telegram: ScriptedChannel
) -> None:
    telegram.pace = type(telegram.pace)(overall=SLOW, each=1000.0)
    line = [await answered(Person(stations, f"p{n}"), "что") for n in range(5)]
    for one in line:
        await deliver(stations, one)
    places = [row.not_before for row in await ask(stations, "SELECT not_before FROM outbox WHERE not_before IS NOT NULL")]
    assert sorted(places) == [job.scheduled_at for job in await later_jobs(stations)]
    gaps = [(later - sooner).total_seconds() for sooner, later in pairwise(sorted(places))]
    assert gaps == pytest.approx([GAP] * 3, rel=0.2)
    for served in (1, 2, 3, 4, 5):
        assert len({address for address, _ in telegram.sent}) == len(telegram.sent) == served
        await pass_seconds(stations, GAP)
        for one in reversed(line):
            await deliver(stations, one)


async def test_a_slow_line_of_one_person_is_served_too(by_sms: Person, stations: Stations, sms: ScriptedChannel) -> None:
    sms.pace = type(sms.pace)(overall=SLOW, each=SLOW)
    conversation = await answered(by_sms, "что", "что")
    assert await deliver(stations, conversation) == 1
    assert [job.scheduled_at > datetime.now(UTC) for job in await later_jobs(stations)] == [True]
    await pass_seconds(stations, GAP)
    assert await deliver(stations, conversation) == 1


async def test_a_safety_reply_stands_in_no_line(
    stations: Stations, telegram: ScriptedChannel, assistant: ScriptedAssistant
) -> None:
    telegram.pace = type(telegram.pace)(overall=SLOW, each=1000.0)
    for n in range(5):
        await deliver(stations, await answered(Person(stations, f"p{n}"), "что"))
    assert len(telegram.sent) == 1
    assistant.next = [[Reply("danger_now")]]
    last = await answered(Person(stations, "p4"), "я заперта")
    assert await deliver(stations, last) == 1
    assert telegram.sent[-1][0] == "p4"
    assert "112" in telegram.texts[-1]
