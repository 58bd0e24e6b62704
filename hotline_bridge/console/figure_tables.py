"""Published figures as tables and bars. Pure: nothing here knows a number that was not published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from hotline_bridge.console.figure_names import BREAKDOWNS, Names
from hotline_bridge.figures import measures
from hotline_bridge.figures.periods import Period, weeks
from hotline_bridge.figures.releases import Release

IN_ORDER = ("contacts/week", "tickets/week", "taken/class", "answered/class", "closed/taken", "closed/again")
FEW = 4  # so many withheld lines have a row each
WIDTH = 360  # of a chart, in its own units
LINE = 38


@dataclass(frozen=True, slots=True)
class Line:
    """One number. value: None where withheld; at_least: what can still be said of it; share: percent of the whole."""

    label: str
    value: int | None
    at_least: int = 0
    share: int | None = None
    median: timedelta | None = None
    p90: timedelta | None = None

    @property
    def known(self) -> int:
        """What a bar can show."""
        return self.at_least if self.value is None else self.value


@dataclass(frozen=True, slots=True)
class Bar:
    """A line as it is drawn: y and length in the chart's units."""

    line: Line
    y: int
    length: int


@dataclass(frozen=True, slots=True)
class Table:
    """One breakdown. Lines stand in the order of what is shown: any other would tell how the withheld ones compare."""

    name: str
    title: str
    lines: Sequence[Line]

    @property
    def rows(self) -> list[Line]:
        """The lines of the table; many withheld ones are named together below it."""
        return [line for line in self.lines if line not in self.unknown]

    @property
    def unknown(self) -> list[Line]:
        """Withheld lines of which nothing can be said, when they are many."""
        found = [line for line in self.lines if line.value is None and not line.at_least]
        return found if len(found) > FEW and self.name not in IN_ORDER else []

    @property
    def timed(self) -> bool:
        """Whether it has times."""
        return self.name in measures.TIMED

    @property
    def shared(self) -> bool:
        """Whether its lines are shares of a whole."""
        return "/" in self.name and not self.timed and not self.name.endswith("/week")

    @property
    def bars(self) -> list[Bar]:
        """What is drawn: the lines of which something is known."""
        drawn = [line for line in self.lines if line.known]
        longest = max((line.known for line in drawn), default=1)
        return [Bar(line, n * LINE, max(2, round(WIDTH * line.known / longest))) for n, line in enumerate(drawn)]

    @property
    def height(self) -> int:
        """Of the chart."""
        return max(1, len(self.bars)) * LINE


def total(release: Release, count: str, label: str) -> Line:
    """A count as a whole."""
    return Line(label, release.numbers[count], release.at_least.get(count, 0))


def breakdowns(release: Release, names: Names) -> list[Table]:
    """Every breakdown of a period."""
    return [_breakdown(release, breakdown, names) for breakdown in measures.BREAKDOWNS]


def by_weeks(release: Release, count: str, title: str) -> Table | None:
    """A month's weeks, in the order of time; None for a longer period."""
    if release.period.kind != "month":
        return None
    found = enumerate(weeks(release.period), 1)
    lines = [Line(f"{first.day}–{last.day}", release.numbers[f"{count}/week/{n}"]) for n, (first, last) in found]
    return Table(f"{count}/week", title, lines)


def by_months(releases: Sequence[Release], count: str, title: str, label: dict[Period, str]) -> Table:
    """One count over many months, in the order of time."""
    return Table(count, title, [total(release, count, label[release.period]) for release in releases])


def _breakdown(release: Release, breakdown: measures.Breakdown, names: Names) -> Table:
    whole = release.numbers.get(breakdown.whole)
    by = breakdown.name.partition("/")[2]
    lines = []
    for cell, value in release.numbers.items():
        if cell.startswith(f"{breakdown.name}/"):
            share = round(100 * value / whole) if value is not None and whole else None
            times = [timedelta(seconds=seconds) for seconds in release.times.get(cell, ())]
            label = names.part(by, cell.removeprefix(f"{breakdown.name}/"))
            lines.append(Line(label, value, release.at_least.get(cell, 0), share, *times))
    ordered = lines if breakdown.name in IN_ORDER else sorted(lines, key=lambda line: (-line.known, line.label))
    return Table(breakdown.name, names.say(BREAKDOWNS[breakdown.name]), ordered)
