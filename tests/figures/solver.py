"""A reader with pencil and paper: what a withheld number can be at least and at most, by the sums and the numbers that are shown.

Linear programming in exact fractions (simplex, Bland's rule), knowing nothing of how the numbers were chosen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor


@dataclass(frozen=True)
class Sum:
    """`whole` is the sum of `parts`."""

    whole: str
    parts: Sequence[str]


def bounds(sums: Sequence[Sum], known: Mapping[str, int], name: str) -> tuple[int, int | None]:
    """The whole numbers between which `name` lies; None when it has no upper end."""
    unknown = sorted({cell for one in sums for cell in (one.whole, *one.parts)} - set(known))
    rows, right = [], []
    for one in sums:
        row = [Fraction((cell in one.parts) - (cell == one.whole)) for cell in unknown]
        value = Fraction(known.get(one.whole, 0) - sum(known.get(cell, 0) for cell in one.parts))
        if any(row):
            rows.append(row if value >= 0 else [-x for x in row])
            right.append(abs(value))
        else:
            assert value == 0, "the numbers that are shown contradict each other"
    aim = [Fraction(cell == name) for cell in unknown]
    low = _largest(rows, right, [-x for x in aim])
    high = _largest(rows, right, aim)
    assert low is not None
    return ceil(-low), None if high is None else floor(high)


def _largest(rows: list[list[Fraction]], right: list[Fraction], aim: list[Fraction]) -> Fraction | None:
    """The largest value of `aim` over all x >= 0 with rows·x = right; None without end. There is an x: the true numbers."""
    width, height = len(aim), len(rows)
    aids = [[Fraction(n == m) for m in range(height)] for n in range(height)]
    table = [[*row, *aid, value] for row, aid, value in zip(rows, aids, right, strict=True)]
    basis = [width + n for n in range(height)]
    _run(table, basis, [Fraction(0)] * width + [Fraction(-1)] * height, width + height)
    for n in range(height):  # an aid that is left stands at zero; it goes for something of ours where that can be
        if basis[n] >= width:
            column = next((c for c in range(width) if table[n][c]), None)
            if column is not None:
                _pivot(table, basis, n, column)
    keep = [n for n in range(height) if basis[n] < width]
    table = [table[n][:width] + table[n][-1:] for n in keep]
    basis = [basis[n] for n in keep]
    if not _run(table, basis, aim, width):
        return None
    return sum((aim[column] * row[-1] for column, row in zip(basis, table, strict=True)), Fraction(0))


def _run(table: list[list[Fraction]], basis: list[int], aim: Sequence[Fraction], width: int) -> bool:
    """To the optimum; False when there is none."""
    while True:
        gain = (c for c in range(width) if aim[c] > sum(aim[b] * row[c] for b, row in zip(basis, table, strict=True)))
        column = next(gain, None)
        if column is None:
            return True
        ratios = [(row[-1] / row[column], basis[n], n) for n, row in enumerate(table) if row[column] > 0]
        if not ratios:
            return False
        _pivot(table, basis, min(ratios)[2], column)


def _pivot(table: list[list[Fraction]], basis: list[int], at: int, column: int) -> None:
    head = table[at][column]
    table[at] = [x / head for x in table[at]]
    for n, row in enumerate(table):
        if n != at and row[column]:
            factor = row[column]
            table[n] = [x - factor * y for x, y in zip(row, table[at], strict=True)]
    basis[at] = column
