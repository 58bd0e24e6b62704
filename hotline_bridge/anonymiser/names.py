"""Whether a word is somebody's name, with whatever case ending, in whatever spelling: looked up in lists, never guessed here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from bot.reading.spelling import fold
from hotline_bridge.anonymiser.gazetteer import FOLDER, SHORT, Everyday, folded, load_everyday, load_words, load_yaml

# sure: a name in any letter case. likely: with a capital. unsure: with a capital within a sentence or a title beside it.
# said: only where it is said to be a name. surname, father: forms that make it sure.
Kind = Literal["sure", "likely", "unsure", "said", "surname", "father"]
_SURNAME = r"(.{3,}?)([oe]v|zoda|zade|zod|pur|iion)(a?)"  # behind it an ending of endings.yml
_FATHER = r"(.{2,}?)(ovic|evic|ovna|evna|inicna|mincna|uli|kizi|ogli|ugli)"


_LIKELY: Kind = "likely"
LOOSE = 6  # letters of a name that is also looked for with other vowels
_LOOSE = str.maketrans({"o": "a", "e": "i", "h": ""})


@dataclass(frozen=True, slots=True)
class Name:
    """`bases` are the forms without case ending that it may come from, the likeliest first."""

    kind: Kind
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a region that writes them in two scripts and five ways."""

    given: dict[str, str]  # each spelling, and the usual one
    words: dict[str, Kind]  # those of them that are everyday words, too
    stems: dict[str, str]  # of names that end with a vowel: without it
    soft: dict[str, str]  # of names that end with ia: without it
    loose: dict[str, str]  # of long names: with vowels that are spelled one way here and another there made one
    first: frozenset[str]
    last: tuple[str, ...]
    strong: frozenset[str]
    head: tuple[str, ...]
    endings: frozenset[str]
    longest: int
    vowel: frozenset[str]
    softer: frozenset[str]
    surname: re.Pattern[str]
    father: re.Pattern[str]
    everyday: Everyday
    common: Everyday  # those of them that people write most: a capital letter tells a name from a rarer word
    never: frozenset[str]

    def find(self, word: str) -> Name | None:
        """What the folded word is, if it is a name."""
        if len(word) < 2 or word in self.never:
            return None
        if word in self.given:
            return Name(self._kind(word), (self.given[word],))
        found = self._surname(word) or self._father(word)
        if found:
            return found
        bases = tuple(dict.fromkeys(self._bases(word)))
        if self.everyday.has(word):
            return Name("unsure", bases) if bases and len(word) > SHORT else None
        if not bases:
            return self._made(word)
        return Name(self._kind(max(bases, key=len)), bases)

    def _kind(self, base: str) -> Kind:
        return self.words.get(base, "likely" if len(base) <= SHORT else "sure")

    def _bases(self, word: str) -> Iterator[str]:
        for cut in range(min(self.longest, len(word) - 2), -1, -1):
            stem, ending = word[: len(word) - cut], word[len(word) - cut :]
            # Дархан + ның: doubled letters are folded to one.
            if not cut or ending in self.endings or stem[-1] + ending in self.endings:
                usual = self.given.get(stem) if len(stem) > SHORT or cut > 1 else None
                if usual := usual or self._loosely(stem):
                    yield usual
            if ending in self.vowel and stem in self.stems and len(stem) > 2:
                yield self.stems[stem]
            if ending in self.softer and stem in self.soft:
                yield self.soft[stem]

    def _loosely(self, stem: str) -> str | None:
        """The name that is spelled so elsewhere: Бахадур and Баходир, Зулейха and Зулайхо."""
        return self.loose.get(loosened(stem)) if len(stem) >= LOOSE and not self.everyday.like(stem, 1) else None

    def _made(self, word: str) -> Name | None:
        """Of two parts that names are made of; with a capital letter the second alone tells."""
        for cut in range(0, min(self.longest, len(word) - 5) + 1):
            stem, ending = word[: len(word) - cut], word[len(word) - cut :]
            if (cut and ending not in self.endings) or stem in self.never or self.everyday.has(stem):
                continue
            last = next((part for part in self.last if stem.endswith(part)), None)
            if last:
                first = stem.removesuffix(last)
                if first in self.first or first in self.given:
                    return Name("sure" if len(stem) >= LOOSE else "unsure", (stem,))
                slack = 1 if len(stem) > LOOSE else SHORT
                if last in self.strong and len(first) > SHORT - 1 and not self.everyday.like(stem, slack):
                    return Name("likely", (stem,))
            if len(stem) >= LOOSE and self._of_two(stem):
                return Name("likely", (stem,))
        return None

    def _of_two(self, stem: str) -> bool:
        """Of two names, or with a beginning that only names have: Бибираҷаб, Гулхумор."""
        if stem.startswith(self.head) and len(stem) > LOOSE:
            return not self.everyday.like(stem, 2)
        cuts = range(SHORT, len(stem) - SHORT)
        two = any(stem[cut:] in self.given and (stem[:cut] in self.given or stem[:cut] in self.first) for cut in cuts)
        return two and not self.everyday.like(stem, 2)

    def _surname(self, word: str) -> Name | None:
        found = self.surname.fullmatch(word)
        if not found or self.everyday.has(word):
            return None
        stem, tail, woman, ending = found.groups()
        known = self._known(stem) or self._known(stem + tail)
        if not known and self.everyday.like(word):
            return None
        base = stem + tail
        forms = (base + "a", base) if woman or ending in ("oi", "u") else (base, base + "a")
        likely = len(stem) >= LOOSE and (tail[0] in "zp" or woman)  # огурцов may be of vegetables
        kind: Kind = "surname" if known else "likely" if likely else "unsure"
        return Name(kind, forms if tail.endswith("v") else (base,))

    def _father(self, word: str) -> Name | None:
        found = self.father.fullmatch(word)
        if not found or self.everyday.has(word):
            return None
        stem, tail = found[1], found[2]
        if self._known(stem):
            return Name("father", (stem + tail,))
        russian = tail.endswith(("ic", "na")) and len(stem) > 2 and not self.everyday.like(word)
        return Name("unsure", (stem + tail,)) if russian else None

    def _known(self, stem: str) -> bool:
        forms = (stem, stem.removesuffix("i"), stem + "i")
        return any(f in self.given or f in self.stems or f in self.strong for f in forms) or self._made(stem) is not None


def loosened(word: str) -> str:
    """A folded word with vowels that vary between the languages made one."""
    return re.sub(r"(.)\1+", r"\1", word.translate(_LOOSE).replace("iu", "u").replace("ia", "a"))


def load(folder: Path = FOLDER) -> Names:
    """From the lists."""
    everyday = load_everyday(folder)
    endings, parts = load_yaml(folder / "endings.yml"), load_yaml(folder / "name_parts.yml")
    words: dict[str, Kind] = {}
    for kind, name in (("likely", "words_likely_names"), ("unsure", "words_or_names"), ("said", "words_rarely_names")):
        words |= dict.fromkeys(folded(load_words(folder / f"{name}.txt")), cast(Kind, kind))
    listed = [word for file in sorted(folder.glob("names_*.txt")) for word in load_words(file)]
    given = {form: fold(word) for word in listed for form in folded([word])} | {word: word for word in words}
    likely = folded(word for file in sorted(folder.glob("names_likely_*.txt")) for word in load_words(file))
    sure = folded(word for file in sorted(folder.glob("names_*.txt")) if "_likely_" not in file.name for word in load_words(file))
    words = dict.fromkeys(likely - sure, _LIKELY) | words
    # In each of its spellings a name is what it is in the usual one.
    words |= {form: words[usual] for form, usual in given.items() if usual in words}
    never = folded(word for line in parts["never"] for word in line.split())
    every = frozenset(e for line in endings["any"] for e in line.split())
    last = folded(word for line in parts["last"] for word in line.split())
    return Names(
        given=given,
        words=words,
        stems={g[:-1]: g for g in given if g[-1] == "a" and len(g) > 3},
        soft={g[:-2]: g for g in given if g.endswith("ia") and len(g) > 4},
        loose={loosened(g): usual for g, usual in given.items() if len(g) >= LOOSE and g not in words},
        first=folded(word for line in parts["first"] for word in line.split()),
        last=tuple(sorted(last, key=len, reverse=True)),
        strong=folded(word for line in parts["strong"] for word in line.split()),
        head=tuple(folded(word for line in parts["head"] for word in line.split())),
        endings=every,
        longest=max(map(len, every)),
        vowel=frozenset(endings["vowel"]),
        softer=frozenset(endings["soft"]),
        surname=re.compile(f"{_SURNAME}({'|'.join(endings['surname'])})?"),
        father=re.compile(f"{_FATHER}({'|'.join(endings['surname'])})?"),
        everyday=everyday,
        common=load_everyday(folder, "everyday.txt", "everyday_ru.txt"),
        never=never,
    )
