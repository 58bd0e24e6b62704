"""Writes a training sentence again as other people would type it: without own letters, in the other script, with slips.

Every choice comes from the sentence itself, so the same data always gives the same variants.
"""

from __future__ import annotations

import random
import re
import zlib

LETTERS_KK = str.maketrans("қғңүұөәіһҚҒҢҮҰӨӘІҺ", "кгнууоаихКГНУУОАИХ")
LETTERS_TG = str.maketrans("қғӣӯҳҷҚҒӢӮҲҶ", "кгиухчКГИУХЧ")
# Each letter's ways in Latin, the commonest first.
LATIN = {
    "а": ["a"], "б": ["b"], "в": ["v", "w"], "г": ["g"], "д": ["d"], "е": ["e", "ye"], "ё": ["yo", "e", "io"],
    "ж": ["zh", "j"], "з": ["z"], "и": ["i"], "й": ["y", "i", "j"], "к": ["k"], "л": ["l"], "м": ["m"], "н": ["n"],
    "о": ["o"], "п": ["p"], "р": ["r"], "с": ["s"], "т": ["t"], "у": ["u"], "ф": ["f"], "х": ["h", "kh", "x"],
    "ц": ["ts", "c"], "ч": ["ch", "4"], "ш": ["sh"], "щ": ["sch", "sh"], "ъ": [""], "ы": ["y", "i"], "ь": ["", "'"],
    "э": ["e"], "ю": ["yu", "ju", "u"], "я": ["ya", "ja", "ia"], "қ": ["q", "k"], "ғ": ["g", "gh"], "ң": ["n", "ng"],
    "ү": ["u"], "ұ": ["u"], "ө": ["o"], "ә": ["a", "ae", "e"], "і": ["i"], "һ": ["h"], "ӣ": ["i", "ii"],
    "ӯ": ["u", "o"], "ҳ": ["h"], "ҷ": ["j"], "ў": ["o'"],
}  # fmt: skip
# In Kazakh and Tajik ж is j first.
LATIN_FIRST = {"kk": {"ж": ["j", "zh"], "у": ["u", "w"]}, "tg": {"ж": ["j", "zh"]}}
UZBEK_JOINED = [
    ("yo'", "йў"), ("o'", "ў"), ("g'", "ғ"), ("sh", "ш"), ("ch", "ч"), ("yo", "ё"), ("yu", "ю"), ("ya", "я"), ("ye", "е"),
]  # fmt: skip
UZBEK_SINGLE = dict(zip("abdefghijklmnopqrstuvxyz'", "абдефгҳижклмнопқрстувхйзъ", strict=True))
APOSTROPHES = "['’‘`ʻʼ´]"
NEIGHBOURS_CYRILLIC = "абвгдежзийклмнопрстуфхыэюя"
NEIGHBOURS_LATIN = "abdefghijklmnopqrstuvxyz"


def variants(text: str, language: str | None) -> list[str]:
    """Other spellings of the sentence, without itself, sorted; none of them is promised for a short one."""
    rng = random.Random(zlib.crc32(text.encode()))
    lowered = text.lower()
    found = {lowered, *_in_language(lowered, language, rng)}
    found |= {slip(spelling, rng) for spelling in sorted(found)}
    return sorted(found - {text, ""})


def slip(text: str, rng: random.Random, share: float = 1 / 12) -> str:
    """The text with a letter lost, doubled, swapped or wrong, about one in twelve."""
    letters = list(text)
    near = NEIGHBOURS_CYRILLIC if re.search("[а-я]", text) else NEIGHBOURS_LATIN
    for _ in range(max(1, round(len(letters) * share))):
        if len(letters) < 4:
            break
        place = rng.randrange(len(letters) - 1)
        kind = rng.randrange(4)
        if kind == 0:
            del letters[place]
        elif kind == 1:
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
        elif kind == 2:
            letters.insert(place, letters[place])
        else:
            letters[place] = rng.choice(near)
    return "".join(letters)


def _in_language(text: str, language: str | None, rng: random.Random) -> set[str]:
    cyrillic = re.search("[а-яё]", text) is not None
    if language == "kk" and cyrillic:
        return {text.translate(LETTERS_KK), latin(text, rng, "kk")}
    if language == "tg" and cyrillic:
        return {text.translate(LETTERS_TG), latin(text, rng, "tg")}
    if language == "ru" and cyrillic:
        return {latin(text, rng, "ru")}
    if language == "uz" and not cyrillic:
        return {uzbek_cyrillic(text), re.sub(APOSTROPHES, "", text)}
    if language == "uz":
        return {text.replace("ў", "у").replace("қ", "к").replace("ғ", "г").replace("ҳ", "х")}
    return set()


def latin(text: str, rng: random.Random, language: str) -> str:
    """The Cyrillic text in Latin letters, one way a letter throughout, as one person would type it."""
    table = {**LATIN, **LATIN_FIRST.get(language, {})}
    chosen = {c: ways[0] if rng.random() < 0.7 else rng.choice(ways) for c, ways in table.items()}
    return "".join(chosen.get(c, c) for c in text)


def uzbek_cyrillic(text: str) -> str:
    """The Uzbek Latin text in Cyrillic."""
    text = re.sub(APOSTROPHES, "'", text)
    for joined, letter in UZBEK_JOINED:
        text = text.replace(joined, letter)
    text = re.sub(r"(^|\s)e", r"\1э", text)
    return "".join(UZBEK_SINGLE.get(c, c) for c in text)
