"""sweep: lost jobs are found, the idle are forgotten, the account is checked."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from fakes_bridge import ScriptedAssistant, ScriptedChannel, ask
from people import Person

from hotline_bridge.flow.answer import answer
from hotline_bridge.flow.deliver import deliver
from hotline_bridge.flow.stations import Stations, today
from hotline_bridge.flow.sweep import forget_idle, sweep
from hotline_bridge.messages import Reply


async def jobs(stations: Stations) -> list[str]:
    return [row.lock for row in await ask(stations, "SELECT lock FROM procrastinate_jobs ORDER BY id")]


async def test_a_message_and_an_answer_whose_jobs_were_lost_are_found(person: Person, stations: Stations) -> None:
    conversation = await person.writes("что раз")
    await answer(stations, conversation)
    await person.writes("что два")
    await ask(stations, "DELETE FROM procrastinate_jobs")
    await ask(stations, "UPDATE inbox SET received_at = now() - interval '1 minute'")
    await ask(stations, "UPDATE outbox SET created_at = now() - interval '1 minute'")
    await sweep(stations)
    assert await jobs(stations) == [f"answer:{conversation}", f"deliver:{conversation}"]
    await sweep(stations)
    assert len(await jobs(stations)) == 2


async def test_work_that_came_just_now_is_left_to_its_job(person: Person, stations: Stations) -> None:
    await person.writes("что")
    await ask(stations, "DELETE FROM procrastinate_jobs")
    await sweep(stations)
    assert await jobs(stations) == []


async def test_a_missing_message_is_told_in_the_account(person: Person, stations: Stations) -> None:
    await person.writes("что")
    assert (await sweep(stations)).unaccounted == 0
    await ask(stations, "DELETE FROM inbox")
    assert (await sweep(stations)).unaccounted == 1


async def idle(stations: Stations, days: int) -> None:
    await ask(stations, "UPDATE conversations SET last_seen_on = :day", day=today(stations) - timedelta(days=days))


async def test_the_idle_are_forgotten_after_their_days_and_not_before(person: Person, stations: Stations) -> None:
    await person.asks("что")
    await idle(stations, 30)
    assert await forget_idle(stations, 30) == 0
    await idle(stations, 31)
    assert await forget_idle(stations, 30) == 1
    assert await ask(stations, "SELECT 1 FROM vault.identities") == []
    assert (await sweep(stations)).unaccounted == 0


@pytest.mark.parametrize(("state", "forgotten"), [("open", 0), ("taken", 0), ("closed", 1)])
async def test_somebody_with_an_open_ticket_is_kept(person: Person, stations: Stations, state: str, forgotten: int) -> None:
    await person.asks("убивают")
    await ask(stations, "UPDATE tickets SET state = :s", s=state)
    await idle(stations, 99)
    assert await forget_idle(stations, 30) == forgotten


async def test_somebody_whose_message_waits_is_kept(person: Person, stations: Stations) -> None:
    await person.writes("что")
    await idle(stations, 99)
    assert await forget_idle(stations, 30) == 0


async def test_a_forgetting_that_hangs_is_ended(person: Person, stations: Stations, assistant: ScriptedAssistant) -> None:
    assistant.always = [Reply("delete_now")]
    await answer(stations, await person.writes("что"))
    assert await forget_idle(stations, 30) == 0
    await idle(stations, 1)
    assert await forget_idle(stations, 30) == 1


async def test_references_to_messages_on_a_phone_go_after_two_days(person: Person, stations: Stations) -> None:
    await person.asks("что", reference="501")
    await forget_idle(stations, 30)
    assert [r.sealed_reference is None for r in await ask(stations, "SELECT sealed_reference FROM inbox")] == [False]
    await ask(stations, "UPDATE inbox SET received_at = now() - interval '49 hours'")
    await forget_idle(stations, 30)
    assert [r.sealed_reference is None for r in await ask(stations, "SELECT sealed_reference FROM inbox")] == [True]


async def test_found_work_is_done_as_if_nothing_had_happened(
    person: Person, stations: Stations, telegram: ScriptedChannel
) -> None:
    conversation = await person.writes("что")
    await ask(stations, "DELETE FROM procrastinate_jobs")
    await ask(stations, "UPDATE inbox SET received_at = now() - interval '1 minute'")
    await sweep(stations)
    await answer(stations, conversation)
    await deliver(stations, conversation)
    assert len(telegram.sent) == 1


async def test_after_two_days_nobody_can_lay_our_times_beside_a_telephone_companys(person: Person, stations: Stations) -> None:
    await person.asks("что", reference="501")
    exact = await ask(stations, "SELECT received_at FROM inbox")
    await forget_idle(stations, 30)
    assert await ask(stations, "SELECT received_at FROM inbox") == exact
    await ask(stations, "UPDATE inbox SET received_at = now() - interval '49 hours'")
    await ask(stations, "UPDATE outbox SET created_at = now() - interval '49 hours', sent_at = now() - interval '49 hours'")
    await forget_idle(stations, 30)
    (asked,) = await ask(stations, "SELECT received_at, done_at FROM inbox")
    (said,) = await ask(stations, "SELECT created_at, sent_at, reference_hash, sealed_reference, sealed_message FROM outbox")
    for moment in (*asked, said.created_at, said.sent_at):
        assert (moment.astimezone(UTC).hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0)
    assert (said.reference_hash, said.sealed_reference) == (None, None)
    assert said.sealed_message is not None  # what was said goes with the conversation


async def test_what_waits_or_went_out_today_keeps_its_times(person: Person, stations: Stations) -> None:
    await person.writes("что")
    await answer(stations, await person.writes("что"))
    await ask(stations, "UPDATE inbox SET received_at = now() - interval '49 hours', status = 'waiting'")
    await ask(stations, "UPDATE outbox SET created_at = now() - interval '49 hours'")
    before = await ask(stations, "SELECT received_at FROM inbox UNION ALL SELECT created_at FROM outbox")
    await forget_idle(stations, 30)
    assert await ask(stations, "SELECT received_at FROM inbox UNION ALL SELECT created_at FROM outbox") == before
    await ask(stations, "UPDATE outbox SET status = 'delivered', sent_at = now(), reference_hash = 'h'")
    await forget_idle(stations, 30)
    assert [r.reference_hash for r in await ask(stations, "SELECT reference_hash FROM outbox")] == [b"h", b"h"]
