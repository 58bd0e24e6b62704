"""How long somebody has waited, against the promise. Pure; the colour and the words come from the same decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from hotline_bridge import safe_contact
from hotline_bridge.tickets.needs import ANSWER_WITHIN
from hotline_bridge.tickets.queue import Row

SOON = 0.75  # of the promise: from then on the clock warns


@dataclass(frozen=True, slots=True)
class Clock:
    """state: good, soon or late while somebody waits, taken when they do not. All in whole minutes; late: beyond the promise.

    unanswered: taken in danger, and not answered in the time for that; waited is then since they were taken.

    counts_from: since when the promise counts, where that is not since they wait.
    """

    state: Literal["good", "soon", "late", "taken", "unanswered"]
    waited: int
    promise: int
    late: int = 0
    counts_from: datetime | None = None


def clock(row: Row, now: datetime) -> Clock:
    """The clock of one row of the queue."""
    minutes, promise = _minutes(now - row.waiting_since), row.due_at - row.waiting_since
    promised = _minutes(promise)
    if row.answer_by is not None and now >= row.answer_by:
        return Clock("unanswered", _minutes(now - row.answer_by + ANSWER_WITHIN), promised)
    if row.operator is not None:
        return Clock("taken", minutes, promised)
    since = _counts_from(row, now)
    shown, counted = (since if since != row.waiting_since else None), now - since
    if counted >= promise:
        return Clock("late", minutes, promised, max(1, _minutes(counted - promise)), shown)
    return Clock("soon" if counted >= promise * SOON else "good", minutes, promised, counts_from=shown)


def in_order(rows: list[Row], now: datetime) -> list[Row]:
    """As the queue orders them, by when each clock runs out: danger, then who waits or is unheard, then who is helped."""
    return sorted(
        rows,
        key=lambda one: (
            not one.danger,
            one.operator is not None and not one.is_unheard(now),
            one.due_at + (_counts_from(one, now) - one.waiting_since),
        ),
    )


def _counts_from(row: Row, now: datetime) -> datetime:
    """Safety: the clock presses nobody to call outside the agreed hours. Danger waits for none; who has just written is here."""
    way = row.elsewhere
    if way is None or row.danger or (way.heard_at is not None and now - way.heard_at < safe_contact.PRESENT):
        return row.waiting_since
    return safe_contact.counts_from(way.hours, row.waiting_since, now)


def _minutes(span: timedelta) -> int:
    return max(0, int(span.total_seconds() // 60))
