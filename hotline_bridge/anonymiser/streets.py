"""Streets, quarters, villages and districts with their houses and flats."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hotline_bridge.anonymiser.pieces import HINT, SURE, Known, Piece, is_near
from hotline_bridge.anonymiser.words import Text, Word

LONGEST_NAME = 3  # words of a street's name
ADJECTIVE = ("ский", "ская", "ской", "скую")
FRACTION = 5  # numbers and letters of a house: 12/3-45
HOUSE = 4  # digits of a house number, at the most


@dataclass(frozen=True, slots=True)
class Streets:
    """Finds pieces of addresses in towns and villages."""

    known: Known

    def at(self, text: Text, i: int) -> Iterator[Piece]:
        """The pieces whose cue word is at this place."""
        yield from self._named(text, i, "street_before", "street_after", SURE)
        yield from self._named(text, i, "district_before", "district_after", 0)
        yield from self._known_street(text, i)
        yield from self._house(text, i)

    def _named(self, text: Text, i: int, before: str, after: str, weight: int) -> Iterator[Piece]:
        if length := self.known.cues[before].ending_at(text.words, i):
            last = self._name_behind(text, i)
            if last > i + 1:
                yield Piece(i + 1 - length, last, weight)
        if length := self.known.cues[after].starting_at(text.words, i):
            first = self._name_before(text, i)
            if first < i:
                last = self._number_behind(text, i + length)
                yield Piece(first, last, weight)
                if not weight and last < len(text.words) and is_near(text.words[last], 1) and self._is_village(text, last):
                    yield Piece(first, last + 1, SURE)

    def _is_village(self, text: Text, at: int) -> bool:
        """Behind a district a name that is no person's: Maqtaaral tumani Atakent."""
        word = text.words[at]
        if self.known.places.keeps(text.words, at) or self.known.names.find(word.folded) is not None:
            return False
        return text.marks_name(word) and not self.known.names.everyday.like(word.folded, 1)

    def _name_behind(self, text: Text, i: int) -> int:
        """Where the name behind the word for a street ends: capitals, known names, numbers, one unknown word."""
        words, at, unknown = text.words, i + 1, 0
        while at < len(words) and at - i <= LONGEST_NAME and is_near(words[at], 2 if at == i + 1 else 1):
            word = words[at]
            if word.number and at + 1 < len(words) and self.known.is_nth(text, at + 1):
                at += 2  # кӯчаи 1-уми май
                unknown -= 1
                continue
            if word.number:
                return self._number_behind(text, at)
            known = word.capital or self.known.may_name(word)
            plain = unknown or self.known.names.everyday.like(word.folded) or len(word.folded) < 3
            if self._is_cue(word) or (not known and plain):
                break
            unknown += not known
            at += 1
        last = self._number_behind(text, at)
        small = unknown == at - i - 1 and self.known.cues["street_full"].has(words[i])
        return i + 1 if at == i + 1 or (small and last == at) else last

    def _name_before(self, text: Text, i: int) -> int:
        words, at = text.words, i
        while at > 0 and i - at < LONGEST_NAME and is_near(words[at], 1) and self._goes_before(text, at - 1, first=at == i):
            at -= 1
        return at

    def _goes_before(self, text: Text, at: int, *, first: bool) -> bool:
        word = text.words[at]
        if self._is_cue(word):
            return False
        if self.known.is_nth(text, at) or (word.capital and len(word.text) == 1):
            return True  # 11-ші; С. Сейфуллин
        if word.number:
            return (first or self.known.is_nth(text, at + 1) or len(text.words[at + 1].text) == 1) and len(word.text) <= 3
        if first and len(word.text) == 1 and not word.gap and at and text.words[at - 1].number:
            return True  # 9а
        if self.known.cues["second"].has(word):
            return True
        if self.known.cues["near"].has(word) or (self.known.names.everyday.has(word.folded) and not word.capital):
            return False
        known = word.capital or self.known.may_name(word) or word.text.endswith(ADJECTIVE)
        return known or (first and len(word.folded) > 3 and not self.known.names.everyday.like(word.folded))

    def _known_street(self, text: Text, i: int) -> Iterator[Piece]:
        words, end = text.words, i + 1
        if words[i].folded not in self.known.streets:
            yield from self._surname_street(text, i)
            return
        while (
            end < len(words)
            and words[end].beside
            and (words[end].folded in self.known.streets or self.known.cues["second"].has(words[end]))
        ):
            end += 1
        last = self._number_behind(text, end)
        told = words[i].capital or end > i + 1 or not self.known.names.everyday.has(words[i].folded)
        if last > end and (told or self._flat_behind(text, end)):
            yield Piece(i, last, SURE)

    def _surname_street(self, text: Text, i: int) -> Iterator[Piece]:
        """ "Жансүгіров 7 үй", "Рыскулова 73, …": a surname with a number, where the sentence pauses or a house follows."""
        last = self._number_behind(text, i + 1)
        if last == i + 1 or not self._stands_out(text.words[i]):
            return
        found = self.known.names.find(text.words[i].folded)
        after = text.words[last] if last < len(text.words) else None
        if (
            after is None
            or after.gap.strip()
            or self.known.cues["house_after"].has(after)
            or self.known.cues["inside"].has(after)
        ):
            # Any other name with a number may be a person with an age: it takes a house or a flat beside it.
            told = (found is not None and found.kind == "surname") or last > i + 2 or text.words[i].text.endswith("ая")
            first = i - 2 if self.known.is_nth(text, i - 1) else i
            yield Piece(first, last, SURE if told else HINT)

    def _stands_out(self, word: Word) -> bool:
        return word.capital and len(word.text) > 2 and not self.known.names.everyday.has(word.folded)

    def _flat_behind(self, text: Text, at: int) -> bool:
        """Whether a fraction, a letter or a flat follows the number."""
        after = text.words[at + 1 : at + 2]
        return any(w.gap in ("/", "") or self.known.cues["house_before"].has(w) for w in after)

    def _number_behind(self, text: Text, at: int) -> int:
        """Past a house number that begins at this word, its letter and fraction included; the same place without one."""
        words = text.words
        if not self._is_house(text, at):
            return at
        end, at = at + FRACTION, at + 1
        while (
            at < min(end, len(words)) and words[at].gap in ("/", "", "-", "\\") and (words[at].number or len(words[at].text) == 1)
        ):
            at += 1
        letter = at < len(words) and words[at].gap == " " and words[at].text in ("А", "Б", "В", "Г", "A", "B")
        return at + letter

    def _is_house(self, text: Text, at: int) -> bool:
        words = text.words
        if at >= len(words) or not words[at].number or len(words[at].text) > HOUSE or not is_near(words[at], 2):
            return False
        unit = words[at + 1] if at + 1 < len(words) and words[at + 1].gap in (" ", "-", "") else None
        # Hours, people and money are counted, not addressed.
        return unit is None or not (self.known.cues["not_place"].has(unit) or self.known.cues["not_phone"].has(unit))

    def _house(self, text: Text, i: int) -> Iterator[Piece]:
        word = text.words[i]
        if self.known.cues["house_before"].has(word):
            last = self._number_behind(text, i + 1)
            sure = self.known.cues["house_sure"].has(word) and len(word.text) > 1
            lettered = text.words[i + 1 : i + 2] if last == i + 1 and len(word.text) > 3 else ()
            if last > i + 1:
                yield Piece(i, last, SURE if sure else HINT)
            elif any(len(w.text) == 1 and w.capital and w.beside for w in lettered):
                yield Piece(i, i + 2, HINT)  # блок Б
        if self.known.cues["house_after"].has(word) and (first := self._number_before(text, i)) < i:
            named = self.known.begin(text, first, LONGEST_NAME)
            if named == first and first and self._stands_out(text.words[first - 1]) and text.words[first].beside:
                named -= 1
            told = named < first or (word.gap == "-" and len(word.text) > 1)
            yield Piece(named, i + 1, SURE if told else HINT)
        if self.known.cues["floor_before"].has(word):
            yield Piece(i, self._number_behind(text, i + 1), 0)
        if self.known.cues["floor_after"].has(word) and (first := self._number_before(text, i)) < i:
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

    def _is_cue(self, word: Word) -> bool:
        return any(self.known.cues[cue].has(word) for cue in ("street_before", "street_after", "house_sure"))
