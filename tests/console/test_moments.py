"""Moments on a page: in the country's time, whatever the server's, and in each interface language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hotline_bridge.console import moments
from hotline_bridge.console.texts import LANGUAGES

LATE = datetime(2026, 3, 1, 21, 5, tzinfo=UTC)  # already the next day in Kazakhstan


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_moment_is_that_of_kazakhstan_in_24_hours(language: str) -> None:
    assert moments.clock(LATE, language) == "02:05"
    shown = moments.moment(LATE, language)
    assert "02:05" in shown
    assert "2026" in shown
    assert "2" in moments.day(LATE, language)
    assert "2" in moments.span(timedelta(hours=2), language)


def test_each_language_has_its_own_words() -> None:
    assert moments.moment(LATE, "en") == "2 Mar 2026, 02:05"
    assert moments.day(LATE, "ru") == "2 мар. 2026\u202fг."
    assert moments.span(timedelta(days=3), "kk") == "3 күн"


def test_where_the_hour_is_not_kept_none_is_shown() -> None:
    midnight = datetime(2026, 3, 1, 19, 0, 0, 17, tzinfo=UTC)
    assert moments.clock(midnight, "en") == ""
    assert moments.moment(midnight, "en") == moments.day(midnight, "en")


def test_five_in_the_morning_is_an_hour_although_it_is_midnight_elsewhere() -> None:
    assert moments.clock(datetime(2026, 3, 1, tzinfo=UTC), "en") == "05:00"
