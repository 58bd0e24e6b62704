"""What is found and how: telephone numbers, e-mail, handles and profile links, cards, identity numbers and passports.

Presidio's analyser on a blank model: it needs no network and no download. Patterns are of the field's own numbering.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import phonenumbers
import spacy
from presidio_analyzer import AnalyzerEngine, EntityRecognizer, Pattern, PatternRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts, SpacyNlpEngine

LANGUAGE = "xx"  # one blank model for all: our recognisers do not depend on the language
REGIONS = ("KZ", "UZ", "TJ", "KG", "RU")
# Short numbers of the emergency services are help, not somebody's identity.
PUBLIC_NUMBERS = frozenset({"101", "102", "103", "104", "111", "112", "116", "150", "11616"})
# The word "о" before or behind a number is no nought of it.
_NUMBER = re.compile(r"(?<![\w/])(?:\+|00)?(?:\d|\(|[оОoO](?=\d))[\dоОoO()\-–.\s]{5,20}(?:\d|(?<=\d)[оОoO])(?!\w)")
# "250 000 - 300 000": two sums in thousands, the usual way to name a wage.
_SUMS = re.compile(r"\d{1,3}(?: \d{3})* 000\s*[-–]\s*\d{1,3}(?: \d{3})* 000")
_LETTER_ZERO = str.maketrans({"о": "0", "О": "0", "o": "0", "O": "0"})


class _Blank(SpacyNlpEngine):
    """A tokenizer and nothing else, so that no model is looked for on the network."""

    def __init__(self) -> None:
        super().__init__(models=[{"lang_code": LANGUAGE, "model_name": "blank"}])
        self.nlp = {  # type: ignore[assignment] # the library says None, and means this
            LANGUAGE: spacy.blank(LANGUAGE)
        }

    def load(self) -> None:
        """Nothing to load."""


class PhoneRecogniser(EntityRecognizer):
    """Numbers as people type them, the letter o for a zero included; checked by libphonenumber for five countries."""

    def __init__(self) -> None:
        super().__init__(supported_entities=["PHONE"], supported_language=LANGUAGE, name="phone")

    def load(self) -> None:
        """Nothing to load."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None) -> list[RecognizerResult]:
        """Spans of telephone numbers."""
        del entities, nlp_artifacts
        return [RecognizerResult("PHONE", m.start(), m.end(), 0.9) for m in _NUMBER.finditer(text) if _is_number(m.group())]


def _is_number(written: str) -> bool:
    if _SUMS.fullmatch(written):
        return False
    digits = re.sub(r"[^\d+]", "", written.translate(_LETTER_ZERO))
    if len(digits.lstrip("+")) < 7 or digits in PUBLIC_NUMBERS:
        return False
    tries = [(digits, region) for region in REGIONS] + [("+" + digits.lstrip("+"), None)]
    for number, region in tries:
        try:
            if phonenumbers.is_possible_number(phonenumbers.parse(number, region)) and len(digits) >= 9:
                return True
        except phonenumbers.NumberParseException:
            continue
    return False


def _luhn(digits: str) -> bool:
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


class _Checked(PatternRecognizer):
    """A pattern whose digits must also satisfy a check."""

    def __init__(self, entity: str, pattern: str, check: Callable[[str], bool]) -> None:
        super().__init__(
            entity, patterns=[Pattern(entity.lower(), pattern, 0.95)], supported_language=LANGUAGE, name=entity.lower()
        )
        self._check = check

    def validate_result(self, pattern_text: str) -> bool:
        """Whether the digits hold."""
        return bool(self._check(re.sub(r"\D", "", pattern_text)))


def _pattern(entity: str, *patterns: str) -> PatternRecognizer:
    listed = [Pattern(f"{entity.lower()}{n}", p, 0.8) for n, p in enumerate(patterns)]
    return PatternRecognizer(entity, patterns=listed, supported_language=LANGUAGE, name=entity.lower())


def analyser() -> AnalyzerEngine:
    """Presidio with our recognisers and none of its own (its e-mail recogniser asks the network for a list)."""
    registry = RecognizerRegistry(supported_languages=[LANGUAGE])
    for recogniser in (
        _Checked("CARD", r"(?<!\d)\d{4}[ \-]?\d{4}[ \-]?\d{4}[ \-]?\d{4}(?!\d)", _luhn),
        _Checked("IIN", r"(?<!\d)\d{12}(?!\d)", iin_is_valid),
        _pattern("IBAN", r"(?i)\bKZ\d{2} ?[A-Z0-9]{3,4}(?: ?[A-Z0-9]{2,5}){3,4}\b"),
        _pattern("EMAIL", r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+"),
        _pattern(
            "HANDLE",
            r"(?<![\w@])@[A-Za-z][\w.]{3,31}",
            r"(?i)(?:https?://)?(?:www\.)?(?:t\.me|telegram\.me|instagram\.com|vk\.com|ok\.ru|facebook\.com|fb\.com|wa\.me|tiktok\.com)/[^\s]+",
        ),
        _pattern(
            "PASSPORT",
            r"(?i)(?<!\w)(?:[A-Z]{2}|[A-Z])\s?(?:№|N|No\.?)?\s?\d{7,9}(?!\w)",
            r"(?i)(?<!\w)(?:АА|АВ|АС|АД|ID|АN|AN|AC|PE)\s?\d{7,9}(?!\w)",
        ),
        PhoneRecogniser(),
    ):
        registry.add_recognizer(recogniser)
    return AnalyzerEngine(registry=registry, nlp_engine=_Blank(), supported_languages=[LANGUAGE], log_decision_process=False)
