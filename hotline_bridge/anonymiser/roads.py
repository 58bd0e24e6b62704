"""Roads with their turns, distances, crossings of streets and what stands beside a landmark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hotline_bridge.anonymiser.pieces import HINT, SURE, Known, Piece
from hotline_bridge.anonymiser.words import Text

LONGEST_ROAD = 5  # words of a road's name: Алматы - Бишкек, from the city of …
CROSSING = 5  # words between "crossing" and its streets
CLOSE = 100  # kilometres from a city within which the distance tells a place
AWAY = ("dan", "den", "tan", "ten", "nan", "nen", "dagi", "degi")


@dataclass(frozen=True, slots=True)
class Roads:
    """Finds pieces of addresses outside of towns, and at crossings."""

    known: Known

    def at(self, text: Text, i: int) -> Iterator[Piece]:
        """The pieces whose cue word is at this place."""
        yield from self._road(text, i)
        yield from self._distance(text, i)
        yield from self._towards(text, i)
        yield from self._crossing(text, i)
        yield from self._joined_streets(text, i)

    def _road(self, text: Text, i: int) -> Iterator[Piece]:
        for cue, behind in (("road_before", True), ("road_after", False), ("turn", True), ("turn", False)):
            if length := self.known.cues[cue].starting_at(text.words, i):
                first = i if behind else self.known.begin(text, i, LONGEST_ROAD)
                last = self.known.end(text, i + length, LONGEST_ROAD) if behind else i + length
                if last - first > length:
                    # One city names a road of hundreds of kilometres; two of them, or a turn, name a place on it.
                    yield Piece(first, last, SURE if cue == "turn" or last - first > length + 1 else HINT)

    def _distance(self, text: Text, i: int) -> Iterator[Piece]:
        """ "35 km from Taraz", "654-й километр Капчагайской трассы": not far from a city, or on a road, that is a place."""
        words = text.words
        if not self.known.cues["distance"].has(words[i]):
            return
        first = i - 2 if self.known.is_nth(text, i - 1) else i - 1
        if first >= 0 and words[first].number:
            last = self.known.end(text, i + 1, LONGEST_ROAD)
            before = first > 0 and words[first - 1].folded.endswith(AWAY) and self.known.is_proper(text, first - 1)
            close = int(words[first].text) < CLOSE and (last > i + 1 or before)
            begin, end = self._with_road(text, first - before, last)
            on_road = (begin, end) != (first - before, last)
            yield Piece(begin, end, SURE if close or on_road else HINT)
        elif i + 1 < len(words) and words[i + 1].number and words[i + 1].beside:  # километри 395
            begin, end = self._with_road(text, i, i + 2)
            yield Piece(begin, end, SURE if (begin, end) != (i, i + 2) else HINT)

    def _with_road(self, text: Text, first: int, last: int) -> tuple[int, int]:
        """A distance together with the road that stands beside it."""
        words, cues = text.words, self.known.cues
        for at in range(last, min(last + 2, len(words))):
            if cues["road_before"].has(words[at]) or cues["road_after"].has(words[at]):
                return first, self.known.end(text, at + 1, LONGEST_ROAD)
        for at in range(first - 1, max(-1, first - LONGEST_ROAD), -1):
            if cues["road_before"].has(words[at]) or cues["road_after"].has(words[at]):
                begin = self.known.begin(text, at, LONGEST_ROAD)
                return (at - 1 if begin == at and at and words[at - 1].capital and words[at].beside else begin), last
            if any(c in words[at + 1].gap for c in ".!?;\n"):
                break
        return first, last

    def _towards(self, text: Text, i: int) -> Iterator[Piece]:
        cues, words = self.known.cues, text.words
        if cues["between"].has(words[i]) and sum(self.known.places.keeps(words, at) for at in _around(text, i)) > 1:
            yield Piece(i, i + 1, HINT)
        if cues["direction"].has(words[i]):
            first, last = self.known.begin(text, i, LONGEST_ROAD), self.known.end(text, i + 1, LONGEST_ROAD)
            if last - first > 1:
                yield Piece(first, last, HINT)

    def _crossing(self, text: Text, i: int) -> Iterator[Piece]:
        """Two streets beside the word for a crossing: "угол Абая и Гагарина", "Абай мен Сейфуллин қиылысы"."""
        if self.known.cues["crossing"].has(text.words[i]):
            named = [a for a in _around(text, i) if self._is_street(text, a)]
            if len(named) > 1:
                yield Piece(min(i, *named), max(i, *named) + 1, SURE)

    def _is_street(self, text: Text, at: int) -> bool:
        word = text.words[at]
        first = word.capital and at + 1 < len(text.words) and text.words[at + 1].gap == "-"  # Саин-Жандосов
        return first or self.known.may_name(word) or text.marks_name(word)

    def _joined_streets(self, text: Text, i: int) -> Iterator[Piece]:
        """Абая-Саина, Момышулы/Жандосова."""
        words = text.words
        if i == 0 or words[i].gap.strip() not in ("-", "/", "–") or not (words[i].capital or words[i - 1].capital):
            return
        if words[i].folded in self.known.streets and words[i - 1].folded in self.known.streets:
            yield Piece(i - 1, i + 1, SURE)


def _around(text: Text, i: int) -> list[int]:
    return [at for at in range(max(0, i - CROSSING), min(len(text.words), i + CROSSING + 1)) if at != i]
