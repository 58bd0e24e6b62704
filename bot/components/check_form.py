"""The self-check: which of the eleven signs were answered with yes, until the turn after the result and no longer."""

from __future__ import annotations

from typing import Any

from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import AllSlotsReset, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.components.actions import LocalAction, reply

FORM = "check_form"
RESULT = "action_check_result"
# One bit a sign, the first sign the lowest.
SIGNS = "check_signs"
NUMBER_OF_SIGNS = 11
# So many signs and more are "many"; one is "some".
MANY = 3


class CheckForm(FormAction):
    """Of each answer only that it was given remains in its slot; the signs are one number."""

    async def validate_slots(
        self,
        slot_candidates: dict[str, Any],
        tracker: DialogueStateTracker,
        domain: Domain,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
    ) -> list[Event]:
        before = int(tracker.get_slot(SIGNS) or 0)
        given: list[Event] = [SlotSet(slot, "given") for slot in slot_candidates]
        return [*given, SlotSet(SIGNS, with_answers(before, slot_candidates))] if given else []


class CheckResult(LocalAction):
    """The result by the number of signs. They stay for one more turn: whoever asks for a person then need not say it again."""

    action = RESULT

    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
        bits = int(tracker.get_slot(SIGNS) or 0)
        number = len(numbers(bits))
        key = "check_result_none" if not number else "check_result_some" if number < MANY else "check_result_many"
        return [reply(key), AllSlotsReset(), SlotSet(SIGNS, bits or None)]


def with_answers(bits: int, answers: dict[str, Any]) -> int:
    """`bits` with every sign set whose question (check_1 to check_11) was answered with yes."""
    for slot, answer in answers.items():
        if answer == "yes":
            bits |= 1 << (int(slot.rpartition("_")[2]) - 1)
    return bits


def numbers(bits: int) -> list[int]:
    """Which signs are set, from 1."""
    return [number for number in range(1, NUMBER_OF_SIGNS + 1) if bits >> (number - 1) & 1]
