"""Shifts: the week by person and by language, and for those who plan it the forms. An operator sees their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, HTTPException, Query
from starlette.requests import Request
from starlette.responses import Response

from hotline_bridge.accounts.people import Role
from hotline_bridge.console.guard import Account, signed_in, stations_of
from hotline_bridge.console.pages import page, see_other
from hotline_bridge.console.texts import N_
from hotline_bridge.errors import DeskError
from hotline_bridge.flow import schedule
from hotline_bridge.flow.schedule import Cover, Wish
from hotline_bridge.flow.stations import today
from hotline_bridge.shifts import Shift, Span

router = APIRouter(prefix="/shifts")
Looking = Annotated[Account, Depends(signed_in(Role.OPERATOR, Role.SUPERVISOR, Role.ADMINISTRATOR))]
Planning = Annotated[Account, Depends(signed_in(Role.SUPERVISOR, Role.ADMINISTRATOR))]
Text = Annotated[str, Form()]
FIRST, LAST = date(2020, 1, 1), date(2100, 1, 1)
WEEKDAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip
FAULTS = {
    "shift_who": N_("Choose somebody who answers people and whose account is active."),
    "shift_when": N_("Choose days of the week, or one date and no day of the week. An absence needs a date."),
    "shift_over": N_("This date is over. Choose today or a later one."),
    "shift_same": N_("This is planned already."),
    "shift_gone": N_("This shift was removed meanwhile."),
    "shift_time": N_("Enter both times as hours and minutes, such as 08:00 and 16:00."),
}


@dataclass(frozen=True, slots=True)
class Entered:
    """The form as it was filled in, to be shown again with its fault."""

    account: str = ""
    starts: str = "08:00"
    ends: str = "16:00"
    weekdays: tuple[str, ...] = field(default=())
    day: str = ""
    away: bool = False

    def wish(self) -> Wish:
        """What it says. Raises DeskError: shift_who, shift_time, shift_when."""
        return Wish(
            _read(UUID, self.account, "shift_who"),
            _read(time.fromisoformat, self.starts, "shift_time"),
            _read(time.fromisoformat, self.ends, "shift_time"),
            tuple(int(one) for one in self.weekdays if one in tuple("0123456")),
            _read(date.fromisoformat, self.day, "shift_when") if self.day else None,
            self.away,
        )


def entered(
    account: Text = "",
    starts: Text = "",
    ends: Text = "",
    weekdays: Annotated[list[str] | None, Form()] = None,
    day: Text = "",
    kind: Text = "there",
) -> Entered:
    """From the form's fields."""
    return Entered(account[:40], starts[:5], ends[:5], tuple(weekdays or ())[:7], day[:10], kind == "away")


Filled = Annotated[Entered, Depends(entered)]


@router.get("")
async def show(request: Request, account: Looking, week: Annotated[str, Query(max_length=10)] = "") -> Response:
    """The week in which the day `week` lies; without one, this week."""
    return await _page(request, account, _day(week))


@router.post("")
async def add(request: Request, account: Planning, form: Filled) -> Response:
    """One shift more, or one on each of several days."""
    try:
        wish = form.wish()
        await schedule.add(stations_of(request), account.id, wish)
    except DeskError as error:
        return await _page(request, account, None, form=form, fault=error.reason)
    return see_other(request, _of_week(wish.day), say=N_("The shift is planned."))


@router.get("/{shift}")
async def edit(request: Request, account: Planning, shift: UUID) -> Response:
    """One shift, to be changed or removed."""
    found = await schedule.one(stations_of(request), shift)
    if found is None:
        raise HTTPException(404)
    return await _edit_page(request, found.id, _form_of(found))


@router.post("/{shift}")
async def change(request: Request, account: Planning, shift: UUID, form: Filled) -> Response:
    """It is so from now on."""
    try:
        wish = form.wish()
        await schedule.change(stations_of(request), account.id, shift, wish)
    except DeskError as error:
        return await _edit_page(request, shift, form, fault=error.reason)
    return see_other(request, _of_week(wish.day), say=N_("The shift is changed."))


@router.post("/{shift}/remove")
async def remove(request: Request, account: Planning, shift: UUID) -> Response:
    """Without it."""
    found = await schedule.one(stations_of(request), shift)
    await schedule.remove(stations_of(request), account.id, shift)
    return see_other(request, _of_week(found.day if found else None), say=N_("The shift is removed."))


async def _page(
    request: Request, account: Account, day: date | None, *, form: Entered | None = None, fault: str | None = None
) -> Response:
    stations = stations_of(request)
    plans = account.role in (Role.SUPERVISOR, Role.ADMINISTRATOR)
    week = await (schedule.look(stations, day) if plans else schedule.look_at_own(stations, account.id, day))
    monday = week.window.starts.date()
    return page(
        request,
        "shifts.html",
        status=422 if fault else 200,
        week=week,
        plans=plans,
        days=[monday + timedelta(days=n) for n in range(7)],
        today=today(stations),
        before=(monday - timedelta(days=7)).isoformat(),
        after=(monday + timedelta(days=7)).isoformat(),
        weekdays=WEEKDAYS,
        bar=bar,
        hours=hours,
        form=form or Entered(),
        fault=(FAULTS[fault], {}) if fault else None,
        silent=[language for language in week.languages if not any(language in one.languages for one in week.now)],
    )


async def _edit_page(request: Request, shift: UUID, form: Entered, *, fault: str | None = None) -> Response:
    week = await schedule.look(stations_of(request))
    return page(
        request,
        "shift.html",
        status=422 if fault else 200,
        shift=shift,
        people=[row.person for row in week.rows],
        weekdays=WEEKDAYS,
        form=form,
        fault=(FAULTS[fault], {}) if fault else None,
    )


def bar(cover: Cover) -> list[tuple[int, int]]:
    """Beginning and length of what is covered of a day, in minutes, for the picture."""
    return [(_minutes(s.starts, cover.day), _minutes(s.ends, cover.day) - _minutes(s.starts, cover.day)) for s in cover.covered]


def hours(span: Span) -> str:
    """From when to when, within a day: 20:00–24:00."""
    ends = "24:00" if span.ends.time() == time() else f"{span.ends:%H:%M}"
    return f"{span.starts:%H:%M}–{ends}"


def _minutes(at: datetime, day: Span) -> int:
    return int((at - day.starts).total_seconds() // 60)


def _form_of(shift: Shift) -> Entered:
    weekdays = () if shift.weekday is None else (str(shift.weekday),)
    day = shift.day.isoformat() if shift.day else ""
    return Entered(str(shift.account), f"{shift.starts:%H:%M}", f"{shift.ends:%H:%M}", weekdays, day, shift.away)


def _of_week(day: date | None) -> str:
    """The page of the week that was changed."""
    return f"/shifts?week={day.isoformat()}" if day else "/shifts"


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST <= found <= LAST else None


def _read(kind: Any, text: str, reason: str) -> Any:
    try:
        return kind(text)
    except ValueError:
        raise DeskError(reason, FAULTS[reason]) from None
