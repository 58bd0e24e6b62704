"""The lists of gazetteers/: names, places and cue words, folded once when the process starts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.reading.spelling import fold
from hotline_bridge.anonymiser.phrases import Phrases, spellings

FOLDER = Path(__file__).parent / "gazetteers"
REGIONS = Path(__file__).parents[2] / "nlu" / "lookups" / "regions.yml"
VOWELS = "aeiou"
WAYS = ("way_mark", "way_built", "way_turn", "way_far", "way_look", "ordinal")
SHORT = 3  # a name of so few letters needs a capital letter


@dataclass(frozen=True, slots=True)
class Everyday:
    """Words that are no names: a sorted list, so that a word's nearest relatives are beside it."""

    words: tuple[str, ...]

    def has(self, word: str) -> bool:
        """Whether the word is in the list."""
        at = bisect_left(self.words, word)
        return at < len(self.words) and self.words[at] == word

    def like(self, word: str, slack: int = 3) -> bool:
        """Whether the word or one that differs in so many letters of its ending is in the list."""
        at = bisect_left(self.words, word)
        nearest = self.words[max(0, at - 1) : at + 1]
        return any(_shared(word, other) >= max(4, len(word) - slack) for other in nearest) or self.has(word)


def _shared(one: str, other: str) -> int:
    for n, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return n
    return min(len(one), len(other))


def load_words(file: Path) -> Iterator[str]:
    """The words of a list: parted by spaces, several in a line; a line that begins with # is a remark."""
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield from line.split()


def load_yaml(file: Path) -> dict[str, Any]:
    """A list in YAML."""
    loaded: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return loaded


def load_everyday(folder: Path = FOLDER, *lists: str) -> Everyday:
    """Everyday words, which are kept in folded form: of these lists, or of all."""
    files = [folder / name for name in lists] or folder.glob("everyday*.txt")
    return Everyday(tuple(sorted({word for file in files for word in load_words(file)})))


def folded(words: Iterable[str]) -> frozenset[str]:
    """Each word in folded form, and in those of its usual other spellings."""
    return frozenset(fold(form) for word in words for form in spellings(word)) - {""}


def covers(listed: frozenset[str], word: str) -> bool:
    """Whether the folded word is in the list, also with up to four letters of an ending."""
    return word in listed or any(len(word) - cut > SHORT and word[:-cut] in listed for cut in range(1, 5))


def load_cues(folder: Path = FOLDER) -> dict[str, Phrases]:
    """Cue words by what they say: those of cues.yml and ways.yml, and the forms of the words in kinds.yml."""
    said = load_yaml(folder / "cues.yml") | load_yaml(folder / "ways.yml")
    listed = {name: list(_flat(found)) for name, found in said.items()}
    for kind, stems in load_yaml(folder / "kinds.yml").items():
        before, after = _kinds(stems, load_yaml(folder / "endings.yml")["kinds"])
        if kind == "quality":
            listed[kind] = [*before, *(stem for language in ("kk", "uz") for stem in stems[language])]
            continue
        if kind == "work":
            listed["work_owned"], after = after, []
        listed[f"{kind}_before"] = listed.get(f"{kind}_before", []) + before
        listed[f"{kind}_after"] = listed.get(f"{kind}_after", []) + after
        turkic = [stem for language in ("kk", "uz") for stem in stems[language]]
        if kind == "house":  # 8 бутиктегі
            listed["house_after"] += [f"{stem}*" for stem in turkic]
        elif kind == "street":  # before a name in small letters they say nothing: qishloq tashqarisida
            listed["street_full"] += turkic
    # Asked first of each word, so that most words cost one question.
    listed["way"] = [w for name in listed if name in WAYS for w in listed[name]]
    return {name: Phrases.of(found) for name, found in listed.items()}


def _kinds(stems: dict[str, list[str]], endings: dict[str, list[str]]) -> tuple[list[str], list[str]]:
    """The forms of words for kinds of places that stand before a name, and those that stand behind one."""
    russian = [stem + ending for stem in stems["ru"] for ending in ("", *endings["ru"])]
    tajik = [form for stem in stems["tg"] for form in (stem, f"{stem.removesuffix('ӣ')}и", f"{stem.removesuffix('ӣ')}ии")]
    turkic = [*stems["kk"], *stems["uz"]]
    after_consonant, after_vowel = endings["possessive"]
    owned = [f"{_softened(stem)}{after_vowel if fold(stem)[-1] in VOWELS else after_consonant}*" for stem in turkic]
    return russian + tajik + turkic, owned


def _softened(stem: str) -> str:
    """As before an ending that begins with a vowel: қыстақ, қыстағы; qishloq, qishlog'i."""
    return f"{stem[:-1]}g" if stem[-1] in "қкqk" else stem


def load_never(folder: Path = FOLDER) -> frozenset[str]:
    """Words as they are written that only look like names when folded."""
    return frozenset(load_yaml(folder / "cues.yml")["not_names"])


def _flat(listed: Any) -> Iterator[str]:
    if isinstance(listed, dict):
        for part in listed.values():
            yield from _flat(part)
    elif isinstance(listed, list):
        for part in listed:
            yield from _flat(part)
    else:
        yield str(listed)
