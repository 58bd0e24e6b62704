"""Shifts as rows: who is on duty, in which language, and from when on."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from fakes_bridge import ask
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.flow.stations import Store
from hotline_bridge.local_time import ZONE
from hotline_bridge.shifts import Shift, next_on_duty, on_duty, roster
from hotline_bridge.store.engine import transaction

MONDAY = date(2026, 11, 30)
NINE = datetime.combine(MONDAY, time(9), ZONE)


async def colleague(store: Store, name: str, *languages: str, role: str = "operator", active: bool = True) -> UUID:
    account = uuid4()
    await ask(
        store,
        "INSERT INTO console.accounts (id, login, name, role, languages, active) VALUES (:id, :name, :name, :role, :spoken, :on)",
        id=account,
        name=name,
        role=role,
        spoken=list(languages),
        on=active,
    )
    return account


async def plans(store: Store, account: UUID, starts: int, ends: int, weekday: int | None = 0, **more: object) -> Shift:
    shift = Shift(uuid4(), account, time(starts), time(ends), weekday, **more)  # type: ignore[arg-type]
    async with transaction(store.engine) as connection:
        assert await roster.add(connection, [shift]) == 1
    return shift


async def names(connection: AsyncConnection, now: datetime, language: str | None = None) -> list[str]:
    return [one.name for one in await on_duty(connection, now, language)]


async def test_those_on_duty_are_those_on_shift_who_speak_the_language(store: Store) -> None:
    await plans(store, await colleague(store, "Anna", "ru", "kk"), 8, 16)
    await plans(store, await colleague(store, "Zafar", "tg"), 8, 16)
    await plans(store, await colleague(store, "Yulduz", "uz"), 16, 0)
    async with transaction(store.engine) as connection:
        assert await names(connection, NINE) == ["Anna", "Zafar"]
        assert await names(connection, NINE, "tg") == ["Zafar"]
        assert await names(connection, NINE, "uz") == []
        assert await names(connection, NINE + timedelta(hours=8), "uz") == ["Yulduz"]


async def test_only_those_who_answer_people_and_may_sign_in_are_on_duty(store: Store) -> None:
    for name, role, active in (("A", "operator", False), ("B", "administrator", True), ("C", "auditor", True)):
        await plans(store, await colleague(store, name, "ru", role=role, active=active), 0, 0)
    await plans(store, await colleague(store, "D", "ru", role="supervisor"), 0, 0)
    async with transaction(store.engine) as connection:
        assert await names(connection, NINE) == ["D"]


async def test_the_night_shift_of_yesterdays_date_is_still_on(store: Store) -> None:
    await plans(store, await colleague(store, "Anna", "ru"), 22, 6, None, day=MONDAY - timedelta(days=1))
    async with transaction(store.engine) as connection:
        assert await names(connection, NINE - timedelta(hours=4)) == ["Anna"]


async def test_the_next_shift_in_a_language(store: Store) -> None:
    await plans(store, await colleague(store, "Anna", "ru"), 8, 16, 2)
    async with transaction(store.engine) as connection:
        assert await next_on_duty(connection, "ru", NINE) == NINE - timedelta(hours=1) + timedelta(days=2)
        assert await next_on_duty(connection, None, NINE) == NINE - timedelta(hours=1) + timedelta(days=2)
        assert await next_on_duty(connection, "uz", NINE) is None
        assert await next_on_duty(connection, "ru", NINE + timedelta(days=2)) == NINE + timedelta(days=2)


async def test_the_same_shift_is_kept_once(store: Store) -> None:
    anna = await colleague(store, "Anna", "ru")
    first = await plans(store, anna, 8, 16)
    other = await plans(store, anna, 16, 20)
    again = Shift(uuid4(), anna, time(8), time(16), 0)
    async with transaction(store.engine) as connection:
        assert await roster.add(connection, [again]) == 0
        assert not await roster.change(connection, Shift(other.id, anna, time(8), time(16), 0))
        assert await roster.change(connection, Shift(first.id, anna, time(9), time(16), 0))
        assert await roster.one(connection, first.id) == Shift(first.id, anna, time(9), time(16), 0)
        await roster.remove(connection, first.id)
        assert await roster.one(connection, first.id) is None


async def test_single_days_long_over_are_removed_and_weekly_shifts_stay(store: Store) -> None:
    anna = await colleague(store, "Anna", "ru")
    await plans(store, anna, 8, 16, None, day=MONDAY - timedelta(days=100))
    await plans(store, anna, 8, 16, None, day=MONDAY)
    await plans(store, anna, 8, 16)
    async with transaction(store.engine) as connection:
        await roster.remove_before(connection, MONDAY)
        left = await roster.read(connection, date(2020, 1, 1))
    assert {(s.weekday, s.day) for s in left} == {(0, None), (None, MONDAY)}


async def test_an_account_takes_its_shifts_along(store: Store) -> None:
    anna = await colleague(store, "Anna", "ru")
    await plans(store, anna, 8, 16)
    await ask(store, "DELETE FROM console.accounts WHERE id = :id", id=anna)
    assert await ask(store, "SELECT 1 FROM shifts") == []
