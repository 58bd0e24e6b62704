"""Words of one meaning in all languages, found in a folded message: what is learned in one language helps in the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from pathlib import Path

import yaml

from bot.reading.spelling import fold

# No n-gram of a message begins so.
MARK = "«"
# Of more concepts than this in one message no pairs are made; a long story would make hundreds.
PAIRED = 8
# So many letters of a word are its beginning; endings change.
BEGINNING = 4


class ConceptsWrong(Exception):
    """A file of concepts cannot be used; the message names the file and the entry."""


@dataclass(frozen=True)
class _Entry:
    """The words after the first, whether the last word may have any ending, and the concept."""

    rest: tuple[str, ...]
    open_end: bool
    concept: str

    def follows(self, words: list[str], start: int) -> bool:
        if not self.rest:
            return True
        found = words[start + 1 : start + 1 + len(self.rest)]
        if len(found) < len(self.rest) or tuple(found[:-1]) != self.rest[:-1]:
            return False
        return found[-1].startswith(self.rest[-1]) if self.open_end else found[-1] == self.rest[-1]


@dataclass(frozen=True)
class Concepts:
    """The entries by their first word: whole words, and beginnings of words."""

    whole: dict[str, list[_Entry]] = field(default_factory=dict)
    stems: dict[str, list[_Entry]] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path) -> Concepts:
        """Reads every .yml of the folder; an empty or missing one gives no concepts. Raises ConceptsWrong."""
        return cls.of(words_of(folder))

    @classmethod
    def of(cls, words: Mapping[str, Sequence[str]]) -> Concepts:
        """From the words of each concept. Raises ConceptsWrong."""
        found = cls()
        for concept, entries in words.items():
            for typed in entries:
                found._add(concept, typed)
        return found

    def _add(self, concept: str, typed: str) -> None:
        words = fold(typed).split()
        if not words:
            raise ConceptsWrong(f"{concept}: an entry without a word")
        entry = _Entry(tuple(words[1:]), typed.endswith("*"), concept)
        index = self.stems if entry.open_end and len(words) == 1 else self.whole
        index.setdefault(words[0], []).append(entry)

    def features(self, folded: str) -> Iterator[str]:
        """Each concept of the message, each pair of them, and each two neighbouring words by their beginnings; once each."""
        words = folded.split()
        found = sorted(set(self._found(words)))
        yield from (MARK + name for name in found)
        if len(found) <= PAIRED:
            yield from (f"{MARK}{one}{MARK}{other}" for one, other in combinations(found, 2))
        pairs = (f"{MARK}{MARK}{one[:BEGINNING]} {other[:BEGINNING]}" for one, other in pairwise(words))
        yield from dict.fromkeys(pairs)

    def _found(self, words: list[str]) -> Iterator[str]:
        whole, stems = self.whole, self.stems
        for start, word in enumerate(words):
            if word in whole:
                yield from (entry.concept for entry in whole[word] if entry.follows(words, start))
            for end in range(1, len(word) + 1):
                if word[:end] in stems:
                    yield from (entry.concept for entry in stems[word[:end]])


def words_of(folder: Path) -> dict[str, list[str]]:
    """The words of each concept, as written. Raises ConceptsWrong."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.yml")):
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        if not isinstance(entries, dict):
            raise ConceptsWrong(f"{path.name}: a concept, a colon and a list of words must stand here")
        for concept, words in entries.items():
            if not isinstance(words, list) or not all(isinstance(word, str) for word in (concept, *words)):
                raise ConceptsWrong(f"{path.name}, {concept}: a list of words must follow; numbers, yes and no in quotes")
            found.setdefault(concept, []).extend(words)
    return found
