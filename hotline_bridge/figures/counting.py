"""Reads a month's true numbers from the rows. Nothing here may be shown: see tree.py.

A month is that of Kazakhstan's clocks. Tickets that were closed as a test are not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.figures.measures import BREAKDOWNS, COUNTS, TIMED, UNKNOWN, WEEKLY, class_of
from hotline_bridge.figures.periods import Period, month_of, week_of
from hotline_bridge.local_time import ZONE
from hotline_bridge.store import days
from hotline_bridge.tickets.needs import NEEDS

_TALLIED = {"contact": "contacts", "topic": "topics", "unanswered": "unanswered"}
_TALLIES = text(
    """
    SELECT kind, day, key, language, channel, region, sum(times) AS times FROM tallies
    WHERE day >= :first AND day < :after GROUP BY kind, day, key, language, channel, region
    """
)
_MESSAGES = text("SELECT channel, count(*) AS times FROM arrivals WHERE day >= :first AND day < :after GROUP BY channel")
_OPENED = text(
    f"""
    SELECT {days.of("opened_at")} AS day, need, language, region, count(*) AS times FROM tickets
    WHERE opened_at >= :start AND opened_at < :end AND outcome IS DISTINCT FROM 'test' GROUP BY 1, 2, 3, 4
    """
)
_CLOSED = text(
    """
    SELECT outcome, taken_at IS NOT NULL AS taken, reopened > 0 AS again, count(*) AS times FROM tickets
    WHERE state = 'closed' AND closed_at >= :start AND closed_at < :end AND outcome IS DISTINCT FROM 'test' GROUP BY 1, 2, 3
    """
)
_FIRST = text(
    f"""
    SELECT min(day) AS day FROM (
        SELECT min(day) FROM tallies UNION ALL SELECT min(day) FROM arrivals
        UNION ALL SELECT {days.of("min(opened_at)")} FROM tickets) AS found (day)
    """
)


def _until(event: str) -> Any:
    """Tickets by class, with the seconds from their opening to `event`, when it fell into the period.

    Once their times are days alone the seconds stand in a column of their own (flow/expire.py).
    """
    after = event.replace("_at", "_after")
    return text(
        f"""
        SELECT c.name AS class, count(*) AS times,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY coalesce({after}, extract(epoch FROM {event} - opened_at))) AS median,
               percentile_cont(0.9) WITHIN GROUP (ORDER BY coalesce({after}, extract(epoch FROM {event} - opened_at))) AS p90
        FROM tickets JOIN unnest(cast(:needs AS text[]), cast(:classes AS text[])) AS c(need, name) USING (need)
        WHERE {event} >= :start AND {event} < :end AND outcome IS DISTINCT FROM 'test' GROUP BY 1
        """
    )


_UNTIL = {"taken": _until("taken_at"), "answered": _until("answered_at")}


async def first_month(connection: AsyncConnection) -> Period | None:
    """The month of the first row that can be counted."""
    day: date | None = (await connection.execute(_FIRST, days.BOUND)).scalar()
    return month_of(day) if day else None


async def month(connection: AsyncConnection, period: Period, parts: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Every count of a month, with a zero where nothing was; they add up."""
    found = {count: 0 for count in COUNTS}
    found |= {f"{count}/week/{week}": 0 for count in WEEKLY for week in (1, 2, 3, 4)}
    found |= {f"{breakdown.name}/{part}": 0 for breakdown in BREAKDOWNS for part in parts[breakdown.name]}
    for row in await connection.execute(_TALLIES, {"first": period.first, "after": period.after}):
        if count := _TALLIED.get(row.kind):
            _add(found, count, row, row.times, topic=row.key)
    for row in await connection.execute(_MESSAGES, {"first": period.first, "after": period.after}):
        _add(found, "messages", row, row.times)
    for row in await connection.execute(_OPENED, _bounds(period) | days.BOUND):
        _add(found, "tickets", row, row.times, need=row.need)
    for row in await connection.execute(_CLOSED, _bounds(period)):
        _add(found, "closed", row, row.times, outcome=row.outcome, taken=_yes(row.taken), again=_yes(row.again))
    for count in _UNTIL:
        for row in await _times(connection, count, period):
            found[count] += row.times
            found[f"{count}/class/{row[0]}"] += row.times
    return found


async def times(connection: AsyncConnection, period: Period) -> dict[str, tuple[int, int]]:
    """Median and 90th percentile in seconds, by `taken/class/danger` and the like. They do not add up: read for each period."""
    found = {}
    for name in TIMED:
        count = name.partition("/")[0]
        for row in await _times(connection, count, period):
            found[f"{name}/{row[0]}"] = (round(row.median), round(row.p90))
    return found


async def _times(connection: AsyncConnection, count: str, period: Period) -> list[Any]:
    needs = {"needs": list(NEEDS), "classes": [class_of(need) for need in NEEDS]}
    return list(await connection.execute(_UNTIL[count], _bounds(period) | needs))


def _bounds(period: Period) -> dict[str, Any]:
    start, end = (datetime.combine(day, time(), ZONE) for day in (period.first, period.after))
    return {"start": start, "end": end}


def _add(found: dict[str, int], count: str, row: Any, times: int, **more: str) -> None:
    """Into the whole and into one part of each of its breakdowns."""
    found[count] += times
    if count in WEEKLY:
        found[f"{count}/week/{week_of(row.day)}"] += times
    for breakdown in BREAKDOWNS:
        name, _, by = breakdown.name.partition("/")
        if name == count:
            part = f"{breakdown.name}/{more.get(by) or getattr(row, by, None) or UNKNOWN}"
            if part not in found:  # a channel or topic of a time before
                part = f"{breakdown.name}/{UNKNOWN}"
                found.setdefault(part, 0)
            found[part] += times


def _yes(value: bool) -> str:
    return "yes" if value else "no"
