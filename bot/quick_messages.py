"""While a model is trained: Rasa compares and copies messages by all that could be in one; ours hold words and names alone.

It does so a dozen times with each, which was a third of the training.
"""

from __future__ import annotations

from typing import Any

from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message


def install() -> None:
    """Changes Rasa's messages in this process. Calling it again changes nothing."""
    Message.__eq__ = _equal
    Message.__hash__ = _hash
    Message.__deepcopy__ = _copy


def _equal(self: Message, other: object) -> bool:
    return isinstance(other, Message) and self.data == other.data and self.features == other.features


def _hash(self: Message) -> int:
    return hash(self.data.get(TEXT))


def _copy(self: Message, memo: dict[int, Any]) -> Message:
    return Message(self.data, set(self.output_properties), self.time, list(self.features))
