"""The hours of an agreement: parts of the day in Kazakhstan, and which moment lies in them. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from hotline_bridge.local_time import ZONE

PARTS = {"night": time(0), "morning": time(6), "day": time(12), "evening": time(18)}  # each until the next begins


def part_of_day(at: datetime) -> str:
    """night, morning, day or evening in Kazakhstan."""
    now = at.astimezone(ZONE).time()
    return max((start, name) for name, start in PARTS.items() if start <= now)[1]


def is_outside(hours: tuple[str, ...], at: datetime) -> bool:
    """Whether `at` is in none of the agreed parts of the day; () is any."""
    return bool(hours) and part_of_day(at) not in hours


def counts_from(hours: tuple[str, ...], since: datetime, now: datetime) -> datetime:
    """From when on a promise to call counts that somebody waits for since `since`.

    Outside the hours it is the next part of them, so that no clock presses anybody to call at an hour that may be dangerous.
    """
    if is_outside(hours, now):
        return next_part(hours, now)
    return next_part(hours, since) if is_outside(hours, since) else since


def next_part(hours: tuple[str, ...], after: datetime) -> datetime:
    """The next moment after `after` at which one of `hours` begins."""
    local = after.astimezone(ZONE)
    starts = [PARTS[h] for h in hours if h in PARTS] or list(PARTS.values())
    days = (local.date(), local.date() + timedelta(days=1))
    return min(at for d in days for s in starts if (at := datetime.combine(d, s, ZONE)) > local)
