"""The second script of a catalog: Uzbek Latin to Cyrillic (order of 1940, as read today), Kazakh to Latin (of 2021).

Placeholders such as {p112} and words in Latin inside Cyrillic text are left as they are.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

_PLACEHOLDER = re.compile(r"(\{[^{}]*\})")

_UZ_PAIRS = {
    "o'": "ў", "g'": "ғ", "sh": "ш", "ch": "ч", "yo'": "йў", "yo": "ё", "yu": "ю", "ya": "я", "ye": "е", "ts": "ц",
}  # fmt: skip
_UZ_LETTERS = dict(zip("abdefghijklmnopqrstuvxyz", "абдефгҳижклмнопқрстувхйз", strict=True))
_UZ_TOKEN = re.compile(r"yo'|o'|g'|sh|ch|yo|yu|ya|ye|[a-z]|'", re.IGNORECASE)
# Words whose Cyrillic spelling the letters alone do not give (loanwords, months, names): the translator's own list.
EXCEPTIONS = Path(__file__).resolve().parent.parent / "locales" / "uz" / "cyrillic-exceptions.csv"
_APOSTROPHES = str.maketrans({"ʻ": "'", "ʼ": "'", "‘": "'", "’": "'", "`": "'"})
_WORD = re.compile(r"[A-Za-z'ʻʼ‘’`]+")

_KK = {
    "а": "a", "ә": "ä", "б": "b", "в": "v", "г": "g", "ғ": "ğ", "д": "d", "е": "e", "ё": "io", "ж": "j", "з": "z", "и": "i",
    "й": "i", "к": "k", "қ": "q", "л": "l", "м": "m", "н": "n", "ң": "ñ", "о": "o", "ө": "ö", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ұ": "ū", "ү": "ü", "ф": "f", "х": "h", "һ": "h", "ц": "ts", "ч": "ch", "ш": "ş", "щ": "şş", "ъ": "",
    "ы": "y", "і": "ı", "ь": "", "э": "e", "ю": "iu", "я": "ia", "ия": "ia", "ию": "iu",
}  # fmt: skip


def into_script(text: str, language: str, script: str) -> str:
    """`text` of the catalog of `language` in `script`. Russian and Tajik have one script and come back unchanged."""
    convert = {("uz", "cyrl"): _uz_cyrillic, ("kk", "latn"): _kk_latin}.get((language, script))
    if convert is None:
        return text
    return "".join(p if p.startswith("{") else convert(p) for p in _PLACEHOLDER.split(text))


def _cased(source: str, target: str, shouting: bool) -> str:
    if source[:1].isupper():
        return target.upper() if shouting else target[:1].upper() + target[1:]
    return target


@cache
def _uz_exceptions() -> tuple[tuple[str, str], ...]:
    """Stems and their Cyrillic, the longest first, so that a stem in another does not hide it."""
    with EXCEPTIONS.open(encoding="utf-8", newline="") as file:
        rows = [(row["latin"].translate(_APOSTROPHES), row["cyrillic"]) for row in csv.DictReader(file)]
    return tuple(sorted(rows, key=lambda row: -len(row[0])))


def _uz_word(match: re.Match[str]) -> str:
    word = match.group().translate(_APOSTROPHES)
    shouting = len(word) > 1 and word.isupper()
    low = word.lower()
    for latin, cyrillic in _uz_exceptions():
        if low.startswith(latin):
            rest = word[len(latin) :]
            return _cased(word, cyrillic, shouting) + _UZ_TOKEN.sub(lambda m: _uz_token(m, shouting, False), rest)
    # e at the beginning of a word is э, after a vowel too; elsewhere е
    return _UZ_TOKEN.sub(lambda m: _uz_token(m, shouting, m.start() == 0 or word[m.start() - 1].lower() in "aeiou"), word)


def _uz_token(match: re.Match[str], shouting: bool, opens: bool) -> str:
    token = match.group()
    low = token.lower()
    if low == "'":
        return "ъ"
    e = "э" if opens else "е"
    target = e if low == "e" else _UZ_PAIRS.get(low) or _UZ_LETTERS.get(low, token)
    return _cased(token, target, shouting)


def _uz_cyrillic(text: str) -> str:
    return _WORD.sub(_uz_word, text)


def _kk_latin(text: str) -> str:
    """Alphabet of 2021; ия and ию are written ia and iu, and the capital of i has its dot (the one of ı has none)."""

    def letter(match: re.Match[str]) -> str:
        written = match.group()
        latin = _KK[written.lower()]
        if not written[:1].isupper():
            return latin
        return "İ" + latin[1:] if written[0] in "ИЙЮЯЁ" and latin.startswith("i") else latin[:1].upper() + latin[1:]

    return re.sub(r"и[яю]|[а-яёәғқңөұүһі]", letter, text, flags=re.IGNORECASE)
