"""follow_up: each state of a referral once and in order, and a link that is dead when it should be."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest
from fakes_bridge import Clock, ask
from test_refer import ANNA, BOLAT, DRAFT, audited, rows, state

from hotline_bridge import referrals
from hotline_bridge.errors import DeskError
from hotline_bridge.flow import follow_up, refer, take_up, trail
from hotline_bridge.flow.forget import forget
from hotline_bridge.flow.stations import DeskStations, Stations
from hotline_bridge.flow.sweep import sweep

# --- what becomes of it ---


async def test_sent_read_accepted_served_each_in_the_trail(desk: DeskStations, stations: Stations, conversation: UUID) -> None:
    made = await refer.make(desk, ANNA, conversation, DRAFT)
    opened = await take_up.read(stations, made.token)
    assert opened
    jobs = await ask(stations, "SELECT args FROM procrastinate_jobs WHERE task_name = 'refer'")
    assert [job.args for job in jobs] == [{"conversation": str(conversation)}]
    assert await follow_up.record(stations, conversation) == 1
    assert await take_up.answer(stations, opened.answer, accepted=True)
    assert await take_up.answer(stations, opened.answer, accepted=False) is False
    assert await follow_up.record(stations, conversation) == 1
    assert await follow_up.record(stations, conversation) == 0
    await follow_up.mark(desk, BOLAT, made.referral.id, "served")
    assert await state(stations) == "served"
    assert await audited(stations) == [
        (ANNA, "referral_made", {"revealed": "0"}),
        (None, "referral_read", {}),
        (None, "referral_accepted", {"by": "reader"}),
        (BOLAT, "referral_served", {}),
    ]
    kinds = [r.kind for r in await ask(stations, "SELECT kind FROM ticket_events WHERE kind LIKE 'refer%' ORDER BY at")]
    assert kinds == ["referred", "referral_read", "referral_accepted", "referral_served"]
    assert (await trail.verify(stations, None)).fault is None


async def test_a_reader_who_cannot_help_says_so(desk: DeskStations, stations: Stations, conversation: UUID) -> None:
    made = await refer.make(desk, ANNA, conversation, DRAFT)
    opened = await take_up.read(stations, made.token)
    assert opened
    assert await take_up.answer(stations, opened.answer, accepted=False)
    assert await follow_up.record(stations, conversation) == 2
    assert [action for _, action, _ in await audited(stations)][1:] == ["referral_read", "referral_refused"]


async def test_what_was_said_on_the_telephone_is_marked_and_ends_the_link(
    desk: DeskStations, stations: Stations, conversation: UUID
) -> None:
    made = await refer.make(desk, ANNA, conversation, DRAFT)
    with pytest.raises(DeskError) as refused:
        await follow_up.mark(desk, ANNA, made.referral.id, "served")
    assert refused.value.reason == "answered"
    await follow_up.mark(desk, ANNA, made.referral.id, "accepted")
    assert await take_up.read(stations, made.token) is None
    assert (await audited(stations))[-1] == (ANNA, "referral_accepted", {"by": "operator"})
    for wrong in ("read", "sent", "expired", "withdrawn"):
        with pytest.raises(DeskError):
            await follow_up.mark(desk, ANNA, made.referral.id, wrong)


async def test_a_mark_that_comes_before_the_job_leaves_the_readers_step_in_its_place(
    desk: DeskStations, stations: Stations, conversation: UUID
) -> None:
    made = await refer.make(desk, ANNA, conversation, DRAFT)
    opened = await take_up.read(stations, made.token)
    assert opened
    await take_up.answer(stations, opened.answer, accepted=True)
    await follow_up.mark(desk, ANNA, made.referral.id, "served")
    assert [(actor, action) for actor, action, _ in await audited(stations)][1:] == [
        (None, "referral_read"), (None, "referral_accepted"), (ANNA, "referral_served"),
    ]  # fmt: skip
    assert await follow_up.record(stations, conversation) == 0


async def test_a_reader_whose_connection_dies_before_the_commit_can_read_again(
    desk: DeskStations, stations: Stations, conversation: UUID
) -> None:
    made = await refer.make(desk, ANNA, conversation, DRAFT)
    async with stations.store.engine.connect() as connection:
        await connection.exec_driver_sql("LOCK TABLE procrastinate_jobs IN EXCLUSIVE MODE")
        dying = asyncio.create_task(take_up.read(stations, made.token))
        await asyncio.sleep(0.3)
        dying.cancel()
        await asyncio.gather(dying, return_exceptions=True)
        await connection.rollback()
    assert await state(stations) == "sent"
    assert await take_up.read(stations, made.token)


async def test_a_lost_job_is_made_up_for_by_the_sweep(desk: DeskStations, stations: Stations, conversation: UUID) -> None:
    made = await refer.make(desk, ANNA, conversation, DRAFT)
    await take_up.read(stations, made.token)
    await ask(stations, "DELETE FROM procrastinate_jobs")
    await sweep(stations)
    assert [action for _, action, _ in await audited(stations)][1:] == ["referral_read"]


@pytest.mark.parametrize("step", ["sent", "read", "accepted"])
async def test_forgetting_leaves_a_row_without_anything_sealed_and_a_dead_link(
    desk: DeskStations, stations: Stations, conversation: UUID, step: str
) -> None:
    made = await refer.make(desk, ANNA, conversation, DRAFT)
    opened = await take_up.read(stations, made.token) if step != "sent" else None
    if step == "accepted":
        assert opened
        assert await take_up.answer(stations, opened.answer, accepted=True)
    await forget(stations, conversation)
    row = (await rows(stations))[0]
    assert (row.state, row.noted, row.conversation_id) == ("forgotten", "forgotten", None)
    assert (row.read_at is not None, row.answered_at is not None) == (step != "sent", step == "accepted")
    assert (row.token_hash, row.answer_hash, row.sealed_packet, row.sealed_consent) == (None, None, None, None)
    assert await take_up.read(stations, made.token) is None
    if opened:
        assert await take_up.answer(stations, opened.answer, accepted=True) is False
    with pytest.raises(DeskError):
        await follow_up.mark(desk, ANNA, made.referral.id, "served")
    await sweep(stations)


@pytest.mark.parametrize("heard", ["withdrawn", "refused", "served"])
async def test_what_had_ended_before_somebody_was_forgotten_stays_what_it_was(
    desk: DeskStations, stations: Stations, conversation: UUID, heard: str
) -> None:
    made = await refer.make(desk, ANNA, conversation, DRAFT)
    if heard == "withdrawn":
        await follow_up.withdraw(desk, ANNA, made.referral.id)
    else:
        await follow_up.mark(desk, ANNA, made.referral.id, "accepted")
        await follow_up.mark(desk, ANNA, made.referral.id, heard)
    await forget(stations, conversation)
    assert await state(stations) == heard


# --- the end of a link ---


async def test_when_the_consent_is_withdrawn_the_link_is_dead(desk: DeskStations, stations: Stations, conversation: UUID) -> None:
    made = await refer.make(desk, ANNA, conversation, DRAFT)
    await follow_up.withdraw(desk, BOLAT, made.referral.id)
    assert await take_up.read(stations, made.token) is None
    assert (await rows(stations))[0].sealed_packet is None
    assert (await audited(stations))[-1] == (BOLAT, "referral_withdrawn", {"why": "person"})
    with pytest.raises(DeskError):
        await follow_up.withdraw(desk, ANNA, made.referral.id)


async def test_withdrawn_after_it_was_read_the_reader_cannot_accept_any_more(
    desk: DeskStations, stations: Stations, conversation: UUID
) -> None:
    made = await refer.make(desk, ANNA, conversation, DRAFT)
    opened = await take_up.read(stations, made.token)
    assert opened
    await follow_up.withdraw(desk, ANNA, made.referral.id)
    assert await take_up.answer(stations, opened.answer, accepted=True) is False
    assert await state(stations) == "withdrawn"


async def test_after_three_days_the_link_is_dead(
    desk: DeskStations, stations: Stations, conversation: UUID, clock: Clock
) -> None:
    made = await refer.make(desk, ANNA, conversation, DRAFT)
    clock.advance(hours=72)
    assert await take_up.read(stations, made.token) is None
    assert await state(stations) == "sent"
    await sweep(stations)
    assert await state(stations) == "expired"
    assert (await rows(stations))[0].sealed_packet is None
    assert [(actor, action) for actor, action, _ in await audited(stations)][1:] == [(None, "referral_expired")]


async def test_only_links_that_were_ended_are_counted(
    desk: DeskStations, conversation: UUID, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await refer.make(desk, ANNA, conversation, DRAFT)
    clock.advance(hours=72)

    async def over(*_: object) -> list[UUID]:
        return [made.referral.id]  # as another sweep read it at the same moment

    monkeypatch.setattr(referrals, "over", over)
    assert [await follow_up.end_what_is_over(desk) for _ in range(2)] == [1, 0]
