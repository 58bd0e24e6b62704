"""Streets, quarters, villages and districts with their houses and flats."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hotline_bridge.anonymiser.houses import Houses
from hotline_bridge.anonymiser.pieces import HINT, SURE, Known, Piece, is_near, is_numbered
from hotline_bridge.anonymiser.words import Text, Word

ABBREVIATED = 5  # letters of a word before a full stop that may be its own
# One letter and a full stop: what may stand behind a street's name, behind and before that of a village, and behind a number.
STREETS, VILLAGES = ("к", "д", "көш", "даң", "ko", "k"), ("а", "с", "қ", "п", "х")
BEFORE, ROOMS = ("с", "п", "к", "д", "х", "а"), ("ү", "п", "у", "х", "қ")
ABBREVIATION, FULL_YEAR = 3, 4  # letters; digits
SHORT = 3  # letters of a word that names nothing
LONGEST_NAME = 3  # words of a street's name
ADJECTIVE = ("ский", "ская", "ской", "скую")
DESCRIBING = ("din", "tin", "nin", "gi", "imiz", "niki", "li", "siz")  # endings of owners and adjectives


@dataclass(frozen=True, slots=True)
class Streets:
    """Finds pieces of addresses in towns and villages."""

    known: Known
    houses: Houses

    def at(self, text: Text, i: int) -> Iterator[Piece]:
        """The pieces whose cue word is at this place."""
        yield from self._named(text, i, "street_before", "street_after", SURE)
        yield from self._named(text, i, "spot_before", "spot_after", SURE)
        yield from self._named(text, i, "market_before", "market_after", HINT)
        yield from self._named(text, i, "district_before", "district_after", 0)
        yield from self._abbreviated(text, i)

    def _abbreviated(self, text: Text, i: int) -> Iterator[Piece]:
        """One letter with a full stop: "Абай к. 12", "Ұзынағаш а.", "с. Сарыкемер", "15 ү."."""
        words, word = text.words, text.words[i]
        stopped = text.text[word.end : word.end + 1] == "." and len(word.text) <= ABBREVIATION and not word.number
        if not stopped or (not i and word.capital):
            return
        letter = word.text.casefold()
        named = self._name_before(text, i) if letter in STREETS + VILLAGES else i
        if named < i and words[i - 1].capital and not words[i - 1].number:
            last = self.houses.behind(text, i + 1)
            yield Piece(named, last, SURE if last > i + 1 or letter in VILLAGES else HINT)
        elif i + 1 < len(words) and letter in BEFORE and words[i + 1].capital and len(words[i + 1].text) > SHORT - 1:
            yield Piece(i, self._name_behind(text, i), SURE if letter in VILLAGES else HINT)
        if i and words[i - 1].number and letter in ROOMS and len(words[i - 1].text) < FULL_YEAR:
            yield Piece(i - 1, i + 1, HINT)

    def _named(self, text: Text, i: int, before: str, after: str, weight: int) -> Iterator[Piece]:
        if length := self.known.cues[before].ending_at(text.words, i):
            last = self._name_behind(text, i)
            if last > i + 1:
                last = self._with_house(text, last)
                yield Piece(i + 1 - length, last, min(weight, self._weight(text, before, i + 1, last)))
        if length := self.known.cues[after].starting_at(text.words, i):
            first = self._name_before(text, i)
            last = self.houses.behind(text, i + length)
            if first == i and self._may_be_everyday(text, i):
                # "мектеп көшесі": an everyday word names a street only beside a house or another part of an address.
                numbered = SURE if text.words[i - 1].capital or self._owned(text.words[i]) else HINT
                yield Piece(i - 1, last, numbered if last > i + length else 0)
            if first < i:
                told = SURE if last > i + length else self._weight(text, after, first, last)
                yield Piece(first, last, min(weight, told))
                if not weight and last < len(text.words) and is_near(text.words[last], 1) and self._is_village(text, last):
                    yield Piece(first, last + 1, SURE)

    def _with_house(self, text: Text, last: int) -> int:
        """Past a house that a comma parts from the street: мкр Орбита-3, 27-112."""
        follows = text.words[last] if last < len(text.words) else None
        parted = follows is not None and follows.gap.strip() == "," and follows.number
        return self.houses.behind(text, last) if parted else last

    def _weight(self, text: Text, cue: str, name: int, last: int) -> int:
        """What a name weighs beside its kind: one in small letters that is like an everyday word takes another piece."""
        word = text.words[name]
        if word.number or word.capital or self.known.may_name(word) or text.words[last - 1].number:
            return SURE
        if cue not in ("street_before", "street_after"):
            return 0
        return HINT if self.known.names.everyday.like(word.folded) else SURE

    def _owned(self, word: Word) -> bool:
        """көшесі, ko'chasi: a possessive form, which a name stands before."""
        return word.folded.endswith(("si", "sinde", "sinda", "sidan", "sidagi")) and len(word.folded) > ABBREVIATED

    def _may_be_everyday(self, text: Text, i: int) -> bool:
        """Whether the word before the one for a street could be its name, and none stands behind."""
        before = text.words[i - 1] if i and is_near(text.words[i], 0) else None
        if before is None or before.number or len(before.folded) <= SHORT or self.known.cues["near"].has(before):
            return False
        return self._name_behind(text, i) == i + 1

    def _is_village(self, text: Text, at: int) -> bool:
        """Behind a district a name that is no person's: Maqtaaral tumani Atakent."""
        word = text.words[at]
        if self.known.places.keeps(text.words, at) or self.known.names.find(word.folded) is not None:
            return False
        return text.marks_name(word) and not self.known.names.everyday.like(word.folded, 1)

    def _name_behind(self, text: Text, i: int) -> int:
        """Where the name behind the word for a street ends: capitals, known names, numbers, one unknown word."""
        words, at, unknown = text.words, i + 1, 0
        if at < len(words) and ("," in words[at].gap or ("." in words[at].gap and len(words[i].text) > ABBREVIATED)):
            return at  # the sentence pauses or ends
        while at < len(words) and at - i <= LONGEST_NAME and is_near(words[at], 2 if at == i + 1 else 1):
            word = words[at]
            if word.number and at + 1 < len(words) and self.known.is_nth(text, at + 1):
                at += 2  # кӯчаи 1-уми май
                unknown -= 1
                continue
            if word.number and at == i + 1 and is_numbered(self.known, text, at):
                at, unknown = at + 2, unknown - 1  # 8 Марта, 30 лет Победы
                continue
            if word.number:
                return self.houses.behind(text, at)
            if at > i + 1 and _is_joined(words[at - 1]) and not self._is_cue(word):
                at, unknown = at + 1, unknown - 1  # Дӯстии халқҳо
                continue
            known = word.capital or self.known.may_name(word)
            full = self.known.cues["street_full"].has(words[i])
            plain = unknown or len(word.folded) < 3 or self.known.names.everyday.like(word.folded, 3 if full else 1)
            if self._is_cue(word) or (not known and plain):
                break
            unknown += not known
            at += 1
        last = self.houses.behind(text, at)
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
        before = text.words[at - 1] if at and word.beside and not word.number else None
        if before is not None and before.capital and (text.marks_name(before) or self.known.cues["firm_first"].has(before)):
            return True  # Yangi hayot
        if word.number:
            return (first or self.known.is_nth(text, at + 1) or len(text.words[at + 1].text) == 1) and len(word.text) <= 3
        if first and len(word.text) == 1 and not word.gap and at and text.words[at - 1].number:
            return True  # 9а
        if self.known.cues["second"].has(word):
            return True
        if self.known.cues["near"].has(word) or (self.known.names.everyday.has(word.folded) and not word.capital):
            return False
        coloured = not first and word.capital and self.known.cues["firm_first"].has(word)
        plain = word.opens and first and self.known.names.everyday.has(word.folded)
        known = coloured or (word.capital and not plain) or self.known.may_name(word) or word.text.endswith(ADJECTIVE)
        plain = self.known.names.everyday.like(word.folded, 1) or word.folded.endswith(DESCRIBING)
        return known or (first and len(word.folded) > 3 and not plain)

    def _is_cue(self, word: Word) -> bool:
        return any(self.known.cues[cue].has(word) for cue in ("street_before", "street_after", "house_sure"))


def _is_joined(word: Word) -> bool:
    """Whether a Tajik izofat joins it to the next word."""
    return word.capital and len(word.text) > 3 and word.text.endswith("и")
