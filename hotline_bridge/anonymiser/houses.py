"""Houses, flats, rooms, rows and containers: what stands behind or before their numbers, in digits and in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hotline_bridge.anonymiser.pieces import HINT, SURE, Known, Piece, is_near
from hotline_bridge.anonymiser.spoken import Spoken
from hotline_bridge.anonymiser.words import Text, Word

LONGEST_NAME = 3  # words of a name before a house
FRACTION = 5  # numbers and letters of a house: 12/3-45
HOUSE = 4  # digits of a house number, at the most
LETTERS = ("А", "Б", "В", "Г", "A", "B")
SAID = 3  # words of a number that is written out


@dataclass(frozen=True, slots=True)
class Houses:
    """Finds pieces of addresses that have a number."""

    known: Known
    spoken: Spoken

    def at(self, text: Text, i: int) -> Iterator[Piece]:
        """The pieces whose cue word is at this place."""
        yield from self._before(text, i)
        yield from self._after(text, i)
        yield from self._said(text, i)

    def behind(self, text: Text, at: int) -> int:
        """Past a house number that begins at this word, its letter and fraction included; the same place without one."""
        words, begin = text.words, at
        while at < len(words) and at < begin + 2 and is_near(words[at], 2) and self.known.cues["number_sign"].has(words[at]):
            at += 1  # д. 12, дом номер 12
        if not self._is_house(text, at):
            return begin
        end, at = at + FRACTION, at + 1
        while (
            at < min(end, len(words)) and words[at].gap in ("/", "", "-", "\\") and (words[at].number or len(words[at].text) == 1)
        ):
            at += 1
        letter = at < len(words) and words[at].gap == " " and words[at].text in LETTERS
        return at + letter

    def _is_house(self, text: Text, at: int) -> bool:
        words = text.words
        if at >= len(words) or not words[at].number or len(words[at].text) > HOUSE or not is_near(words[at], 2):
            return False
        unit = words[at + 1] if at + 1 < len(words) and words[at + 1].gap in (" ", "-", "") else None
        # Hours, people and money are counted, not addressed.
        return unit is None or not (self.known.cues["not_place"].has(unit) or self.known.cues["not_phone"].has(unit))

    def _before(self, text: Text, i: int) -> Iterator[Piece]:
        word, cues = text.words[i], self.known.cues
        if cues["house_before"].has(word):
            last = self.behind(text, i + 1)
            sure = cues["house_sure"].has(word) and len(word.text) > 1
            lettered = text.words[i + 1 : i + 2] if last == i + 1 and len(word.text) > 3 else ()
            if last > i + 1 and (sure or "," not in text.words[i + 1].gap):
                yield Piece(i, last, SURE if sure else HINT)
            elif any(len(w.text) == 1 and w.capital and w.beside for w in lettered):
                yield Piece(i, i + 2, HINT)  # блок Б
        if cues["floor_before"].has(word):
            yield Piece(i, self.behind(text, i + 1), 0)

    def _after(self, text: Text, i: int) -> Iterator[Piece]:
        word, cues = text.words[i], self.known.cues
        if cues["house_after"].has(word) and (first := self._number_before(text, i)) < i:
            named = self.known.begin(text, first, LONGEST_NAME)
            if named == first and first and self._stands_out(text.words[first - 1]) and text.words[first].beside:
                named -= 1
            told = named < first or (word.gap == "-" and len(word.text) > 1)
            yield Piece(named, i + 1, SURE if told else HINT)
        if cues["floor_after"].has(word) and (first := self._number_before(text, i)) < i:
            yield Piece(first, i + 1, 0)

    def _said(self, text: Text, i: int) -> Iterator[Piece]:
        """A number in words: дом шестнадцать, жиырма үшінші үй. Only beside another piece, for "two houses" is no address."""
        words, cues = text.words, self.known.cues
        if cues["house_before"].has(words[i]) or cues["floor_before"].has(words[i]):
            last = i + 1
            while last < min(i + 1 + SAID, len(words)) and words[last].beside and self._counts(words[last]):
                last += 1
            if last > i + 1:
                yield Piece(i, last, 0)
        if cues["house_after"].has(words[i]) or cues["floor_after"].has(words[i]):
            first = i
            while first and i - first < SAID and words[first].beside and self._counts(words[first - 1]):
                first -= 1
            if first < i:
                yield Piece(first, i + 1, 0)

    def _counts(self, word: Word) -> bool:
        return not word.number and (self.spoken.counts(word) or self.known.cues["ordinal"].has(word))

    def _number_before(self, text: Text, i: int) -> int:
        """Where the house number before this word begins; the same place without one."""
        words, first = text.words, i
        if self.known.is_nth(text, i - 1):
            return i - 2  # 12-ші үй
        if words[i].gap not in ("-", " ", "", " - ", "–"):
            return i
        while (
            first and words[first - 1].number and len(words[first - 1].text) <= HOUSE and (first == i or words[first].gap == "/")
        ):
            first -= 1
        return first

    def _stands_out(self, word: Word) -> bool:
        return word.capital and len(word.text) > 2 and not self.known.names.everyday.has(word.folded)
