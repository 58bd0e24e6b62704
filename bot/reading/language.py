"""The language of a message: Kazakh, Russian, Uzbek, Tajik, none of these, or not to be told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from bot.reading import network
from bot.reading.script import Script, script_of, share_of_foreign
from bot.reading.spelling import fold

Language = Literal["kk", "ru", "uz", "tg", "other"]
NAME = "language"


@dataclass(frozen=True)
class Reading:
    """What could be told of a message. `language` is None when the conversation's language should be kept."""

    language: Language | None
    confidence: float  # of the likeliest language, also when it was not certain enough; 0.0 without letters
    script: Script | None


@dataclass(frozen=True)
class LanguageReader:
    """Reads the language of one message by itself, without the conversation."""

    model: network.Network
    fewest_letters: int = 4
    smallest_margin: float = 0.5

    @classmethod
    def load(cls, folder: Path) -> LanguageReader:
        """Reads language.npz from the model folder. Raises ModelDamaged."""
        return cls(network.load(folder, NAME))

    def read(self, text: str) -> Reading:
        script = script_of(text)
        if share_of_foreign(text) > 0.5:
            return Reading("other", 1.0, script)
        folded = fold(text)
        if not any(c.isalpha() for c in folded):
            return Reading(None, 0.0, script)
        (first, confidence), (_, second) = self.model.ranking(hinted(text, folded))[:2]
        letters = sum(c.isalpha() for c in folded)
        sure = letters >= self.fewest_letters and confidence - second >= self.smallest_margin
        return Reading(cast(Language, first) if sure else None, confidence, script)


# Letters that fold to the same form but that only some of the languages have.
TELLING = "қғңүұөәіһӣӯҳҷўыэщцьъйёєїґңөүāīūqwxyğşçñı"


def hinted(text: str, folded: str) -> str:
    """The folded text, and as words of their own the script and the letters that tell one language from another."""
    lowered = text.casefold()
    hints = [f"«{letter}" for letter in TELLING if letter in lowered]
    return " ".join([folded, f"«{script_of(text) or '-'}", *hints])
