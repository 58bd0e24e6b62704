"""The training texts of the intent model: every sentence in every spelling, folded."""

from __future__ import annotations

from collections.abc import Iterable

from bot.reading.concepts import Concepts
from bot.reading.network import Network
from bot.reading.spelling import fold
from bot.training.augment import variants
from bot.training.corpus import Sentence
from bot.training.fit import Progress, Size, fit

SIZE = Size(networks=2, units=128, passes=10)


def train(sentences: Iterable[Sentence], concepts: Concepts, progress: Progress) -> Network:
    """One model for all intents and all languages: they share words, and people mix them."""
    groups, labels = [], []
    for sentence in sentences:
        spellings = list(dict.fromkeys(fold(s) for s in [sentence.text, *variants(sentence.text, sentence.language)]))
        if spellings[0]:
            groups.append(spellings)
            labels.append(sentence.intent)
    return fit(groups, labels, SIZE, progress, more=concepts.features)
