"""The intents of a message, ranked: the network on n-grams and concepts."""

from __future__ import annotations

from dataclasses import dataclass

from bot.reading.concepts import Concepts
from bot.reading.network import Network


@dataclass(frozen=True)
class IntentModel:
    """A model and the concepts that it was trained with."""

    model: Network
    concepts: Concepts

    def ranking(self, folded: str) -> list[tuple[str, float]]:
        """All intents with their probability, likeliest first; empty when nothing of the text is known."""
        features = list(self.concepts.features(folded))
        # Of a text in which nothing is known the model would still name the commonest intent.
        known = self.model.knows(folded) or any(feature in self.model.vocabulary for feature in features)
        return self.model.ranking(folded, features) if known else []
