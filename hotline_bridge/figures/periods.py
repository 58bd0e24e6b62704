"""The periods that have figures: months, and quarters and years made of them; weeks only within their month. Pure.

Every period lies wholly inside the next larger one. Calendar weeks and months together would not: subtracted from each other they
leave single days.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_FORM = re.compile(r"(?P<year>20\d\d)(-(Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")
_WEEKS = (1, 8, 15, 22)  # the first day of each week of a month; the last one has 7 to 10 days


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A month (2026-10), quarter (2026-Q4) or year (2026), by its key."""

    key: str

    @property
    def kind(self) -> str:
        """month, quarter or year."""
        return "year" if len(self.key) == 4 else "quarter" if "Q" in self.key else "month"

    @property
    def first(self) -> date:
        """Its first day."""
        part = self.key[5:]
        month = 1 if not part else int(part[1]) * 3 - 2 if part[0] == "Q" else int(part)
        return date(int(self.key[:4]), month, 1)

    @property
    def after(self) -> date:
        """The first day that is not in it any more."""
        return _months_on(self.first, {"month": 1, "quarter": 3, "year": 12}[self.kind])

    @property
    def whole(self) -> Period | None:
        """The next larger period."""
        if self.kind == "year":
            return None
        return quarter_of(self.first) if self.kind == "month" else Period(self.key[:4])

    @property
    def parts(self) -> list[Period]:
        """The next smaller periods, first to last; none in a month."""
        if self.kind == "month":
            return []
        step = 1 if self.kind == "quarter" else 3
        days = [_months_on(self.first, n * step) for n in range(3 if self.kind == "quarter" else 4)]
        return [month_of(day) if self.kind == "quarter" else quarter_of(day) for day in days]

    @property
    def following(self) -> Period:
        """The next one of its kind."""
        return {"month": month_of, "quarter": quarter_of, "year": year_of}[self.kind](self.after)


def parse(key: str) -> Period:
    """The period of a key. Raises ValueError."""
    if not _FORM.fullmatch(key):
        raise ValueError("a period is written 2026, 2026-Q4 or 2026-10")
    return Period(key)


def month_of(day: date) -> Period:
    """The month in which `day` lies."""
    return Period(f"{day:%Y-%m}")


def quarter_of(day: date) -> Period:
    """The quarter in which `day` lies."""
    return Period(f"{day.year}-Q{(day.month + 2) // 3}")


def year_of(day: date) -> Period:
    """The year in which `day` lies."""
    return Period(f"{day.year}")


def week_of(day: date) -> int:
    """1 to 4: the days 1 to 7, 8 to 14, 15 to 21, and the rest of its month."""
    return sum(day.day >= first for first in _WEEKS)


def weeks(month: Period) -> list[tuple[date, date]]:
    """First and last day of each week of `month`."""
    starts = [month.first.replace(day=day) for day in _WEEKS]
    return list(zip(starts, [day - timedelta(days=1) for day in (*starts[1:], month.after)], strict=True))


def between(first: Period, last: Period) -> list[Period]:
    """The months from `first` to `last`, both included; [] when they stand the wrong way round."""
    found = []
    while first <= last:
        found.append(first)
        first = first.following
    return found


def ended_with(month: Period) -> list[Period]:
    """`month`, and the quarter and year that end with it."""
    found = [month]
    while (whole := found[-1].whole) is not None and whole.after == month.after:
        found.append(whole)
    return found


def _months_on(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
