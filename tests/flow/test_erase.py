"""erase: what lies at a provider goes, too, whatever becomes of the conversation meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from fakes_bridge import Clock, ScriptedAssistant, ScriptedChannel, ask
from people import Person, idle

from hotline_bridge.channels.base import Parsed
from hotline_bridge.errors import Gone, OutOfOrder, TryAgain
from hotline_bridge.flow.erase import erase
from hotline_bridge.flow.forget import forget
from hotline_bridge.flow.receive import receive
from hotline_bridge.flow.stations import Stations
from hotline_bridge.flow.sweep import forget_idle
from hotline_bridge.messages import Channel, Reply, StatusReport
from hotline_bridge.store import engine, roles


async def report(stations: Stations, state: str, reference: str = "ref-1") -> None:
    await receive(stations, Parsed(statuses=(StatusReport(Channel.TWILIO, reference, state),)))


async def left(stations: Stations) -> int:
    return len(await ask(stations, "SELECT 1 FROM erasures"))


async def test_the_record_of_an_sms_that_came_in_goes_a_minute_after_it_was_stored(
    by_sms: Person, stations: Stations, sms: ScriptedChannel, clock: Clock
) -> None:
    await by_sms.writes("что", number="SM1")
    assert await erase(stations) == 0
    clock.advance(seconds=61)
    assert await erase(stations) == 1
    assert sms.erased == [("", ("SM1",))]
    assert await left(stations) == 0


async def test_the_record_of_an_sms_that_went_out_goes_after_its_final_status(
    by_sms: Person, stations: Stations, sms: ScriptedChannel, clock: Clock
) -> None:
    for state in ("delivered", "failed"):
        await by_sms.asks("что")
        clock.advance(seconds=61)
        await erase(stations)
        sms.erased.clear()
        reference = f"ref-{len(sms.sent)}"
        await report(stations, state, reference)
        assert await erase(stations) == 1
        assert sms.erased == [("", (reference,))]
    assert await left(stations) == 0


async def test_where_no_status_comes_it_goes_after_a_day(
    by_sms: Person, stations: Stations, sms: ScriptedChannel, clock: Clock
) -> None:
    await by_sms.asks("что", number="SM1")
    clock.advance(hours=25)
    assert await erase(stations) == 2
    assert {references for _, references in sms.erased} == {("SM1",), ("ref-1",)}


async def test_it_goes_also_when_the_person_is_forgotten_before_the_status(
    by_sms: Person, stations: Stations, sms: ScriptedChannel, clock: Clock
) -> None:
    conversation = await by_sms.asks("что")
    await forget(stations, conversation)
    await report(stations, "delivered")
    clock.advance(seconds=61)
    assert await erase(stations) == 2


async def test_what_was_refused_is_tried_again_and_what_can_never_be_is_let_go(
    by_sms: Person, stations: Stations, sms: ScriptedChannel, clock: Clock
) -> None:
    await by_sms.writes("что")
    clock.advance(seconds=61)
    for fault in (TryAgain("under_way"), OutOfOrder("credentials")):
        sms.refusals = [fault]
        assert (await erase(stations), await left(stations)) == (0, 1)
        assert await erase(stations) == 0  # not at once
        clock.advance(minutes=5)
    sms.refusals = [Gone("gone")]
    assert (await erase(stations), await left(stations)) == (1, 0)
    assert sms.erased == []


async def test_what_could_not_be_erased_for_a_month_is_given_up(by_sms: Person, stations: Stations, clock: Clock) -> None:
    await by_sms.writes("что")
    clock.advance(days=31)
    without = replace(stations, channels={})
    await erase(without)
    assert await left(stations) == 0


async def test_with_the_setting_off_nothing_is_written_down(by_sms: Person, stations: Stations, sms: ScriptedChannel) -> None:
    sms.keeps_records = False
    await by_sms.asks("что")
    assert await left(stations) == 0


async def test_no_address_and_no_reference_stands_in_clear(by_sms: Person, stations: Stations) -> None:
    await by_sms.asks("что", number="SM1")
    rows = await ask(stations, "SELECT * FROM erasures")
    assert rows
    assert not any(word in str(row).encode() + bytes(row.sealed) for row in rows for word in (b"SM1", b"ref-1", b"77010000001"))


async def test_the_internets_listener_and_the_worker_may_do_their_parts(
    by_sms: Person, stations: Stations, sms: ScriptedChannel, clock: Clock, database: str
) -> None:
    async def as_role(process: str, step: Callable[[Stations], Awaitable[object]]) -> None:
        its = engine.create(roles.as_role(database, process), size=2)
        try:
            await step(replace(stations, store=replace(stations.store, engine=its)))
        finally:
            await its.dispose()

    await as_role("web", lambda there: Person(there, by_sms.who, by_sms.channel).writes("что", number="SM1"))
    clock.advance(seconds=61)
    await as_role("web", lambda there: report(there, "delivered"))
    await as_role("worker", erase)
    assert sms.erased == [("", ("SM1",))]


async def test_who_is_forgotten_by_time_loses_what_can_still_be_removed_from_both_screens(
    person: Person, stations: Stations, telegram: ScriptedChannel
) -> None:
    await person.asks("что", reference="501")
    await person.asks("что", reference="502")
    await ask(stations, "UPDATE inbox SET received_at = now() - interval '49 hours' WHERE position = 1")
    await ask(stations, "UPDATE outbox SET sent_at = now() - interval '49 hours' WHERE position = 1")
    await idle(stations, 2)
    assert await forget_idle(stations, 1) == 1
    assert await erase(stations) == 1
    assert telegram.erased == [("1001", ("502", "ref-2"))]
    assert await left(stations) == 0


async def test_who_was_silent_for_longer_than_two_days_keeps_the_screen(
    person: Person, stations: Stations, telegram: ScriptedChannel
) -> None:
    await person.asks("что", reference="501")
    await ask(stations, "UPDATE inbox SET received_at = now() - interval '49 hours'")
    await ask(stations, "UPDATE outbox SET sent_at = now() - interval '49 hours'")
    await idle(stations, 31)
    assert await forget_idle(stations, 30) == 1
    assert (await erase(stations), telegram.erased) == (0, [])


async def test_who_asks_keeps_the_last_line_alone(
    person: Person, stations: Stations, telegram: ScriptedChannel, assistant: ScriptedAssistant
) -> None:
    await person.asks("что", reference="501")
    assistant.always = [Reply("delete_now")]
    await person.asks("что", reference="502")
    assert set(telegram.sent[-1][1].take_back) == {"501", "502", "ref-1"}
    assert await ask(stations, "SELECT 1 FROM vault.identities") == []
    assert (await erase(stations), telegram.erased) == (0, [])


async def test_a_trial_phones_screen_is_forgotten_with_its_writer(stations: Stations, assistant: ScriptedAssistant) -> None:
    for channel in (Channel.TRIAL_CHAT, Channel.TRIAL_SMS):
        phone = ScriptedChannel(channel)
        there = replace(stations, channels={channel: phone})
        visitor = Person(there, f"trial:{channel}", channel)
        assistant.always = [Reply("delete_now")]
        await visitor.asks("что", reference="1")
        assert await erase(there) == 1
        assert phone.erased == [(f"trial:{channel}", ())]
