"""Words that belong to a name: usta Karim, Сауле апай, Berik boss, Карим-аканың."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hotline_bridge.anonymiser.phrases import Phrases
from hotline_bridge.anonymiser.words import Text, Word

MOST = 2  # such words on one side of a name


@dataclass(frozen=True, slots=True)
class Honours:
    """Says how far somebody is called so."""

    cues: Mapping[str, Phrases]
    endings: frozenset[str]

    def widen(self, text: Text, first: int, last: int) -> tuple[int, int]:
        """Words first to last (exclusive), with the titles and nicknames beside them."""
        words, begin, end = text.words, first, last
        while first > 0 and begin - first < MOST and _joined(words[first]) and self.cues["honour_before"].has(words[first - 1]):
            first -= 1
        while last < len(words) and last - end < MOST and _joined(words[last]) and self.follows(words[last].folded):
            last += 1
        return first, last

    def bare(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The folded words without titles, unless there are no others: the same person is called with them and without."""
        listed = self.cues["honour_before"].single
        left = tuple(w for w in words if w not in listed and not self.follows(w))
        return left or words

    def follows(self, folded: str) -> bool:
        """Whether the folded word, whatever its ending, is a title that stands behind a name."""
        listed = self.cues["honour_after"].single
        return folded in listed or any(folded[:cut] in listed and folded[cut:] in self.endings for cut in range(3, len(folded)))


def _joined(word: Word) -> bool:
    return word.gap in (" ", "-", "  ", " - ", "")
