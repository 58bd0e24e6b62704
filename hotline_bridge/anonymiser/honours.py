"""Words that belong to a name: usta Karim, Сауле апай, Berik boss, Карим-аканың."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hotline_bridge.anonymiser.phrases import Phrases
from hotline_bridge.anonymiser.words import Text, Word

MOST = 2  # such words on one side of a name
CASES = frozenset({"ni", "nin", "ga", "ge", "ka", "ke", "da", "de", "dan", "den", "ti", "di", "din", "ro", "ba", "men", "nikida"})


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
        while last < len(words) and last - end < MOST and _joined(words[last]) and self._belongs(words[last].folded):
            last += 1
        return first, last

    def bare(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The folded words without titles, unless there are no others: the same person is called with them and without."""
        left = tuple(w for w in words if w not in self.cues["honour_before"].single and not self._belongs(w))
        return left or words

    def follows(self, folded: str) -> bool:
        """Whether the folded word, in whatever case, is a title that says that the word before it is a name."""
        return self._is_one(folded, "honour_after", CASES)

    def _belongs(self, folded: str) -> bool:
        return self._is_one(folded, "honour_after", self.endings) or self._is_one(folded, "honour_nick", self.endings)

    def _is_one(self, folded: str, cue: str, endings: frozenset[str]) -> bool:
        listed = self.cues[cue].single
        cuts = range(3, len(folded))
        # полвон + нинг: doubled letters are folded to one.
        return folded in listed or any(
            folded[:cut] in listed and (folded[cut:] in endings or folded[cut - 1 :] in endings) for cut in cuts
        )


def _joined(word: Word) -> bool:
    return word.gap in (" ", "-", "  ", " - ", "")
