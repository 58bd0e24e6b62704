"""Cue words: phrases of folded words that stand before or behind something. A star at the end stands for any ending."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.reading.spelling import fold
from hotline_bridge.anonymiser.words import Word

LETTERS = 2


@dataclass(frozen=True, slots=True)
class Phrases:
    """A list of phrases that is looked for at a word."""

    single: frozenset[str]
    beginnings: dict[str, tuple[str, ...]]  # by their first two letters
    longer: dict[str, tuple[tuple[str, ...], ...]]  # by the last word's beginning: the phrase, last word first

    @classmethod
    def of(cls, written: Iterable[str]) -> Phrases:
        """From phrases as people write them."""
        single, beginnings, longer = set(), set(), dict[str, list[tuple[str, ...]]]()
        for phrase in itertools.chain.from_iterable(map(spellings, written)):
            words = fold(phrase.rstrip("*")).split()
            if not words:
                continue
            star = phrase.endswith("*")
            if len(words) > 1:
                longer.setdefault(words[-2], []).append((*words[:-1], words[-1] + "*" * star))
            elif star:
                beginnings.add(words[0])
            else:
                single.add(words[0])
        by_length = {key: tuple(sorted(found, key=len, reverse=True)) for key, found in longer.items()}
        by_letters: dict[str, tuple[str, ...]] = {}
        for beginning in sorted(beginnings):
            by_letters[beginning[:LETTERS]] = (*by_letters.get(beginning[:LETTERS], ()), beginning)
        return cls(frozenset(single), by_letters, by_length)

    def has(self, word: Word) -> bool:
        """Whether the word alone is one of them."""
        written = word.folded
        if written in self.single:
            return True
        likely = self.beginnings.get(written[:LETTERS])  # asked hundreds of times a message
        return likely is not None and written.startswith(likely)

    def ending_at(self, words: Sequence[Word], at: int) -> int:
        """How many words the longest phrase has whose last word is at this place; 0 for none."""
        if at > 0:
            for phrase in self.longer.get(words[at - 1].folded, ()):
                if len(phrase) <= at + 1 and _same(phrase, words, at):
                    return len(phrase)
        return int(self.has(words[at]))

    def starting_at(self, words: Sequence[Word], at: int) -> int:
        """How many words a phrase has whose first word is at this place; 0 for none."""
        for end in range(min(at + 4, len(words)), at + 1, -1):
            if words[end - 2].folded in self.longer and self.ending_at(words, end - 1) == end - at:
                return end - at
        return int(self.ending_at(words, at) == 1)


def spellings(word: str) -> Iterator[str]:
    """A word, and as it is typed without letters of its own that no other rule brings together: ё, ҷ as ч, oʻ as u."""
    yield word
    if re.search("[ёЁҷҶўЎ]|[oO][ʻ'‘’]", word):
        yield re.sub("[oO][ʻ'‘’]", "u", word.translate(_PLAIN))


_PLAIN = str.maketrans("ёЁҷҶўЎ", "еЕчЧуУ")


def _same(phrase: tuple[str, ...], words: Sequence[Word], at: int) -> bool:
    """Whether the phrase ends at this place: its last word is asked first, as it tells most phrases apart."""
    last, written = phrase[-1], words[at].folded
    if not (written.startswith(last[:-1]) if last.endswith("*") else written == last):
        return False
    begin = at + 1 - len(phrase)
    return all(words[begin + i].folded == part for i, part in enumerate(phrase[:-1]))
