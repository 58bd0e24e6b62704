"""Which script a message is written in; the answer comes in the same one."""

from __future__ import annotations

from typing import Literal

Script = Literal["cyrl", "latn"]


def script_of(text: str) -> Script | None:
    """The script of more than half of the Cyrillic and Latin letters; None without letters, or when they are even."""
    cyrillic = sum("\u0400" <= c <= "\u052f" for c in text)
    latin = sum(_is_latin(c) for c in text)
    if cyrillic == latin:
        return None
    return "cyrl" if cyrillic > latin else "latn"


def share_of_foreign(text: str) -> float:
    """How much of the letters is neither Cyrillic nor Latin, 0.0 to 1.0 (Arabic, Chinese and others)."""
    letters = [c for c in text if c.isalpha()]
    if not letters:
        return 0.0
    return sum(not ("\u0400" <= c <= "\u052f" or _is_latin(c)) for c in letters) / len(letters)


def _is_latin(c: str) -> bool:
    # U+02BB and U+02BC are the letters of Uzbek oʻ and its tutuq; they alone say nothing of the script.
    return "a" <= c <= "z" or "A" <= c <= "Z" or ("\u00c0" <= c <= "\u024f" and c.isalpha())
