"""ADDRESS: pieces that stand side by side are one address, together with the city before or behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hotline_bridge.anonymiser import maps
from hotline_bridge.anonymiser.pieces import SURE, Piece, Pieces
from hotline_bridge.anonymiser.words import Found, Text, Word

BETWEEN = 3  # small words of place that may stand between two pieces


@dataclass(frozen=True, slots=True)
class Addresses:
    """Finds addresses in a text."""

    pieces: Pieces

    def find(self, text: Text) -> Iterator[Found]:
        """Points on a map, and addresses in words."""
        yield from maps.find(text)
        found = sorted(piece for i in range(len(text.words)) for piece in self.pieces.at(text, i))
        for chain in self._chains(text, found):
            if sum(piece.weight for piece in chain) >= SURE:
                first, last = self._widened(text, chain[0].first, max(piece.last for piece in chain))
                yield Found(text.words[first].start, text.words[last - 1].end, 0.75)

    def _chains(self, text: Text, found: Iterable[Piece]) -> Iterator[list[Piece]]:
        chain: list[Piece] = []
        for piece in found:
            if chain and not self._linked(text, max(p.last for p in chain), piece.first):
                yield chain
                chain = []
            chain.append(piece)
        if chain:
            yield chain

    def _linked(self, text: Text, end: int, begin: int) -> bool:
        """Whether only numbers and small words of place stand between."""
        return begin - end <= BETWEEN and all(self._of_place(text, at) for at in range(end, begin))

    def _of_place(self, text: Text, at: int) -> bool:
        word, cues = text.words[at], self.pieces.cues
        small = word.number or cues["near"].has(word) or cues["house_before"].has(word)
        return small or self.pieces.places.keeps(text.words, at)

    def _widened(self, text: Text, first: int, last: int) -> tuple[int, int]:
        """With the city or region right before or behind: the whole is what is found on a map, and the region stays as a tag."""
        words = text.words
        while first > 0 and _follows(words[first]) and self._city(text, first - 1):
            first -= 1
        while last < len(words) and _follows(words[last]) and self._city(text, last):
            last += 1
        return first, last

    def _city(self, text: Text, at: int) -> bool:
        return self.pieces.places.keeps(text.words, at) or self.pieces.cues["city"].has(text.words[at])


def _follows(word: Word) -> bool:
    return len(word.gap.strip()) <= 1 and "\n" not in word.gap
