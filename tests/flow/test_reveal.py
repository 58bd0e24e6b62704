"""reveal: nobody opens a sealed value alone unless somebody is in danger; it lasts minutes, and every step is audited."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from colleagues import has_an_account
from fakes_bridge import Clock, ask
from people import ANNA, Person

from hotline_bridge import reveals, safe_contact
from hotline_bridge.accounts.people import Role
from hotline_bridge.errors import CannotBeWritten, DeskError, Identifying, NotYours
from hotline_bridge.flow import operate, oversee, reveal, see, trail
from hotline_bridge.flow.forget import forget
from hotline_bridge.flow.stations import Stations
from hotline_bridge.flow.sweep import sweep
from hotline_bridge.flow.unseal import unseal
from hotline_bridge.reveals import Reveal
from hotline_bridge.safe_contact import Agreement
from hotline_bridge.store.engine import transaction

BOLAT, SAULE = uuid4(), uuid4()  # another operator and a supervisor
WHY = "The police ask for the number, she agreed"
NUMBER = "+7 701 123 45 67"


async def state(stations: Stations, one: Reveal) -> tuple[str, str | None]:
    row = (await ask(stations, "SELECT state, why FROM reveals WHERE id = :id", id=one.id))[0]
    return row.state, row.why


async def audited(stations: Stations) -> list[tuple[UUID | None, str]]:
    rows = await ask(stations, "SELECT actor, action FROM audit WHERE action LIKE 'reveal%' ORDER BY sequence")
    return [tuple(row) for row in rows]


async def hand_over(stations: Stations, conversation: UUID, to: UUID) -> None:
    """From Anna to somebody whose account is made for it."""
    await has_an_account(stations, Role.SUPERVISOR, to)
    await operate.hand_over(stations, ANNA, conversation, to)


async def sealed_left(stations: Stations) -> int:
    found = await ask(stations, "SELECT count(*) AS n FROM reveals WHERE sealed_value IS NOT NULL")
    return int(found[0].n)


@pytest.fixture
async def endangered(person: Person, stations: Stations) -> UUID:
    """Somebody in danger whom Anna has, and who wrote a number."""
    found = await person.asks(f"меня убивают {NUMBER}")
    await operate.claim(stations, ANNA, found)
    return found


async def agree_on_other_hours(stations: Stations, conversation: UUID) -> None:
    """A call, in a part of the day that it is not."""
    assert stations.desk
    other = "night" if safe_contact.part_of_day(stations.clock()) != "night" else "day"
    async with transaction(stations.store.engine) as connection:
        key = await stations.desk.find_or_make(connection, conversation)
        await safe_contact.save(connection, conversation, Agreement("call", (other,), True, "[PHONE_1]"), key)


# --- who decides ---


async def test_outside_the_agreed_hours_a_number_is_asked_for_knowingly(stations: Stations, conversation: UUID) -> None:
    await agree_on_other_hours(stations, conversation)
    with pytest.raises(DeskError, match="outside the agreed hours"):
        await reveal.ask(stations, ANNA, conversation, "PHONE_1", WHY)
    assert await audited(stations) == []
    assert (await reveal.ask(stations, ANNA, conversation, "address", WHY)).state == "asked"  # a chat does not ring
    assert (await reveal.ask(stations, ANNA, conversation, "PHONE_1", WHY, knowing=True)).state == "asked"


async def test_a_number_that_was_opened_before_the_agreed_hours_ended_is_seen_after_them_only_knowingly(
    stations: Stations, conversation: UUID
) -> None:
    one = await reveal.ask(stations, ANNA, conversation, "PHONE_1", WHY)
    await reveal.grant(stations, SAULE, one.id)
    await see.open_(stations, ANNA, one.id)
    await unseal(stations, conversation)
    await agree_on_other_hours(stations, conversation)
    with pytest.raises(DeskError, match="outside the agreed hours"):
        await see.show(stations, ANNA, one.id)
    assert "reveal_shown" not in [action for _, action in await audited(stations)]
    assert await see.show(stations, ANNA, one.id, knowing=True) == NUMBER


async def test_danger_waits_for_no_hours(stations: Stations, endangered: UUID) -> None:
    await agree_on_other_hours(stations, endangered)
    assert (await reveal.ask(stations, ANNA, endangered, "PHONE_1", WHY)).state == "opening"


async def test_without_danger_it_is_opened_only_after_another_person_agreed(stations: Stations, conversation: UUID) -> None:
    one = await reveal.ask(stations, ANNA, conversation, "PHONE_1", WHY)
    assert one.state == "asked"
    with pytest.raises(DeskError, match="the time for this is over"):
        await see.open_(stations, ANNA, one.id)
    assert await unseal(stations, conversation) == 0
    await reveal.grant(stations, SAULE, one.id)
    assert await unseal(stations, conversation) == 0
    await see.open_(stations, ANNA, one.id)
    assert await unseal(stations, conversation) == 1
    assert await see.show(stations, ANNA, one.id) == NUMBER
    assert await audited(stations) == [
        (ANNA, "reveal_asked"), (SAULE, "reveal_granted"), (ANNA, "reveal_opening"), (None, "reveal_opened"),
        (ANNA, "reveal_shown"),
    ]  # fmt: skip
    assert (await trail.verify(stations, None)).fault is None


async def test_in_danger_it_is_granted_and_opened_at_once(stations: Stations, endangered: UUID) -> None:
    one = await reveal.ask(stations, ANNA, endangered, "[PHONE_1]", WHY)
    assert (one.state, one.danger) == ("opening", True)
    jobs = await ask(stations, "SELECT args FROM procrastinate_jobs WHERE task_name = 'reveal'")
    assert [job.args for job in jobs] == [{"conversation": str(endangered)}]
    await unseal(stations, endangered)
    assert await see.show(stations, ANNA, one.id) == NUMBER
    assert await audited(stations) == [
        (ANNA, "reveal_asked"), (None, "reveal_granted"), (None, "reveal_opened"), (ANNA, "reveal_shown"),
    ]  # fmt: skip


async def test_words_of_danger_while_an_operator_is_there_count_as_danger(
    person: Person, stations: Stations, conversation: UUID
) -> None:
    await person.asks("меня убивают")
    assert (await reveal.ask(stations, ANNA, conversation, "PHONE_1", WHY)).danger


async def test_a_danger_that_is_over_grants_nothing(stations: Stations, endangered: UUID) -> None:
    await ask(stations, "UPDATE tickets SET state = 'closed'")
    assert not (await reveal.ask(stations, ANNA, endangered, "PHONE_1", WHY)).danger


async def test_nobody_agrees_to_their_own_wish_nor_refuses_it(stations: Stations, conversation: UUID) -> None:
    await hand_over(stations, conversation, SAULE)
    one = await reveal.ask(stations, SAULE, conversation, "PHONE_1", WHY)
    for step in (reveal.grant(stations, SAULE, one.id), reveal.refuse(stations, SAULE, one.id, "No, this is not needed")):
        with pytest.raises(DeskError) as refused:
            await step
        assert refused.value.reason == "own"
    assert await state(stations, one) == ("asked", None)
    await reveal.grant(stations, BOLAT, one.id)
    assert (await state(stations, one))[0] == "granted"


async def test_a_refusal_says_why_to_whoever_asked(stations: Stations, conversation: UUID) -> None:
    one = await reveal.ask(stations, ANNA, conversation, "PHONE_1", WHY)
    with pytest.raises(DeskError):
        await reveal.refuse(stations, SAULE, one.id, "no")
    await reveal.refuse(stations, SAULE, one.id, "Ask her first whether she agrees")
    assert await state(stations, one) == ("refused", None)
    (wish,) = (await oversee.of_conversation(stations, conversation)).rows
    assert (wish.reason, wish.answer) == (WHY, "Ask her first whether she agrees")
    with pytest.raises(DeskError) as refused:
        await reveal.grant(stations, SAULE, one.id)
    assert refused.value.reason == "decided"


async def test_two_supervisors_at_once_decide_once(stations: Stations, conversation: UUID) -> None:
    one = await reveal.ask(stations, ANNA, conversation, "PHONE_1", WHY)
    done = await asyncio.gather(
        reveal.grant(stations, SAULE, one.id),
        reveal.refuse(stations, BOLAT, one.id, "She did not agree"),
        return_exceptions=True,
    )
    assert sorted(type(d).__name__ for d in done) == ["DeskError", "NoneType"]


# --- who asks, and for what ---


@pytest.mark.parametrize("why", ["", "police", "1234567890123", ".......... !!!!!!!!!!", "x" * 501])
async def test_a_reason_that_says_nothing_is_no_reason(stations: Stations, conversation: UUID, why: str) -> None:
    with pytest.raises(DeskError) as refused:
        await reveal.ask(stations, ANNA, conversation, "PHONE_1", why)
    assert refused.value.reason == "reason"


async def test_a_reason_with_a_number_in_it_is_refused(stations: Stations, conversation: UUID) -> None:
    with pytest.raises(Identifying):
        await reveal.ask(stations, ANNA, conversation, "PHONE_1", f"The police ask for it: {NUMBER}")


@pytest.mark.parametrize("what", ["", "everything", "PHONE", "phone_1", "PHONE_1 PHONE_2", "PHONE_99999", "%", "address; --"])
async def test_only_a_placeholder_or_the_address_can_be_asked_for(stations: Stations, conversation: UUID, what: str) -> None:
    with pytest.raises(DeskError) as refused:
        await reveal.ask(stations, ANNA, conversation, what, WHY)
    assert refused.value.reason == "what"


async def test_only_who_has_the_conversation_asks_opens_and_sees(stations: Stations, conversation: UUID) -> None:
    with pytest.raises(NotYours):
        await reveal.ask(stations, BOLAT, conversation, "PHONE_1", WHY)
    one = await reveal.ask(stations, ANNA, conversation, "PHONE_1", WHY)
    await reveal.grant(stations, SAULE, one.id)
    for account in (BOLAT, SAULE):
        for step in (see.open_, see.show):
            with pytest.raises(NotYours):
                await step(stations, account, one.id)
    await see.open_(stations, ANNA, one.id)
    await unseal(stations, conversation)
    await hand_over(stations, conversation, BOLAT)
    for account in (ANNA, BOLAT):
        with pytest.raises(NotYours):
            await see.show(stations, account, one.id)


async def test_the_same_wish_is_not_asked_twice_at_once(stations: Stations, conversation: UUID) -> None:
    await reveal.ask(stations, ANNA, conversation, "PHONE_1", WHY)
    with pytest.raises(DeskError) as refused:
        await reveal.ask(stations, ANNA, conversation, "PHONE_1", WHY)
    assert refused.value.reason == "asked_already"


async def test_the_persons_own_address_is_opened_too(stations: Stations, endangered: UUID) -> None:
    one = await reveal.ask(stations, ANNA, endangered, "address", WHY)
    await unseal(stations, endangered)
    assert await see.show(stations, ANNA, one.id) == "1001"


async def test_a_placeholder_that_does_not_exist_is_said_to_be_unknown(stations: Stations, endangered: UUID) -> None:
    one = await reveal.ask(stations, ANNA, endangered, "PERSON_7", WHY)
    await unseal(stations, endangered)
    assert await state(stations, one) == ("failed", "unknown")


# --- how long ---


async def test_a_wish_that_nobody_decides_ends_after_thirty_minutes(stations: Stations, conversation: UUID, clock: Clock) -> None:
    one = await reveal.ask(stations, ANNA, conversation, "PHONE_1", WHY)
    clock.advance(minutes=30)
    with pytest.raises(DeskError) as refused:
        await reveal.grant(stations, SAULE, one.id)
    assert refused.value.reason == "decided"
    await sweep(stations)
    assert await state(stations, one) == ("expired", None)
    assert (await audited(stations))[-1] == (None, "reveal_expired")
    await reveal.ask(stations, ANNA, conversation, "PHONE_1", WHY)


async def test_only_what_was_ended_is_counted(
    stations: Stations, conversation: UUID, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await reveal.ask(stations, ANNA, conversation, "PHONE_1", WHY)
    clock.advance(minutes=30)
    async with transaction(stations.store.engine) as connection:
        found = await reveals.over(connection, clock())

    async def over(*_: object) -> list[Reveal]:
        return found  # as another sweep read it at the same moment

    monkeypatch.setattr(reveals, "over", over)
    assert [await see.end_what_is_over(stations) for _ in range(2)] == [1, 0]


async def test_a_grant_that_nobody_uses_ends_after_thirty_minutes(stations: Stations, conversation: UUID, clock: Clock) -> None:
    one = await reveal.ask(stations, ANNA, conversation, "PHONE_1", WHY)
    clock.advance(minutes=29)
    await reveal.grant(stations, SAULE, one.id)
    clock.advance(minutes=30)
    with pytest.raises(DeskError) as refused:
        await see.open_(stations, ANNA, one.id)
    assert refused.value.reason == "over"
    await sweep(stations)
    assert await state(stations, one) == ("expired", None)


async def test_the_value_is_readable_for_ten_minutes_and_then_erased(stations: Stations, endangered: UUID, clock: Clock) -> None:
    one = await reveal.ask(stations, ANNA, endangered, "PHONE_1", WHY)
    await unseal(stations, endangered)
    clock.advance(minutes=9)
    for _ in range(2):
        assert await see.show(stations, ANNA, one.id) == NUMBER
    clock.advance(minutes=1)
    with pytest.raises(DeskError) as refused:
        await see.show(stations, ANNA, one.id)
    assert refused.value.reason == "over"
    assert await sealed_left(stations) == 1
    await sweep(stations)
    assert await sealed_left(stations) == 0
    assert await state(stations, one) == ("erased", None)
    shown = await ask(stations, "SELECT facts->>'times' AS times FROM audit WHERE action = 'reveal_shown' ORDER BY sequence")
    assert [row.times for row in shown] == ["1", "2"]


# --- the worker looks again ---


async def forged(stations: Stations, conversation: UUID, **values: Any) -> Reveal:
    """A row that says "opening", as a stolen console could write it."""
    one = await reveal.ask(stations, ANNA, conversation, "PHONE_1", WHY)
    await ask(
        stations,
        "UPDATE reveals SET state = 'opening', decided_by = :decided_by, asked_by = :asked_by WHERE id = :id",
        **{"id": one.id, "decided_by": None, "asked_by": ANNA, **values},
    )
    return one


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({}, "not_allowed"),
        ({"decided_by": ANNA}, "not_allowed"),
        ({"decided_by": SAULE, "asked_by": BOLAT}, "not_yours"),
    ],
)
async def test_what_a_stolen_console_writes_is_not_opened(
    stations: Stations, conversation: UUID, values: dict[str, Any], why: str
) -> None:
    one = await forged(stations, conversation, **values)
    await unseal(stations, conversation)
    assert await state(stations, one) == ("failed", why)
    assert await sealed_left(stations) == 0
    assert (await audited(stations))[-1] == (None, "reveal_failed")


async def test_the_house_opens_only_so_many_in_an_hour(
    stations: Stations, endangered: UUID, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reveals, "MOST_AN_HOUR", 1)
    await reveal.ask(stations, ANNA, endangered, "PHONE_1", WHY)
    await unseal(stations, endangered)
    second = await reveal.ask(stations, ANNA, endangered, "address", WHY)
    await unseal(stations, endangered)
    assert await state(stations, second) == ("failed", "too_many")
    clock.advance(minutes=61)
    third = await reveal.ask(stations, ANNA, endangered, "address", WHY)
    await unseal(stations, endangered)
    assert (await state(stations, third))[0] == "opened"


# --- crashes, and forgetting ---


async def test_a_worker_that_dies_while_opening_leaves_it_to_be_opened(stations: Stations, endangered: UUID) -> None:
    one = await reveal.ask(stations, ANNA, endangered, "PHONE_1", WHY)
    async with stations.store.engine.connect() as connection:
        await connection.exec_driver_sql("LOCK TABLE audit IN EXCLUSIVE MODE")
        dying = asyncio.create_task(unseal(stations, endangered))
        await asyncio.sleep(0.3)
        dying.cancel()
        await asyncio.gather(dying, return_exceptions=True)
        await connection.rollback()
    assert await state(stations, one) == ("opening", None)
    assert await sealed_left(stations) == 0
    await unseal(stations, endangered)
    assert await unseal(stations, endangered) == 0
    assert await see.show(stations, ANNA, one.id) == NUMBER
    assert [action for _, action in await audited(stations)].count("reveal_opened") == 1


async def test_a_lost_job_is_made_again(stations: Stations, endangered: UUID) -> None:
    await reveal.ask(stations, ANNA, endangered, "PHONE_1", WHY)
    await ask(stations, "DELETE FROM procrastinate_jobs WHERE task_name = 'reveal'")
    await sweep(stations)
    assert await ask(stations, "SELECT 1 FROM procrastinate_jobs WHERE task_name = 'reveal'") == []
    await ask(stations, "UPDATE reveals SET decided_at = now() - interval '11 seconds'")
    await sweep(stations)
    await sweep(stations)
    assert len(await ask(stations, "SELECT 1 FROM procrastinate_jobs WHERE task_name = 'reveal'")) == 1


@pytest.mark.parametrize("until", ["asked", "granted", "opening", "opened"])
async def test_forgetting_takes_everything_sealed_along_at_every_step(stations: Stations, conversation: UUID, until: str) -> None:
    one = await reveal.ask(stations, ANNA, conversation, "PHONE_1", WHY)
    steps: dict[str, Callable[[], Any]] = {
        "granted": lambda: reveal.grant(stations, SAULE, one.id),
        "opening": lambda: see.open_(stations, ANNA, one.id),
        "opened": lambda: unseal(stations, conversation),
    }
    for name, step in steps.items():
        if (await state(stations, one))[0] != until:
            await step()
            assert (await state(stations, one))[0] == name
    await forget(stations, conversation)
    row = (await ask(stations, "SELECT * FROM reveals"))[0]
    assert (row.state, row.conversation_id) == ("forgotten", None)
    assert (row.sealed_reason, row.sealed_answer, row.sealed_value) == (None, None, None)
    for wish in (
        reveal.grant(stations, SAULE, one.id),
        see.open_(stations, ANNA, one.id),
        see.show(stations, ANNA, one.id),
    ):
        with pytest.raises(CannotBeWritten):
            await wish
    assert await unseal(stations, conversation) == 0


async def test_the_console_opens_nothing_by_itself(stations: Stations, endangered: UUID) -> None:
    """Between the wish and the worker there is nothing in the row that the desk's key opens."""
    one = await reveal.ask(stations, ANNA, endangered, "PHONE_1", WHY)
    assert await sealed_left(stations) == 0
    with pytest.raises(DeskError) as refused:
        await see.show(stations, ANNA, one.id)
    assert refused.value.reason == "over"


async def test_the_supervisors_list_shows_what_waits_first(stations: Stations, conversation: UUID, clock: Clock) -> None:
    first = await reveal.ask(stations, ANNA, conversation, "PHONE_1", WHY)
    second = await reveal.ask(stations, ANNA, conversation, "address", WHY)
    await reveal.refuse(stations, SAULE, second.id, "It is not needed for this")
    async with transaction(stations.store.engine) as connection:
        assert [one.id for one in await reveals.newest(connection)] == [first.id, second.id]
        assert await reveals.waiting(connection, SAULE, clock()) == 1
        assert await reveals.waiting(connection, ANNA, clock()) == 0, "nobody decides over their own wish"
