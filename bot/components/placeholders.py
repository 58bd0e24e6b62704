"""Which placeholder stands in a message for a telephone number: its number alone, never what is behind it."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

PHONE = "phone"
_PHONE = re.compile(r"\[PHONE_(\d{1,4})\]")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class Placeholders(GraphComponent, EntityExtractorMixin):
    """Adds the entity `phone`, 2.0 for [PHONE_2]; the last one of a message that names several."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Placeholders:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            numbers = _PHONE.findall(message.get(TEXT) or "")
            if numbers:
                entity = {"entity": PHONE, "value": float(numbers[-1]), "start": 0, "end": 0, "extractor": "Placeholders"}
                message.set(ENTITIES, [*(message.get(ENTITIES) or []), entity], add_to_output=True)
        return messages
