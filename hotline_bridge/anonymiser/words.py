"""A message as words with their places, each in the one folded form in which names and cues are compared."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import NamedTuple

from bot.reading.spelling import APOSTROPHES, fold

LONGEST = 40  # letters of a word that are folded: folding takes the square of a word's length
# What an earlier pass left, and what may stand between the letters of one word: marks, soft hyphens, zero-width characters.
PLACEHOLDER = re.compile(r"\[[A-Z]+_\d{1,6}\]")
BARRIER = "\ufffc"
_INSIDE = r"\u0300-\u036f\u00ad\u200b-\u200d"
_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_{_INSIDE}]|[{_INSIDE}]|[{APOSTROPHES}](?=[^\W\d_]))*|\d+|{BARRIER}+")
SHORTENED = frozenset(
    (
        "ул",
        "пр",
        "пер",
        "мкр",
        "мкрн",
        "кв",
        "пос",
        "им",
        "тел",
        "гр",
        "ст",
        "стр",
        "обл",
        "рн",
        "сот",
        "моб",
        "корп",
        "гор",
        "дер",
        "көш",
        "қ",
        "sh",
        "vil",
        "tum",
        "ko'ch",
        "kv",
        "ul",
        "tel",
    )
)  # words before whose stop no sentence ends
_STOPS = frozenset(".!?…\n;")


class Found(NamedTuple):
    """An identifier between two places of the text, and how sure that is (0 to 1)."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Word:
    """A run of letters or of digits."""

    start: int
    end: int
    text: str
    folded: str
    gap: str  # what stands between it and the word before
    opens: bool  # whether a sentence begins here, so that a capital says nothing

    @property
    def number(self) -> bool:
        """Whether these are digits."""
        return self.text[0].isdecimal()

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()

    @property
    def beside(self) -> bool:
        """Whether nothing but a space, a hyphen or the stop of an abbreviation parts it from the word before."""
        return self.gap in (" ", "-", " - ", "", ". ", ".", "  ") or (self.gap.isspace() and "\n" not in self.gap)


@dataclass(frozen=True, slots=True)
class Text:
    """A message that was read once, for all recognisers."""

    text: str  # placeholders of an earlier pass are barriers in it; places are those of the original
    words: tuple[Word, ...]
    telling: bool  # whether capital letters tell names from other words here

    def before(self, place: int, most: int) -> tuple[Word, ...]:
        """The last words that end at this place of the text or before."""
        end = bisect_right(self.words, place, key=lambda word: word.end)
        return self.words[max(0, end - most) : end]

    def after(self, place: int, most: int) -> tuple[Word, ...]:
        """The first words that begin at this place or behind."""
        begin = bisect_left(self.words, place, key=lambda word: word.start)
        return self.words[begin : begin + most]

    def marks_name(self, word: Word) -> bool:
        """Whether the word stands out by a capital letter that no beginning of a sentence explains."""
        return self.telling and word.capital and not word.opens and len(word.text) > 1


def read(text: str) -> Text:
    """The words of a text. A placeholder is a word that says nothing."""
    text = PLACEHOLDER.sub(lambda found: BARRIER * len(found[0]), text)
    words: list[Word] = []
    end = 0
    for match in _WORD.finditer(text):
        written, gap = match[0], text[end : match.start()]
        # What was hidden before counts as a word, so that what stands on either side of it stays as far apart.
        folded = written if written[0].isdecimal() else fold(written[:LONGEST].strip(BARRIER)).replace(" ", "")
        words.append(Word(match.start(), match.end(), written, folded, gap, _opens(words, gap)))
        end = match.end()
    return Text(text, tuple(words), _telling(words))


def _opens(before: list[Word], gap: str) -> bool:
    if not before:
        return True
    if not _STOPS.isdisjoint(gap):
        # "ул. Абая": the stop of an abbreviation ends no sentence.
        return not (gap.strip(" ") == "." and (before[-1].text.casefold() in SHORTENED or len(before[-1].text) == 1))
    return False


def _telling(words: list[Word]) -> bool:
    """False where everything begins with a capital, or nothing but capitals was typed."""
    letters = [w for w in words if not w.number and len(w.text) > 2 and w.folded]
    raised = sum(w.capital for w in letters)
    loud = sum(w.text.isupper() for w in letters)
    return len(letters) < 4 or (raised <= 0.8 * len(letters) and loud <= 0.5 * len(letters))
