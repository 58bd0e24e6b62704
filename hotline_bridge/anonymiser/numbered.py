"""Streets that no word for a street stands beside: told by the number behind a name, and by what stands before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hotline_bridge.anonymiser.houses import Houses
from hotline_bridge.anonymiser.pieces import HINT, SURE, Known, Piece, is_numbered
from hotline_bridge.anonymiser.words import Text, Word

STREETLIKE = ("ая", "ой", "ова", "ева", "ёва", "ина", "ского", "ев", "ов", "aya", "ova", "eva")
LONGEST_NAME = 3  # words of a street's name
SHORTEST = 5  # letters of a street's name in small letters
YEAR = 4  # digits


@dataclass(frozen=True, slots=True)
class Numbered:
    """Finds pieces of addresses such as "Абая 150" and "Каскелен, Абылайхан 215"."""

    known: Known
    houses: Houses

    def at(self, text: Text, i: int) -> Iterator[Piece]:
        """The pieces whose name begins or ends at this place."""
        if text.words[i].number:
            yield from self._dated(text, i)
        elif text.words[i].folded in self.known.streets:
            yield from self._listed(text, i)
        else:
            yield from self._surname(text, i)

    def _dated(self, text: Text, i: int) -> Iterator[Piece]:
        """8 Марта, 21."""
        words = text.words
        if not is_numbered(self.known, text, i):
            return
        end = i + 3 if i + 2 < len(words) and words[i + 2].capital and words[i + 2].beside else i + 2
        last = self.houses.behind(text, end)
        if last > end and len(words[last - 1].text) < YEAR and (self._located(text, i) or not words[end].number):
            yield Piece(i, last, SURE)

    def _listed(self, text: Text, i: int) -> Iterator[Piece]:
        words, end = text.words, i + 1
        while end < len(words) and words[end].beside and (words[end].folded in self.known.streets or self._is_second(words[end])):
            end += 1
        last = self.houses.behind(text, end)
        told = words[i].capital or end > i + 1 or not self.known.names.everyday.has(words[i].folded)
        if last > end and (told or self._flat_behind(text, end)):
            yield Piece(i, last, SURE)
        elif words[i].capital and self._located(text, i):
            yield Piece(i, end, HINT)  # остановка по Райымбека

    def _surname(self, text: Text, i: int) -> Iterator[Piece]:
        """ "Жансүгіров 7 үй", "Рыскулова 73, …": a name with a number, where the sentence pauses, a house or a town tells."""
        words = text.words
        last = self.houses.behind(text, i + 1)
        if last == i + 1:
            if words[i].capital and self._is_streetlike(words[i], located=False) and self._located(text, i):
                yield Piece(i, last, 0)  # в доме 18 по Жумалиева
            return
        if self.known.places.keeps(words, i):
            return  # на Шымкент 2 автобуса
        first = self._begin(text, i)
        located = self._located(text, first)
        town = self._in_town(text, first)
        marked = text.marks_name(words[i])
        second = self._is_second(words[i]) and first < i and words[i - 1].capital
        if not (second or self._stands_out(words[i]) or self._is_streetlike(words[i], located=located or town or marked)):
            return
        if located or town or not words[i + 1].number or self._pauses(text, last):
            # Any other name with a number may be a person with an age: it takes a house or a flat beside it.
            found = self.known.names.find(words[i].folded)
            surname = found is not None and found.kind == "surname"
            told = surname or located or town or last > i + 2 or words[i].text.endswith("ая")
            yield Piece(first, last, SURE if told else HINT)

    def _pauses(self, text: Text, last: int) -> bool:
        after = text.words[last] if last < len(text.words) else None
        if after is None or after.gap.strip():
            return True
        return self.known.cues["house_after"].has(after) or self.known.cues["inside"].has(after)

    def _begin(self, text: Text, i: int) -> int:
        """Where the name begins that ends here: Бауыржана Момышулы, Ак-Булак, 2-я Кирпичная."""
        words, first = text.words, i
        while first and i - first < LONGEST_NAME - 1 and words[first].beside and self._goes_before(text, first):
            first -= 1
        return first - 2 if first > 1 and self.known.is_nth(text, first - 1) else first

    def _goes_before(self, text: Text, at: int) -> bool:
        before = text.words[at - 1]
        if text.words[at].gap == "-":
            return not before.number
        if self.known.places.keeps(text.words, at - 1) or self.known.cues["located"].has(before):
            return False
        return self._stands_out(before) or (before.capital and self._is_second(text.words[at]))

    def _located(self, text: Text, at: int) -> bool:
        return at > 0 and text.words[at].beside and self.known.cues["located"].has(text.words[at - 1])

    def _in_town(self, text: Text, at: int) -> bool:
        """Behind a town: Алматы, Тургут Озал 237; behind a comma also one that no list knows."""
        words = text.words
        if not at or not words[at].capital or words[at].gap.strip() not in ("", ",") or words[at - 1].number:
            return False
        if self.known.places.keeps(words, at - 1):
            return True
        before = words[at - 1]
        unknown = self.known.names.find(before.folded) is None and not self.known.names.everyday.like(before.folded, 1)
        return "," in words[at].gap and before.capital and len(before.text) > SHORTEST - 1 and unknown

    def _is_second(self, word: Word) -> bool:
        return self.known.cues["second"].has(word)

    def _is_streetlike(self, word: Word, *, located: bool) -> bool:
        """In small letters, too: бейсеуова 79, сиреневая 188; an everyday word only with a capital, behind "at": на Новая 5."""
        if word.number or len(word.text) < SHORTEST or not word.text.endswith(STREETLIKE):
            return False
        return (located and word.capital) or not self.known.names.everyday.has(word.folded)

    def _stands_out(self, word: Word) -> bool:
        return word.capital and len(word.text) > 2 and not self.known.names.everyday.has(word.folded)

    def _flat_behind(self, text: Text, at: int) -> bool:
        """Whether a fraction, a letter or a flat follows the number."""
        after = text.words[at + 1 : at + 2]
        return any(w.gap in ("/", "") or self.known.cues["house_before"].has(w) for w in after)
