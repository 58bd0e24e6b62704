"""PERSON: names by list and by what stands around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hotline_bridge.anonymiser.gazetteer import covers
from hotline_bridge.anonymiser.names import Name, Names
from hotline_bridge.anonymiser.phrases import Phrases
from hotline_bridge.anonymiser.places import Places
from hotline_bridge.anonymiser.signs import Signs
from hotline_bridge.anonymiser.words import Found, Text, Word

SURE = ("sure", "surname", "father")
LEAST = 4  # letters of a name that no list knows
LOUDEST = 5  # letters of an abbreviation in capitals


@dataclass(frozen=True, slots=True)
class People:
    """Finds people in a text."""

    names: Names
    places: Places
    cues: Mapping[str, Phrases]
    public: frozenset[str]  # institutions, brands, holidays
    never: frozenset[str]  # words as they are written that only look like names when folded
    signs: Signs

    def find(self, text: Text) -> Iterator[Found]:
        """Each run of words that names one person."""
        words = text.words
        names = [self._name(text, i) for i in range(len(words))]
        chosen = [name is not None and name.kind in SURE for name in names]
        for i in range(len(words)):
            self._after_cue(text, i, names, chosen)
        for i, (word, name) in enumerate(zip(words, names, strict=True)):
            if not chosen[i] and not word.number:
                chosen[i] = self._by_sign(text, i, name)
        self._neighbours(text, names, chosen)
        self._linked(text, names, chosen)
        for first, last in _runs(text, chosen):
            first, last = self.signs.honours.widen(text, first, last)
            yield Found(words[first].start, words[last - 1].end, 0.6)

    def _linked(self, text: Text, names: list[Name | None], chosen: list[bool]) -> None:
        """Оля и Света, mirzo bilan sardor: of two words that "and" joins both are names if one surely is."""
        words = text.words
        for i in range(1, len(words) - 1):
            if not self.cues["name_link"].has(words[i]) or not words[i].beside or not words[i + 1].beside:
                continue
            one, other = names[i - 1], names[i + 1]
            if one is None or other is None or words[i - 1].capital != words[i + 1].capital:
                continue
            either = chosen[i - 1] or chosen[i + 1]
            both = one.kind == other.kind == "likely"
            if both or (either and (words[i + 1].capital or "unsure" not in (one.kind, other.kind))):
                chosen[i - 1] = chosen[i + 1] = True

    def _name(self, text: Text, i: int) -> Name | None:
        word = text.words[i]
        if (
            word.number
            or word.text.casefold() in self.never
            or (i and not word.capital and self.signs.honours.follows(word.folded))
        ):
            return None
        named = i + 1 < len(text.words) and text.words[i + 1].beside and self._is_patronymic(text.words[i + 1])
        return None if self._is_place(text, i) and not named else self.names.find(word.folded)

    def _is_patronymic(self, word: Word) -> bool:
        found = self.names.find(word.folded) if word.capital else None
        return found is not None and (found.kind == "father" or word.folded.endswith(("ovic", "evic", "ovna", "evna")))

    def _is_place(self, text: Text, i: int) -> bool:
        """A known place, or the word beside "district" and "city"."""
        words = text.words
        before = i > 0 and words[i].beside and len(words[i - 1].text) > 1 and self._says_place(words, i - 1)
        after = i + 1 < len(words) and words[i + 1].beside and len(words[i + 1].text) > 1 and self._says_place(words, i + 1)
        if before or after:
            return True
        # Айниддин is a name, although Айнӣ with an ending would be written so.
        return self.places.keeps(words, i, whole=words[i].folded in self.names.given)

    def _says_place(self, words: tuple[Word, ...], at: int) -> bool:
        return any(self.cues[cue].has(words[at]) for cue in ("district_before", "district_after", "city"))

    def _after_cue(self, text: Text, i: int, names: list[Name | None], chosen: list[bool]) -> None:
        """Behind "my name is" stands a name, whatever it looks like; before "by name" one that can be one."""
        words = text.words
        if self.cues["name_before"].ending_at(words, i):
            for at in range(i + 1, min(i + 4, len(words))):
                if not _joined(words[at], first=at == i + 1) or not self._may_be(text, at, names[at], first=at == i + 1):
                    break
                chosen[at] = True
        before = names[i - 1] if i and words[i].beside else None
        if before is None:
            called = i > 0 and words[i].beside and words[i - 1].capital and not self._is_place(text, i - 1)
            if called and self.cues["person_after"].starting_at(words, i) and not self.signs.is_title(words[i - 1]):
                chosen[i - 1] = True  # Тоқтасын деген кісі
            return
        plain = before.kind in ("unsure", "said") and not words[i - 1].capital
        if self.cues["name_after_surely"].starting_at(words, i) or (self.cues["name_after"].starting_at(words, i) and not plain):
            chosen[i - 1] = True

    def _may_be(self, text: Text, at: int, name: Name | None, *, first: bool) -> bool:
        word = text.words[at]
        if word.number or self._is_place(text, at):
            return False
        if name is not None:
            return first or name.kind in SURE or word.capital
        if self.cues["name_before"].starting_at(text.words, at):
            return False
        if self.names.everyday.like(word.folded) and not (first and text.marks_name(word)):
            return False
        return len(word.folded) > 2 and (first or text.marks_name(word))

    def _by_sign(self, text: Text, i: int, name: Name | None) -> bool:
        """A word that could be a name, with a capital letter or a title beside it."""
        word = text.words[i]
        marked = text.marks_name(word)
        if name is not None:
            if name.kind == "likely":
                return (word.capital and text.telling) or self.signs.titled(text, i)
            if name.kind == "said":
                return marked and self.signs.titled(text, i)
            kin = word.capital and text.telling and self.signs.is_kin(text, i)
            return (
                marked
                or kin
                or self.signs.is_strict(text, i)
                or (self.signs.titled(text, i) if word.capital else self.signs.honoured(text, i))
            )
        if self.signs.is_title(word) or self._is_place(text, i) or len(word.folded) < 3:
            return False
        if marked and not word.text.isupper() and self.signs.is_said(text, i) and not covers(self.public, word.folded):
            return True
        if self.names.common.has(word.folded) or covers(self.public, word.folded):
            return False
        if marked and self._is_new(text, i) and not (word.text.isupper() and len(word.text) <= LOUDEST):
            return True
        if len(word.folded) < LEAST or self.names.everyday.like(word.folded, 2):
            return False
        return self.signs.acts(text, i) or (
            self.signs.honoured(text, i) and not self.names.everyday.like(word.folded, 1 if word.capital and text.telling else 3)
        )

    def _is_new(self, text: Text, i: int) -> bool:
        """Whether the word is none that people write; dictionaries have many that are names, too."""
        return not self.names.common.like(text.words[i].folded, 1)

    def _may_be_second(self, text: Text, i: int) -> bool:
        return not self._is_place(text, i) and not self.signs.is_title(text.words[i]) and not text.words[i].text.isupper()

    def _neighbours(self, text: Text, names: list[Name | None], chosen: list[bool]) -> None:
        """Beside a name stand the other names of the same person, initials, and "son of"."""
        words = text.words
        for order in (range(1, len(words)), range(len(words) - 2, -1, -1)):
            for i in order:
                forward = order.step == 1
                other = i - 1 if forward else i + 1
                joined = words[i].beside if forward else words[other].beside
                if chosen[i] or not chosen[other] or not joined or words[i].number:
                    continue
                name = names[i]
                if name is not None and name.kind != "said" and words[i].capital == words[other].capital:
                    chosen[i] = words[i].capital or (name.kind != "unsure" and not self.signs.is_title(words[i]))
                else:
                    given = name is not None and words[i].capital and _is_family(names[other])
                    # Of names of two words the second is often an ordinary one.
                    given = given or (
                        text.marks_name(words[i]) and text.marks_name(words[other]) and self._may_be_second(text, i)
                    )
                    hyphened = words[i].gap == "-" and self.cues["titles_after"].has(words[i])  # Карим-ака
                    chosen[i] = given or _is_initial(words, i) or (forward and (hyphened or self.cues["kin"].has(words[i])))


def _is_family(name: Name | None) -> bool:
    return name is not None and name.kind in ("surname", "father")


def _is_initial(words: tuple[Word, ...], i: int) -> bool:
    word = words[i]
    following = words[i + 1].gap if i + 1 < len(words) else "."
    return len(word.text) == 1 and word.text.isalpha() and following.startswith(".") and (word.capital or "." not in word.gap)


def _joined(word: Word, *, first: bool) -> bool:
    if first:
        return len(word.gap) <= 4 and not any(c in word.gap for c in ".!?\n")
    return word.beside and "." not in word.gap


def _runs(text: Text, chosen: list[bool]) -> Iterator[tuple[int, int]]:
    """Words first to last (exclusive) of each person."""
    first = -1
    for i, word in enumerate(text.words):
        if first >= 0 and not (chosen[i] and word.beside):
            yield first, i
            first = -1
        if chosen[i] and first < 0:
            first = i
    if first >= 0:
        yield first, len(text.words)
