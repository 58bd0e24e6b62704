"""WORKPLACE, by the name alone: КазХлебПром, Алем Строй, "работаю в береке"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hotline_bridge.anonymiser.gazetteer import Everyday, covers
from hotline_bridge.anonymiser.phrases import Phrases
from hotline_bridge.anonymiser.words import Found, Text, Word

_CAMEL = re.compile(r"(?:[A-ZА-ЯӘҒҚҢӨҰҮҺІӢӮҲҶЎЁ][^\W\d_A-ZА-ЯЁ]+){2,}")
FOR = frozenset({"v", "na", "u", "dar", "dlia", "ot", "iz", "baroi", "az", "uwin", "ucun", "ba"})
SHORTEST = 4  # letters of a name in another script
IN = frozenset({"v", "na", "u", "dar"})


@dataclass(frozen=True, slots=True)
class Firms:
    """Finds names of firms that no word for a firm stands beside."""

    everyday: Everyday
    firms: frozenset[str]
    public: frozenset[str]  # brands that are no workplace here
    cues: Mapping[str, Phrases]

    def find(self, text: Text) -> Iterator[Found]:
        """By capitals within a word, by a last word that firms have, and by known words in a message about work."""
        about_work = any(self.cues["work_verb"].has(word) for word in text.words)
        for i, word in enumerate(text.words):
            if _CAMEL.fullmatch(word.text) and not covers(self.public, word.folded):
                yield Found(word.start, word.end, 0.65)
            elif i and self._is_pair(text, text.words[i - 1], word):
                yield Found(text.words[i - 1].start, word.end, 0.65)
            elif (about_work and self._is_foreign(text, i)) or (about_work and self._works_there(text, i)):
                yield Found(word.start, word.end, 0.6)

    def _is_pair(self, text: Text, first: Word, last: Word) -> bool:
        raised = text.telling and first.capital and last.capital and last.beside
        return raised and self.cues["firm_last"].has(last) and not self.everyday.has(first.folded)

    def _is_foreign(self, text: Text, i: int) -> bool:
        """A name in Latin letters in a message in Cyrillic: строим для BAZIS."""
        word = text.words[i]
        if not word.text.isascii() or not word.capital or len(word.text) < SHORTEST or covers(self.public, word.folded):
            return False
        if not i or text.words[i - 1].folded not in FOR:
            return False
        near = text.words[max(0, i - 2) : i] + text.words[i + 1 : i + 3]
        told = word.text.isupper() or not self.everyday.has(word.folded)
        return told and not any(w.text.isascii() and not w.number for w in near)

    def _works_there(self, text: Text, i: int) -> bool:
        """A word that firms are named with, "in" before or behind it."""
        word = text.words[i]
        if self.everyday.has(word.folded):
            return False
        before = i > 0 and text.words[i - 1].folded in IN and word.beside and covers(self.firms, word.folded)
        return before or (word.folded.endswith(("da", "de", "ta", "te")) and word.folded[:-2] in self.firms)
