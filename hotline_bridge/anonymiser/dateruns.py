"""Dates in words: runs of numbers, number words, months and words for year and month, in whatever order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hotline_bridge.anonymiser.phrases import Phrases
from hotline_bridge.anonymiser.spoken import Spoken
from hotline_bridge.anonymiser.words import Word

YEAR = re.compile(r"(?:19|20)\d\d")
DAY = 2  # digits of a day, or of a short year
PARTS = ("month", "year_word", "month_word", "year_mark", "date_link", "date_tail")
SAID = 3  # number words of a year that is written out


@dataclass(frozen=True, slots=True)
class Run:
    """Words first to last (exclusive). month: one is named; full: a day and a year are among the numbers; year: one is said."""

    first: int
    last: int
    month: bool
    full: bool
    year: bool


@dataclass(frozen=True, slots=True)
class DateRuns:
    """Finds dates that are not all in figures."""

    cues: Mapping[str, Phrases]
    spoken: Spoken

    def find(self, words: tuple[Word, ...]) -> Iterator[Run]:
        """ "5 марта 1990", "1990 жылдың наурыз айының 5", "93 yil 7 oy", "панҷуми майи соли ду ҳазору се", "соли 1990"."""
        at = 0
        while at < len(words):
            end = at
            while end < len(words) and (end == at or _goes_on(words[end])) and self._belongs(words, end):
                end += 1
            if end > at and (run := self._run(words, at, end)):
                yield run
            at = max(end, at + 1)

    def _run(self, words: tuple[Word, ...], first: int, last: int) -> Run | None:
        while last > first and self.cues["date_link"].has(words[last - 1]) and not words[last - 1].number:
            last -= 1
        while first < last and self.cues["date_link"].has(words[first]):
            first += 1
        inside = words[first:last]
        numbers = [w for w in inside if w.number]
        said = [w for w in inside if self._is_number_word(w)]
        month = any(self.cues["month"].has(w) for w in inside if not w.number)
        marked = any(self.cues["year_word"].has(w) for w in inside if not w.number)
        year = any(YEAR.fullmatch(w.text) for w in numbers) or (marked and (bool(numbers) or len(said) >= SAID))
        if not (numbers or said) or not (month or year):
            return None
        return Run(first, last, month, month and len(numbers) + bool(said) > 1, year)

    def _belongs(self, words: tuple[Word, ...], at: int) -> bool:
        word = words[at]
        if word.number:
            return len(word.text) <= DAY or YEAR.fullmatch(word.text) is not None
        if self._is_number_word(word) or self._is_ending(words, at):
            return True
        return any(self.cues[cue].has(word) for cue in PARTS)

    def _is_ending(self, words: tuple[Word, ...], at: int) -> bool:
        """5-го, 11-уми, 1-ші."""
        return at > 0 and words[at - 1].number and words[at].gap in ("", "-") and self.cues["nth"].has(words[at])

    def _is_number_word(self, word: Word) -> bool:
        return not word.number and (self.spoken.counts(word) or self.cues["ordinal"].has(word))


def _goes_on(word: Word) -> bool:
    return word.beside or word.gap in (", ", ",", " ,")
