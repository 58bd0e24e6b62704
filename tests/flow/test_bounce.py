"""bounce: an SMS that its provider took and reports lost later has answered nobody."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from fakes_bridge import ScriptedChannel, ask
from people import ANNA, Person

from hotline_bridge.channels.base import Parsed
from hotline_bridge.flow.deliver import deliver
from hotline_bridge.flow.receive import receive
from hotline_bridge.flow.reply import reply
from hotline_bridge.flow.stations import Stations
from hotline_bridge.flow.sweep import sweep
from hotline_bridge.messages import Channel, StatusReport
from hotline_bridge.tickets.needs import ANSWER_WITHIN

WITH_TICKETS = "SELECT answered_at, answered_since, answer_by - now() AS left FROM tickets WHERE need = 'danger_now'"


@pytest.fixture
async def endangered(by_sms: Person) -> UUID:
    """Somebody in danger whom Anna has."""
    return await by_sms.is_taken_by(ANNA, "меня убивают")


async def said_and_sent(stations: Stations, conversation: UUID, sms: ScriptedChannel) -> str:
    """How the provider calls the operator's answer that it took."""
    await reply(stations, ANNA, conversation, "Мы здесь.")
    await deliver(stations, conversation)
    return f"ref-{len(sms.sent)}"


async def reports(stations: Stations, reference: str, state: str) -> None:
    code = "30003" if state == "failed" else ""
    await receive(stations, Parsed(statuses=(StatusReport(Channel.TWILIO, reference, state, code),)))  # type: ignore[arg-type]
    await sweep(stations)


async def test_danger_answered_by_words_that_were_lost_waits_on_and_has_the_time_of_a_claim(
    endangered: UUID, stations: Stations, sms: ScriptedChannel
) -> None:
    await reports(stations, await said_and_sent(stations, endangered, sms), "failed")
    (row,) = await ask(stations, WITH_TICKETS)
    assert (row.answered_at, row.answered_since) == (None, None)
    assert ANSWER_WITHIN - timedelta(seconds=30) < row.left <= ANSWER_WITHIN
    needs = await ask(stations, "SELECT need FROM tickets ORDER BY need")
    assert [one.need for one in needs] == ["danger_now", "undeliverable"]


async def test_the_time_runs_once_for_one_report(endangered: UUID, stations: Stations, sms: ScriptedChannel) -> None:
    await reports(stations, await said_and_sent(stations, endangered, sms), "failed")
    await ask(stations, "UPDATE tickets SET answer_by = answer_by - interval '4 minutes'")
    before = await ask(stations, "SELECT answer_by FROM tickets ORDER BY id")
    await sweep(stations)
    assert await ask(stations, "SELECT answer_by FROM tickets ORDER BY id") == before


async def test_whom_other_words_reached_stays_answered(endangered: UUID, stations: Stations, sms: ScriptedChannel) -> None:
    first = await said_and_sent(stations, endangered, sms)
    await said_and_sent(stations, endangered, sms)
    await reports(stations, first, "failed")
    (row,) = await ask(stations, WITH_TICKETS)
    assert row.answered_at is not None
    assert row.left is None


async def test_what_arrived_is_an_answer(endangered: UUID, stations: Stations, sms: ScriptedChannel) -> None:
    await reports(stations, await said_and_sent(stations, endangered, sms), "delivered")
    (row,) = await ask(stations, WITH_TICKETS)
    assert row.answered_at is not None
    assert row.left is None


async def test_words_that_are_held_are_no_answer_and_call_nobody(
    endangered: UUID, stations: Stations, sms: ScriptedChannel
) -> None:
    await reply(stations, ANNA, endangered, "Мы здесь.")
    await ask(stations, "UPDATE outbox SET status = 'held' WHERE author IS NOT NULL")
    await sweep(stations)
    (row,) = await ask(stations, WITH_TICKETS)
    assert (row.answered_at, row.answered_since, row.left) == (None, None, None)
