"""Decides what a period withholds, given what its parts have withheld before. Pure.

A month is decided when it is over, a quarter and a year after their months: what is published stays, so a larger period gives way
to the smaller ones, never the other way round.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from hotline_bridge.figures.measures import BREAKDOWNS, COUNTS, FEW, WEEKLY, Breakdown, cells
from hotline_bridge.figures.periods import Period
from hotline_bridge.figures.suppression import LEAST, OUTSIDE, Arrow, protect, small

_SUM = "sum of a group"  # no number of ours: what can be read off another breakdown


@dataclass(frozen=True, slots=True)
class Counted:
    """A period's true numbers, and which of them nobody is shown."""

    period: Period
    counts: Mapping[str, int]
    hidden: frozenset[str] = frozenset()
    parts: Sequence[Counted] = field(default_factory=tuple)

    def at_least(self, cell: str) -> int:
        """What can be said of a withheld number: the sum of those of its parts that are shown."""
        if cell not in self.hidden:
            return self.counts.get(cell, 0)
        return sum(part.at_least(cell) for part in self.parts)


def added(period: Period, parts: Sequence[Counted]) -> Counted:
    """A larger period, from its parts. Weeks belong to months alone."""
    total: dict[str, int] = {}
    for part in parts:
        for cell, value in part.counts.items():
            if "/week/" not in cell:
                total[cell] = total.get(cell, 0) + value
    return Counted(period, total, parts=tuple(parts))


def decided(node: Counted, coin: random.Random | None = None) -> Counted:
    """The same with what must be withheld."""
    hidden: set[str] = set()
    for count in COUNTS:
        hidden |= _total(node, count, frozenset(hidden), coin)
        if not node.parts and count in WEEKLY:
            hidden |= _weeks(node, count, coin)
    for breakdown in BREAKDOWNS:
        hidden |= _parts(node, breakdown, frozenset(hidden), coin)
    return Counted(node.period, node.counts, frozenset(hidden), node.parts)


def _total(node: Counted, count: str, hidden: frozenset[str], coin: random.Random | None) -> set[str]:
    own = {count} if FEW.get(count) in hidden else small({count: node.counts[count]})
    if not node.parts:
        return set(own)
    return _protected(node, list(_arrows(node, count, None)), own, [count], coin)


def _weeks(node: Counted, count: str, coin: random.Random | None) -> set[str]:
    weeks = cells(node.counts, f"{count}/week")
    return _protected(node, list(_line(node, count, weeks)), small(weeks), list(weeks), coin)


def _parts(node: Counted, breakdown: Breakdown, hidden: frozenset[str], coin: random.Random | None) -> set[str]:
    parts = cells(node.counts, breakdown.name)
    if breakdown.whole in hidden:
        return set(parts)
    own = set(small(parts))
    if breakdown.like:
        own |= {cell for cell in parts if cell.replace(breakdown.name, breakdown.like) in hidden}
    if breakdown.group:
        own |= _in_groups(node, breakdown, breakdown.group, coin)
    return _protected(node, list(_arrows(node, breakdown.whole, breakdown.name)), own, list(parts), coin)


def _in_groups(node: Counted, breakdown: Breakdown, group_of: Callable[[str], str], coin: random.Random | None) -> set[str]:
    """What is withheld because the sum of each group of parts is as good as shown: a small one is never alone in its group."""
    found: set[str] = set()
    for group in sorted({group_of(cell.rpartition("/")[2]) for cell in cells(node.counts, breakdown.name)}):
        only = _of_group(node, breakdown.name, group_of, group)
        if only.counts[_SUM] >= LEAST:  # otherwise all of it is small, and its sum is not shown either
            parts = cells(only.counts, breakdown.name)
            arrows = list(_arrows(only, _SUM, breakdown.name))
            found |= _protected(only, arrows, small(parts), list(parts), coin, beside=frozenset(_small_sums(only)))
    return found


def _of_group(node: Counted, breakdown: str, group_of: Callable[[str], str], group: str) -> Counted:
    """The numbers of one group of parts and their sum, in a period and its parts."""
    members = {cell: value for cell, value in cells(node.counts, breakdown).items() if group_of(cell.rpartition("/")[2]) == group}
    parts = [_of_group(part, breakdown, group_of, group) for part in node.parts]
    return Counted(node.period, {_SUM: sum(members.values()), **members}, node.hidden & frozenset(members), parts)


def _small_sums(node: Counted) -> Iterator[str]:
    if node.counts[_SUM] < LEAST:
        yield f"{node.period.key} {_SUM}"
    for part in node.parts:
        yield from _small_sums(part)


def _protected(
    node: Counted,
    arrows: list[Arrow],
    own: Set[str],
    may_hide: Sequence[str],
    coin: random.Random | None,
    beside: frozenset[str] = frozenset(),
) -> set[str]:
    """What `node` withholds of `may_hide`, so that its own small numbers and those of its parts are safe."""
    before = {name for part in node.parts for name in _hidden_names(part)}
    known = {arrow.name for arrow in arrows}
    mine = f"{node.period.key} "
    start = (before | {mine + cell for cell in own}) & known
    hidden = protect(arrows, start, [mine + cell for cell in may_hide], least=LEAST, beside=beside, coin=coin)
    return {name.removeprefix(mine) for name in hidden if name.startswith(mine)}


def _hidden_names(node: Counted) -> Iterator[str]:
    yield from (f"{node.period.key} {cell}" for cell in node.hidden)
    for part in node.parts:
        yield from _hidden_names(part)


def _line(node: Counted, whole: str, parts: Mapping[str, int]) -> Iterator[Arrow]:
    """One sum: a whole and its parts."""
    row = f"{node.period.key} row"
    yield Arrow(f"{node.period.key} {whole}", OUTSIDE, row, node.counts[whole])
    for cell, value in parts.items():
        yield Arrow(f"{node.period.key} {cell}", row, OUTSIDE, value)


def _arrows(node: Counted, whole: str, breakdown: str | None, above: Period | None = None) -> Iterator[Arrow]:
    """All sums of one breakdown in a period and its parts: each month's whole flows through its parts into those of the year."""
    key = node.period.key
    outer = f"{above.key} {whole} whole" if above else OUTSIDE
    inside = f"{key} {whole} whole" if node.parts else f"{key} row" if breakdown else OUTSIDE
    yield Arrow(f"{key} {whole}", outer, inside, node.counts.get(whole, 0), whole)
    for cell, value in cells(node.counts, breakdown).items() if breakdown else ():
        tail = f"{key} {cell}" if node.parts else f"{key} row"
        yield Arrow(f"{key} {cell}", tail, f"{above.key} {cell}" if above else OUTSIDE, value, cell)
    for part in node.parts:
        yield from _arrows(part, whole, breakdown, node.period)
