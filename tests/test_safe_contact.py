"""The safe-contact agreement: when somebody may be written to, and when they may be asked whether it is safe. Pure decisions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hotline_bridge.safe_contact import PARTS, Agreement, counts_from, decide, may_ask, next_part, part_of_day

# 10:00 in Kazakhstan, which is morning.
NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)
MINUTE = timedelta(minutes=1)
LONG_AGO = NOW - timedelta(hours=5)
AGREED = Agreement(confirmed_at=YESTERDAY)
ASKED = replace(AGREED, asked_at=NOW - 5 * MINUTE)


@pytest.mark.parametrize(
    ("agreement", "heard_at", "what"),
    [
        (None, LONG_AGO, "send"),
        (AGREED, NOW - MINUTE, "send"),
        (AGREED, LONG_AGO, "ask"),
        (replace(AGREED, confirmed_at=NOW - MINUTE), LONG_AGO, "send"),
        (replace(AGREED, hours=("morning",)), LONG_AGO, "ask"),
        (replace(AGREED, hours=("evening",)), LONG_AGO, "wait"),
        (replace(AGREED, hours=("evening",)), NOW - MINUTE, "send"),
        (replace(AGREED, method="call"), LONG_AGO, "refuse"),
        (replace(AGREED, method="number"), NOW - MINUTE, "send"),
    ],
)
def test_a_reply_goes_out_waits_or_is_refused(agreement: Agreement | None, heard_at: datetime, what: str) -> None:
    assert decide(agreement, NOW, heard_at).what == what


@pytest.mark.parametrize(
    ("agreement", "heard_at", "now", "unasked"),
    [
        (None, NOW - MINUTE, NOW, False),
        (None, NOW - 60 * MINUTE, NOW, True),
        (None, None, NOW, True),
        (None, datetime(2026, 11, 24, 18, 55, tzinfo=UTC), datetime(2026, 11, 24, 19, 5, tzinfo=UTC), True),  # 23:55 and 00:05
        (AGREED, NOW - MINUTE, NOW, False),
        (AGREED, LONG_AGO, NOW, False),  # asked by us, not by the operator
    ],
)
def test_who_agreed_to_nothing_and_has_not_just_written_is_for_the_operator_to_think_about(
    agreement: Agreement | None, heard_at: datetime | None, now: datetime, unasked: bool
) -> None:
    assert decide(agreement, now, heard_at).unasked is unasked


def test_once_it_is_asked_only_a_yes_lets_a_reply_out_whoever_writes_meanwhile() -> None:
    assert decide(ASKED, NOW, NOW - MINUTE).what == "ask"
    assert decide(replace(ASKED, refused_at=NOW - MINUTE), NOW, NOW - MINUTE).what == "ask"
    assert decide(replace(ASKED, confirmed_at=NOW - MINUTE), NOW, LONG_AGO).what == "send"


def test_a_question_of_yesterday_without_an_answer_still_stands_between() -> None:
    assert decide(replace(AGREED, confirmed_at=YESTERDAY - MINUTE, asked_at=YESTERDAY), NOW, NOW - MINUTE).what == "ask"


def test_a_reply_that_waits_may_be_asked_for_when_the_hours_begin() -> None:
    until = decide(replace(AGREED, hours=("evening",)), NOW, LONG_AGO).until
    assert until is not None
    assert part_of_day(until) == "evening"
    assert until - NOW == timedelta(hours=8)


def test_the_question_is_put_once_a_day() -> None:
    assert may_ask(AGREED, NOW)
    assert not may_ask(ASKED, NOW, NOW - MINUTE)
    assert may_ask(replace(AGREED, asked_at=YESTERDAY), NOW)
    assert may_ask(ASKED, NOW + timedelta(days=1))


def test_the_question_is_put_within_the_hours_only() -> None:
    assert may_ask(replace(AGREED, hours=("night", "morning")), NOW)
    assert not may_ask(replace(AGREED, hours=("night", "evening")), NOW)


def test_after_a_no_it_is_asked_again_that_day_only_when_the_person_writes() -> None:
    refused = replace(ASKED, refused_at=NOW - 3 * MINUTE)
    assert not may_ask(refused, NOW, NOW - 4 * MINUTE)
    assert may_ask(refused, NOW, NOW - MINUTE)
    again = replace(refused, asked_at=NOW - 2 * MINUTE)
    assert not may_ask(again, NOW, NOW - MINUTE), "once for each no"


@pytest.mark.parametrize(
    ("hour", "part"), [(0, "night"), (5, "night"), (6, "morning"), (11, "morning"), (12, "day"), (18, "evening")]
)
def test_the_parts_of_the_day_are_those_of_kazakhstan(hour: int, part: str) -> None:
    at = datetime(2026, 11, 24, hour, 30, tzinfo=UTC) - timedelta(hours=5)
    assert part_of_day(at) == part


@pytest.mark.parametrize("part", PARTS)
def test_the_next_part_is_in_the_future_and_at_most_a_day_away(part: str) -> None:
    at = next_part((part,), NOW)
    assert timedelta() < at - NOW <= timedelta(days=1)
    assert part_of_day(at) == part


@pytest.mark.parametrize(
    ("hours", "since", "now", "hour"),
    [
        (("morning",), 20, 24.5, 30),  # at half past midnight it counts from six in the morning
        (("morning",), 20, 31, 30),  # and still does when it is morning
        (("morning",), 8, 9, 8),
        (("morning",), 8, 13, 30),
        (("morning",), 8, 31, 8),  # who was not called in all of a morning is late as soon as it is safe again
        ((), 20, 24.5, 20),
        (tuple(PARTS), 20, 24.5, 20),
    ],
)
def test_a_promise_to_call_counts_within_the_agreed_hours(hours: tuple[str, ...], since: float, now: float, hour: float) -> None:
    midnight = datetime(2026, 11, 23, 19, tzinfo=UTC)
    at = [midnight + timedelta(hours=one) for one in (since, now, hour)]
    assert counts_from(hours, at[0], at[1]) == at[2]
