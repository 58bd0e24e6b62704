"""sweep: lost jobs are found, the idle are forgotten, the account is checked."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from fakes_bridge import ScriptedAssistant, ScriptedChannel, ask
from people import Person, idle

from hotline_bridge.flow.answer import answer
from hotline_bridge.flow.deliver import deliver
from hotline_bridge.flow.stations import Stations, today
from hotline_bridge.flow.sweep import forget_idle, sweep
from hotline_bridge.messages import Reply
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import deciding


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


@pytest.mark.parametrize(("ago", "forgotten"), [(21, 0), (30, 0), (31, 1)])
async def test_whose_time_to_decide_still_runs_is_kept_until_it_ends(
    person: Person, stations: Stations, ago: int, forgotten: int
) -> None:
    conversation = await person.asks("убивают")
    await ask(stations, "UPDATE tickets SET state = 'closed', outcome = 'referred'")
    on = today(stations) - timedelta(days=ago)
    async with transaction(stations.store.engine) as connection:
        await deciding.note(connection, conversation, on, uuid4())
    await idle(stations, 31)
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
