"""Published figures for a spreadsheet: one line a number, withheld ones with an empty field. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from hotline_bridge.console.figure_names import BREAKDOWNS, COUNTS, WEEKS, Names
from hotline_bridge.figures import measures
from hotline_bridge.figures.releases import Release

HEAD = ("period", "number", "name", "part", "value", "withheld", "at_least", "median_seconds", "p90_seconds")
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def sheet(releases: Sequence[Release], names: Names) -> bytes:
    """All numbers of these periods. UTF-8 with a mark at the start, by which spreadsheets know it."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(HEAD)
    for release in releases:
        writer.writerows([_safe(field) for field in row] for row in _rows(release, names))
    return written.getvalue().encode("utf-8-sig")


def _rows(release: Release, names: Names) -> Iterable[tuple[object, ...]]:
    titles = {**COUNTS, **BREAKDOWNS}
    for cell, value in release.numbers.items():
        name = next((name for name in (*BREAKDOWNS, *COUNTS) if cell == name or cell.startswith(f"{name}/")), cell)
        part = cell.removeprefix(name).removeprefix("/")
        label = names.part(name.partition("/")[2], part) if name in BREAKDOWNS else part.replace("week/", "")
        title = names.say(WEEKS[name] if part.startswith("week/") else titles[name])
        least = release.at_least.get(cell, "") if value is None else ""
        times = release.times.get(cell, ("", "")) if name in measures.TIMED else ("", "")
        yield release.period.key, cell, title, label, "" if value is None else value, value is None, least, *times


def _safe(field: object) -> object:
    """A field that no spreadsheet takes for a formula."""
    return f"'{field}" if isinstance(field, str) and field.startswith(_STARTS_A_FORMULA) else field
