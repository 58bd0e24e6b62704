"""WORKPLACE, by quotation marks: кафе «Достар», "Kaspi Beton" da, «Шаңырақ» кафе-барынан."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hotline_bridge.anonymiser.firms import FOR
from hotline_bridge.anonymiser.halts import SHORT, is_verb
from hotline_bridge.anonymiser.names import Names
from hotline_bridge.anonymiser.phrases import Phrases
from hotline_bridge.anonymiser.words import Found, Text, Word

_QUOTED = re.compile(r"«[^«»\n]{2,40}»|“[^“”\n]{2,40}”|„[^„“\n]{2,40}“|\"[^\"\n]{2,40}\"|''[^'\n]{2,40}''")
TYPES = ("work_form", "work_before", "work_after", "work_owned", "work_quoted")
MOST_QUALITIES = 2  # words between the kind and the name
MOST_TYPES = 2  # kinds behind one name: ЖШС-нің құрылысында
NOUNS = ("ir", "ik")  # endings of verbs that nouns have, too: өмір
_PLAIN = str.maketrans("ёЁ", "еЕ")
LONGEST = 4  # words of a name in quotation marks


@dataclass(frozen=True, slots=True)
class Quotations:
    """Finds workplaces whose names stand in quotation marks."""

    names: Names
    firms: frozenset[str]
    cues: Mapping[str, Phrases]

    def find(self, text: Text) -> Iterator[Found]:
        """Names beside a word for a workplace; others if they look like a name."""
        about_work = any(self.cues["work_verb"].has(word) for word in text.words)
        for m in _QUOTED.finditer(text.text):
            begin = len(text.before(m.start(), len(text.words)))
            inside = [i for i in range(begin, min(begin + LONGEST + 1, len(text.words))) if text.words[i].end < m.end()]
            if not inside or len(inside) > LONGEST or not all(text.words[i].folded for i in inside):
                continue  # too long, or hidden already
            first, last = inside[0], inside[-1]
            before = self._type_before(text, first)
            after = self._types_after(text, last)
            if not self._is_name(text, inside, beside=before == 1):
                continue
            if before or after or self._looks(text, inside, about_work=about_work):
                start = text.words[first - before].start if before else m.start()
                end = text.words[last + after].end if after else m.end()
                yield Found(start, self._tied(text, end, kind=after > 0), 0.82 if before or after else 0.55)

    def _is_name(self, text: Text, inside: list[int], *, beside: bool) -> bool:
        """Whether a name could be written so: of several words most begin with a capital letter, or one beside the kind."""
        words = [text.words[i] for i in inside if not text.words[i].number]
        raised = sum(word.capital for word in words)
        return len(words) < 2 or raised >= len(words) - 1 or (raised > 0 and (beside or len(words) == 2))

    def _looks(self, text: Text, inside: list[int], *, about_work: bool) -> bool:
        """Words in quotation marks alone: two with capital letters, a name that firms have, or no everyday ones."""
        words = [text.words[i] for i in inside]
        # Safety: a threat is what operators must read (test_what_tells_nobody_stays).
        if self._is_speech(words):
            return False
        place = inside[0] > 0 and text.words[inside[0] - 1].folded in FOR
        if len(words) > 1 and all(word.capital or word.number for word in words):
            # All in capitals, everyday words are no name.
            plain = all(w.text.isupper() and self.names.everyday.like(w.folded) and not self._is_firms(w) for w in words)
            return place or about_work or not plain
        if words[0].capital and words[0].folded in self.firms and (about_work or place):
            return True
        told = words[0].capital or about_work
        return told and not all(self.names.everyday.like(word.folded, 3 if words[0].capital else 2) for word in words)

    def _is_speech(self, words: list[Word]) -> bool:
        """Whether somebody said it: everyday words with a cry among them or, where none is a firm's, a verb."""
        if not all(self._is_said(word) or self.names.everyday.like(word.folded) for word in words):
            return False
        if any(self.cues["cry"].has(word) for word in words):
            return True
        if len(words) == 1 or any(self._is_firms(word) for word in words):
            return False
        return any(self._is_said(word) for word in words)

    def _is_said(self, word: Word) -> bool:
        written = word.text.translate(_PLAIN)
        verb = len(word.folded) > SHORT and not word.folded.endswith(NOUNS) and is_verb(word.folded, written)
        return not word.number and (verb or self.cues["cry"].has(word))

    def _is_firms(self, word: Word) -> bool:
        return word.folded in self.firms or any(self.cues[cue].has(word) for cue in ("firm_first", "firm_last"))

    def _type_before(self, text: Text, i: int) -> int:
        """How many words before this one say what it is the name of; one that names nothing may stand between."""
        if i == 0 or len(text.words[i].gap.strip()) > 2:
            return 0
        for skipped in range(1, min(i, MOST_QUALITIES + 1) + 1):
            length = max(self.cues[cue].ending_at(text.words, i - skipped) for cue in TYPES)
            if length and (skipped <= 2 or self._is_quality(text, i - 1)):
                found = length + skipped - 1 if skipped == 1 or not text.words[i - 1].capital else 0
                return found + (bool(found) and self._is_quality(text, i - found - 1))
        return 0

    def _types_after(self, text: Text, i: int) -> int:
        """How many words behind this one say what it is the name of, one behind the other."""
        found = 0
        for _ in range(MOST_TYPES):
            found += (more := self._type_after(text, i + found))
            if not more:
                break
        return found

    def _type_after(self, text: Text, i: int) -> int:
        """How many words behind this one; another word may stand between: "Гүлдер" гүл дүкені."""
        for skipped in (1, 2):
            at = i + skipped
            if at >= len(text.words) or len(text.words[at].gap.strip()) > 2 - skipped // 2:
                return 0
            if skipped > 1 and text.words[at - 1].folded in FOR:
                return 0  # "Убью" в цеху
            if length := max(self.cues[cue].starting_at(text.words, at) for cue in TYPES):
                return length + skipped - 1
        return 0

    def _is_quality(self, text: Text, at: int) -> bool:
        words = text.words
        return at >= 0 and words[at].beside and not text.marks_name(words[at]) and self.cues["quality"].has(words[at])

    def _tied(self, text: Text, end: int, *, kind: bool) -> int:
        """With what a hyphen joins to it: ЖШС-нің, кафе-барынан."""
        for word in text.after(end, 1):
            tied = text.text[end : word.start] == "-" and not word.number
            known = kind or word.folded in self.names.endings
            return word.end if tied and known else end
        return end
