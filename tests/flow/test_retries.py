"""When a message is tried again, and when it is given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hotline_bridge.flow.retries import LIFETIME, PAUSES, next_try

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_the_first_pauses_are_seconds_and_they_grow() -> None:
    assert PAUSES[0] <= 5
    assert list(PAUSES) == sorted(set(PAUSES))
    assert next_try(1, NOON, NOON) == NOON + timedelta(seconds=PAUSES[0])


def test_it_is_tried_for_a_day_and_then_given_up() -> None:
    now, attempts = NOON, 0
    while (at := next_try(attempts + 1, NOON, now)) is not None:
        assert at > now
        now, attempts = at, attempts + 1
    assert timedelta(hours=22) < now - NOON <= timedelta(hours=24)
    assert 20 < attempts < 60


@given(st.integers(1, 10_000), st.integers(0, 200_000))
def test_a_next_try_is_never_in_the_past_nor_after_the_day(attempts: int, age: int) -> None:
    now = NOON + timedelta(seconds=age)
    at = next_try(attempts, NOON, now)
    assert at is None or now < at <= NOON + LIFETIME
