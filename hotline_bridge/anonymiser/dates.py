"""DOB: dates of birth, told from other dates by the words beside them or by a year in which only births can be of interest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hotline_bridge.anonymiser.phrases import Phrases
from hotline_bridge.anonymiser.spoken import Spoken
from hotline_bridge.anonymiser.words import Found, Text, Word

_D, _M, _Y = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:(?:19|20)\d\d|\d\d)"
_S = r"\s?[./\-, ]\s?"
NUMERIC = re.compile(
    rf"{_D}\s?[./\- ]\s?{_M}{_S}{_Y}|(?:19|20)\d\d\s?[./\-]\s?{_M}\s?[./\-]\s?{_D}"
    rf"|{_D}[./]{_M}[./]{_Y}\s?[-–—]\s?{_D}[./]{_M}[./]{_Y}"
)
DATE = re.compile(
    rf"(?<![\d.,/]){_D}\s?[./\-, ]\s?{_M}{_S}(?:19|20)?\d\d(?!\d|[./]\d)"
    rf"|(?<!\d)(?:19|20)\d\d\s?[./\-]\s?{_M}\s?[./\-]\s?{_D}(?!\d)"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
WINDOW = 6  # words between "born" and a date
OLDEST, YOUNGEST = 1935, 2012  # a full date of these years is somebody's birth, unless a law is spoken of


@dataclass(frozen=True, slots=True)
class BirthDates:
    """Finds dates of birth in a text."""

    cues: Mapping[str, Phrases]
    spoken: Spoken

    def find(self, text: Text) -> Iterator[Found]:
        """Dates in figures, dates with a month's name, and bare years behind or before "born"."""
        for date in DATE.finditer(text.text):
            near = self._near(text, date.start(), date.end())
            if self._has(near, "birth") or (_is_past(date[0]) and not self._has(near, "law")):
                yield Found(date.start(), date.end(), 0.9)
        for start, end in (*self._named(text.words), *self._said(text.words)):
            near = self._near(text, start, end)
            if self._has(near, "birth") or (_is_past(text.text[start:end]) and not self._has(near, "law")):
                yield Found(start, end, 0.9)
        yield from self._years(text)

    def _years(self, text: Text) -> Iterator[Found]:
        for i, word in enumerate(text.words):
            if not word.number or not (_YEAR.fullmatch(word.text) or (len(word.text) == 2 and int(word.text) > 40)):
                continue
            words = text.words[max(0, i - 3) : i + 5]
            marked = i + 1 < len(text.words) and self.cues["birth_mark"].starting_at(text.words, i + 1)  # 1990 г.р.
            if marked or any(self.cues["birth_year"].ending_at(words, at) for at in range(len(words))):
                yield Found(word.start, word.end, 0.85)

    def _near(self, text: Text, start: int, end: int) -> list[Word]:
        return [*text.before(start, WINDOW), *text.after(end, WINDOW)]

    def _has(self, words: list[Word], cue: str) -> bool:
        return any(self.cues[cue].ending_at(words, at) for at in range(len(words)))

    def _named(self, words: tuple[Word, ...]) -> Iterator[tuple[int, int]]:
        """Day and month by name, with the year on either side: "5 марта 1990", "1990 жылы 5 наурыз", "5-mart 90"."""
        for i, word in enumerate(words):
            if word.number or not self.cues["month"].has(word):
                continue
            first = last = i
            if i and words[i - 1].number and len(words[i - 1].text) <= 2:
                first = i - 1
            elif i + 1 < len(words) and words[i + 1].number and len(words[i + 1].text) <= 2:
                last = i + 1
            else:
                continue
            first = min([first, *(j for j in range(max(0, first - 2), first) if _YEAR.fullmatch(words[j].text))])
            years = [j for j in range(last + 1, min(last + 4, len(words))) if words[j].number and _year_behind(words, j, last)]
            end = max([last, *years])
            yield words[first].start, words[self._with_word(words, end)].end

    def _said(self, words: tuple[Word, ...]) -> Iterator[tuple[int, int]]:
        """A month with number words around it: "двадцать второго мая две тысячи шестого года"."""
        for i, word in enumerate(words):
            if self.cues["month"].has(word):
                first, last = i, i
                while first and words[first].beside and self._is_number_word(words[first - 1]):
                    first -= 1
                while last + 1 < len(words) and words[last + 1].beside and self._is_number_word(words[last + 1]):
                    last += 1
                if last > first:
                    yield words[first].start, words[self._with_word(words, last)].end

    def _is_number_word(self, word: Word) -> bool:
        return self.spoken.means(word) or self.cues["ordinal"].has(word)

    def _with_word(self, words: tuple[Word, ...], end: int) -> int:
        """The word "year" behind a year belongs to it."""
        following = words[end + 1] if end + 1 < len(words) else None
        return (
            end + 1
            if following is not None and self.cues["year_word"].has(following) and following.gap in (" ", "-", "")
            else end
        )


def _is_past(date: str) -> bool:
    return any(OLDEST <= int(year) <= YOUNGEST for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", date))


def _year_behind(words: tuple[Word, ...], at: int, last: int) -> bool:
    return bool(_YEAR.fullmatch(words[at].text)) or (len(words[at].text) == 2 and at == last + 1)
