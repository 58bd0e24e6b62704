"""schedule: a supervisor plans who is there when; everybody sees their own week. Gaps are seen before they hurt somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import pagers
from hotline_bridge.errors import DeskError
from hotline_bridge.flow import trail
from hotline_bridge.flow.stations import AtDesk, today
from hotline_bridge.local_time import day_of
from hotline_bridge.messages import LANGUAGES
from hotline_bridge.shifts import OnDuty, Shift, Span, plan, roster
from hotline_bridge.store.engine import transaction

log = structlog.get_logger(__name__)
KEPT = timedelta(days=90)  # how long a single day that is over stays


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be planned: on `weekdays` (0 is Monday) each week, or once on `day`. away only goes with a day."""

    account: UUID
    starts: time
    ends: time
    weekdays: tuple[int, ...] = ()
    day: date | None = None
    away: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One person's week: what begins on each of its days."""

    person: OnDuty
    days: tuple[tuple[Shift, ...], ...]


@dataclass(frozen=True, slots=True)
class Cover:
    """One language on one day: when somebody is there, and when nobody is."""

    day: Span
    covered: tuple[Span, ...]
    gaps: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """A week as it is planned. languages: what is covered of each, a day each. now: who is there at this moment.

    paged: the accounts that can be called when danger is unclaimed.
    """

    window: Span
    rows: tuple[Row, ...]
    languages: dict[str, tuple[Cover, ...]]
    now: tuple[OnDuty, ...]
    paged: frozenset[UUID] = frozenset()


def week_of(people: Sequence[OnDuty], shifts: Sequence[Shift], day: date, now: datetime) -> Week:
    """The week in which `day` lies. Pure."""
    window = plan.week_of(day)
    days = plan.days_of(window)
    rows = tuple(Row(one, tuple(_beginning(shifts, one.account, day_of(each.starts)) for each in days)) for one in people)
    present = plan.there(shifts, now)
    languages = {language: tuple(_cover(people, shifts, language, each) for each in days) for language in LANGUAGES}
    return Week(window, rows, languages, tuple(one for one in people if one.account in present))


def _beginning(shifts: Sequence[Shift], account: UUID, day: date) -> tuple[Shift, ...]:
    return tuple(one for one in shifts if one.account == account and one.on(day) is not None)


def _cover(people: Sequence[OnDuty], shifts: Sequence[Shift], language: str, day: Span) -> Cover:
    speaking = {one.account for one in people if language in one.languages}
    covered = plan.coverage(shifts, speaking, day)
    return Cover(day, tuple(covered), tuple(plan.gaps(covered, day)))


async def look(stations: AtDesk, day: date | None = None) -> Week:
    """Everybody's week in which `day` (today) lies."""
    return await _look(stations, day, None)


async def look_at_own(stations: AtDesk, account: UUID, day: date | None = None) -> Week:
    """The same with nobody's shifts but one's own."""
    return await _look(stations, day, account)


async def one(stations: AtDesk, shift: UUID) -> Shift | None:
    """A shift, unless it was removed."""
    async with transaction(stations.store.engine, durable=False) as connection:
        return await roster.one(connection, shift)


async def add(stations: AtDesk, by: UUID, wish: Wish) -> int:
    """Plan it; how many shifts are new. Raises DeskError: shift_who, shift_when, shift_over, shift_same."""
    async with transaction(stations.store.engine) as connection:
        await _check(connection, wish, today(stations))
        added = [shift for shift in _shifts(wish) if await roster.add(connection, [shift])]
        if not added:
            raise DeskError("shift_same", "this is planned already")
        await roster.remove_before(connection, today(stations) - KEPT)
        for shift in added:
            await trail.note(stations, connection, by, "list_changed", wish.account, list="shifts", row=shift.id, change="added")
    log.info("shifts added", account=str(wish.account), by=str(by), shifts=len(added))
    return len(added)


async def change(stations: AtDesk, by: UUID, shift: UUID, wish: Wish) -> None:
    """It is so from now on. Raises DeskError as `add`, and shift_gone."""
    async with transaction(stations.store.engine) as connection:
        await _check(connection, wish, today(stations))
        new = _shifts(wish)
        if len(new) != 1:
            raise DeskError("shift_when", "choose one day of the week or one date")
        if await roster.one(connection, shift) is None:
            raise DeskError("shift_gone", "this shift was removed meanwhile")
        if not await roster.change(connection, replace(new[0], id=shift)):
            raise DeskError("shift_same", "this is planned already")
        await trail.note(stations, connection, by, "list_changed", wish.account, list="shifts", row=shift, change="changed")
    log.info("shift changed", shift=str(shift), by=str(by))


async def remove(stations: AtDesk, by: UUID, shift: UUID) -> None:
    """Without it. Twice does no harm."""
    async with transaction(stations.store.engine) as connection:
        found = await roster.one(connection, shift)
        if found is not None:
            await roster.remove(connection, shift)
            await trail.note(stations, connection, by, "list_changed", found.account, list="shifts", row=shift, change="removed")
    log.info("shift removed", shift=str(shift), by=str(by))


async def _look(stations: AtDesk, day: date | None, account: UUID | None) -> Week:
    now = stations.clock()
    wanted = day or today(stations)
    since = min(plan.week_of(wanted).starts.date(), today(stations)) - plan.DAY
    async with transaction(stations.store.engine, durable=False) as connection:
        people = [one for one in await roster.people(connection) if account is None or one.account == account]
        paged = frozenset(one.account for one in await pagers.everybody(connection) if not one.broken)
        return replace(week_of(people, await roster.read(connection, since, account), wanted, now), paged=paged)


async def _check(connection: AsyncConnection, wish: Wish, day: date) -> None:
    if wish.account not in {one.account for one in await roster.people(connection)}:
        raise DeskError("shift_who", "choose somebody who answers people")
    if bool(wish.weekdays) == (wish.day is not None) or (wish.away and wish.day is None):
        raise DeskError("shift_when", "choose days of the week or one date")
    if wish.day is not None and wish.day < day - plan.DAY:
        raise DeskError("shift_over", "this date is over")


def _shifts(wish: Wish) -> list[Shift]:
    fixed = (wish.account, wish.starts, wish.ends)
    if wish.day is not None:
        return [Shift(uuid4(), *fixed, day=wish.day, away=wish.away)]
    return [Shift(uuid4(), *fixed, weekday=day) for day in sorted(set(wish.weekdays))]
