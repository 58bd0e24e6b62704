"""Shifts as rows, and who is on duty. Data functions on the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.local_time import day_of
from hotline_bridge.shifts import plan
from hotline_bridge.shifts.plan import DAY, Shift
from hotline_bridge.store.tables import accounts, shifts

ANSWERING = ("operator", "supervisor")  # the roles that answer people (accounts.people.Role)


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody who answers people. languages: those they answer in."""

    account: UUID
    name: str
    role: str
    languages: tuple[str, ...]


async def people(connection: AsyncConnection) -> list[OnDuty]:
    """Everybody who can be on a shift, by name."""
    query = (
        select(accounts.c.id, accounts.c.name, accounts.c.role, accounts.c.languages)
        .where(accounts.c.active, accounts.c.role.in_(ANSWERING))
        .order_by(func.lower(accounts.c.name), accounts.c.id)
    )
    return [OnDuty(row.id, row.name, row.role, tuple(row.languages)) for row in await connection.execute(query)]


async def read(connection: AsyncConnection, since: date, account: UUID | None = None) -> list[Shift]:
    """Weekly shifts, and those of single days from `since` on; of one account or of all."""
    query = select(shifts).where(or_(shifts.c.day.is_(None), shifts.c.day >= since)).order_by(shifts.c.starts, shifts.c.id)
    if account is not None:
        query = query.where(shifts.c.account_id == account)
    return [_shift(row) for row in await connection.execute(query)]


async def one(connection: AsyncConnection, shift: UUID) -> Shift | None:
    """The shift, unless it was removed."""
    row = (await connection.execute(select(shifts).where(shifts.c.id == shift))).first()
    return None if row is None else _shift(row)


async def add(connection: AsyncConnection, new: Iterable[Shift]) -> int:
    """Keep these; how many were not there before."""
    added = 0
    for shift in new:
        statement = insert(shifts).values(id=shift.id, **_values(shift)).on_conflict_do_nothing().returning(shifts.c.id)
        added += (await connection.execute(statement)).first() is not None
    return added


async def change(connection: AsyncConnection, shift: Shift) -> bool:
    """The shift with this id is now so. False when there is another one that says the same, or none with this id."""
    same = select(shifts.c.id).where(
        shifts.c.id != shift.id, *(shifts.c[name].is_not_distinct_from(value) for name, value in _values(shift).items())
    )
    statement = update(shifts).where(shifts.c.id == shift.id, ~same.exists()).values(**_values(shift))
    return (await connection.execute(statement)).rowcount == 1


async def remove(connection: AsyncConnection, shift: UUID) -> None:
    """Without it."""
    await connection.execute(delete(shifts).where(shifts.c.id == shift))


async def remove_before(connection: AsyncConnection, day: date) -> None:
    """Single days that are long over: who worked when is nobody's business any more."""
    await connection.execute(delete(shifts).where(shifts.c.day < day))


async def on_duty(connection: AsyncConnection, now: datetime, language: str | None = None) -> list[OnDuty]:
    """Who is on shift now, of those who answer in `language` if one is named."""
    present = plan.there(await read(connection, _yesterday(now)), now)
    return [one for one in await people(connection) if one.account in present and (language is None or language in one.languages)]


async def next_on_duty(connection: AsyncConnection, language: str | None, now: datetime) -> datetime | None:
    """From when on somebody who answers in `language` is there: `now` when one is; None when nobody is planned."""
    speaking = {one.account for one in await people(connection) if language is None or language in one.languages}
    return plan.next_there(await read(connection, _yesterday(now)), speaking, now)


def _yesterday(now: datetime) -> date:
    """A shift that began yesterday may still go on."""
    return day_of(now) - DAY


def _values(shift: Shift) -> dict[str, object]:
    return {
        "account_id": shift.account,
        "weekday": shift.weekday,
        "day": shift.day,
        "starts": shift.starts,
        "ends": shift.ends,
        "away": shift.away,
    }


def _shift(row: Row[Any]) -> Shift:
    return Shift(row.id, row.account_id, row.starts, row.ends, row.weekday, row.day, row.away)
