"""Draws which intents are taken for which as an SVG picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from html import escape

CELL, MARGIN = 14, 190


def picture(pairs: Iterable[tuple[str, str]]) -> str:
    """From pairs of wanted and understood intents. Rows are wanted, columns understood; misses are red, by their share."""
    counts = Counter(pairs)
    names = sorted({name for pair in counts for name in pair})
    size = MARGIN + CELL * len(names) + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" font-family="sans-serif" font-size="10">',
        f'<rect width="{size}" height="{size}" fill="#fff"/>',
        '<text x="8" y="16">rows: wanted, columns: understood</text>',
    ]
    for place, name in enumerate(names):
        parts += _labels(name, MARGIN + CELL * place)
    for row, wanted in enumerate(names):
        total = sum(counts[wanted, name] for name in names)
        for column, understood in enumerate(names):
            parts += _cell(row, column, counts[wanted, understood], total)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _labels(name: str, place: int) -> list[str]:
    middle = place + CELL - 4
    return [
        f'<text x="{MARGIN - 4}" y="{middle}" text-anchor="end">{escape(name)}</text>',
        f'<text transform="translate({middle},{MARGIN - 4}) rotate(-90)">{escape(name)}</text>',
    ]


def _cell(row: int, column: int, count: int, total: int) -> list[str]:
    x, y = MARGIN + CELL * column, MARGIN + CELL * row
    if not count:
        return [f'<rect x="{x}" y="{y}" width="{CELL - 1}" height="{CELL - 1}" fill="#f4f4f4"/>']
    share = count / total
    # A miss is seen from one sentence on: its colour begins at a third.
    colour, strength = ("#2e7d32", share) if row == column else ("#c62828", min(1.0, 0.3 + 3 * share))
    return [
        f'<rect x="{x}" y="{y}" width="{CELL - 1}" height="{CELL - 1}" fill="{colour}" fill-opacity="{strength:.2f}"/>',
        f'<text x="{x + 1}" y="{y + 10}" font-size="7" fill="#111">{count}</text>',
    ]
