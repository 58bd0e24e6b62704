"""How long somebody has waited, against the promise. Pure; the colour and the words come from the same decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from hotline_bridge.tickets.queue import Row

SOON = 0.75  # of the promise: from then on the clock warns


@dataclass(frozen=True, slots=True)
class Clock:
    """state: good, soon or late while somebody waits, taken when they do not. All in whole minutes; late: beyond the promise."""

    state: Literal["good", "soon", "late", "taken"]
    waited: int
    promise: int
    late: int = 0


def clock(row: Row, now: datetime) -> Clock:
    """The clock of one row of the queue."""
    waited, promise = now - row.waiting_since, row.due_at - row.waiting_since
    minutes, promised = _minutes(waited), _minutes(promise)
    if row.operator is not None:
        return Clock("taken", minutes, promised)
    if waited >= promise:
        return Clock("late", minutes, promised, max(1, _minutes(waited - promise)))
    return Clock("soon" if waited >= promise * SOON else "good", minutes, promised)


def _minutes(span: timedelta) -> int:
    return max(0, int(span.total_seconds() // 60))
