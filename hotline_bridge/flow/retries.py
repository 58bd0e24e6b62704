"""When a message is tried again, and when it is given up: pure functions, read by deliver."""

from __future__ import annotations

from datetime import datetime, timedelta

# First in seconds, then with growing pauses; the last one repeats until the day is over.
PAUSES = (2, 5, 15, 40, 120, 300, 900, 1800, 3600)
LIFETIME = timedelta(hours=24)


def next_try(attempts: int, created_at: datetime, now: datetime) -> datetime | None:
    """The moment of the next try after `attempts` failed ones (1 or more); None when 24 hours have been enough."""
    pause = timedelta(seconds=PAUSES[min(attempts, len(PAUSES)) - 1])
    at = now + pause
    return at if at <= created_at + LIFETIME else None
