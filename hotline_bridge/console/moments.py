"""Moments as they stand on a page, in the reader's language and in the country's time."""

from __future__ import annotations

from datetime import date as Date
from datetime import datetime, time, timedelta

from babel.dates import format_date, format_skeleton, format_time, format_timedelta

from hotline_bridge.local_time import ZONE, day_of

# English as it is written here: the day before the month, and 24 hours.
_LOCALES = {"en": "en_GB"}


def moment(value: datetime, language: str) -> str:
    """Day and hour; the day alone, where nothing else is kept."""
    return day(value, language) if has_no_hour(value) else f"{day(value, language)}, {clock(value, language)}"


def has_no_hour(value: datetime) -> bool:
    """Whether a time was made a day by age (flow/coarse.py): only microseconds are left behind a midnight in Kazakhstan.

    Earlier versions left UTC's in some rows; a worker's first round makes them the country's.
    """
    local = value.astimezone(ZONE)
    return (local.hour, local.minute, local.second) == (0, 0, 0) and local.microsecond < 1000


def clock(value: datetime, language: str) -> str:
    """Hour and minute; nothing, where they are not kept."""
    if has_no_hour(value):
        return ""
    return str(format_time(value.astimezone(ZONE), "short", locale=_LOCALES.get(language, language)))


def day(value: datetime, language: str) -> str:
    """The day."""
    return str(format_date(day_of(value), "medium", locale=_LOCALES.get(language, language)))


def date(value: Date, language: str) -> str:
    """Day and month of a date."""
    return str(format_skeleton("MMMd", datetime.combine(value, time()), locale=_LOCALES.get(language, language)))


def date_of_year(value: Date, language: str) -> str:
    """Day, month and year of a date."""
    return str(format_date(value, "medium", locale=_LOCALES.get(language, language)))


def span(value: timedelta, language: str) -> str:
    """How long, in the largest unit that says enough."""
    return str(format_timedelta(value, locale=language, threshold=1.0))
