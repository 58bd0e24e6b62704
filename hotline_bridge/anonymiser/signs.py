"""What beside a word says that it is somebody's name: a title, kinship, what is said of them, what they did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hotline_bridge.anonymiser.honours import Honours
from hotline_bridge.anonymiser.phrases import Phrases
from hotline_bridge.anonymiser.words import Text, Word


@dataclass(frozen=True, slots=True)
class Signs:
    """Looks at the words beside one."""

    cues: Mapping[str, Phrases]
    roles: tuple[str, ...]  # endings of words for what people do
    honours: Honours

    def acts(self, text: Text, i: int) -> bool:
        """A word with a capital letter that no list knows, before "me" or "us": it names who did that, or what they do."""
        word = text.words[i]
        if not word.capital or not text.telling or word.folded.endswith(self.roles) or i + 1 == len(text.words):
            return False
        return self.cues["done_to"].starting_at(text.words, i + 1) > 0

    def titled(self, text: Text, i: int) -> bool:
        """Whether a title stands on either side: хозяин Нурлан, Карим ака."""
        words = text.words
        before = i > 0 and words[i].beside and self.cues["titles_before"].has(words[i - 1])
        return before or self.honoured(text, i)

    def honoured(self, text: Text, i: int) -> bool:
        """Whether a title stands behind it."""
        words = text.words
        if i + 1 == len(words) or not words[i + 1].beside:
            return False
        return self.cues["titles_after"].has(words[i + 1]) or self.honours.follows(words[i + 1].folded)

    def is_kin(self, text: Text, i: int) -> bool:
        """Бакыт мой брат, Ulan mening akam."""
        behind = text.words[i + 1 : i + 3]
        if any(word.gap.strip() not in ("", "-", "—", "–") for word in behind):
            return False
        last = next((word for word in behind if not self.cues["mine"].has(word)), None)
        return last is not None and self.cues["kin_of"].has(last)

    def is_said(self, text: Text, i: int) -> bool:
        """Чапай мегӯянд, Chapay deb chaqirishadi."""
        at = i + 1
        return at < len(text.words) and text.words[at].beside and self.cues["said_of"].starting_at(text.words, at) > 0

    def is_title(self, word: Word) -> bool:
        """Whether the word itself is a title."""
        return self.cues["titles_before"].has(word) or self.cues["titles_after"].has(word)

    def is_strict(self, text: Text, i: int) -> bool:
        """усто сафар: before it a title behind which names stand in small letters, too."""
        return i > 0 and text.words[i].beside and self.cues["title_strict"].has(text.words[i - 1])
