"""Countries, regions and large cities: they stay readable, and Kazakhstan's regions become tags."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.reading.spelling import fold
from hotline_bridge.anonymiser.gazetteer import FOLDER, REGIONS, folded, load_words, load_yaml
from hotline_bridge.anonymiser.words import Text, Word

MOST_WORDS = 4
# Regions bear the names of persons; alone they are no place.
PERSONS = frozenset({"abai", "jambil", "panfilov", "satpaev", "temirlan"})


@dataclass(frozen=True, slots=True)
class Places:
    """Names of places in folded form."""

    kept: frozenset[str]
    endings: frozenset[str]
    longest: int  # letters of an ending
    regions: dict[str, str]  # folded name of one to four words -> id of knowledge/regions.yml

    def keeps(self, words: Sequence[Word], at: int, *, whole: bool = False) -> bool:
        """Whether the word here names a country, region or city, alone or with its neighbour; whole: without an ending."""
        word = words[at].folded
        if word in self.kept or (word not in PERSONS and word in self.regions):
            return True
        if not whole and (self._stem_in(self.kept, word) or (word not in PERSONS and self._stem_in(self.regions, word))):
            return True
        near = words[max(0, at - 1) : at + 2]
        pairs = itertools.pairwise(near)
        return any(f"{a.folded} {b.folded}" in self.regions for a, b in pairs)

    def tags(self, text: Text) -> tuple[str, ...]:
        """The regions that a text names, in order, each once."""
        return tuple(dict.fromkeys(self._found(text.words)))

    def _found(self, words: Sequence[Word]) -> Iterator[str]:
        at = 0
        while at < len(words):
            for length in range(min(MOST_WORDS, len(words) - at), 0, -1):
                phrase = " ".join(w.folded for w in words[at : at + length])
                if length == 1 and phrase in PERSONS:
                    continue
                if stem := self._stem_in(self.regions, phrase):
                    yield self.regions[stem]
                    at += length - 1
                    break
            at += 1

    def _stem_in(self, known: frozenset[str] | dict[str, str], word: str) -> str:
        """The word without one of the endings of a place, if that is known; else nothing."""
        for cut in range(min(self.longest, len(word) - 2) + 1):
            stem, ending = word[: len(word) - cut], word[len(word) - cut :]
            if ending and ending not in self.endings:
                continue
            if stem in known and (not ending or len(stem) > 3):
                return stem
            if ending and len(stem) > 3 and stem + ending[0] in known:
                return stem + ending[0]  # Samarqand + dan: doubled letters are folded to one
            if len(stem) > 3 and (ending or stem[-1] == "i") and stem + "a" in known:
                return stem + "a"
        return ""


def _forms(name: str) -> Iterator[str]:
    """A name, and a Russian one of a region in its cases: Алматинская область, в Алматинской области."""
    yield name
    if name.endswith("ская область"):
        stem = name.removesuffix("ая область")
        yield from (f"{stem}ой области", f"{stem}ую область", f"{stem}ой обл", f"{stem}ая обл", f"{stem}ой областью")


def load(folder: Path = FOLDER, regions: Path = REGIONS) -> Places:
    """From places*.txt and the lookups of nlu/; what those call ambiguous is a tag only when no street is called so."""
    listed = load_yaml(regions)
    unclear = {fold(name) for name in listed.pop("ambiguous", [])}
    # A city is named more often than the region around it: of two ids that of the city (C-…) counts.
    by_name = {fold(form): region for region in sorted(listed, reverse=True) for name in listed[region] for form in _forms(name)}
    doubtful = unclear & folded(load_words(folder / "streets.txt"))
    listed_places = (word for file in sorted(folder.glob("places*.txt")) for word in load_words(file))
    kept = folded(listed_places) | {name for name in unclear if " " not in name}
    endings = frozenset(e for line in load_yaml(folder / "endings.yml")["place"] for e in line.split())
    names = {n: region for n, region in by_name.items() if n and n not in doubtful}
    return Places(frozenset(kept - {""}), endings, max(map(len, endings)), names)
