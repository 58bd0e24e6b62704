"""ADDRESS: pieces that stand side by side are one address, together with the city before or behind them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hotline_bridge.anonymiser import maps
from hotline_bridge.anonymiser.halts import Halts
from hotline_bridge.anonymiser.houses import Houses
from hotline_bridge.anonymiser.margins import Margins
from hotline_bridge.anonymiser.numbered import Numbered
from hotline_bridge.anonymiser.pieces import HINT, SURE, Known, Piece
from hotline_bridge.anonymiser.roads import Roads
from hotline_bridge.anonymiser.spoken import Spoken
from hotline_bridge.anonymiser.streets import Streets
from hotline_bridge.anonymiser.ways import Ways
from hotline_bridge.anonymiser.words import Found, Text, Word

JOURNEY = 6  # words between "train" and a seat
FEW = 2  # words of another kind between an address and the rest of it
BETWEEN = 4  # small words of place that may stand between two pieces


@dataclass(frozen=True, slots=True)
class Addresses:
    """Finds addresses in a text."""

    known: Known
    spoken: Spoken

    def find(self, text: Text) -> Iterator[Found]:
        """Points on a map, and addresses in words."""
        yield from maps.find(text)
        halts = Halts(self.known)
        ways = Ways(self.known, self.spoken, halts)
        houses = Houses(self.known, self.spoken)
        parts = (Streets(self.known, houses), Numbered(self.known, houses), houses, Roads(self.known))
        named = (piece for i in range(len(text.words)) for part in parts for piece in part.at(text, i))
        found = sorted((*named, *ways.pieces(text)))
        for chain in _grown(text, [(chain, self._tells(text, chain)) for chain in self._chains(text, found)]):
            if self._tells(text, chain):
                first, last = self._widened(text, chain[0].first, max(piece.last for piece in chain))
                first, last = Margins(ways, halts).widen(text, first, last)
                # A street with its house is surer than the café or person that it is named after.
                yield Found(text.words[first].start, text.words[last - 1].end, 0.84 if len(chain) > 1 else 0.75)

    def _tells(self, text: Text, chain: list[Piece]) -> bool:
        return _weight(chain) >= SURE and not self._on_the_way(text, chain) and not self._counted(text, chain)

    def _on_the_way(self, text: Text, chain: list[Piece]) -> bool:
        """A seat in a train or bus is no address."""
        before = text.words[max(0, chain[0].first - JOURNEY) : chain[0].first]
        return all(piece.weight < SURE for piece in chain) and any(self.known.cues["journey"].has(word) for word in before)

    def _counted(self, text: Text, chain: list[Piece]) -> bool:
        """Two rooms, three windows: where a number stands before each word, only stalls of a market are told so."""
        words = [text.words[at] for piece in chain for at in range(piece.first, piece.last)]
        if any(piece.weight >= SURE for piece in chain) or any(self.known.cues["stall"].has(word) for word in words):
            return False
        return all(text.words[p.first].number and text.words[p.first + 1].gap == " " for p in chain if _is_first(p, chain))

    def _chains(self, text: Text, found: Iterable[Piece]) -> Iterator[list[Piece]]:
        chain: list[Piece] = []
        end = 0
        for piece in found:
            if chain and not self._linked(text, end, piece.first):
                yield chain
                chain, end = [], 0
            chain.append(piece)
            end = max(end, piece.last)
        if chain:
            yield chain

    def _linked(self, text: Text, end: int, begin: int) -> bool:
        """Whether only numbers and small words of place stand between."""
        return begin - end <= BETWEEN and all(self._of_place(text, at) for at in range(end, begin))

    def _of_place(self, text: Text, at: int) -> bool:
        word, cues = text.words[at], self.known.cues
        small = any(cues[cue].has(word) for cue in ("near", "house_before", "side", "inside", "landmark", "way_by"))
        return word.number or small or self.known.places.keeps(text.words, at)

    def _widened(self, text: Text, first: int, last: int) -> tuple[int, int]:
        """With the city or region right before or behind: the whole is what is found on a map, and the region stays as a tag."""
        words = text.words
        while first > 0 and _follows(words[first]) and self._city(text, first - 1):
            first -= 1
        if first > 1 and self.known.cues["near"].has(words[first - 1]) and "," in words[first - 1].gap:
            first -= 2 * self.known.places.keeps(words, first - 2)  # за Конаевом, в сторону …
        while last < len(words) and _follows(words[last]) and (self._city(text, last) or self._aside(words[last])):
            last += 1
        small = last + 1 < len(words) and _follows(words[last]) and self.known.cues["near"].has(words[last])
        if small and words[last + 1].beside and self.known.cues["landmark"].has(words[last + 1]):
            last += 2  # у водокачки
        return first, last

    def _is_unknown(self, word: Word) -> bool:
        """Neither somebody's name nor an everyday word."""
        names = self.known.names
        return names.find(word.folded) is None and not names.everyday.like(word.folded, 2)

    def _aside(self, word: Word) -> bool:
        """To the right, in the cellar."""
        return self.known.cues["side"].has(word) or self.known.cues["inside"].has(word)

    def _city(self, text: Text, at: int) -> bool:
        keeps, word = self.known.places.keeps, text.words[at]
        behind = text.words[at + 1] if at + 1 < len(text.words) else None
        near = (behind is not None and keeps(text.words, at + 1)) or (at > 0 and keeps(text.words, at - 1))
        if behind is not None and word.capital and behind.beside and self.known.cues["city"].has(behind):
            return True  # a town that no list knows: Kentov shahri
        if word.capital and len(word.text) > 2 and self._is_unknown(word):
            return True  # a village: Карабулак, ул. Оркенди 5
        return keeps(text.words, at) or self.known.cues["city"].has(word) or (near and self.known.cues["landmark"].has(word))


def _grown(text: Text, chains: list[tuple[list[Piece], bool]]) -> Iterator[list[Piece]]:
    """Chains; one that is an address takes in what weighs something beside it, although a word or two stand between."""
    at = 0
    while at < len(chains):
        chain, told = chains[at]
        while at + 1 < len(chains) and (told or chains[at + 1][1]):
            other = chains[at + 1][0]
            if not _is_close(text, chain, other) or not (min(_weight(chain), _weight(other)) >= HINT):
                break
            chain, told, at = [*chain, *other], True, at + 1
        yield chain
        at += 1


def _is_close(text: Text, chain: list[Piece], other: list[Piece]) -> bool:
    end, begin = max(piece.last for piece in chain), other[0].first
    between = text.words[end : begin + 1]
    return begin - end <= FEW and not any(c in word.gap for word in between for c in ".!?;\n")


def _is_first(piece: Piece, chain: list[Piece]) -> bool:
    """Whether no piece that begins before it shares a word with it."""
    return not any(other.first < piece.first < other.last for other in chain)


def _weight(chain: list[Piece]) -> int:
    """What pieces weigh together; of those that share a word ("18 ряд 10 место") the heaviest choice counts."""
    ends, best = [0], [0]  # where chosen pieces end, and what the best choice until there weighs
    for piece in sorted(chain, key=lambda p: p.last):
        before = best[bisect_right(ends, piece.first) - 1]
        ends.append(piece.last)
        best.append(max(best[-1], before + piece.weight))
    return best[-1]


def _follows(word: Word) -> bool:
    return word.gap.strip() in ("", ",", ".", ".,", "-", "(") and "\n" not in word.gap
