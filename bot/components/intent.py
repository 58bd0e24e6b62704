"""The intent of a message: Rasa's door to the network, with the decision whether to believe it."""

from __future__ import annotations

import json
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.importer import CONCEPT
from bot.reading import network
from bot.reading.concepts import Concepts
from bot.reading.confidence import Ranking, Thresholds, decide, may_be_danger
from bot.reading.intent import IntentModel
from bot.reading.model_file import ModelDamaged, load_text, save_text
from bot.reading.spelling import fold
from bot.training.corpus import Sentence

NAME = "intent"
CONCEPTS = "concepts.json"
FALLBACK = "nlu_fallback"
MAYBE_DANGER = "maybe_danger"
# So many intents of the ranking stay with the message: three to offer, after those not worth offering are left out.
KEPT = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentReader(GraphComponent, IntentClassifier):
    """Ranks the intents and puts `nlu_fallback` or `maybe_danger` first where the likeliest is not to be believed."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"thresholds": {}}

    def __init__(self, thresholds: Thresholds, storage: ModelStorage, resource: Resource, model: IntentModel | None) -> None:
        self._thresholds = thresholds
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentReader:
        return cls(Thresholds(**config["thresholds"]), model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> IntentReader:
        """Raises ModelDamaged when the stored model is not the one that was trained."""
        with model_storage.read_from(resource) as folder:
            model = IntentModel(network.load(folder, NAME), Concepts.of(json.loads(load_text(folder, CONCEPTS))))
        return cls(Thresholds(**config["thresholds"]), model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        from bot.training import intent_model

        examples = [m for m in training_data.intent_examples if m.get(TEXT)]
        found = [Sentence(m.get(TEXT), m.get(INTENT), m.get("language")) for m in examples]
        words = {t["name"].removeprefix(CONCEPT): t["elements"] for t in training_data.lookup_tables if _of_concept(t)}
        concepts = Concepts.of(words)
        model = intent_model.train(found, concepts, lambda line: print(f"intents: {line}", flush=True))
        self._model = IntentModel(model, concepts)
        with self._storage.write_to(self._resource) as folder:
            network.save(model, folder, NAME)
            save_text(json.dumps(words, ensure_ascii=False, sort_keys=True), folder, CONCEPTS)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = self._ranking(message.get(TEXT) or "")
            named = [{"name": name, "confidence": confidence} for name, confidence in ranking[:KEPT]]
            message.set(INTENT, {"name": self._believed(ranking), "confidence": _first(ranking)}, add_to_output=True)
            message.set(INTENT_RANKING_KEY, named, add_to_output=True)
            message.set("decision", decide(ranking, self._thresholds), add_to_output=True)
        return messages

    def _ranking(self, text: str) -> Ranking:
        if self._model is None:
            raise ModelDamaged("a component is loaded or trained before it reads")
        folded = fold(text)
        return self._model.ranking(folded)

    def _believed(self, ranking: Ranking) -> str:
        # Safety: a cry for help that is not clear enough gets a gentle question (tests/reading/test_confidence.py).
        if may_be_danger(ranking, self._thresholds):
            return MAYBE_DANGER
        return ranking[0][0] if decide(ranking, self._thresholds) == "answer" else FALLBACK


def _of_concept(table: dict[str, Any]) -> bool:
    return str(table["name"]).startswith(CONCEPT)


def _first(ranking: Ranking) -> float:
    return ranking[0][1] if ranking else 0.0
