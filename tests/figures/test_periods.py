"""Periods lie wholly in each other, so that no two of them leave a day between them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline_bridge.figures.periods import Period, between, ended_with, month_of, parse, quarter_of, week_of, weeks, year_of

DAYS = st.dates(date(2020, 1, 1), date(2090, 12, 31))


@given(DAYS)
def test_every_day_is_in_one_month_quarter_and_year_and_these_in_each_other(day: date) -> None:
    for make in (month_of, quarter_of, year_of):
        period = make(day)
        assert period.first <= day < period.after
        assert period.following.first == period.after
        assert parse(period.key) == period
        if period.parts:
            assert period.parts[0].first == period.first
            assert period.parts[-1].after == period.after
            assert [a.after == b.first for a, b in zip(period.parts, period.parts[1:], strict=False)].count(False) == 0
            assert all(part.whole == period for part in period.parts)


@given(DAYS)
def test_the_weeks_of_a_month_are_its_days(day: date) -> None:
    found = weeks(month_of(day))
    assert found[0][0] == month_of(day).first
    assert found[-1][1] + timedelta(days=1) == month_of(day).after
    first, last = found[week_of(day) - 1]
    assert first <= day <= last


def test_larger_periods_end_with_their_last_month() -> None:
    assert [p.key for p in ended_with(Period("2026-10"))] == ["2026-10"]
    assert [p.key for p in ended_with(Period("2026-09"))] == ["2026-09", "2026-Q3"]
    assert [p.key for p in ended_with(Period("2026-12"))] == ["2026-12", "2026-Q4", "2026"]


def test_between_two_months_are_all_months() -> None:
    assert [p.key for p in between(Period("2026-11"), Period("2027-02"))] == ["2026-11", "2026-12", "2027-01", "2027-02"]
    assert between(Period("2027-02"), Period("2026-11")) == []


@pytest.mark.parametrize(
    "key", ["", "26", "2026-13", "2026-00", "2026-Q5", "2026-10-01", "2026-W41", " 2026", "2026\n", "1999", "٢٠٢٦"]
)
def test_what_is_no_period_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="a period is written"):
        parse(key)
