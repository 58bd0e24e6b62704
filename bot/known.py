"""Which messages the model has read already: the same once folded, or nearly. What it knows tells nothing about strangers."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable

from bot.reading.spelling import fold

# Messages that share so much of their three-letter pieces are one message.
ALIKE = 0.8

Pieces = frozenset[str]


class Known:
    """The sentences that were learned, to be asked for the same or nearly the same."""

    def __init__(self, learned: Iterable[str]) -> None:
        self._folded = {fold(text) for text in learned}
        every = [pieces(folded) for folded in self._folded]
        self._often = Counter(piece for found in every for piece in found)
        self._by_rarest: dict[tuple[str, int], list[Pieces]] = defaultdict(list)
        for found in every:
            for piece in self._rarest(found):
                self._by_rarest[piece, len(found)].append(found)

    def same(self, text: str) -> bool:
        """Whether it was learned word for word, or nothing of it is left to compare."""
        folded = fold(text)
        return not folded or folded in self._folded

    def nearly(self, text: str) -> bool:
        """Whether it shares ALIKE of its pieces with a sentence that was learned; also when it is the same."""
        wanted = pieces(fold(text))
        rarest = self._rarest(wanted)
        sizes = range(math.ceil(ALIKE * len(wanted)), int(len(wanted) / ALIKE) + 1)
        return any(
            alike(wanted, found)
            for size in sizes
            for piece in rarest[: len(wanted) - _shared(len(wanted), size) + 1]
            for found in self._by_rarest.get((piece, size), ())
        )

    def _rarest(self, found: Pieces) -> list[str]:
        """The rarest fifth of the pieces, and one: two sets that alike have one of these in common."""
        ordered = sorted(found, key=lambda piece: (self._often[piece], piece))
        return ordered[: len(found) - math.ceil(ALIKE * len(found)) + 1]


def _shared(one: int, other: int) -> int:
    """How many pieces two sets of these sizes share at least when they are alike."""
    return math.ceil(ALIKE / (1 + ALIKE) * (one + other) - 1e-9)


def pieces(folded: str) -> Pieces:
    return frozenset(folded[i : i + 3] for i in range(max(1, len(folded) - 2)))


def alike(one: Pieces, other: Pieces) -> bool:
    # Cheap first: sets of very different sizes cannot be alike.
    if min(len(one), len(other)) < ALIKE * max(len(one), len(other)):
        return False
    return len(one & other) >= ALIKE * len(one | other)
