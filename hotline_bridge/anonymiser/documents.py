"""IIN, PASSPORT, CARD and IBAN: numbers of papers and accounts. Where a check digit holds no other sign is needed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hotline_bridge.anonymiser.phrases import Phrases
from hotline_bridge.anonymiser.words import Found, Text

_SEP = r"[ \u00a0\-–.]?"
_CARD = re.compile(rf"(?<![\d+])\d{{4}}{_SEP}\d{{4}}{_SEP}\d{{4}}{_SEP}\d{{4}}(?!\d)")
_IIN = re.compile(rf"(?<![\d+])(?:\d{{6}}{_SEP}\d{{6}}|\d{{4}} \d{{4}} \d{{4}}|\d{{3}} \d{{3}} \d{{3}} \d{{3}})(?!\d)")
_SPACED = re.compile(r"(?<![\d+])\d(?:[ \-.]?\d){11}(?!\d)")  # in groups of any size, beside the word for it
_LONG = re.compile(r"(?<!\d)\d{11,14}(?!\d)")  # a personal number of another country or with a slip, beside the word for it
_IBAN = re.compile(r"(?<![A-Za-z0-9])[Kk][Zz](?:[ \-]?\d){2}(?:[ \-]?[A-Za-z0-9]){16}(?![A-Za-z0-9])")
# The letters of one look in both alphabets are typed in either.
_SERIES = (
    r"(?:[AАaа][AАBВCСDЕENНaаbвcсdenн]|[FfФф][A-Za-z]|[KКkк][A-Za-zА-Яа-я]|I[DdДд]|[iИи][dДд]"
    r"|P[ECPEРec]|[PРpр][EЕeе]|[NНnн]|[XХ][A-ZА-Я]|[CС][A-Z]|[BВ][A-ZА-Я])"
)
_PASSPORT = re.compile(rf"(?<![\w]){_SERIES}\s?-?\s?(?:№|N|No\.?)?\s?(?:\d[ \-]?){{6,8}}\d(?!\d)")
_LETTERED = re.compile(r"(?<![\w])[A-ZА-Я]{1,2}\s?(?:№|N)?\s?\d{7,9}(?!\d)")
_RUSSIAN = re.compile(r"(?<![\d+])\d{2}\s?\d{2}\s?(?:№|N|номер)?\s?\d{6}(?!\d)")
_DIGITS = re.compile(r"(?<![\d+])(?:№|N)?\s?(?:\d{7,9}|\d{2,3} \d{3} \d{3})(?! ?\d)")
WINDOW = 6  # words between the word for a paper and its number


@dataclass(frozen=True, slots=True)
class Documents:
    """Finds the numbers of papers and accounts in a text."""

    cues: Mapping[str, Phrases]

    def cards(self, text: Text) -> Iterator[Found]:
        """Sixteen digits: with the check digit right, or as a card is written (a slip does not make it harmless)."""
        return (Found(m.start(), m.end(), 0.97 if luhn(_digits(m[0])) else 0.92) for m in _CARD.finditer(text.text))

    def ibans(self, text: Text) -> Iterator[Found]:
        """Kazakh account numbers."""
        return (Found(m.start(), m.end(), 0.98) for m in _IBAN.finditer(text.text))

    def iins(self, text: Text) -> Iterator[Found]:
        """Twelve digits whose check digit holds, or digits beside the word for such a number."""
        for m in _IIN.finditer(text.text):
            behind = text.after(m.end(), 3)
            if iin_is_valid(_digits(m[0])) or self._cued(text, m.start(), "iin") or any(self.cues["iin"].has(w) for w in behind):
                yield Found(m.start(), m.end(), 0.96)
        for m in (*_LONG.finditer(text.text), *_SPACED.finditer(text.text)):
            if self._cued(text, m.start(), "iin"):
                yield Found(m.start(), m.end(), 0.95)

    def passports(self, text: Text) -> Iterator[Found]:
        """A series with its number; digits alone only beside the word for a paper."""
        for m in _PASSPORT.finditer(text.text):
            if _is_series(m[0]) or self._cued(text, m.start(), "paper"):
                yield Found(m.start(), m.end(), 0.93)
        for m in _LETTERED.finditer(text.text):
            yield Found(m.start(), m.end(), 0.9)
        for pattern in (_RUSSIAN, _DIGITS):
            for m in pattern.finditer(text.text):
                if self._cued(text, m.start(), "paper") and not self._counted(text, m.end()):
                    yield Found(m.start(), m.end(), 0.89)

    def _counted(self, text: Text, end: int) -> bool:
        word = next(iter(text.after(end, 1)), None)
        return word is not None and word.start - end <= 2 and self.cues["not_phone"].has(word)

    def _cued(self, text: Text, start: int, cue: str) -> bool:
        return any(self.cues[cue].has(w) for w in text.before(start, WINDOW))


def _is_series(written: str) -> bool:
    """Typed in capitals or in one piece: "va 3500000" is no passport, "aa3500000" is."""
    letters = "".join(c for c in written if c.isalpha())
    return letters.isupper() or (len(letters) > 1 and written[len(letters)].isdigit())


def _digits(written: str) -> str:
    return re.sub(r"\D", "", written)


def luhn(digits: str) -> bool:
    """The check digit of a bank card (ISO/IEC 7812-1)."""
    total = 0
    for n, d in enumerate(reversed(digits)):
        value = int(d) * (2 if n % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def iin_is_valid(digits: str) -> bool:
    """The check digit of a Kazakh individual identification number (Rules of 2013: weights 1-11, then 3-11,1,2)."""
    if len(digits) != 12 or not digits.isdigit():
        return False
    numbers = [int(d) for d in digits]
    rest = sum(w * n for w, n in zip(range(1, 12), numbers, strict=False)) % 11
    if rest == 10:
        rest = sum(w * n for w, n in zip([3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2], numbers, strict=False)) % 11
    return rest == numbers[11]
