"""How far a certain address goes beyond what is known of it: a word or two of the same phrase, the phrase before and behind."""

from __future__ import annotations

from dataclasses import dataclass

from hotline_bridge.anonymiser.halts import Halts
from hotline_bridge.anonymiser.ways import Ways
from hotline_bridge.anonymiser.words import Text, Word

REST = 2  # unknown words up to the end of a phrase
PHRASE = 5  # words of a phrase that is taken in whole


@dataclass(frozen=True, slots=True)
class Margins:
    """Widens addresses."""

    ways: Ways
    halts: Halts

    def widen(self, text: Text, first: int, last: int) -> tuple[int, int]:
        """Words first to last (exclusive) with the rest of their phrase, and with phrases beside it that say where it is."""
        last = self._rest(text, last)
        while (end := self._phrase(text, last)) > last:
            last = end
        return self._before(text, first), last

    def _rest(self, text: Text, last: int) -> int:
        """Past the rest of the phrase, if a few words and none that halts: дом с шашлыком, ферма бывшего акима."""
        words, end, told = text.words, last, last
        while end < len(words) and end - told <= REST and not _parted(words[end]) and not self.halts.at(words[end]):
            end += 1
            told = end if self.ways.says(text, end - 1) else told
        closed = end == len(words) or _parted(words[end])
        return end if closed and end - told <= REST else told

    def _phrase(self, text: Text, last: int) -> int:
        """Past the next phrase behind a comma, if something in it says where, and nothing halts."""
        words, end = text.words, last
        if last >= len(words) or words[last].gap.strip() != ",":
            return last
        while end < len(words) and (end == last or not _parted(words[end])):
            if self.halts.at(words[end]) or end - last >= PHRASE:
                return last
            end += 1
        return end if any(self.ways.says(text, at) for at in range(last, end)) else last

    def _before(self, text: Text, first: int) -> int:
        """From where the phrase before it begins, if that begins with a name: Кульсары, промзона; Taraz chiqishida."""
        words, begin = text.words, first
        while (
            begin > 0 and first - begin <= REST and words[begin].gap.strip() in ("", ",") and not self.halts.at(words[begin - 1])
        ):
            begin -= 1
            if (
                words[begin].capital
                and len(words[begin].text) > REST
                and (text.marks_name(words[begin]) or self._is_place(text, begin))
            ):
                return begin
        return first

    def _is_place(self, text: Text, at: int) -> bool:
        return self.ways.known.places.keeps(text.words, at)


def _parted(word: Word) -> bool:
    return any(c in word.gap for c in ",.!?;:()\n—")
