"""A year's figures, published month by month: no withheld number follows from all that is ever shown of them together."""

from __future__ import annotations

import random
from collections.abc import Iterator

from figures.solver import Sum, bounds
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline_bridge.figures.measures import BREAKDOWNS, CLASSES, COUNTS, WEEKLY, class_of
from hotline_bridge.figures.periods import Period
from hotline_bridge.figures.suppression import LEAST
from hotline_bridge.figures.tree import Counted, added, decided
from hotline_bridge.tickets.needs import NEEDS

PARTS = {"contacts/language": ("kk", "ru", "uz"), "contacts/channel": ("telegram", "sms"), "contacts/week": ("1", "2", "3", "4")}
MOST = 30
Rows = list[dict[str, list[int]]]


@st.composite
def months(draw: st.DrawFn, count: int) -> Rows:
    """Months with a total that every breakdown adds up to. Most numbers are near ten, where it is hard."""
    found = []
    for _ in range(count):
        numbers = st.one_of(st.integers(0, 12), st.integers(0, MOST))
        languages = draw(st.lists(numbers, min_size=3, max_size=3))
        total = sum(languages)
        telegram = draw(st.integers(0, total))
        cuts = sorted(draw(st.lists(st.integers(0, total), min_size=3, max_size=3)))
        weeks = [b - a for a, b in zip([0, *cuts], [*cuts, total], strict=True)]
        found.append({"contacts/language": languages, "contacts/channel": [telegram, total - telegram], "contacts/week": weeks})
    return found


def counted(period: Period, parts: dict[str, list[int]]) -> Counted:
    counts = {count: 0 for count in COUNTS} | {"contacts": sum(parts["contacts/language"])}
    counts |= {f"{count}/week/{week}": 0 for count in WEEKLY for week in range(1, 5)}
    for name, values in parts.items():
        counts |= {f"{name}/{part}": value for part, value in zip(PARTS[name], values, strict=True)}
    return Counted(period, counts)


def published(period: Period, months: Iterator[Counted], coin: random.Random) -> Counted:
    """As it happens: each period is decided when it is over, and then stands."""
    if period.kind == "month":
        return decided(next(months), coin)
    return decided(added(period, [published(part, months, coin) for part in period.parts]), coin)


def every(node: Counted) -> Iterator[Counted]:
    yield node
    for part in node.parts:
        yield from every(part)


def sums(node: Counted) -> Iterator[Sum]:
    """All sums that a reader can know of."""
    for one in every(node):
        for name, parts in PARTS.items():
            if one.period.kind == "month" or name != "contacts/week":
                yield Sum(f"{one.period.key} contacts", [f"{one.period.key} {name}/{part}" for part in parts])
        for cell in one.counts:
            if one.parts and cell.startswith("contacts"):
                yield Sum(f"{one.period.key} {cell}", [f"{part.period.key} {cell}" for part in one.parts])


def shown(node: Counted) -> dict[str, int]:
    cells = ((one, cell, value) for one in every(node) for cell, value in one.counts.items() if cell.startswith("contacts"))
    return {f"{one.period.key} {cell}": value for one, cell, value in cells if cell not in one.hidden}


def small(node: Counted) -> list[tuple[str, int]]:
    return [
        (f"{one.period.key} {cell}", value)
        for one in every(node)
        for cell, value in one.counts.items()
        if cell.startswith("contacts") and value < LEAST
    ]


def assert_nothing_follows(node: Counted, names: list[str]) -> None:
    known, lines = shown(node), list(sums(node))
    for name in names:
        low, high = bounds(lines, known, name)
        assert high is None or high - low >= LEAST, (name, low, high)


@settings(max_examples=40)
@given(months(3), st.integers(0, 99), st.data())
def test_no_small_number_of_a_quarter_follows_from_its_months_weeks_and_breakdowns(
    rows: Rows, seed: int, data: st.DataObject
) -> None:
    quarter = Period("2026-Q4")
    counts = [counted(part, row) for part, row in zip(quarter.parts, rows, strict=True)]
    node = published(quarter, iter(counts), random.Random(seed))
    found = small(node)
    assert {name for name, _ in found} & set(shown(node)) == set()
    if found:
        names = [name for name, _ in found]
        assert_nothing_follows(node, data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=6, unique=True)))


@settings(max_examples=4)
@given(months(12), st.integers(0, 99), st.data())
def test_no_small_number_of_a_year_follows_from_its_quarters_and_months(rows: Rows, seed: int, data: st.DataObject) -> None:
    year = Period("2026")
    counts = [counted(month, row) for month, row in zip((m for q in year.parts for m in q.parts), rows, strict=True)]
    node = published(year, iter(counts), random.Random(seed))
    assert {name for name, _ in small(node)} & set(shown(node)) == set()
    if found := [name for name, _ in small(node)]:
        assert_nothing_follows(node, [data.draw(st.sampled_from(found))])


def test_a_larger_period_gives_way_to_a_single_withheld_month_and_says_what_it_can() -> None:
    quarter = Period("2026-Q4")
    rows: Rows = [
        {"contacts/language": [kk, 40, 50], "contacts/channel": [45 + kk, 45], "contacts/week": [23, 22, 23, 22 + kk]}
        for kk in (20, 4, 30)
    ]
    counts = [counted(part, row) for part, row in zip(quarter.parts, rows, strict=True)]
    node = published(quarter, iter(counts), random.Random(1))
    november = node.parts[1]
    assert november.hidden >= {"contacts/language/kk", "contacts/language/ru"}
    assert "contacts/language/kk" in node.hidden  # 54 less 20 and 30 would be November's four
    assert node.at_least("contacts/language/kk") == 50
    assert node.counts["contacts"] == 324
    assert "contacts" not in node.hidden


def test_where_a_larger_total_is_withheld_its_parts_are_too() -> None:
    quarter = Period("2026-Q4")
    rows: Rows = [
        {"contacts/language": [n, n, n], "contacts/channel": [n, n + n], "contacts/week": [0, n, n, n]} for n in (20, 3, 30)
    ]
    counts = [counted(part, row) for part, row in zip(quarter.parts, rows, strict=True)]
    node = published(quarter, iter(counts), random.Random(1))
    assert "contacts" in node.hidden  # less 60 and 90 it would be November's nine
    assert set(shown(node)) & {f"2026-Q4 {cell}" for cell in node.counts} == set()
    assert node.at_least("contacts") == 150


def test_numbers_that_are_all_large_are_all_shown() -> None:
    quarter = Period("2026-Q4")
    row = {"contacts/language": [30, 40, 50], "contacts/channel": [60, 60], "contacts/week": [30, 30, 30, 30]}
    counts = [counted(part, row) for part in quarter.parts]
    node = published(quarter, iter(counts), random.Random(1))
    assert [cell for one in every(node) for cell in one.hidden if cell.startswith("contacts")] == []
    assert node.counts["contacts/language/uz"] == 150


def test_where_the_total_is_small_nothing_is_shown() -> None:
    row = {"contacts/language": [3, 3, 3], "contacts/channel": [9, 0], "contacts/week": [9, 0, 0, 0]}
    node = decided(counted(Period("2026-10"), row))
    assert {cell for cell in node.counts if cell not in node.hidden} == set()


def test_messages_of_a_channel_are_withheld_where_its_people_are_few() -> None:
    node = counted(Period("2026-10"), {name: [20, 5, *([0] * (len(parts) - 2))] for name, parts in PARTS.items()})
    more = {"messages": 300, "messages/channel/telegram": 200, "messages/channel/sms": 100}
    found = decided(Counted(node.period, {**node.counts, **more}))
    assert found.hidden >= {"contacts/channel/sms", "messages/channel/sms"}
    assert BREAKDOWNS[3].like == "contacts/channel"


def of_needs(period: Period, needs: dict[str, int]) -> Counted:
    """A month in which everything that was opened was taken at once."""
    counts = {count: 0 for count in COUNTS} | {"tickets": sum(needs.values()), "taken": sum(needs.values())}
    counts |= {f"{count}/week/{week}": 0 for count in WEEKLY for week in range(1, 5)}
    counts |= {f"tickets/need/{need}": needs.get(need, 0) for need in NEEDS}
    for one in CLASSES:
        counts[f"taken/class/{one}"] = sum(value for need, value in needs.items() if class_of(need) == one)
    return Counted(period, counts)


def of_classes(node: Counted) -> Iterator[Sum]:
    """The sums of needs that a reader knows of: all tickets, each class, and each period over its parts."""
    for one in every(node):
        key = one.period.key
        yield Sum(f"{key} tickets", [f"{key} tickets/need/{need}" for need in NEEDS])
        yield Sum(f"{key} taken", [f"{key} taken/class/{name}" for name in CLASSES])
        for name in CLASSES:
            yield Sum(f"{key} taken/class/{name}", [f"{key} tickets/need/{need}" for need in NEEDS if class_of(need) == name])
        for cell in one.counts if one.parts else ():
            if cell.startswith(("tickets", "taken")):
                yield Sum(f"{key} {cell}", [f"{part.period.key} {cell}" for part in one.parts])


def assert_no_need_follows(node: Counted, names: list[str]) -> None:
    cells = [(one, cell, value) for one in every(node) for cell, value in one.counts.items()]
    known = {f"{one.period.key} {cell}": value for one, cell, value in cells if cell not in one.hidden}
    for name in names:
        low, high = bounds(list(of_classes(node)), known, name)
        assert high is None or high - low >= LEAST, (name, low, high)


def test_a_need_that_is_rare_does_not_follow_from_how_many_of_its_class_were_taken() -> None:
    needs = dict.fromkeys(NEEDS, 40) | {"child_in_danger": 3, "undeliverable": 10}
    for seed in range(20):
        node = decided(of_needs(Period("2026-10"), needs), random.Random(seed))
        assert "taken/class/danger" not in node.hidden
        assert len([need for need in NEEDS if class_of(need) == "danger" and f"tickets/need/{need}" in node.hidden]) > 1
        assert_no_need_follows(node, ["2026-10 tickets/need/child_in_danger"])


@settings(max_examples=15)
@given(st.lists(st.fixed_dictionaries({need: st.integers(0, 30) for need in NEEDS}), min_size=3, max_size=3), st.data())
def test_no_small_need_of_a_quarter_follows_from_the_classes(rows: list[dict[str, int]], data: st.DataObject) -> None:
    quarter = Period("2026-Q4")
    months = [of_needs(part, row) for part, row in zip(quarter.parts, rows, strict=True)]
    node = published(quarter, iter(months), random.Random(1))
    found = [
        f"{one.period.key} {cell}"
        for one in every(node)
        for cell, value in one.counts.items()
        if cell.startswith("tickets/need") and value < LEAST
    ]
    if found:
        assert_no_need_follows(node, data.draw(st.lists(st.sampled_from(found), min_size=1, max_size=3, unique=True)))


def test_how_much_was_written_is_withheld_where_few_wrote() -> None:
    counts = {count: 0 for count in COUNTS} | {"contacts": 3, "messages": 41, "topics": 12, "unanswered": 11}
    counts |= {f"{count}/week/{week}": 0 for count in WEEKLY for week in range(1, 5)}
    assert decided(Counted(Period("2026-10"), counts)).hidden >= {"contacts", "messages", "topics", "unanswered"}
