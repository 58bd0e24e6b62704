"""The time by which people and operators live."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

# All of Kazakhstan keeps UTC+5 since 1 March 2024 (Government decree No. 20 of 19 January 2024); no change of the clocks.
# Not by name: Asia/Almaty is an hour off wherever the list of time zones is older than that.
OFFSET = timedelta(hours=5)
ZONE = timezone(OFFSET, "UTC+5")


def day_of(at: datetime) -> date:
    """The day on which a moment lies for everybody in the country: from 19:00 UTC on it is not UTC's."""
    return at.astimezone(ZONE).date()
