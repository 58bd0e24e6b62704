"""What is withheld cannot be computed from what is shown: tried by a reader who solves all the sums exactly, and by one who also
knows the rule."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from collections.abc import Sequence

import pytest
from figures.solver import Sum, bounds
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline_bridge.figures.suppression import LEAST, OUTSIDE, Arrow, protect, small, span


def line(values: Sequence[int]) -> list[Arrow]:
    """A total and its parts a, b, c …"""
    parts = [Arrow(chr(97 + n), "row", OUTSIDE, value) for n, value in enumerate(values)]
    return [Arrow("total", OUTSIDE, "row", sum(values)), *parts]


def withheld(values: Sequence[int], least: int = LEAST, seed: int = 0) -> str:
    arrows = line(values)
    parts = {arrow.name: arrow.value for arrow in arrows[1:]}
    return "".join(sorted(protect(arrows, small(parts, least), list(parts), least=least, coin=random.Random(seed))))


@pytest.mark.parametrize(
    ("values", "hidden"),
    [
        ([30, 40, 50], ""),
        ([30, 40, 9], "ac"),  # alone it would be the total less the others
        ([30, 40, 5, 5], "cd"),
        ([30, 40, 5, 4], "acd"),  # together nine: too few values are left for either
        ([30, 40, 0], "ac"),  # zero is a small number too
        ([30, 0, 0], "abc"),
        ([10, 10], ""),
        ([30, 9, 9], "abc"),  # 18 is nine and nine, for whoever knows the rule
    ],
)
def test_with_a_small_number_goes_what_would_tell_it(values: list[int], hidden: str) -> None:
    assert withheld(values) == hidden


def test_of_equal_numbers_a_coin_chooses_which_one_goes_too() -> None:
    assert {withheld([12, 12, 12, 3], seed=seed) for seed in range(20)} == {"ad", "bd", "cd"}


@given(st.lists(st.integers(0, 40), min_size=2, max_size=8).filter(lambda values: sum(values) >= LEAST), st.integers(0, 9))
def test_the_sums_leave_eleven_values_to_every_small_number(values: list[int], seed: int) -> None:
    hidden = withheld(values, seed=seed)
    names = [chr(97 + n) for n in range(len(values))]
    known = {name: value for name, value in zip(names, values, strict=True) if name not in hidden} | {"total": sum(values)}
    for name, value in zip(names, values, strict=True):
        if value < LEAST:
            low, high = bounds([Sum("total", names)], known, name)
            assert high is not None
            assert high - low >= LEAST


@given(st.lists(st.integers(0, 25), min_size=2, max_size=6), st.data())
def test_a_span_is_what_solving_the_sums_gives(values: list[int], data: st.DataObject) -> None:
    names = [chr(97 + n) for n in range(len(values))]
    hidden = data.draw(st.sets(st.sampled_from(names), min_size=1))
    known = {name: value for name, value in zip(names, values, strict=True) if name not in hidden} | {"total": sum(values)}
    name = min(hidden)
    low, high = bounds([Sum("total", names)], known, name)
    assert high is not None
    assert span(line(values), frozenset(hidden), name, enough=1000) == high - low


@pytest.mark.parametrize(("least", "parts", "largest"), [(4, 3, 11), (4, 4, 6), (5, 3, 12)])
def test_who_knows_the_rule_and_tries_all_tables_cannot_tell_a_withheld_number(least: int, parts: int, largest: int) -> None:
    """A smaller limit than ten, so that all tables can be tried: of which could have been published what was?"""
    tables = defaultdict(list)
    for values in itertools.product(range(largest), repeat=parts):
        if sum(values) >= least:
            for seed in range(6):
                hidden = withheld(values, least, seed)
                shown = tuple(None if chr(97 + n) in hidden else value for n, value in enumerate(values))
                tables[sum(values), shown].append(values)
    assert len(tables) > 150
    for (_, shown), possible in tables.items():
        for n, value in enumerate(shown):
            if value is None:
                assert len({values[n] for values in possible}) > 1, (shown, possible)


@settings(max_examples=30)
@given(st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=3))
def test_a_span_in_a_table_of_rows_and_columns_is_what_solving_gives(rows: list[list[int]]) -> None:
    """Two sums for each number: parts of a month, and months of a quarter."""
    arrows, sums, known = [], [], {}
    for r, row in enumerate(rows):
        arrows.append(Arrow(f"r{r}", OUTSIDE, f"row{r}", sum(row)))
        arrows += [Arrow(f"{r}{c}", f"row{r}", f"column{c}", value) for c, value in enumerate(row)]
        sums.append(Sum(f"r{r}", [f"{r}{c}" for c in range(3)]))
        known[f"r{r}"] = sum(row)
    for c in range(3):
        total = sum(row[c] for row in rows)
        arrows.append(Arrow(f"c{c}", f"column{c}", OUTSIDE, total))
        sums.append(Sum(f"c{c}", [f"{r}{c}" for r in range(len(rows))]))
        if c:
            known[f"c{c}"] = total
    hidden = {arrow.name for arrow in arrows} - set(known)
    for name in ("00", "11"):
        low, high = bounds(sums, known, name)
        assert high is not None
        assert span(arrows, frozenset(hidden), name, enough=1000) == high - low
