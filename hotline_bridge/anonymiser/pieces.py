"""Pieces of an address: runs of words that weigh together what makes an address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from hotline_bridge.anonymiser.names import Names
from hotline_bridge.anonymiser.phrases import Phrases
from hotline_bridge.anonymiser.places import Places
from hotline_bridge.anonymiser.words import Text, Word

SURE, HINT = 2, 1  # what pieces weigh: SURE in all makes an address


class Piece(NamedTuple):
    """Words first to last (exclusive) and what they weigh; a district or a floor weighs nothing."""

    first: int
    last: int
    weight: int


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of names, places, streets and the words around them."""

    names: Names
    places: Places
    streets: frozenset[str]
    cues: Mapping[str, Phrases]

    def is_proper(self, text: Text, at: int) -> bool:
        """A word that stands out by a capital letter, a known place or street, or an adjective of a place."""
        word = text.words[at]
        adjective = word.text.endswith(("ской", "ская", "скую", "ский", "ском", "ского"))  # капчагайская трасса
        known = adjective or text.marks_name(word) or self.places.keeps(text.words, at) or word.folded in self.streets
        return not word.number and known

    def begin(self, text: Text, at: int, most: int) -> int:
        """Where the run of such words begins that ends before this place."""
        begin = at
        while at > 0 and begin - at < most and len(text.words[at].gap) <= 3 and self.is_proper(text, at - 1):
            at -= 1
        return at

    def end(self, text: Text, at: int, most: int) -> int:
        """Where the run ends that begins at this place; a small word such as "from" may open it."""
        words, begin = text.words, at
        while at < len(words) and at - begin < most:
            named = at + 1 if at == begin and self.cues["near"].has(words[at]) else at
            if named >= len(words) or len(words[named].gap) > 3 or not self.is_proper(text, named):
                break
            at = named + 1
        return at

    def may_name(self, word: Word) -> bool:
        """Whether a street may be called so: known ones, people's names, "second"."""
        found = self.names.find(word.folded)
        known = word.folded in self.streets or self.cues["second"].has(word) or self.cues["ordinal"].has(word)
        return known or (found is not None and found.kind in ("sure", "surname"))

    def is_nth(self, text: Text, at: int) -> bool:
        """Whether it makes the number before it the eleventh: 11-ші."""
        words = text.words
        return at > 0 and words[at].gap == "-" and words[at - 1].number and self.cues["nth"].has(words[at])


def is_near(word: Word, most: int) -> bool:
    """Whether no more than so many marks stand before the word, none of which ends a sentence."""
    gap = word.gap.strip()
    return len(gap) <= most and "\n" not in word.gap and not any(c in gap for c in "!?;")


def is_numbered(known: Known, text: Text, at: int) -> bool:
    """A number that is part of a street's name: 8 Марта, 30 лет Победы."""
    words = text.words
    return at + 1 < len(words) and words[at + 1].beside and known.cues["numbered"].has(words[at + 1])
