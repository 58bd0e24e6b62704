"""Whoever touches the trail without its key is found, whatever they do to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st

from hotline_bridge.audit import chain
from hotline_bridge.audit.chain import START, Checkpoint, Entry, Head, Row, Verdict, Walk

KEY, WRONG = b"k" * 32, b"w" * 32
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def entry(n: int, action: str = "claimed") -> Entry:
    return Entry(UUID(int=n), NOON + timedelta(seconds=n), UUID(int=9), action, UUID(int=n * 31), {"to": str(UUID(int=n))})


def written(number: int, key: bytes = KEY, *, after: int = 0, before: bytes = START) -> list[Row]:
    """Rows as the bridge writes them."""
    rows = []
    for sequence in range(after + 1, after + number + 1):
        own = chain.own(key, entry(sequence))
        before = chain.link(key, before, sequence, own)
        rows.append(Row(sequence, entry(sequence), own, before))
    return rows


def head_of(rows: Sequence[Row], key: bytes = KEY) -> Head:
    last = rows[-1]
    return Head(last.sequence, last.link, chain.head_code(key, last.sequence, last.link))


def walk(rows: Sequence[Row], head: Head | None, checkpoint: Checkpoint | None = None) -> Verdict:
    walked = Walk(KEY, checkpoint)
    for row in sorted(rows, key=lambda r: r.sequence):
        walked.take(row)
    return walked.verdict(head)


def found(rows: Sequence[Row], head: Head | None) -> tuple[str | None, int | None]:
    verdict = walk(rows, head)
    return verdict.fault, verdict.row


def renumbered(rows: Sequence[Row]) -> list[Row]:
    return [replace(row, sequence=n) for n, row in enumerate(rows, 1)]


sizes = st.integers(2, 12)


@given(st.integers(1, 12))
def test_a_trail_that_nobody_touched_holds(number: int) -> None:
    rows = written(number)
    verdict = walk(rows, head_of(rows))
    assert (verdict.fault, verdict.row, verdict.rows, verdict.last) == (None, None, number, number)
    assert verdict.mark == chain.mark(number, rows[-1].link)


def test_a_trail_that_was_never_begun_holds() -> None:
    assert found([], None) == (None, None)


@given(sizes, st.data())
def test_the_first_row_that_was_changed_is_named(number: int, data: st.DataObject) -> None:
    rows = written(number)
    head = head_of(rows)
    at = data.draw(st.integers(0, number - 1))
    said = rows[at].entry
    other = data.draw(
        st.sampled_from(
            [
                replace(said, id=UUID(int=999)),
                replace(said, at=said.at + timedelta(microseconds=1)),
                replace(said, actor=None),
                replace(said, actor=UUID(int=8)),
                replace(said, action="closed"),
                replace(said, subject=None),
                replace(said, facts={}),
                replace(said, facts={"to": str(UUID(int=999))}),
            ]
        ).filter(lambda one: one != said)
    )
    rows[at] = replace(rows[at], entry=other)
    assert found(rows, head) == ("changed", at + 1)
    later = data.draw(st.integers(at, number - 1))
    rows[later] = replace(rows[later], entry=replace(rows[later].entry, action="lost"))
    assert found(rows, head) == ("changed", at + 1)


@given(sizes, st.data())
def test_a_changed_code_is_named(number: int, data: st.DataObject) -> None:
    rows = written(number)
    head = head_of(rows)
    at = data.draw(st.integers(0, number - 1))
    own, link = data.draw(st.sampled_from([(b"x" * 32, rows[at].link), (rows[at].own, b"x" * 32), (b"", b"")]))
    rows[at] = replace(rows[at], own=own, link=link)
    assert found(rows, head) == ("changed", at + 1)


@given(sizes, st.data())
def test_rows_that_were_written_anew_under_another_key_are_named(number: int, data: st.DataObject) -> None:
    rows = written(number)
    head = head_of(rows)
    at = data.draw(st.integers(0, number - 1))
    before = rows[at - 1].link if at else START
    rows[at:] = written(number - at, WRONG, after=at, before=before)
    assert found(rows, head) == ("changed", at + 1)
    assert found(rows, head_of(rows, WRONG))[1] == at + 1


@given(sizes, st.data())
def test_rows_that_were_removed_are_named_by_the_first(number: int, data: st.DataObject) -> None:
    rows = written(number)
    head = head_of(rows)
    first = data.draw(st.integers(0, number - 1))
    until = data.draw(st.integers(first + 1, number))
    assert found(rows[:first] + rows[until:], head) == ("removed", first + 1)


@given(sizes, st.data())
def test_closing_the_gap_does_not_hide_it(number: int, data: st.DataObject) -> None:
    rows = written(number)
    head = head_of(rows)
    first = data.draw(st.integers(0, number - 2))
    until = data.draw(st.integers(first + 1, number - 1))
    assert found(renumbered(rows[:first] + rows[until:]), head) == ("removed", first + 1)


@given(sizes, st.data())
def test_a_removed_end_is_found_whatever_is_done_to_the_head(number: int, data: st.DataObject) -> None:
    rows = written(number)
    head = head_of(rows)
    left = rows[: data.draw(st.integers(1, number - 1))]
    assert found(left, head) == ("removed", len(left) + 1)
    assert found(left, head_of(left, WRONG)) == ("head", None)
    assert found(left, replace(head, count=len(left), link=left[-1].link)) == ("head", None)
    assert found(left, None) == ("head", None)
    assert found([], head) == ("removed", 1)


@given(sizes, st.data())
def test_rows_that_changed_places_are_named_by_the_first(number: int, data: st.DataObject) -> None:
    rows = written(number)
    head = head_of(rows)
    order = data.draw(st.permutations(range(number)))
    moved = [replace(rows[place], sequence=n) for n, place in enumerate(order, 1)]
    first = next((n for n, place in enumerate(order, 1) if place != n - 1), None)
    assume(first is not None)
    assert found(moved, head) == ("moved", first)


@given(sizes, st.data())
def test_a_row_that_was_moved_to_the_end_is_named(number: int, data: st.DataObject) -> None:
    rows = written(number)
    head = head_of(rows)
    at = data.draw(st.integers(0, number - 1))
    moved = [*rows[:at], *rows[at + 1 :], replace(rows[at], sequence=number + 5)]
    assert found(moved, head) == ("moved", at + 1)


@given(sizes, st.data())
def test_a_row_that_was_added_is_named(number: int, data: st.DataObject) -> None:
    rows = written(number)
    head = head_of(rows)
    at = data.draw(st.integers(0, number))
    forged_own = chain.own(WRONG, entry(77))
    before = rows[at - 1].link if at else START
    forged = Row(at + 1, entry(77), forged_own, chain.link(WRONG, before, at + 1, forged_own))
    assert found(renumbered([*rows[:at], forged, *rows[at:]]), head) == ("added", at + 1)


@given(sizes)
def test_a_head_from_earlier_does_not_pass_for_the_present_one(number: int) -> None:
    rows = written(number)
    assert found(rows, head_of(rows[:-1])) == ("head", None)
    assert found(rows, replace(head_of(rows), mac=b"x" * 32)) == ("head", None)
    assert found(rows, None) == ("head", None)


@given(sizes)
def test_another_key_holds_nothing(number: int) -> None:
    rows = written(number, WRONG)
    assert found(rows, head_of(rows, WRONG)) == ("changed", 1)


# --- shortened by age ---


def sealed(row: Row, key: bytes = KEY) -> Checkpoint:
    return Checkpoint(row.sequence, row.link, NOON, chain.checkpoint_code(key, row.sequence, row.link, NOON))


@given(sizes, st.data())
def test_what_was_removed_by_age_is_not_missed(number: int, data: st.DataObject) -> None:
    rows = written(number)
    at = data.draw(st.integers(1, number - 1))
    verdict = walk(rows[at:], head_of(rows), sealed(rows[at - 1]))
    assert (verdict.fault, verdict.rows, verdict.last) == (None, number - at, number)


@given(sizes, st.data())
def test_a_forged_checkpoint_hides_no_removal(number: int, data: st.DataObject) -> None:
    rows = written(number)
    at = data.draw(st.integers(1, number - 1))
    true = sealed(rows[at - 1])
    for forged in (
        sealed(rows[at - 1], WRONG),
        replace(true, sealed_at=NOON + timedelta(days=1)),
        replace(true, through=true.through + 1),
        replace(true, link=b"x" * 32),
    ):
        assert walk(rows[at:], head_of(rows), forged).fault == "checkpoint"


@given(sizes, st.data())
def test_a_checkpoint_does_not_cover_more_or_less_than_it_says(number: int, data: st.DataObject) -> None:
    rows = written(number)
    at = data.draw(st.integers(1, number - 1))
    verdict = walk(rows[at - 1 :], head_of(rows), sealed(rows[at - 1]))
    assert (verdict.fault, verdict.row) == ("added", at)
    verdict = walk(rows[at + 1 :], head_of(rows), sealed(rows[at - 1]))
    assert (verdict.fault, verdict.row) == ("removed", at + 1)
