"""Telephone numbers written out in words: "восемь семьсот один …", "сегіз жеті нөл …", "тўқсон бир …"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hotline_bridge.anonymiser.gazetteer import FOLDER, folded, load_yaml
from hotline_bridge.anonymiser.words import Found, Text, Word, read

FEWEST, FEWEST_CUED, MOST = 9, 5, 15  # digits
FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Spoken:
    """Number words of four languages, by what they mean."""

    units: dict[str, int]
    teens: dict[str, int]
    tens: dict[str, int]
    hundreds: dict[str, int]
    between: frozenset[str]
    ordinal: tuple[str, ...]  # endings that make a number word an ordinal one

    def find(self, text: Text, cued: Callable[[int], bool]) -> Iterator[Found]:
        """Runs of number words and digits that are as long as a telephone number."""
        run: list[Word] = []
        for word in (*text.words, None):
            if word is not None and self._goes_on(run, word):
                run.append(word)
                continue
            yield from self._as_number(run, cued)
            run = [word] if word is not None and self.means(word) else []

    def digits(self, written: str) -> str:
        """The digits that the words say."""
        return self._digits(read(written).words)

    def _goes_on(self, run: list[Word], word: Word) -> bool:
        near = len(word.gap.strip()) <= 1 and "\n" not in word.gap
        return bool(run) and near and (self.means(word) or word.folded in self.between)

    def means(self, word: Word) -> bool:
        """Whether the word says a number, or is a short one in digits."""
        f = word.folded
        return (word.number and len(word.text) <= 4) or f in self.units or f in self.teens or f in self.tens or f in self.hundreds

    def counts(self, word: Word) -> bool:
        """Whether the word says a number or, with an ending, the place in an order: бірінші, panjumi."""
        if word.number or self.means(word):
            return True
        bases = (word.folded[: -len(ending)] for ending in self.ordinal if word.folded.endswith(ending))
        return any(base in table for base in bases for table in (self.units, self.teens, self.tens))

    def _as_number(self, run: list[Word], cued: Callable[[int], bool]) -> Iterator[Found]:
        while run and run[-1].folded in self.between and not self.means(run[-1]):
            run = run[:-1]
        said = [w for w in run if not w.number and self.means(w)]
        if len(said) < FEWEST_WORDS:
            return
        digits = len(self._digits(run))
        if FEWEST <= digits <= MOST or (digits >= FEWEST_CUED and cued(run[0].start)):
            yield Found(run[0].start, run[-1].end, 0.8)

    def _digits(self, words: Sequence[Word]) -> str:
        """Hundreds take the tens and the unit behind them, tens the unit; everything else is written side by side."""
        said, value, room = "", 0, 0  # room: what may still be added to value (100, 10 or nothing)
        for word in words:
            f = word.folded
            if word.number:
                said, value, room = said + _flush(value, room) + word.text, 0, 0
            elif f in self.hundreds:
                if room == -1 and self.hundreds[f] == 100:  # екі жүз: a unit before the hundred
                    value, room = value * 100, 100
                else:
                    said, value, room = said + _flush(value, room), self.hundreds[f], 100
            elif f in self.tens or f in self.teens:
                number = self.tens.get(f) or self.teens[f]
                if room == 100:
                    value, room = value + number, 10 if f in self.tens else 1
                else:
                    said, value, room = said + _flush(value, room), number, 10 if f in self.tens else 1
            elif f in self.units:
                if room >= 10 and self.units[f]:
                    value, room = value + self.units[f], 1
                else:
                    said, value, room = said + _flush(value, room), self.units[f], -1
        return said + _flush(value, room)


def _flush(value: int, room: int) -> str:
    return str(value) if room else ""


def load(folder: Path = FOLDER) -> Spoken:
    """From numbers.yml."""
    listed = load_yaml(folder / "numbers.yml")

    def table(name: str) -> dict[str, int]:
        found = {word: int(value) for value, words in listed[name].items() for word in folded(words)}
        # Tajik joins the parts of a number with у: ҳафтоду се.
        return found | {word + "u": value for word, value in found.items() if name in ("tens", "hundreds")}

    return Spoken(
        table("units"), table("teens"), table("tens"), table("hundreds"), folded(listed["between"]), tuple(listed["ordinal"])
    )
