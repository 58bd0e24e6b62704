"""Which language somebody asks for: the names that the linguists collected, compared in the folded form."""

from __future__ import annotations

import json
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.reading.model_file import load_text, save_text
from bot.reading.spelling import fold
from bot.training.corpus import LANGUAGES

FILE = "language_names.json"
ENTITY = "language"
ASKING = "choose_language"
# A name of so many letters may carry an ending: "kazakca" also stands in "kazakcada".
STEM = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class LanguageNames(GraphComponent, EntityExtractorMixin):
    """Adds the entity `language` to a request for one language. Two different ones named: none, so that we ask."""

    def __init__(self, storage: ModelStorage, resource: Resource, names: dict[str, str]) -> None:
        self._storage = storage
        self._resource = resource
        self._names = names  # folded name to language

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageNames:
        return cls(model_storage, resource, {})

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> LanguageNames:
        """Raises ModelDamaged when the stored names are not those that were trained."""
        with model_storage.read_from(resource) as folder:
            names = json.loads(load_text(folder, FILE))
        return cls(model_storage, resource, names)

    def train(self, training_data: TrainingData) -> Resource:
        tables = [table for table in training_data.lookup_tables if table["name"] in LANGUAGES]
        self._names = {fold(n): table["name"] for table in tables for n in table["elements"]}
        with self._storage.write_to(self._resource) as folder:
            save_text(json.dumps(self._names, ensure_ascii=False, sort_keys=True), folder, FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if (message.get(INTENT) or {}).get("name") == ASKING:
                asked = self.asked_for(message.get(TEXT) or "")
                if asked is not None:
                    message.set(ENTITIES, [*(message.get(ENTITIES) or []), _entity(asked)], add_to_output=True)
        return messages

    def asked_for(self, text: str) -> str | None:
        """The one language that the text names."""
        padded = f" {fold(text)} "
        found = {code for name, code in self._names.items() if name and _stands(name, padded)}
        return found.pop() if len(found) == 1 else None


def _stands(name: str, padded: str) -> bool:
    return f" {name} " in padded or (len(name) >= STEM and f" {name}" in padded)


def _entity(code: str) -> dict[str, Any]:
    # No place in the text is given: nothing of a message may be traced through what is kept of it.
    return {"entity": ENTITY, "value": code, "start": 0, "end": 0, "extractor": "LanguageNames"}
