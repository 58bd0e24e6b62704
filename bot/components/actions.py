"""What an action of ours is that runs inside Rasa, and how it names a reply: a key, never a sentence."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from rasa.core.actions.action import Action
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event
from rasa.shared.core.trackers import DialogueStateTracker


class LocalAction(Action, ABC):
    """An action that is a function of the conversation. The class attribute `action` is its name in the domain."""

    action = ""

    def name(self) -> str:
        return self.action

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        return self.decide(tracker, domain)

    @abstractmethod
    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
        """What follows from the conversation."""


def reply(key: str, **more: Any) -> BotUttered:
    """A reply by its key. `custom` alone, as a response of the domain would give it."""
    return BotUttered(None, {"custom": {"reply": key, **more}})


def intent_of(tracker: DialogueStateTracker) -> str:
    """What the latest message was taken for."""
    latest = tracker.latest_message
    return str((latest.intent or {}).get("name") or "") if latest else ""
