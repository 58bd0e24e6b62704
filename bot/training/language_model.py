"""The training texts of the language model: every sentence in every spelling, other languages, and their hints."""

from __future__ import annotations

from collections.abc import Iterable

from bot.reading.language import hinted
from bot.reading.network import Network
from bot.reading.script import share_of_foreign
from bot.reading.spelling import fold
from bot.training.augment import variants
from bot.training.corpus import OTHER, Sentence
from bot.training.fit import Progress, Size, fit

SIZE = Size(networks=1, units=32, passes=6)
# The other languages have a tenth of the sentences; at the same weight Ukrainian would be Russian.
WEIGHT_OF_OTHER = 4.0
# Sentences that mix two are as rare. Russian words stand in all other languages: Russian with theirs is the hardest to tell.
WEIGHT_OF_MIXED, WEIGHT_OF_MIXED_RUSSIAN = 2.5, 10.0


def train(sentences: Iterable[Sentence], others: Iterable[str], progress: Progress) -> Network:
    """A model of kk, ru, uz, tg and other."""
    groups, labels, weights = [], [], []
    for sentence in sentences:
        if sentence.language is not None:
            groups.append(_spellings(sentence.text, sentence.language))
            labels.append(sentence.language)
            weights.append(_weight(sentence))
    for text in others:
        # Scripts that are neither Cyrillic nor Latin are told apart without a model.
        if share_of_foreign(text) <= 0.5 and fold(text):
            groups.append(_spellings(text, None))
            labels.append(OTHER)
            weights.append(WEIGHT_OF_OTHER)
    return fit(groups, labels, SIZE, progress, weights=weights)


def _weight(sentence: Sentence) -> float:
    if not sentence.mixed:
        return 1.0
    return WEIGHT_OF_MIXED_RUSSIAN if sentence.language == "ru" else WEIGHT_OF_MIXED


def _spellings(text: str, language: str | None) -> list[str]:
    return list(dict.fromkeys(hinted(spelling, fold(spelling)) for spelling in [text, *variants(text, language)]))
