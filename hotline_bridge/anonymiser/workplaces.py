"""WORKPLACE: a company, café or farm that is named without quotation marks. The word for what it is goes with the name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hotline_bridge.anonymiser.names import Names
from hotline_bridge.anonymiser.phrases import Phrases
from hotline_bridge.anonymiser.places import Places
from hotline_bridge.anonymiser.words import Found, Text, Word

MOST_QUALITIES = 2  # words between the kind and the name
LONGEST = 3  # words of a name without quotation marks
ADJECTIVE = ("ый", "ий", "ой", "ая", "яя", "ое", "ее", "ые", "ие")
DESCRIBING = ("di", "ti", "li", "gi", "nin", "din", "tin")  # endings of Kazakh and Uzbek adjectives and owners
SMALL = frozenset({"тоо", "жшс", "ооо", "мчж", "кфх", "too", "jshs", "mchj", "ҷдмм", "чдмм"})
OWNERS = frozenset({"ип", "ип.", "жк", "кх", "фх", "ао", "чп", "yatt"})


@dataclass(frozen=True, slots=True)
class Workplaces:
    """Finds named workplaces in a text."""

    names: Names
    places: Places
    firms: frozenset[str]
    cues: Mapping[str, Phrases]
    verbs: tuple[str, ...]  # endings of Russian verbs

    def find(self, text: Text) -> Iterator[Found]:
        """Names beside a form of law, and beside a word such as café or farm."""
        for i in range(len(text.words)):
            yield from self._formed(text, i)
            yield from self._named(text, i)

    def _formed(self, text: Text, i: int) -> Iterator[Found]:
        words = text.words
        length = self.cues["work_form"].starting_at(words, i)
        if not length or not self._is_form(words, i, length):
            return
        last = self._reach(text, i + length, 1, firm=True)
        if last > i + length:
            yield Found(words[i].start, self._end(words, last - 1), 0.8)
            return
        first = self._reach(text, i - 1, -1, firm=True) + 1
        if first < i:
            yield Found(words[first].start, self._end(words, i + length - 1), 0.8)

    def _end(self, words: tuple[Word, ...], last: int) -> int:
        """Where the word ends, with the ending that a hyphen joins to it: ЖШС-нің."""
        behind = words[last + 1] if last + 1 < len(words) else None
        return behind.end if behind is not None and behind.gap == "-" and behind.folded in self.names.endings else words[last].end

    def _is_form(self, words: tuple[Word, ...], i: int, length: int) -> bool:
        """Short forms of law are words, too, when typed small: ип, ао, ok, too, ша."""
        written = words[i].text
        return length > 1 or written.isupper() or len(written) > 3 or written.casefold() in SMALL or self._is_owner(words, i)

    def _is_owner(self, words: tuple[Word, ...], i: int) -> bool:
        """ип асанов: the small form before somebody's name."""
        if words[i].text.casefold() not in OWNERS or i + 1 == len(words) or not words[i + 1].beside:
            return False
        found = self.names.find(words[i + 1].folded)
        return words[i + 1].capital or (found is not None and found.kind in ("sure", "surname"))

    def _named(self, text: Text, i: int) -> Iterator[Found]:
        words = text.words
        yield from self._numbered(words, i)
        if length := self.cues["work_before"].ending_at(words, i):
            begin = self._past_qualities(text, i + 1, 1)
            begin += begin < len(words) and self.cues["called"].has(words[begin])
            last = self._reach(text, begin, 1, firm=False)
            if last > begin:
                first = i + 1 - length
                first -= self._is_quality(text, first - 1)
                yield Found(words[first].start, self._end(words, last - 1), 0.7)
        listed, owned = self.cues["work_after"].starting_at(words, i), self.cues["work_owned"].starting_at(words, i)
        length = listed or owned or self.cues["work_before"].starting_at(words, i)
        if not length:
            return
        behind = i + length
        if behind + 1 < len(words) and self.cues["called"].has(words[behind]) and text.marks_name(words[behind + 1]):
            yield Found(words[i].start, self._end(words, self._reach(text, behind + 1, 1, firm=True) - 1), 0.7)
        tied = words[i].gap == "-" and i > 1 and self._is_type(words[i - 1])  # сауна-моншасында
        end = self._past_qualities(text, i - 1 - tied, -1)  # Алаш құс фабрикасы
        if listed or self._capital_before(words, end + 1) or (owned and end >= 0 and self._raised(text, end)):
            first = self._reach(text, end, -1, firm=False) + 1
            if first <= end:
                yield Found(words[first].start, self._end(words, i + length - 1), 0.7)

    def _numbered(self, words: tuple[Word, ...], i: int) -> Iterator[Found]:
        """столовая №5, школа-лицей №93."""
        if i and words[i].number and "№" in words[i].gap and words[i].gap.strip() == "№":
            tied = i > 1 and words[i - 1].gap == "-"
            if any(self.cues["work_before"].has(words[at]) for at in range(i - 1 - tied, i)):
                yield Found(words[i - 1 - tied].start, words[i].end, 0.7)

    def _raised(self, text: Text, at: int) -> bool:
        """A capital letter, or a name that firms have."""
        word = text.words[at]
        return not word.number and (word.capital or word.folded in self.firms)

    def _past_qualities(self, text: Text, at: int, step: int) -> int:
        """Past the words that say which kind it is: завод кирпичный, тігін цехы."""
        begin = at
        while abs(at - begin) < MOST_QUALITIES and self._is_quality(text, at):
            at += step
        return at

    def _is_quality(self, text: Text, at: int) -> bool:
        words = text.words
        return (
            0 <= at < len(words) and words[at].beside and not text.marks_name(words[at]) and self.cues["quality"].has(words[at])
        )

    def _capital_before(self, words: tuple[Word, ...], i: int) -> bool:
        """Достар кафе: in the form without ending only a capital letter tells."""
        if i == 0 or not words[i].beside or not words[i - 1].capital or self.places.keeps(words, i - 1):
            return False
        return not self.names.everyday.like(words[i - 1].folded, 1) and not self._is_plain(words[i - 1])

    def _reach(self, text: Text, at: int, step: int, *, firm: bool) -> int:
        """How far the name goes from this place in this direction; the place itself if none is there."""
        words, begin = text.words, at
        while 0 <= at < len(words) and abs(at - begin) < LONGEST and _joined(words, at, step):
            word = words[at]
            first = at == begin
            numbered = word.number and not first and len(word.text) <= 4 and word.beside
            coloured = not first and self._coloured(words, at, step)
            if step > 0 and first and word.text in ("У", "у") and at + 1 < len(words) and words[at + 1].capital:
                at += 2  # кафе У Ашота
                continue
            if not numbered and not coloured and not self._part(text, at, first=first, firm=firm, backward=step < 0):
                break
            at += step
        ends = step > 0 and begin < at < len(words) and _joined(words, at, step) and text.marks_name(words[at])
        return at + 1 if ends and self._is_type(words[at]) else at  # Ак Орда Клуб

    def _coloured(self, words: tuple[Word, ...], at: int, step: int) -> bool:
        """Whether of two words the first is an adjective: Шёлковый путь, oq saroy."""
        if step < 0:
            return self.cues["firm_first"].has(words[at])
        first = words[at - 1]
        return first.capital and (self.cues["firm_first"].has(first) or first.text.endswith(ADJECTIVE))

    def _part(self, text: Text, at: int, *, first: bool, firm: bool, backward: bool) -> bool:
        word = text.words[at]
        if word.number or len(word.folded) < 2 or (self._is_type(word) and not (backward and text.marks_name(word))):
            return False
        if not firm and self._is_place(text, at):
            return not first and not backward and word.capital and word.beside  # Чистый Дом Астана
        if backward and first and not word.capital and self.cues["quality"].has(word):
            return False
        before = text.words[at - 1] if at and word.beside else None
        if backward and first and before is not None and before.capital and self.cues["firm_first"].has(before):
            return True  # Ақ жол асханасы
        if firm and not first and not backward and self.cues["firm_last"].has(word):
            return True  # ЖШС Ақтас құрылыс
        if (
            text.marks_name(word)
            or (backward and first and word.capital and not self._is_plain(word))
            or ((firm or (backward and not first)) and word.capital)
            or word.folded in self.firms
        ):
            return True
        if firm and text.words[at - 1].text.isupper():
            return False  # ТОО переводило: whoever types the form in capitals types the name with one
        unknown = not (self.names.everyday.like(word.folded, 2 if backward else 3))
        if firm:
            return unknown or (first and not self.names.everyday.has(word.folded))
        called = not backward and at > 1 and self.cues["called"].has(text.words[at - 1])
        if not backward and not called and not self.cues["work_small"].has(text.words[at - 1]):
            return False  # bozorda sotuvchiman
        if word.folded.endswith(DESCRIBING) if backward else word.text.endswith(self.verbs):
            return False
        found = self.names.find(word.folded)
        return first and (unknown or (found is not None and found.kind in ("sure", "surname", "likely"))) and len(word.folded) > 3

    def _is_plain(self, word: Word) -> bool:
        """An everyday word, or a name that is hardly ever one: shahar."""
        found = self.names.find(word.folded)
        return self.names.everyday.has(word.folded) or (found is not None and found.kind == "said")

    def _is_place(self, text: Text, at: int) -> bool:
        """A city, unless it is part of a longer name: Qaragandy Cement."""
        word = text.words[at]
        if word.folded in self.firms or not self.places.keeps(text.words, at):
            return False
        after = text.words[at + 1] if at + 1 < len(text.words) else None
        return after is None or not (word.capital and after.beside and text.marks_name(after))

    def _is_type(self, word: Word) -> bool:
        return any(
            self.cues[cue].has(word) for cue in ("work_before", "work_after", "work_owned", "titles_before", "street_before")
        )


def _joined(words: tuple[Word, ...], at: int, step: int) -> bool:
    gap = words[at].gap if step > 0 else (words[at + 1].gap if at + 1 < len(words) else "")
    return len(gap.strip()) <= 1 and "\n" not in gap and not any(c in gap for c in ".,!?;:")
