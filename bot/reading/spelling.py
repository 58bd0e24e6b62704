"""One Latin form for a word however it was typed: Cyrillic or Latin, with its own letters or without, with slips.

The form is for comparing, never for showing: ш and sh are `w`, ч and ц are `c`, ж is `j`, х is `h`.
"""

from __future__ import annotations

import re
import unicodedata

CYRILLIC = {
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "э": "e", "є": "e", "ё": "io",
    "ж": "j", "җ": "j", "ҷ": "j", "з": "z", "и": "i", "й": "i", "і": "i", "ї": "i", "ы": "i", "ӣ": "i", "к": "k",
    "қ": "k", "л": "l", "м": "m", "н": "n", "ң": "n", "о": "o", "ө": "o", "ў": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ү": "u", "ұ": "u", "ӯ": "u", "ф": "f", "х": "h", "ҳ": "h", "һ": "h", "ц": "c", "ч": "c",
    "ш": "w", "щ": "w", "ъ": "", "ь": "", "ю": "iu", "я": "ia",
}  # fmt: skip
# Letters of the Latin alphabets in use, where dropping the mark would lose the sound.
LATIN = {"q": "k", "x": "h", "y": "i", "ı": "i", "ş": "w", "š": "w", "ç": "c", "č": "c", "ž": "j"}
# Two or more letters that stand for one; the longest is tried first.
JOINED = {
    "shch": "w", "sch": "w", "sh": "w", "ch": "c", "ts": "c", "dzh": "j", "zh": "j", "dj": "j", "дж": "j",
    "kh": "h", "gh": "g",
}  # fmt: skip
APOSTROPHES = "'’‘`´ʻʼʹ′"
# Latin letters that a Cyrillic word borrows by mistake of the keyboard, or to look the same.
LOOKALIKES = str.maketrans("acehikmoptxy", "асенікмортху")

_LETTERS = str.maketrans({**CYRILLIC, **LATIN, **dict.fromkeys(APOSTROPHES, "")})
_JOINED = re.compile("|".join(sorted(JOINED, key=len, reverse=True)))
# What the anonymiser leaves in place of a telephone number or a name, such as <PHONE_1>.
_PLACEHOLDER = re.compile(r"[<\[{⟨][A-Z][A-Z_]*(?:[ _]?\d+)?[>\]}⟩]")
_MIXED = re.compile(r"[а-яёәғқңөұүһіӣӯҳҷў]*[acehikmoptxy][а-яёәғқңөұүһіӣӯҳҷў]+|[а-яёәғқңөұүһіӣӯҳҷў]+[acehikmoptxy]")
_WORD = re.compile(r"\w+")
_REST = (
    (re.compile(r"(?<=[^\W\d_])4(?=[^\W\d_])"), "c"),  # qo4di, mo4u
    (re.compile(r"(?<=[^\W\d_])6(?=[^\W\d_])"), "w"),  # ya6irin
    (re.compile(r"(?<![^\W\d_])ie|(?<=[aeou])ie"), "e"),  # yest, poyezd
    (re.compile(r"(?<=[cjw])io"), "e"),  # ещё as еще
    (re.compile(r"ng(?![aeiou])"), "n"),  # menin(g), менің
    (re.compile(r"\d{4,}"), "0"),
    (re.compile(r"[^\w\s]+|_"), " "),
    (re.compile(r"([^\W\d])\1+"), r"\1"),  # letters only: 112 stays 112
    (re.compile(r"\s+"), " "),
)


def fold(text: str) -> str:
    """The text in the one Latin form: words and short numbers parted by single spaces, nothing else."""
    text = _PLACEHOLDER.sub(" ", text)
    text = text.lower() if text.isascii() else _plain(text)
    text = _JOINED.sub(lambda found: JOINED[found[0]], text).translate(_LETTERS)
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    for pattern, replacement in _REST:
        text = pattern.sub(replacement, text)
    return text.strip()


def _plain(text: str) -> str:
    """Small letters of one form and, within a word, of one script; nothing invisible."""
    text = unicodedata.normalize("NFKC", text).casefold()
    if not text.isprintable():
        text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return _one_script(text)


def tokens(text: str) -> list[str]:
    """The words of the folded text, in order."""
    return fold(text).split()


def _one_script(text: str) -> str:
    """Words that mix Cyrillic with Latin letters of the same look become Cyrillic; all others stay."""
    if text.isascii() or not _MIXED.search(text):
        return text
    return _WORD.sub(lambda found: _cyrillic(found[0]), text)


def _cyrillic(word: str) -> str:
    turned = word.translate(LOOKALIKES)
    mixed = any("а" <= c <= "ӿ" for c in word) and any("a" <= c <= "z" for c in word)
    return turned if mixed and not any("a" <= c <= "z" for c in turned) else word
