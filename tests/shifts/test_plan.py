"""Who is there when: over midnight, on single days, away, in which languages, and what is left without anybody."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from hotline_bridge.local_time import ZONE
from hotline_bridge.shifts import plan
from hotline_bridge.shifts.plan import Shift, Span

ANNA, BOLAT = uuid4(), uuid4()
MONDAY = date(2026, 11, 30)
WEEK = plan.week_of(MONDAY)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """day: 0 is the Monday of the week."""
    return datetime.combine(MONDAY + timedelta(days=day), time(hour, minute), ZONE)


def weekly(weekday: int, starts: int, ends: int, account: UUID = ANNA) -> Shift:
    return Shift(uuid4(), account, time(starts), time(ends), weekday=weekday)


def once(day: int, starts: int, ends: int, account: UUID = ANNA, *, away: bool = False) -> Shift:
    return Shift(uuid4(), account, time(starts), time(ends), day=MONDAY + timedelta(days=day), away=away)


def test_somebody_is_there_from_the_first_moment_and_not_at_the_last() -> None:
    shifts = [weekly(0, 8, 16)]
    assert plan.there(shifts, at(0, 8)) == {ANNA}
    assert plan.there(shifts, at(0, 15, 59)) == {ANNA}
    assert plan.there(shifts, at(0, 16)) == set()
    assert plan.there(shifts, at(0, 7, 59)) == set()
    assert plan.there(shifts, at(1, 9)) == set()
    assert plan.there(shifts, at(7, 9)) == {ANNA}


def test_a_night_shift_goes_on_after_midnight_and_from_sunday_into_the_next_week() -> None:
    shifts = [weekly(6, 22, 6)]
    assert plan.there(shifts, at(6, 23)) == {ANNA}
    assert plan.there(shifts, at(7, 5, 59)) == {ANNA}
    assert plan.there(shifts, at(0, 5)) == {ANNA}
    assert plan.there(shifts, at(0, 6)) == set()


def test_equal_times_are_a_whole_day() -> None:
    shifts = [weekly(2, 9, 9)]
    assert plan.presence(shifts, WEEK) == [Span(at(2, 9), at(3, 9))]


def test_a_single_day_counts_once() -> None:
    shifts = [once(3, 10, 12)]
    assert plan.there(shifts, at(3, 11)) == {ANNA}
    assert plan.there(shifts, at(10, 11)) == set()


def test_who_is_away_is_not_there_whatever_else_is_planned() -> None:
    shifts = [weekly(0, 8, 16), once(0, 0, 0, away=True), weekly(1, 22, 6), once(2, 0, 3, away=True)]
    assert plan.there(shifts, at(0, 9)) == set()
    assert plan.there(shifts, at(7, 9)) == {ANNA}
    assert plan.presence(shifts, WEEK) == [Span(at(1, 22), at(2, 0)), Span(at(2, 3), at(2, 6))]


def test_one_person_away_leaves_the_other_there() -> None:
    shifts = [weekly(0, 8, 16), weekly(0, 8, 16, BOLAT), once(0, 0, 0, away=True)]
    assert plan.there(shifts, at(0, 9)) == {BOLAT}
    assert plan.coverage(shifts, {ANNA, BOLAT}, WEEK) == [Span(at(0, 8), at(0, 16))]


def test_gaps_are_what_nobody_covers() -> None:
    shifts = [weekly(0, 0, 12), weekly(0, 10, 18, BOLAT)]
    monday = plan.days_of(WEEK)[0]
    assert plan.gaps(plan.coverage(shifts, {ANNA, BOLAT}, monday), monday) == [Span(at(0, 18), at(1, 0))]
    assert plan.gaps(plan.coverage(shifts, {ANNA}, monday), monday) == [Span(at(0, 12), at(1, 0))]
    assert plan.gaps([], monday) == [monday]


def test_the_next_shift_is_now_when_somebody_is_there_and_none_when_nothing_is_planned() -> None:
    shifts = [weekly(4, 8, 16), weekly(0, 8, 16, BOLAT)]
    assert plan.next_there(shifts, {ANNA, BOLAT}, at(0, 9)) == at(0, 9)
    assert plan.next_there(shifts, {ANNA}, at(0, 9)) == at(4, 8)
    assert plan.next_there(shifts, {ANNA}, at(4, 16)) == at(11, 8)
    assert plan.next_there(shifts, set(), at(0, 9)) is None
    assert plan.next_there([once(-3, 8, 16)], {ANNA}, at(0, 9)) is None


def test_the_hours_are_those_of_kazakhstan_whatever_zone_the_moment_is_told_in() -> None:
    shifts = [weekly(0, 2, 4)]
    assert plan.there(shifts, datetime.fromisoformat("2026-11-29T22:30:00+00:00")) == {ANNA}
    assert plan.there(shifts, datetime.fromisoformat("2026-11-30T02:30:00+00:00")) == set()


def test_a_week_goes_from_monday_to_monday() -> None:
    assert plan.week_of(date(2026, 12, 6)) == WEEK == Span(at(0, 0), at(7, 0))
    assert plan.days_of(WEEK)[6] == Span(at(6, 0), at(7, 0))


HOURS = st.integers(0, 23)
SHIFTS = st.lists(
    st.builds(weekly, st.integers(0, 6), HOURS, HOURS, st.sampled_from([ANNA, BOLAT]))
    | st.builds(once, st.integers(-1, 7), HOURS, HOURS, st.sampled_from([ANNA, BOLAT]), away=st.booleans()),
    max_size=8,
)


@given(SHIFTS, st.integers(0, 6), HOURS)
def test_what_is_covered_and_the_gaps_are_the_whole_week_and_agree_with_each_moment(
    shifts: list[Shift], day: int, hour: int
) -> None:
    covered = plan.coverage(shifts, {ANNA, BOLAT}, WEEK)
    gaps = plan.gaps(covered, WEEK)
    assert plan.merged([*covered, *gaps]) == [WEEK]
    assert sum((s.ends - s.starts for s in [*covered, *gaps]), timedelta()) == timedelta(days=7)
    moment = at(day, hour, 30)
    assert bool(plan.there(shifts, moment)) == any(s.starts <= moment < s.ends for s in covered)
    following = plan.next_there(shifts, {ANNA, BOLAT}, moment)
    assert following is None or plan.there(shifts, following)
