"""Words that answer a question of ours: a choice from a list, or whether it is safe now. Every word of a message must be known.

Lists are data: nlu/answers/<language>.yml. All languages are read together: people mix them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.reading.spelling import fold, tokens

CHOICES = (
    "this_chat", "number", "call", "this_number", "morning", "day", "evening", "night", "any", "skip", "other_words",
    "no_words",
)  # fmt: skip
SAFE, UNSAFE, FILLER = "safe", "unsafe", "filler"
KEYS = (*CHOICES, SAFE, UNSAFE, FILLER)
LONGEST = 4  # words of an answer that is one thing, such as "in any time at all"


class AnswersWrong(Exception):
    """A list of answers cannot be used; the message names the file and the entry."""


@dataclass(frozen=True)
class Answers:
    """Folded words to what they can mean."""

    words: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path) -> Answers:
        """Reads every <language>.yml of the folder. Raises AnswersWrong."""
        found: dict[tuple[str, ...], set[str]] = {}
        for path in sorted(folder.glob("*.yml")):
            for key, phrases in _entries(path).items():
                for phrase in phrases:
                    if not tokens(phrase):
                        raise AnswersWrong(f"{path.name}, {key}: an entry without a word")
                    found.setdefault(tuple(tokens(phrase)), set()).add(key)
        return cls({phrase: frozenset(keys) for phrase, keys in found.items()})

    def chosen(self, text: str, offered: Collection[str]) -> tuple[str, ...]:
        """Which of `offered` the message names, in the order of the message; none when there is any other word in it."""
        read = self._read(text, {*offered, FILLER})
        named = [next((key for key in offered if key in keys), None) for keys in read or ()]
        return tuple(dict.fromkeys(key for key in named if key))

    def is_safe(self, text: str) -> bool | None:
        """Whether the message says that it is safe now; None when it says something else.

        Safety: one word of "no" is a no, and a "yes" only counts with nothing unknown beside it.
        """
        for start in range(len(message := tokens(text))):
            if self._at(message, start, {UNSAFE})[0]:
                return False
        read = self._read(text, {SAFE, FILLER})
        return True if read and any(SAFE in keys for keys in read) else None

    def _read(self, text: str, wanted: set[str]) -> list[frozenset[str]] | None:
        """What each part of the message means, the longest parts first; None when some word means none of `wanted`."""
        message, place, found = tokens(text), 0, []
        while place < len(message):
            length, keys = self._at(message, place, wanted)
            if not length:
                return None
            found.append(keys)
            place += length
        return found

    def _at(self, message: list[str], start: int, wanted: set[str]) -> tuple[int, frozenset[str]]:
        for length in range(min(LONGEST, len(message) - start), 0, -1):
            keys = self.words.get(tuple(message[start : start + length]), frozenset()) & wanted
            if keys:
                return length, keys
        return 0, frozenset()


def _entries(path: Path) -> dict[str, list[str]]:
    content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    if not isinstance(content, dict) or not set(content) <= set(KEYS):
        raise AnswersWrong(f"{path.name}: only {', '.join(KEYS)} may stand here")
    for key, phrases in content.items():
        if not isinstance(phrases, list) or not all(isinstance(p, str) and fold(p) for p in phrases):
            raise AnswersWrong(f"{path.name}, {key}: only a list of words in quotes may stand here")
    return content
