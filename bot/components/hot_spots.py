"""Changes to Rasa 3.6.21 where its own way is slow, forgets, or would carry words further than they may go.

`install()` is called once, before a model is loaded; calling it again changes nothing.
"""

from __future__ import annotations

import functools
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

_installed = False


class ActionAnswerWrong(Exception):
    """The action server answered something that is not events and responses."""


def install() -> None:
    global _installed
    if _installed:
        return
    _installed = True
    _resolve_types_once()
    _check_answers_shortly()
    _send_no_words_to_actions()
    _never_fall_back_to_memory()
    _run_components_in_order()
    _look_for_no_unseen_intents()


def _resolve_types_once() -> None:
    """Rasa walks all event classes for every event, and all slot classes for every slot, to find one by its name."""
    Event.resolve_by_type = staticmethod(functools.lru_cache(maxsize=None)(Event.resolve_by_type))
    Slot.resolve_by_type = staticmethod(functools.lru_cache(maxsize=None)(Slot.resolve_by_type))


def _check_answers_shortly() -> None:
    """Two thirds of an action call were a JSON schema of an answer that our own server gives."""

    def validate(self: RemoteAction, result: Any) -> bool:
        if isinstance(result, dict) and all(isinstance(result.get(k, []), list) for k in ("events", "responses")):
            return True
        raise ActionAnswerWrong(self.name())

    RemoteAction._validate_action_result = validate


def _send_no_words_to_actions() -> None:
    """Rasa sends the action server the whole conversation with its words and the whole domain with each call."""

    def call(self: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
        return {
            "next_action": self.name(),
            "sender_id": tracker.sender_id,
            "tracker": wordless(tracker),
            "domain": {"version": "3.1"},
            "version": "3.6.21",
        }

    RemoteAction._action_call_format = call


def wordless(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What an action may know of the conversation: the intent and the slots, never the text."""
    latest = tracker.latest_message
    return {
        "sender_id": tracker.sender_id,
        "slots": tracker.current_slot_values(),
        "latest_message": {"intent": dict(latest.intent) if latest else {}, "entities": [], "text": ""},
        "events": [],
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": tracker.latest_action_name,
    }


def _never_fall_back_to_memory() -> None:
    """Without its database Rasa would go on in memory: forget, and keep words. A turn that cannot be kept must fail."""

    def fail(self: FailSafeTrackerStore, error: Exception) -> None:
        raise error

    FailSafeTrackerStore.on_tracker_store_error = fail
    FailSafeTrackerStore.on_tracker_store_retrieve_error = fail


def _run_components_in_order() -> None:
    """Rasa plans the few components anew with Dask for each message, which costs more than running them."""

    def run(self: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        done: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}

        def outcome(name: str) -> Any:
            if name not in done and name in self._graph_schema.nodes:
                needs = self._graph_schema.nodes[name].needs.values()
                done[name] = self._instantiated_nodes[name](*[outcome(need) for need in needs])
            return done.get(name, name)

        return dict(outcome(name) for name in targets or self._graph_schema.target_names)

    DaskGraphRunner.run = run


def _look_for_no_unseen_intents() -> None:
    """For every message Rasa makes an empty domain, sees that ours is another, and would warn of intents that ours lacks.

    It was a fifth of a parse. tests/bot/test_dialogue.py knows all intents of the domain and the answer to each.
    """
    MessageProcessor._check_for_unseen_features = lambda self, parse_data: None
