"""Pieces of an address in words: a street with its house, a flat, a village, a road with its turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from hotline_bridge.anonymiser.names import Names
from hotline_bridge.anonymiser.phrases import Phrases
from hotline_bridge.anonymiser.places import Places
from hotline_bridge.anonymiser.words import Text, Word

LONGEST_NAME = 3  # words of a street's name
LONGEST_ROAD = 5  # words of a road's name: Алматы - Бишкек, from the city of …
CROSSING = 5  # words between "crossing" and its streets
HOUSE = 4  # digits of a house number, at the most
SURE, HINT = 2, 1  # what pieces weigh: SURE in all makes an address


class Piece(NamedTuple):
    """Words first to last (exclusive) and what they weigh; a district weighs nothing."""

    first: int
    last: int
    weight: int


@dataclass(frozen=True, slots=True)
class Pieces:
    """Finds pieces of addresses in a text."""

    names: Names
    places: Places
    streets: frozenset[str]
    cues: Mapping[str, Phrases]

    def at(self, text: Text, i: int) -> Iterator[Piece]:
        """The pieces whose cue word is at this place."""
        yield from self._named(text, i, "street_before", "street_after", SURE)
        yield from self._named(text, i, "district_before", "district_after", 0)
        yield from self._known_street(text, i)
        yield from self._house(text, i)
        yield from self._road(text, i)
        yield from self._way(text, i)
        yield from self._crossing(text, i)

    def _named(self, text: Text, i: int, before: str, after: str, weight: int) -> Iterator[Piece]:
        if length := self.cues[before].ending_at(text.words, i):
            last = self._name_behind(text, i)
            if last > i + 1:
                yield Piece(i + 1 - length, last, weight)
        if length := self.cues[after].starting_at(text.words, i):
            first = self._name_before(text, i)
            if first < i:
                last = self._number_behind(text, i + length)
                yield Piece(first, last, weight)
                if not weight and last < len(text.words) and _near(text.words[last], 1) and self._is_village(text, last):
                    yield Piece(first, last + 1, SURE)

    def _is_village(self, text: Text, at: int) -> bool:
        """Behind a district a name that is no person's: Maqtaaral tumani Atakent."""
        word = text.words[at]
        if self.places.keeps(text.words, at) or self.names.find(word.folded) is not None:
            return False
        return text.marks_name(word) and not self.names.everyday.like(word.folded, 1)

    def _name_behind(self, text: Text, i: int) -> int:
        """Where the name behind the word for a street ends: capitals, known names, numbers, one unknown word."""
        words, at, unknown = text.words, i + 1, 0
        while at < len(words) and at - i <= LONGEST_NAME and _near(words[at], 2 if at == i + 1 else 1):
            word = words[at]
            if word.number:
                return self._number_behind(text, at)
            known = word.capital or self._may_name(word)
            plain = unknown or self.names.everyday.like(word.folded) or len(word.folded) < 3
            if self._is_cue(word) or (not known and plain):
                break
            unknown += not known
            at += 1
        last = self._number_behind(text, at)
        small = unknown == at - i - 1 and self.cues["street_full"].has(words[i])
        return i + 1 if at == i + 1 or (small and last == at) else last

    def _name_before(self, text: Text, i: int) -> int:
        words, at = text.words, i
        while at > 0 and i - at < LONGEST_NAME and _near(words[at], 1) and self._goes_before(text, at - 1, first=at == i):
            at -= 1
        return at

    def _goes_before(self, text: Text, at: int, *, first: bool) -> bool:
        word = text.words[at]
        if self._is_cue(word):
            return False
        if self._is_nth(text, at):
            return first
        if word.number:
            return (first or len(text.words[at + 1].text) <= 4) and len(word.text) <= 3
        if first and len(word.text) == 1 and not word.gap and at and text.words[at - 1].number:
            return True  # 9а
        if self.cues["second"].has(word):
            return True
        if self.cues["near"].has(word) or (self.names.everyday.has(word.folded) and not word.capital):
            return False
        known = word.capital or self._may_name(word)
        return known or (first and len(word.folded) > 3 and not self.names.everyday.like(word.folded))

    def _is_nth(self, text: Text, at: int) -> bool:
        """Whether it makes the number before it the eleventh: 11-ші."""
        words = text.words
        return at > 0 and words[at].gap == "-" and words[at - 1].number and self.cues["nth"].has(words[at])

    def _may_name(self, word: Word) -> bool:
        """Streets are named after people."""
        found = self.names.find(word.folded)
        known = word.folded in self.streets or self.cues["second"].has(word) or self.cues["ordinal"].has(word)
        return known or (found is not None and found.kind in ("sure", "surname"))

    def _known_street(self, text: Text, i: int) -> Iterator[Piece]:
        words, end = text.words, i + 1
        if words[i].folded not in self.streets:
            yield from self._surname_street(text, i)
            return
        while (
            end < len(words) and words[end].beside and (words[end].folded in self.streets or self.cues["second"].has(words[end]))
        ):
            end += 1
        last = self._number_behind(text, end)
        told = words[i].capital or end > i + 1 or not self.names.everyday.has(words[i].folded)
        if last > end and (told or self._flat_behind(text, end)):
            yield Piece(i, last, SURE)

    def _surname_street(self, text: Text, i: int) -> Iterator[Piece]:
        """ "Жансүгіров 7 үй", "Рыскулова 73, …": a surname with a number, where the sentence pauses or a house follows."""
        last = self._number_behind(text, i + 1)
        if last == i + 1 or not self._stands_out(text.words[i]):
            return
        found = self.names.find(text.words[i].folded)
        after = text.words[last] if last < len(text.words) else None
        if after is None or after.gap.strip() or self.cues["house_after"].has(after) or self.cues["inside"].has(after):
            # Any other name with a number may be a person with an age: it takes a house or a flat beside it.
            yield Piece(i, last, SURE if found is not None and found.kind == "surname" else HINT)

    def _stands_out(self, word: Word) -> bool:
        return word.capital and len(word.text) > 2 and not self.names.everyday.has(word.folded)

    def _flat_behind(self, text: Text, at: int) -> bool:
        """Whether a fraction, a letter or a flat follows the number."""
        after = text.words[at + 1 : at + 2]
        return any(w.gap in ("/", "") or self.cues["house_before"].has(w) for w in after)

    def _number_behind(self, text: Text, at: int) -> int:
        """Past a house number that begins at this word, its letter and fraction included; the same place without one."""
        words = text.words
        if not self._is_house(text, at):
            return at
        at += 1
        while at < len(words) and words[at].gap in ("/", "", "-", "\\") and (words[at].number or len(words[at].text) == 1):
            at += 1
        letter = at < len(words) and words[at].gap == " " and words[at].text in ("А", "Б", "В", "Г", "A", "B")
        return at + letter

    def _is_house(self, text: Text, at: int) -> bool:
        words = text.words
        if at >= len(words) or not words[at].number or len(words[at].text) > HOUSE or not _near(words[at], 2):
            return False
        unit = words[at + 1] if at + 1 < len(words) and words[at + 1].gap in (" ", "-", "") else None
        # Hours, people and money are counted, not addressed.
        return unit is None or not (self.cues["not_place"].has(unit) or self.cues["not_phone"].has(unit))

    def _house(self, text: Text, i: int) -> Iterator[Piece]:
        word = text.words[i]
        if self.cues["house_before"].has(word):
            last = self._number_behind(text, i + 1)
            sure = self.cues["house_sure"].has(word) and len(word.text) > 1
            lettered = text.words[i + 1 : i + 2] if last == i + 1 and len(word.text) > 3 else ()
            if last > i + 1:
                yield Piece(i, last, SURE if sure else HINT)
            elif any(len(w.text) == 1 and w.capital and w.beside for w in lettered):
                yield Piece(i, i + 2, HINT)  # блок Б
        if self.cues["house_after"].has(word) and (first := self._number_before(text, i)) < i:
            named = self._proper_begin(text, first)
            if named == first and first and self._stands_out(text.words[first - 1]) and text.words[first].beside:
                named -= 1
            told = named < first or (word.gap == "-" and len(word.text) > 1)
            yield Piece(named, i + 1, SURE if told else HINT)
        if self.cues["floor_before"].has(word):
            yield Piece(i, self._number_behind(text, i + 1), 0)
        if self.cues["floor_after"].has(word) and (first := self._number_before(text, i)) < i:
            yield Piece(first, i + 1, 0)

    def _number_before(self, text: Text, i: int) -> int:
        """Where the house number before this word begins; the same place without one."""
        words, first = text.words, i
        if words[i].gap not in ("-", " ", "", " - ", "–"):
            return i
        while (
            first and words[first - 1].number and len(words[first - 1].text) <= HOUSE and (first == i or words[first].gap == "/")
        ):
            first -= 1
        return first

    def _road(self, text: Text, i: int) -> Iterator[Piece]:
        for cue, behind in (("road_before", True), ("road_after", False), ("turn", True), ("turn", False)):
            if length := self.cues[cue].starting_at(text.words, i):
                first, last = (i, self._proper_end(text, i + length)) if behind else (self._proper_begin(text, i), i + length)
                if last - first > length:
                    # One city names a road of hundreds of kilometres; two of them, or a turn, name a place on it.
                    yield Piece(first, last, SURE if cue == "turn" or last - first > length + 1 else HINT)

    def _way(self, text: Text, i: int) -> Iterator[Piece]:
        """ "35 km from", "towards"."""
        words = text.words
        first = i - 2 if self._is_nth(text, i - 1) else i - 1
        if self.cues["distance"].has(words[i]) and first >= 0 and words[first].number:
            yield Piece(first, self._proper_end(text, i + 1), HINT)
        if self.cues["between"].has(words[i]) and sum(self.places.keeps(words, at) for at in self._around(text, i)) > 1:
            yield Piece(i, i + 1, HINT)
        if self.cues["direction"].has(words[i]):
            first, last = self._proper_begin(text, i), self._proper_end(text, i + 1)
            if last - first > 1:
                yield Piece(first, last, HINT)

    def _crossing(self, text: Text, i: int) -> Iterator[Piece]:
        """Two streets beside the word for a crossing: "угол Абая и Гагарина", "Абай мен Сейфуллин қиылысы"."""
        if not self.cues["crossing"].has(text.words[i]):
            return
        named = [at for at in self._around(text, i) if (self._may_name(text.words[at]) or text.marks_name(text.words[at]))]
        if len(named) > 1:
            yield Piece(min(i, *named), max(i, *named) + 1, SURE)

    def _around(self, text: Text, i: int) -> list[int]:
        return [at for at in range(max(0, i - CROSSING), min(len(text.words), i + CROSSING + 1)) if at != i]

    def _proper_end(self, text: Text, at: int) -> int:
        words, begin = text.words, at
        while at < len(words) and at - begin < LONGEST_ROAD:
            named = at + 1 if at == begin and self.cues["near"].has(words[at]) else at
            if named >= len(words) or len(words[named].gap) > 3 or not self._is_proper(text, named):
                break
            at = named + 1
        return at

    def _proper_begin(self, text: Text, at: int) -> int:
        words, begin = text.words, at
        while at > 0 and begin - at < LONGEST_ROAD - 1 and len(words[at].gap) <= 3 and self._is_proper(text, at - 1):
            at -= 1
        return at

    def _is_proper(self, text: Text, at: int) -> bool:
        word = text.words[at]
        adjective = word.text.endswith(("ской", "ская", "скую", "ский", "ском", "ского"))  # капчагайская трасса
        return not word.number and (
            adjective or text.marks_name(word) or self.places.keeps(text.words, at) or word.folded in self.streets
        )

    def _is_cue(self, word: Word) -> bool:
        return any(self.cues[cue].has(word) for cue in ("street_before", "street_after", "house_sure"))


def _near(word: Word, most: int) -> bool:
    """Whether no more than so many marks stand before the word, none of which ends a sentence."""
    gap = word.gap.strip()
    return len(gap) <= most and "\n" not in word.gap and not any(c in gap for c in "!?;")
