"""Descriptions of a place without a street's name: "за мечетью налево, третий дом, серые ворота"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hotline_bridge.anonymiser.halts import Halts
from hotline_bridge.anonymiser.pieces import HINT, SURE, Known, Piece
from hotline_bridge.anonymiser.spoken import Spoken
from hotline_bridge.anonymiser.words import Text, Word

KINDS = {"mark": "way_mark", "built": "way_built", "turn": "way_turn", "far": "way_far", "look": "way_look", "nth": "ordinal"}
NAMES = 3  # words of a name within a description
PLACES = frozenset({"mark", "built", "turn", "far"})  # of the kinds of words, those that place something
# Any of these together pin a place; two kinds of words that place something are a hint.
TELLING = (
    {"mark", "built", "turn"},
    {"mark", "built", "nth"},
    {"mark", "built", "far"},
    {"turn", "built", "nth"},
    {"turn", "built", "far"},
    {"turn", "mark", "far"},
    {"turn", "mark", "nth"},
    {"turn", "mark", "name"},
    {"turn", "far", "name"},
    {"mark", "far", "name"},
)
FEWEST = 3  # words that say something
# Small words that belong to the description when they open it: за мечетью, около базара.
OPENING = frozenset({"za", "u", "okolo", "vozle", "riadom", "mejdu", "posle", "pered", "nad", "pod", "ot", "po", "badi"})
GAPS = frozenset(".!?;\n:")


@dataclass(frozen=True, slots=True)
class Ways:
    """Finds runs of words that say where something is."""

    known: Known
    spoken: Spoken
    halts: Halts

    def pieces(self, text: Text) -> Iterator[Piece]:
        """Each run; one that says little weighs nothing, but goes with an address that it stands beside."""
        words, at = text.words, 0
        kinds = [self._kinds(text, i) for i in range(len(words))]
        while at < len(words):
            end, bridged = at, 0
            while end < len(words) and (end == at or _joined(words[end])):
                if kinds[end] is None:
                    if end == at or bridged or not self._is_bridge(words, kinds, end):
                        break
                    bridged = 1
                end += 1
            if end > at:
                yield from self._piece(words, kinds, at, end)
            at = max(end, at + 1)

    def _piece(self, words: tuple[Word, ...], kinds: list[frozenset[str] | None], first: int, last: int) -> Iterator[Piece]:
        begin = first
        while first < last and not kinds[first]:
            first += 1
        while last > first and not kinds[last - 1]:
            last -= 1
        inside = [found for found in kinds[first:last] if found]
        said = frozenset[str]().union(*inside)
        if not said & PLACES:
            return
        if first > begin and words[first - 1].folded in OPENING:
            first -= 1
        told = len(inside) >= FEWEST and any(together <= said for together in TELLING)
        yield Piece(first, last, SURE if told else HINT if len(said & PLACES) > 1 and len(inside) >= FEWEST else 0)

    def _is_bridge(self, words: tuple[Word, ...], kinds: list[frozenset[str] | None], i: int) -> bool:
        """Whether a word of another kind stands within a phrase that goes on: elevator yonidagi sement skladida."""
        if words[i].number or i + 1 == len(words) or "," in words[i].gap + words[i + 1].gap or self.halts.at(words[i]):
            return False
        return bool(kinds[i - 1]) and bool(kinds[i + 1]) and _joined(words[i + 1])

    def says(self, text: Text, i: int) -> bool:
        """Whether the word says something of a place."""
        word = text.words[i]
        return word.number or bool(self._kinds(text, i)) or self.known.cues["house_before"].has(word)

    def _kinds(self, text: Text, i: int) -> frozenset[str] | None:
        """What the word says of a place; nothing for a small word, None for one that ends the description."""
        word, cues = text.words[i], self.known.cues
        if word.number:
            return frozenset({"number"}) if len(word.text) < NAMES + 1 else None
        if cues["way"].has(word):
            return frozenset(kind for kind, cue in KINDS.items() if cues[cue].has(word))
        if self.known.is_nth(text, i):
            return frozenset({"nth"})
        if self.spoken.means(word):
            return frozenset({"number"})
        if text.marks_name(word) and not self._is_person(word):
            return frozenset({"name"})
        return frozenset() if cues["way_by"].has(word) else None

    def _is_person(self, word: Word) -> bool:
        return self.known.names.find(word.folded) is not None


def _joined(word: Word) -> bool:
    return len(word.gap.strip()) <= 1 and GAPS.isdisjoint(word.gap)
