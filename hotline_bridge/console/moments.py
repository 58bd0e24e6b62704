"""Moments as they stand on a page, in the reader's language and in the country's time."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from babel.dates import format_date, format_datetime, format_time, format_timedelta

# All of Kazakhstan keeps UTC+5 since 1 March 2024 (Government decree No. 20 of 19 January 2024); no change of the clocks.
LOCAL = timezone(timedelta(hours=5), "UTC+5")


def moment(value: datetime, language: str) -> str:
    """Day and hour."""
    return str(format_datetime(value.astimezone(LOCAL), "medium", locale=language))


def clock(value: datetime, language: str) -> str:
    """Hour and minute."""
    return str(format_time(value.astimezone(LOCAL), "short", locale=language))


def day(value: datetime, language: str) -> str:
    """The day."""
    return str(format_date(value.astimezone(LOCAL).date(), "medium", locale=language))


def span(value: timedelta, language: str) -> str:
    """How long, in the largest unit that says enough."""
    return str(format_timedelta(value, locale=language, threshold=1.0))
