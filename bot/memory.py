"""What is kept of a conversation between two turns: open questions, a form's progress. Never words.

Pure functions between Rasa's tracker and a small JSON object; bot/tracker_store.py puts it into PostgreSQL. It stays the
same size however long a conversation lasts, so a turn costs the same at the 5th and at the 200th.
"""

from __future__ import annotations

from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet
from rasa.shared.core.slots import BooleanSlot, CategoricalSlot, FloatSlot, Slot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.components import check_form

State = dict[str, Any]


def state_of(tracker: DialogueStateTracker, domain: Domain) -> State:
    """The state after a turn: {"slots": {name: value}, "loop": name or None}; slots as they were at first are left out."""
    kept = {name: slot.value for name, slot in tracker.slots.items() if slot.value != slot.initial_value and _wordless(slot)}
    if not _signs_are_fresh(tracker):
        kept.pop(check_form.SIGNS, None)
    requested = tracker.get_slot(REQUESTED_SLOT)
    if requested is not None and requested in _questions(domain):
        kept[REQUESTED_SLOT] = requested
    return {"slots": kept, "loop": tracker.active_loop_name}


def events_of(state: State | None) -> list[Event]:
    """The few events from which Rasa rebuilds the state and waits for the next message."""
    state = state or {"slots": {}, "loop": None}
    loop = [ActionExecuted(state["loop"]), ActiveLoop(state["loop"])] if state["loop"] else []
    slots = [SlotSet(name, value) for name, value in sorted(state["slots"].items())]
    return [*loop, *slots, ActionExecuted(ACTION_LISTEN_NAME)]


def _signs_are_fresh(tracker: DialogueStateTracker) -> bool:
    """While the self-check goes on and in the turn of its result. A tracker holds the events of one turn (events_of).

    Safety: what somebody answered about their situation is not kept longer (tests/bot/test_memory.py).
    """
    ended_now = any(isinstance(e, ActionExecuted) and e.action_name == check_form.RESULT for e in tracker.events)
    return ended_now or tracker.active_loop_name == check_form.FORM


def _wordless(slot: Slot) -> bool:
    """Whether the slot can hold nothing that a person wrote: a number, yes or no, or one of its listed values.

    Safety: a text slot added by mistake is not kept rather than trusted (tests/bot/test_memory.py).
    """
    if isinstance(slot, CategoricalSlot):
        return str(slot.value) in [str(value) for value in slot.values]
    if isinstance(slot, BooleanSlot):
        return isinstance(slot.value, bool)
    return isinstance(slot, FloatSlot) and isinstance(slot.value, (int, float))


def _questions(domain: Domain) -> set[str]:
    return {slot.name for slot in domain.slots}
