"""PLATE: the number plates of Kazakhstan and its neighbours, in either alphabet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hotline_bridge.anonymiser.gazetteer import Everyday
from hotline_bridge.anonymiser.phrases import Phrases
from hotline_bridge.anonymiser.words import Found, Text

_L = r"[A-Za-zА-Яа-яЁё]"
_ = r"(?:[ \-|]{0,2}|[/.])"
_LAND = r"(?:KZ|UZ|TJ|KG|RUS|КЗ|УЗ|КГ|РУС|kz|uz|tj|kg|rus|кз|уз|кг|рус)"
_REGION = r"(?:0[1-9]|1\d|20)"
_SHAPES = re.compile(
    rf"(?<!\w)(?:(?:\d\d\s?)?{_LAND}{_}\d{{3}}{_}{_L}{{2,3}}(?:{_}\d{{2}})?"  # KZ 123 ABC 02
    rf"|\d{{3}}{_}{_L}{{2,3}}{_}\|?{_}{_REGION}(?:{_}{_LAND})?"  # 123 ABC 02, 123 AB 02
    rf"|{_L}{_}\d{{3}}{_}{_L}{{2,3}}(?:{_}\d{{2,3}})?(?:{_}{_LAND})?"  # A 123 BCD, А123ВС 777 RUS
    rf"|\d{{2}}{_}{_L}{_}\d{{3}}{_}{_L}{{2}}"  # 01 A 123 BC
    rf"|\d{{2}}{_}\d{{3}}{_}{_L}{{3}}"  # 01 123 ABC
    rf"|\d{{4}}{_}{_L}{{2}}{_}\d{{2}}"  # 1234 AB 01
    rf"|\d{{2}}{_}(?:KG|кг|kg|КГ){_}\d{{3}}{_}{_L}{{2,3}}"  # 01 KG 123 ABC
    rf"|{_L}{_}\d{{4}}{_}{_L}{{1,2}}"  # B 1234 A
    rf"|\d{{2}}{_}{_L}{{2}}{_}\d{{4}}|{_L}{{3}}{_}\d{{3}}{_}\d{{2}}"  # 01 PT 1234, ABM 518 08
    rf"|\d{{3}}[ .…?*-]{{1,5}}{_L}{{2,3}}{_}{_REGION}"  # 508 ... BCA 02
    rf"|\d{{3}}[ ,]{{1,2}}(?:букв|әріп|harf|ҳарф|харф)\w*[ :]{{1,2}}{_L}{{2,3}}"  # 482, буквы KRB, регион 13
    rf"[ ,]{{1,2}}(?:\w+[ :]{{1,2}})?\d{{2}}"
    rf"|{_LAND}{_}\d{{2}}{_}\d{{3}}{_}{_L}{{2,3}}|{_L}{{2}}{_}\d{{4}}{_}\d{{2}}"  # KG 01 123 ABC, AB 1234 01
    rf")(?!\w)"
)
# Whole plates with their region, which nothing else looks like: к 208 тт 14 (Russia), 01 kg 204 abo (Kyrgyzstan).
_RU = "[АВЕКМНОРСТУХавекмнорстухABEKMHOPCTYXabekmhopctyx]"
_WHOLE = re.compile(rf"{_RU}{_}\d{{3}}{_}{_RU}{{2}}{_}\d{{2,3}}|0\d{_}(?:KG|кг|kg|КГ){_}\d{{3}}{_}{_L}{{2,3}}")
# A trailer's: 12 ABC 34.
_SHORT = re.compile(rf"(?<!\w)\d{{2}}{_}{_L}{{2,3}}{_}\d{{2}}(?!\w)")
_BARE = re.compile(rf"(?<![\w])\d{{3}}{_}{_L}{{2,3}}(?![\w])")  # 123 ABC without its region
_ANY = re.compile(rf"(?<!\w)(?:{_L}{{1,3}}|\d{{1,4}})(?:{_}(?:{_L}{{1,3}}|\d{{1,4}})){{1,3}}(?!\w)")  # of another country
LONGEST = 8  # words of a plate
WINDOW = 5  # words between "car" and a plate


@dataclass(frozen=True, slots=True)
class Plates:
    """Finds number plates in a text."""

    cues: Mapping[str, Phrases]
    everyday: Everyday

    def find(self, text: Text) -> Iterator[Found]:
        """By shape, unless its letters are a word; such shapes only beside a word for a car."""
        for shape in _SHAPES.finditer(text.text):
            cued, clear = self._cued(text, shape), _clear(shape[0])
            # X 345 KM is a plate, 345 km is none; 01 kg 123 abc is one from Kyrgyzstan.
            sure = clear or cued or not shape[0].islower() or self._says_nothing(text, shape)
            whole = sure and _WHOLE.fullmatch(shape[0]) is not None
            unit = self._is_unit(text, shape) and not whole and not (cued and clear)
            landed = shape[0].casefold().endswith(("rus", "рус"))
            if not unit and (cued or clear or landed or whole or self._letters_only(text, shape)):
                yield Found(shape.start(), shape.end(), 0.88)
        for shape in (*_BARE.finditer(text.text), *_SHORT.finditer(text.text)):
            if _clear(shape[0]) and not self._is_unit(text, shape) and self._cued(text, shape):
                yield Found(shape.start(), shape.end(), 0.7)

        for shape in _ANY.finditer(text.text):
            digits = sum(c.isdigit() for c in shape[0])
            if 3 <= digits <= 6 and digits < len(shape[0]) and shape[0].isupper() and self._cued(text, shape):
                yield Found(shape.start(), shape.end(), 0.65)

    def _is_unit(self, text: Text, shape: re.Match[str]) -> bool:
        inside = [w for w in text.after(shape.start(), LONGEST) if w.start < shape.end() and not w.number]
        return any(self.cues["not_phone"].has(w) or self.cues["not_place"].has(w) for w in inside)

    def _says_nothing(self, text: Text, shape: re.Match[str]) -> bool:
        """Whether no everyday word of several letters is among them."""
        inside = [w for w in text.after(shape.start(), LONGEST) if w.start < shape.end() and len(w.text) > 1]
        return not any(self.everyday.has(w.folded) for w in inside if not w.number)

    def _letters_only(self, text: Text, shape: re.Match[str]) -> bool:
        """Whether the letters are no words: н 704 вуо, but not с 100 тыс."""
        inside = [w for w in text.after(shape.start(), LONGEST) if w.start < shape.end() and not w.number]
        return (
            all(len(w.text) == 1 or not self.everyday.like(w.folded, 0) for w in inside) and max(len(w.text) for w in inside) > 2
        )

    def _cued(self, text: Text, shape: re.Match[str]) -> bool:
        near = (*text.before(shape.start(), WINDOW), *text.after(shape.end(), 2))
        return any(self.cues["car"].has(w) for w in near)


def _clear(written: str) -> bool:
    letters = [c for c in written if c.isalpha()]
    return all(c.isupper() for c in letters) or written[:2].casefold() in ("kz", "кз") or not re.search(r"[ \-]", written)
