"""The training texts of the language model: every sentence in every spelling, other languages, and their hints."""

from __future__ import annotations

from collections.abc import Iterable

from bot.reading.language import hinted
from bot.reading.linear import LinearModel
from bot.reading.script import share_of_foreign
from bot.reading.spelling import fold
from bot.training.augment import variants
from bot.training.corpus import OTHER, Sentence
from bot.training.fit import Progress, fit


def train(sentences: Iterable[Sentence], others: Iterable[str], progress: Progress) -> LinearModel:
    """A model of kk, ru, uz, tg and other."""
    groups, labels = [], []
    for sentence in sentences:
        if sentence.language is not None:
            groups.append(_spellings(sentence.text, sentence.language))
            labels.append(sentence.language)
    for text in others:
        # Scripts that are neither Cyrillic nor Latin are told apart without a model.
        if share_of_foreign(text) <= 0.5 and fold(text):
            groups.append(_spellings(text, None))
            labels.append(OTHER)
    # The other languages have a tenth of the sentences; without balance Ukrainian would be Russian.
    return fit(groups, labels, progress, balanced=True)


def _spellings(text: str, language: str | None) -> list[str]:
    return [hinted(spelling, fold(spelling)) for spelling in [text, *variants(text, language)]]
