"""Which numbers are withheld. Pure: it knows numbers that add up, and neither tickets nor months.

A number under LEAST is withheld, and more with it until nobody who adds and subtracts what is shown can narrow it down to fewer
than LEAST + 1 possible values, and nobody who knows this rule as well to fewer than six. Zero is a small number too: if it were
shown, every withheld number would be known to be somebody.

All sums are kept as one flow network: an arrow is a number, and at every node except OUTSIDE what comes in goes out. A reader can
move a withheld number exactly as far as withheld arrows lead round in a circle with it, none of them below zero.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LEAST = 10
OUTSIDE = "outside"  # where a sum ends that nobody publishes


@dataclass(frozen=True, slots=True)
class Arrow:
    """The number `name`: a part of `tail` that goes into `head`. kin: what it counts, the same in every period."""

    name: str
    tail: str
    head: str
    value: int
    kin: str = ""


def span(arrows: Sequence[Arrow], hidden: frozenset[str], name: str, *, enough: int = LEAST, below: int | None = None) -> int:
    """How many other values `name` could have for a reader who sees all that is not `hidden`; counted up to `enough`.

    below: the reader also knows, of each number that is smaller than this, that it is.
    """
    one = next(arrow for arrow in arrows if arrow.name == name)
    others = [arrow for arrow in arrows if arrow.name in hidden and arrow.name != name]
    most = enough if below is None or one.value >= below else min(enough, below - 1 - one.value)
    up = _flow(others, one.head, one.tail, most, below)
    return up + _flow(others, one.tail, one.head, min(one.value, enough - up), below)


def protect(
    arrows: Sequence[Arrow],
    hidden: Iterable[str],
    may_hide: Iterable[str],
    *,
    least: int = LEAST,
    beside: Iterable[str] = (),
    coin: random.Random | None = None,
) -> frozenset[str]:
    """`hidden` and what must be withheld with it, of `may_hide`: the same count first, then the smallest, equals by a coin.

    Everything under `least` in `hidden` is protected, as far as hiding all of `may_hide` can.
    beside: numbers that are shown nowhere and need no protection.
    """
    toss = coin or random.SystemRandom()
    by_name = {arrow.name: arrow for arrow in arrows}
    nowhere = frozenset(beside)
    gone = set(hidden) | nowhere
    left = sorted(set(may_hide) - gone, key=lambda name: (by_name[name].value, toss.random()))
    for name in sorted(name for name in gone - nowhere if by_name[name].value < least):
        while left and not _safe(arrows, frozenset(gone), name, least):
            gone.add(left.pop(next((n for n, other in enumerate(left) if by_name[other].kin == by_name[name].kin), 0)))
    return frozenset(gone - nowhere)


def _safe(arrows: Sequence[Arrow], hidden: frozenset[str], name: str, least: int) -> bool:
    """Neither sums nor the rule itself tell: who knows this module guesses which numbers are small ones."""
    if span(arrows, hidden, name, enough=least) < least:
        return False
    return span(arrows, hidden, name, enough=least // 2, below=least) >= least // 2


def small(values: Mapping[str, int], least: int = LEAST) -> frozenset[str]:
    """The numbers that are withheld for their own sake."""
    return frozenset(name for name, value in values.items() if value < least)


def _flow(arrows: Sequence[Arrow], source: str, sink: str, most: int, below: int | None) -> int:
    """How much can be sent from source to sink, up to `most`: against an arrow as far as its value, along it without limit."""
    room: dict[str, dict[str, int]] = {}
    for arrow in arrows:
        limit = most if below is None or arrow.value >= below else below - 1 - arrow.value
        forward, back = room.setdefault(arrow.tail, {}), room.setdefault(arrow.head, {})
        forward[arrow.head] = forward.get(arrow.head, 0) + limit
        back[arrow.tail] = back.get(arrow.tail, 0) + arrow.value
    sent = 0
    while sent < most and (path := _path(room, source, sink)):
        step = min(most - sent, *(room[a][b] for a, b in path))
        for a, b in path:
            room[a][b] -= step
            room[b][a] = room[b].get(a, 0) + step
        sent += step
    return sent


def _path(room: Mapping[str, Mapping[str, int]], source: str, sink: str) -> list[tuple[str, str]]:
    """A way from source to sink with room on each step; [] without one."""
    came: dict[str, str] = {source: ""}
    waiting = deque([source])
    while waiting:
        at = waiting.popleft()
        for other, left in room.get(at, {}).items():
            if left and other not in came:
                came[other] = at
                waiting.append(other)
    if sink not in came or sink == source:
        return []
    path = []
    while sink != source:
        path.append((came[sink], sink))
        sink = came[sink]
    return path
