"""The danger check: words that get a safety reply or one gentle question, whatever the classifier thinks.

It runs in the bridge and needs neither Rasa nor a model. Lists are data: nlu/danger/<language>.yml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import yaml

from bot.reading.confidence import SAFETY
from bot.reading.spelling import fold, tokens

Certainty = Literal["certain", "ask"]
KEYS = ("certain", "ask", "unless")
# So many other words may stand between two words of a pattern.
GAP = 2


class DangerListWrong(Exception):
    """A danger list cannot be used; the message names the file and the entry."""


@dataclass(frozen=True)
class Danger:
    """What was found. `language` is the list's, not surely the message's."""

    intent: str
    certainty: Certainty
    language: str


@dataclass(frozen=True)
class Word:
    """One word of a pattern: the folded form, and whether any ending may follow."""

    form: str
    open_end: bool

    def matches(self, token: str) -> bool:
        return token.startswith(self.form) if self.open_end else token == self.form


@dataclass
class _Patterns:
    """Patterns of one kind with what each means, found by the first word."""

    whole: dict[str, list[tuple[tuple[Word, ...], int]]] = field(default_factory=dict)
    stems: dict[str, list[tuple[tuple[Word, ...], int]]] = field(default_factory=dict)

    def add(self, pattern: tuple[Word, ...], meaning: int) -> None:
        index = self.stems if pattern[0].open_end else self.whole
        index.setdefault(pattern[0].form, []).append((pattern, meaning))

    def found(self, message: list[str]) -> Iterator[tuple[int, list[int]]]:
        """Each pattern in the message, as its meaning and the places of its words."""
        for start, token in enumerate(message):
            for pattern, meaning in self._beginning(token):
                places = _places(pattern, message, start)
                if places:
                    yield meaning, places

    def _beginning(self, token: str) -> Iterable[tuple[tuple[Word, ...], int]]:
        yield from self.whole.get(token, ())
        for end in range(1, len(token) + 1):
            yield from self.stems.get(token[:end], ())


@dataclass
class _Language:
    unless: _Patterns = field(default_factory=_Patterns)
    alarms: _Patterns = field(default_factory=_Patterns)


@dataclass(frozen=True)
class DangerList:
    """All languages' lists. A message may mix languages, so each list is asked."""

    languages: dict[str, _Language]

    @classmethod
    def load(cls, folder: Path) -> DangerList:
        """Reads every <language>.yml of the folder. Raises DangerListWrong."""
        lists = {path.stem: _read(path) for path in sorted(folder.glob("*.yml"))}
        if not lists:
            # Safety: an empty folder must stop the start, not silently find nothing (tests/reading/test_danger.py).
            raise DangerListWrong(f"no danger list in {folder}")
        return cls(lists)

    def check(self, text: str) -> Danger | None:
        """The gravest thing found: `certain` before `ask`, then in the order of SAFETY. None when nothing was."""
        message = tokens(text)
        best: tuple[int, str] | None = None
        for language, lists in self.languages.items():
            left = _without(message, lists.unless)
            for meaning, _ in lists.alarms.found(left):
                if best is None or meaning < best[0]:
                    best = (meaning, language)
        return None if best is None else _danger(*best)


def _danger(meaning: int, language: str) -> Danger:
    certain = meaning < len(SAFETY)
    return Danger(SAFETY[meaning % len(SAFETY)], "certain" if certain else "ask", language)


def _places(pattern: tuple[Word, ...], message: list[str], start: int) -> list[int] | None:
    """Where the words of the pattern stand when its first stands at `start`; None when the rest does not follow."""
    places = [start]
    for word in pattern[1:]:
        reach = range(places[-1] + 1, min(places[-1] + 2 + GAP, len(message)))
        place = next((i for i in reach if word.matches(message[i])), None)
        if place is None:
            return None
        places.append(place)
    return places


def _without(message: list[str], unless: _Patterns) -> list[str]:
    """The message with harmless phrases blanked; the blanks keep their place, so nothing new becomes adjacent."""
    harmless = {place for _, places in unless.found(message) for place in places}
    return ["" if i in harmless else token for i, token in enumerate(message)] if harmless else message


def _read(path: Path) -> _Language:
    content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    if not isinstance(content, dict) or not set(content) <= set(SAFETY):
        raise DangerListWrong(f"{path.name}: only {', '.join(SAFETY)} may stand here")
    lists = _Language()
    for intent, kinds in content.items():
        if not isinstance(kinds, dict) or not set(kinds) <= set(KEYS):
            raise DangerListWrong(f"{path.name}, {intent}: only {', '.join(KEYS)} may stand here")
        for kind, patterns in kinds.items():
            for text in patterns or ():
                _put(lists, SAFETY.index(intent), kind, _pattern(text, f"{path.name}, {intent}, {kind}"))
    return lists


def _put(lists: _Language, severity: int, kind: str, pattern: tuple[Word, ...]) -> None:
    if kind == "unless":
        lists.unless.add(pattern, severity)
    else:
        lists.alarms.add(pattern, severity if kind == "certain" else severity + len(SAFETY))


def _pattern(text: object, place: str) -> tuple[Word, ...]:
    words: list[Word] = []
    for typed in str(text).split():
        parts = fold(typed.rstrip("*")).split()
        words += [Word(part, typed.endswith("*") and part == parts[-1]) for part in parts]
    if not words:
        raise DangerListWrong(f"{place}: a pattern without a word")
    return tuple(words)
