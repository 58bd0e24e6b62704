"""let_go: an operator orders, the worker forgets, and nobody who writes meanwhile is lost."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest
from colleagues import has_an_account
from fakes_bridge import ScriptedChannel, ask
from people import Person

from hotline_bridge.accounts.people import Role
from hotline_bridge.errors import CannotBeWritten, DeskError, NotYours
from hotline_bridge.flow import let_go, look, operate
from hotline_bridge.flow.answer import answer
from hotline_bridge.flow.erase import erase
from hotline_bridge.flow.reply import reply
from hotline_bridge.flow.stations import Stations
from hotline_bridge.flow.sweep import forget_idle
from hotline_bridge.flow.take_over import take_over
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import open_once

ANNA, BOLAT = uuid4(), uuid4()


@pytest.fixture
async def conversation(person: Person, stations: Stations) -> UUID:
    made = await person.asks("что", reference="501")
    async with transaction(stations.store.engine) as connection:
        await open_once(connection, conversation=made, turn=None, need="talk_to_operator")
    await operate.claim(stations, ANNA, made)
    return made


async def said(stations: Stations) -> list[tuple[object, ...]]:
    return [tuple(row) for row in await ask(stations, "SELECT actor, action, facts FROM audit ORDER BY sequence")][1:]


async def test_everything_goes_and_the_trail_keeps_who_and_why(
    conversation: UUID, stations: Stations, telegram: ScriptedChannel
) -> None:
    await let_go.order(stations, ANNA, conversation, "endangers", sure=True)
    assert await look.at_case(stations, conversation) is None  # at once
    assert [r.lock for r in await ask(stations, "SELECT lock FROM procrastinate_jobs WHERE task_name = 'forget'")] == [
        f"forget:{conversation}"
    ]
    assert await let_go.carry_out(stations, conversation) == 1
    for table in ("conversations", "inbox", "outbox", "transcript", "vault.keys", "vault.identities"):
        assert await ask(stations, f"SELECT 1 FROM {table}") == [], table
    assert await said(stations) == [
        (ANNA, "forget_ordered", {"reason": "endangers"}),
        (None, "forgotten", {"why": "operator"}),
    ]
    await erase(stations)
    assert telegram.erased == [("1001", ("501", "ref-1"))]  # both sides
    assert await let_go.carry_out(stations, conversation) == 0


async def test_it_needs_the_conversation_a_reason_and_a_confirmation(conversation: UUID, stations: Stations) -> None:
    with pytest.raises(NotYours):
        await let_go.order(stations, BOLAT, conversation, "test", sure=True)
    for reason, sure in (("", True), ("because", True), ("test", False)):
        with pytest.raises(DeskError) as refused:
            await let_go.order(stations, ANNA, conversation, reason, sure=sure)
        assert refused.value.reason == "why_forget"
    assert await said(stations) == []


async def test_who_has_just_written_is_read_first(conversation: UUID, person: Person, stations: Stations) -> None:
    await person.writes("убивают")
    with pytest.raises(DeskError) as refused:
        await let_go.order(stations, ANNA, conversation, "test", sure=True)
    assert refused.value.reason == "just_wrote"


async def test_a_silence_for_safety_is_not_ended_by_it(conversation: UUID, stations: Stations) -> None:
    await ask(stations, "UPDATE conversations SET silence = 'unsafe'")
    with pytest.raises(CannotBeWritten):
        await let_go.order(stations, ANNA, conversation, "test", sure=True)
    assert [r.silence for r in await ask(stations, "SELECT silence FROM conversations")] == ["unsafe"]


async def in_danger(stations: Stations, conversation: UUID) -> UUID:
    """Danger was written meanwhile; the supervisor who may take them over."""
    async with transaction(stations.store.engine) as connection:
        await open_once(connection, conversation=conversation, turn=None, need="danger_now")
    return await has_an_account(stations, Role.SUPERVISOR)


@pytest.mark.parametrize("reason", let_go.REASONS)
async def test_no_operator_has_somebody_in_danger_forgotten(conversation: UUID, stations: Stations, reason: str) -> None:
    await in_danger(stations, conversation)
    with pytest.raises(DeskError) as refused:
        await let_go.order(stations, ANNA, conversation, reason, sure=True)
    assert refused.value.reason == "in_danger"
    await ask(
        stations, "UPDATE tickets SET need = 'not_understood', flagged_at = now() WHERE need = 'danger_now'"
    )  # the agreed sign
    with pytest.raises(DeskError):
        await let_go.order(stations, ANNA, conversation, reason, sure=True)
    assert await ask(stations, "SELECT 1 FROM vault.identities") != []


@pytest.mark.parametrize("reason", [one for one in let_go.REASONS if one != "person"])
async def test_no_supervisor_has_somebody_in_danger_forgotten_who_has_not_asked(
    conversation: UUID, stations: Stations, reason: str
) -> None:
    chief = await in_danger(stations, conversation)
    await take_over(stations, chief, conversation)
    with pytest.raises(DeskError) as refused:
        await let_go.order(stations, chief, conversation, reason, sure=True)
    assert refused.value.reason == "in_danger"


async def test_a_supervisor_has_somebody_in_danger_forgotten_who_has_asked(conversation: UUID, stations: Stations) -> None:
    chief = await in_danger(stations, conversation)
    await take_over(stations, chief, conversation)
    await let_go.order(stations, chief, conversation, "person", sure=True)
    assert await let_go.carry_out(stations, conversation) == 1


async def test_a_stolen_session_does_not_empty_the_house_however_quick_it_is(stations: Stations) -> None:
    async def let_another_go(number: int) -> None:
        made = await Person(stations, f"30{number}").asks("что")
        async with transaction(stations.store.engine) as connection:
            await open_once(connection, conversation=made, turn=None, need="talk_to_operator")
        await operate.claim(stations, ANNA, made)
        await let_go.order(stations, ANNA, made, "not_ours", sure=True)

    for number in range(let_go.MOST_AN_HOUR - 1):
        await let_another_go(number)
    said = await asyncio.gather(*(let_another_go(100 + number) for number in range(3)), return_exceptions=True)
    assert sorted(one.reason for one in said if isinstance(one, DeskError)) == ["forgets_too_many"] * 2
    assert [one for one in said if not isinstance(one, DeskError)] == [None]


async def test_who_writes_before_the_worker_comes_is_kept_and_heard(
    conversation: UUID, person: Person, stations: Stations
) -> None:
    await let_go.order(stations, ANNA, conversation, "test", sure=True)
    await person.writes("убивают")
    assert await let_go.carry_out(stations, conversation) == 0
    await answer(stations, conversation)
    assert await let_go.carry_out(stations, conversation) == 0
    assert [r.need for r in await ask(stations, "SELECT need FROM tickets WHERE state <> 'closed' ORDER BY need")] == [
        "danger_now",
        "talk_to_operator",
    ]


async def test_an_order_whose_job_was_lost_is_found_and_nobody_writes_there_meanwhile(
    conversation: UUID, stations: Stations
) -> None:
    await let_go.order(stations, ANNA, conversation, "person", sure=True)
    with pytest.raises(CannotBeWritten):
        await reply(stations, ANNA, conversation, "Hello")
    await forget_idle(stations, 30)
    assert await ask(stations, "SELECT 1 FROM conversations") == []
    assert (await said(stations))[-1] == (None, "forgotten", {"why": "operator"})
