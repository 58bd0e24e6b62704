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
    rf"|(?<!\d)(?:19|20)\d\d\s?[./\- ]\s?{_M}\s?[./\- ]\s?{_D}(?!\d)"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
LONGEST = 8  # words of a date on one side of its month
LEAST, YEAR = 40, 4  # a year in two digits is later; digits of a year in full
DAY = 2  # digits of a day, or of a short year
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
            end = self._with_mark(text, date.end())
            near = self._near(text, date.start(), end)
            if self._has(near, "birth") or (_is_past(date[0]) and not self._has(near, "law")):
                yield Found(date.start(), end, 0.9)
        for start, said, whole in self._named(text.words):
            end = self._with_mark(text, said)
            near = self._near(text, start, end)
            past = whole and _is_past(text.text[start:end]) and not self._has(near, "law")
            if past or self._has(near, "birth"):
                yield Found(start, end, 0.9)
        yield from self._years(text)

    def _years(self, text: Text) -> Iterator[Found]:
        """1990 г.р., я 96 года, Мадина, 2004 жылғы."""
        for i, word in enumerate(text.words):
            if not word.number or not (_YEAR.fullmatch(word.text) or (len(word.text) == DAY and int(word.text) > LEAST)):
                continue
            words = text.words[max(0, i - 3) : i + 5]
            marked = i + 1 < len(text.words) and self.cues["birth_mark"].starting_at(text.words, i + 1)  # 1990 г.р.
            if (
                marked
                or any(self.cues["birth_year"].ending_at(words, at) for at in range(len(words)))
                or self._of_person(text, i)
            ):
                yield Found(word.start, self._with_mark(text, word.end), 0.85)

    def _of_person(self, text: Text, i: int) -> bool:
        """A year right behind "I am of" or behind somebody's name."""
        words = text.words
        first = i - 1 if i and self.cues["year_word"].has(words[i - 1]) else i  # соли 2004
        marked = first < i or (i + 1 < len(words) and words[i + 1].beside and self.cues["year_word"].has(words[i + 1]))
        if not marked or not first or (len(words[i].text) == YEAR and not _is_past(words[i].text)):
            return False
        before = words[first - 1]
        of_year = first < i or self.cues["of_year"].has(words[i + 1])
        apposed = of_year and words[first].gap.strip() == "," and text.marks_name(before)
        return apposed or (words[first].beside and self.cues["self"].has(before))

    def _near(self, text: Text, start: int, end: int) -> list[Word]:
        return [*text.before(start, WINDOW), *text.after(end, WINDOW)]

    def _has(self, words: list[Word], cue: str) -> bool:
        return any(self.cues[cue].ending_at(words, at) for at in range(len(words)))

    def _named(self, words: tuple[Word, ...]) -> Iterator[tuple[int, int, bool]]:
        """A month by name with the numbers, number words and words for year and month around it, in whatever order; and whether
        a day and a year are among them: "5 марта 1990", "1990 жылдың наурыз айының 5", "панҷуми майи соли ду ҳазору се"."""
        for i, word in enumerate(words):
            if word.number or not self.cues["month"].has(word):
                continue
            first, last = self._edge(words, i, -1), self._edge(words, i, 1)
            numbers = [w for w in words[first : last + 1] if w.number]
            if numbers or any(self._is_number_word(w) for w in (*words[first:i], *words[i + 1 : last + 1])):
                yield words[first].start, words[last].end, len(numbers) > 1

    def _edge(self, words: tuple[Word, ...], at: int, step: int) -> int:
        """The last word in this direction that belongs to the date."""
        edge, far = at, at + step * LONGEST
        while 0 <= at + step < len(words) and at != far and _goes_on(words[max(at, at + step)]):
            at += step
            if not self._belongs(words, at):
                break
            edge = at
        return edge

    def _belongs(self, words: tuple[Word, ...], at: int) -> bool:
        word = words[at]
        if word.number:
            return len(word.text) <= DAY or _YEAR.fullmatch(word.text) is not None
        said = self._is_number_word(word) or self._is_ending(words, at)
        return said or self.cues["year_word"].has(word) or self.cues["month_word"].has(word)

    def _is_ending(self, words: tuple[Word, ...], at: int) -> bool:
        """5-го, 11-уми, 1-ші."""
        return at > 0 and words[at - 1].number and words[at].gap in ("", "-") and self.cues["nth"].has(words[at])

    def _is_number_word(self, word: Word) -> bool:
        return not word.number and (self.spoken.counts(word) or self.cues["ordinal"].has(word))

    def _with_mark(self, text: Text, end: int) -> int:
        """The word or letters for "year" or "year of birth" behind a date belong to it."""
        for word in text.after(end, 2):
            if text.text[end : word.start].strip(" -.") or not self.cues["year_mark"].has(word):
                break
            end = word.end
        return end


def _goes_on(word: Word) -> bool:
    return word.beside or word.gap in (", ", ",", " ,")


def _is_past(date: str) -> bool:
    if re.fullmatch(r"\d{4} \d\d? \d\d?", date):
        return False  # may be any three numbers
    return any(OLDEST <= int(year) <= YOUNGEST for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", date))
