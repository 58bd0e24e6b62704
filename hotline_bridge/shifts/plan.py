"""Who is there when, and in which languages. Pure functions of the rows; every moment knows its zone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from hotline_bridge.local_time import ZONE, day_of

DAY = timedelta(days=1)
AHEAD = timedelta(days=28)  # how far the next shift is looked for


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody is there, or with `away` is not: each week on `weekday` (0 is Monday), or once on `day`.

    An end that is not after the beginning is on the next day; equal times are twenty-four hours.
    """

    id: UUID
    account: UUID
    starts: time
    ends: time
    weekday: int | None = None
    day: date | None = None
    away: bool = False

    def on(self, day: date) -> Span | None:
        """The one that begins on `day`, if any does."""
        if day != self.day if self.day else day.weekday() != self.weekday:
            return None
        over_midnight = self.ends <= self.starts
        return Span(
            datetime.combine(day, self.starts, ZONE), datetime.combine(day + DAY if over_midnight else day, self.ends, ZONE)
        )


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From a moment to another, which is not in it any more."""

    starts: datetime
    ends: datetime


def week_of(day: date) -> Span:
    """The week from Monday to Monday in which `day` lies."""
    monday = datetime.combine(day - timedelta(days=day.weekday()), time(), ZONE)
    return Span(monday, monday + 7 * DAY)


def days_of(window: Span) -> list[Span]:
    """Its days, from midnight to midnight."""
    count = (window.ends - window.starts) // DAY
    return [Span(window.starts + n * DAY, window.starts + (n + 1) * DAY) for n in range(count)]


def occurrences(shifts: Iterable[Shift], window: Span) -> Iterator[tuple[Shift, Span]]:
    """Every time that one of `shifts` touches `window`, whole."""
    first, last = day_of(window.starts) - DAY, day_of(window.ends)
    for shift in shifts:
        for n in range((last - first).days + 1):
            span = shift.on(first + n * DAY)
            if span and span.starts < window.ends and span.ends > window.starts:
                yield shift, span


def presence(shifts: Iterable[Shift], window: Span) -> list[Span]:
    """When one person is there within `window`, of the shifts of that person: what is away goes before what is there."""
    there: list[Span] = []
    away: list[Span] = []
    for shift, span in occurrences(shifts, window):
        (away if shift.away else there).append(span)
    return without(_clipped(merged(there), window), away)


def coverage(shifts: Iterable[Shift], accounts: Collection[UUID], window: Span) -> list[Span]:
    """When at least one of `accounts` is there."""
    of_each: dict[UUID, list[Shift]] = {account: [] for account in accounts}
    for shift in shifts:
        if shift.account in of_each:
            of_each[shift.account].append(shift)
    return merged(span for own in of_each.values() for span in presence(own, window))


def gaps(covered: Iterable[Span], window: Span) -> list[Span]:
    """When nobody is there."""
    return without([window], covered)


def there(shifts: Collection[Shift], at: datetime) -> set[UUID]:
    """Who is on shift at this moment."""
    moment = Span(at, at + timedelta(microseconds=1))
    return {account for account in {s.account for s in shifts} if coverage(shifts, {account}, moment)}


def next_there(shifts: Collection[Shift], accounts: Collection[UUID], at: datetime) -> datetime | None:
    """The first moment from `at` on at which one of `accounts` is there; `at` itself when one is there now."""
    found = coverage(shifts, accounts, Span(at, at + AHEAD))
    return found[0].starts if found else None


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time in as few spans as possible, in order."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.starts <= found[-1].ends:
            found[-1] = Span(found[-1].starts, max(found[-1].ends, span.ends))
        else:
            found.append(span)
    return found


def without(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """`spans` less all of `others`."""
    left = list(spans)
    for other in others:
        left = [part for span in left for part in _cut(span, other)]
    return left


def _cut(span: Span, other: Span) -> list[Span]:
    before = Span(span.starts, min(span.ends, other.starts))
    after = Span(max(span.starts, other.ends), span.ends)
    return [part for part in (before, after) if part.starts < part.ends]


def _clipped(spans: Iterable[Span], window: Span) -> list[Span]:
    return [Span(max(s.starts, window.starts), min(s.ends, window.ends)) for s in spans]
