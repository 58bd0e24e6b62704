"""The two harmless words that somebody and we agree on, and how one is known again in a message, however it is typed.

Lists are data: nlu/agreed_words/<language>.yml. Safety: a sign "I am not alone" that is not seen costs more than one seen
wrongly, so endings and one slip of the finger are forgiven (tests/reading/test_agreed_words.py).
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.reading.spelling import fold, tokens

# So many letters may follow a word's stem as its endings.
ENDINGS = 8
# A word of so many letters, alone in a message, is known with one slip of the finger.
FORGIVEN_FROM = 5
# The last letter changes before an ending: китап, китабы.
_CHANGED = {"k": "g", "p": "b", "t": "d"}
_VOWELS = "aeiou"
_DICE = random.SystemRandom()


class WordListWrong(Exception):
    """A list of words cannot be used; the message names the file."""


@dataclass(frozen=True)
class AgreedWords:
    """The words of each language."""

    lists: dict[str, tuple[str, ...]]

    @classmethod
    def load(cls, folder: Path) -> AgreedWords:
        """Reads every <language>.yml of the folder. Raises WordListWrong."""
        lists = {path.stem: _read(path) for path in sorted(folder.glob("*.yml"))}
        if not lists:
            raise WordListWrong(f"no list of words in {folder}")
        return cls(lists)

    def propose(self, language: str, *, besides: Iterable[str] = ()) -> tuple[str, str]:
        """Two words that are not easily taken for each other, none of them in `besides`."""
        left = [word for word in self.lists[language] if word not in set(besides)]
        known = _DICE.choice(left)
        return known, _DICE.choice([word for word in left if far_apart(known, word)])


def stands_in(word: str, text: str) -> bool:
    """Whether `word`, with any ending, is one of the words of `text`."""
    form, message = fold(word), tokens(text)
    stems = tuple(_stems(form))
    if any(token.startswith(stems) and len(token) <= len(form) + ENDINGS for token in message):
        return True
    return len(message) == 1 and len(form) >= FORGIVEN_FROM and _one_slip(form, message[0])


def is_all(word: str, text: str) -> bool:
    """Whether `text` is `word` and nothing else."""
    return fold(word) == fold(text)


def far_apart(one: str, other: str) -> bool:
    """Whether two words look so different that neither a slip nor an ending makes one of the other."""
    a, b = fold(one), fold(other)
    return a[:2] != b[:2] and a[-3:] != b[-3:] and not stands_in(a, b) and not stands_in(b, a)


def _stems(form: str) -> list[str]:
    """The beginnings by which the word is known: яблоко also in яблоки, кітап in кітабы."""
    if form[-1] in _VOWELS:
        return [form[:-1]]
    return [form, *([form[:-1] + _CHANGED[form[-1]]] if form[-1] in _CHANGED else [])]


def _one_slip(form: str, typed: str) -> bool:
    """One letter wrong, missing, too many, or two neighbours the wrong way round."""
    if form == typed:
        return True
    if abs(len(form) - len(typed)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(form, typed, strict=False)) if a != b), min(len(form), len(typed)))
    rest, other = form[start:], typed[start:]
    swapped = rest[:2] == other[:2][::-1] and rest[2:] == other[2:]
    return swapped or rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]


def _read(path: Path) -> tuple[str, ...]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(content, list) or not all(isinstance(word, str) for word in content):
        raise WordListWrong(f"{path.name}: only a list of words may stand here")
    return tuple(content)
