"""DOB: dates of birth, told from other dates by the words beside them or by a year in which only births can be of interest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hotline_bridge.anonymiser.dateruns import DAY, YEAR, DateRuns
from hotline_bridge.anonymiser.names import Names
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
    rf"|(?<![\d.,/]){_D}\s?[./\- ]\s?[IVXХ]{{1,4}}\s?[./\- ]\s?{_Y}(?!\d)"  # 16/VII/2020
)
_MONTH = re.compile(rf"(?<![\d.,/]){_M}\s?[./\-]\s?(?:19|20)\d\d(?!\d)|(?<![\d.,/]){_D}[./]{_M}(?![.,/]?\d)")  # 03.1999, 15.03
_GLUED = re.compile(r"(?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)?\d\d(?!\d)")  # 080893
LEAST, FULL = 40, 4  # a year in two digits is later; digits of a year in full
WINDOW, CLOSE = 6, 3  # words between "born" and a date; and a year alone, or figures without separators
OLDEST, YOUNGEST = 1935, 2012  # a full date of these years is somebody's birth, unless a law is spoken of
BESIDE = ("", ",", "(", "-", "—", "–", ":")


@dataclass(frozen=True, slots=True)
class BirthDates:
    """Finds dates of birth in a text."""

    cues: Mapping[str, Phrases]
    spoken: Spoken
    names: Names

    def find(self, text: Text) -> Iterator[Found]:
        """Dates in figures, dates with a month's name, and bare years behind or before "born"."""
        for date in DATE.finditer(text.text):
            near = self._near(text, date.start(), date.end(), WINDOW)
            past = _is_past(date[0]) and not self._has(near, "law")
            if past or self._has(near, "birth") or self._marked(text, date.end()) or self._of_someone(text, date.start()):
                yield Found(date.start(), self._with_mark(text, date.end()), 0.9)
        for glued in (*_GLUED.finditer(text.text), *_MONTH.finditer(text.text)):
            if self._has(self._near(text, glued.start(), glued.end(), CLOSE), "birth_date"):
                yield Found(glued.start(), glued.end(), 0.9)
        for run in DateRuns(self.cues, self.spoken).find(text.words):
            start, end = text.words[run.first].start, text.words[run.last - 1].end
            past = run.full and _is_past(text.text[start:end]) and not self._has(self._near(text, start, end, WINDOW), "law")
            near = [*self._near(text, start, end, WINDOW if run.month else CLOSE), *text.words[run.first : run.last]]
            born = self._has(near, "birth")
            if past or born or (run.full and self._of_someone(text, start)):
                yield Found(start, self._with_mark(text, end), 0.9)
        yield from self._years(text)

    def _years(self, text: Text) -> Iterator[Found]:
        """1990 г.р., я 96 года, Мадина, 2004 жылғы."""
        for i, word in enumerate(text.words):
            if not word.number or not (YEAR.fullmatch(word.text) or len(word.text) == DAY):
                continue
            words = text.words[max(0, i - 3) : i + 5]
            late = len(word.text) == FULL or int(word.text) > LEAST
            told = any(self.cues["birth_year"].ending_at(words, at) for at in range(len(words)))
            if self._marked(text, word.end) or (late and (told or self._of_person(text, i) or self._says_year(text, i))):
                first = i - 1 if i and word.beside and self.cues["year_word"].has(text.words[i - 1]) else i  # соли 2004
                yield Found(text.words[first].start, self._with_mark(text, word.end), 0.85)

    def _says_year(self, text: Text, i: int) -> bool:
        """родилась в 88: two figures behind "born", which nothing counts."""
        before, after = text.words[max(0, i - 2) : i], text.words[i + 1 : i + 2]
        counted = any(self.cues[cue].has(word) for word in after for cue in ("not_place", "not_phone", "month"))
        return not counted and any(self.cues["birth_date"].has(word) for word in before)

    def _of_person(self, text: Text, i: int) -> bool:
        """A year right behind "I am of" or behind somebody's name."""
        words = text.words
        first = i - 1 if i and self.cues["year_word"].has(words[i - 1]) else i  # соли 2004
        marked = first < i or (i + 1 < len(words) and words[i + 1].beside and self.cues["year_word"].has(words[i + 1]))
        if not marked or not first or (len(words[i].text) == FULL and not _is_past(words[i].text)):
            return False
        before = words[first - 1]
        of_year = first < i or self.cues["of_year"].has(words[i + 1])
        apposed = of_year and words[first].gap.strip() == "," and text.marks_name(before)
        return apposed or (words[first].beside and self.cues["self"].has(before))

    def _of_someone(self, text: Text, start: int) -> bool:
        """Whether a person's name, or behind a comma a child, stands right before."""
        before = next(iter(text.before(start, 1)), None)
        if before is None or (gap := text.text[before.end : start].strip()) not in BESIDE:
            return False
        found = self.names.find(before.folded)
        named = found is not None and before.capital and found.kind != "said"
        return named or self.cues["kin"].has(before) or (gap == "," and self._is_kin(before))

    def _is_kin(self, word: Word) -> bool:
        return self.cues["kin_of"].has(word) or self.cues["kin_to"].has(word)

    def _marked(self, text: Text, end: int) -> bool:
        """г.р., жылғымын, yilman."""
        after = text.after(end, 4)
        after = after[1:] if after and self.cues["nth"].has(after[0]) else after  # 88-го года рождения
        return bool(after) and after[0].start - end <= CLOSE and self.cues["birth_mark"].starting_at(after, 0) > 0

    def _near(self, text: Text, start: int, end: int, most: int) -> list[Word]:
        return [*text.before(start, most), *text.after(end, most)]

    def _has(self, words: list[Word], cue: str) -> bool:
        return any(self.cues[cue].ending_at(words, at) for at in range(len(words)))

    def _with_mark(self, text: Text, end: int) -> int:
        """The word or letters for "year" or "year of birth" behind a date belong to it."""
        for word in text.after(end, 3):
            if text.text[end : word.start].strip(" -.") or not (self.cues["year_mark"].has(word) or self.cues["nth"].has(word)):
                break
            end = word.end
        return end


def _is_past(date: str) -> bool:
    if re.fullmatch(r"\d{4} \d\d? \d\d?", date):
        return False  # may be any three numbers
    return any(OLDEST <= int(year) <= YOUNGEST for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", date))
