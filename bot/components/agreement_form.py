"""How somebody may be reached: what may be an answer to which question, and when the form steps aside.

The ticket is open before the form begins, so nothing is lost whenever it ends. Of a number only its placeholder is known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rasa.core.actions.action import ActionExecutionRejection
from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import AllSlotsReset, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.components.actions import LocalAction, intent_of, reply
from bot.components.placeholders import PHONE
from bot.reading.confidence import SAFETY

FORM = "agreement_form"
METHOD, NUMBER, HOURS, MESSAGE = "agreement_method", "agreement_number", "agreement_hours", "agreement_message"
QUESTIONS = (METHOD, NUMBER, HOURS, MESSAGE)
# The n of [PHONE_n], and how often the open question was asked.
PLACEHOLDER, ASKED = "agreement_placeholder", "agreement_asked"
SKIPPED = "skipped"
PICK, CHOICE = "pick", "choice"
ELSEWHERE = ("number", "call")
PARTS = ("morning", "day", "evening", "night")
# A question that was put so often and not answered is left: whoever wants to tell something is not to be interrogated.
MOST_ASKED = 2


@dataclass(frozen=True)
class Said:
    """What the form sees of a message: its intent, a choice from the list, the number of a placeholder."""

    intent: str
    choice: str | None = None
    phone: float | None = None


def answers(question: str, said: Said) -> dict[str, Any]:
    """The slots that `said` fills while `question` is open; none when it is no answer. Danger is never an answer."""
    found: dict[str, Any] = {}
    if said.phone is not None and said.intent not in (*SAFETY, "maybe_danger"):
        found = {NUMBER: "given", PLACEHOLDER: said.phone}
    if said.intent == PICK and said.choice == "skip" and question in QUESTIONS:
        return _with_the_rest({question: SKIPPED})
    if said.intent == "deny" and question in (NUMBER, HOURS):
        return {question: SKIPPED}
    if question == MESSAGE and said.intent in ("affirm", "deny"):
        return {MESSAGE: "yes" if said.intent == "affirm" else "no"}
    if said.intent == PICK and (value := _picked(question, said.choice or "")):
        return _with_the_rest({question: value})
    return found


def _picked(question: str, choice: str) -> str | None:
    if question == METHOD and choice in ("this_chat", *ELSEWHERE):
        return choice
    if question == NUMBER and choice == "this_number":
        return "this"
    parts = choice.split()
    if question == HOURS and (choice == "any" or (parts and set(parts) <= set(PARTS))):
        return choice if choice == "any" else " ".join(part for part in PARTS if part in parts)
    return None


def _with_the_rest(found: dict[str, Any]) -> dict[str, Any]:
    """Who is reached in this chat is asked for no number and no message to others."""
    if METHOD in found and found[METHOD] not in ELSEWHERE:
        return {**found, NUMBER: "none", MESSAGE: "no"}
    return found


class AgreementForm(FormAction):
    """Fills its own slots (answers), and leaves the rest when a question was put in vain."""

    async def validate(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
    ) -> list[Event]:
        question = self.get_slot_to_fill(tracker)
        if question is None:
            return []
        found = answers(question, _said(tracker))
        if not found:
            raise ActionExecutionRejection(self.name(), "no answer to the open question")
        return [SlotSet(slot, value) for slot, value in found.items()]

    async def request_next_slot(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        events_so_far: list[Event],
    ) -> list[Event]:
        asked = await super().request_next_slot(tracker, domain, output_channel, nlg, events_so_far)
        question = next((e.value for e in asked if isinstance(e, SlotSet) and e.key == REQUESTED_SLOT), None)
        if question is None:
            return asked
        again = question == tracker.get_slot(REQUESTED_SLOT)
        times = int(tracker.get_slot(ASKED) or 0) + 1 if again else 1
        if times > MOST_ASKED:
            left = [slot for slot in QUESTIONS if tracker.get_slot(slot) is None]
            return [*(SlotSet(slot, SKIPPED) for slot in left), SlotSet(REQUESTED_SLOT, None)]
        return [*asked, SlotSet(ASKED, times)]


class BeginCallback(LocalAction):
    """Somebody asked to be called: the question how to reach them is answered."""

    action = "action_begin_callback"

    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
        return [SlotSet(METHOD, "call")]


class SubmitAgreement(LocalAction):
    """Hands what was agreed to the bridge, which keeps it and proposes the words. Nothing of it stays here."""

    action = "action_submit_agreement"

    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
        values = agreed({slot: tracker.get_slot(slot) for slot in (*QUESTIONS, PLACEHOLDER)})
        said = reply("agreement_made", values=values) if values else reply("agreement_later")
        return [said, AllSlotsReset()]


class PickedLate(LocalAction):
    """A button of a question that is not open any more. Inside a form the form asks its own question again."""

    action = "action_picked_late"

    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
        return [] if tracker.active_loop_name else [reply("affirm")]


def agreed(slots: dict[str, Any]) -> dict[str, str]:
    """What the answers come to; empty when nothing was agreed.

    Safety: nobody is called or written to elsewhere without the hours and the number, so this chat is left
    (tests/bot/test_agreement.py).
    """
    method, hours = slots.get(METHOD), slots.get(HOURS)
    if method in (None, SKIPPED) and hours in (None, SKIPPED):
        return {}
    told = hours not in (None, SKIPPED)
    elsewhere = method in ELSEWHERE and told and slots.get(NUMBER) in ("given", "this")
    if method == "number" and slots.get(NUMBER) == "this":
        elsewhere = False
    values = {"method": str(method) if elsewhere else "this_chat", **({"hours": str(hours)} if told else {})}
    if elsewhere:
        values["message"] = "yes" if slots.get(MESSAGE) == "yes" else "no"
        if slots.get(NUMBER) == "given":
            values["number"] = str(int(slots[PLACEHOLDER]))
    return values


def _said(tracker: DialogueStateTracker) -> Said:
    choice = next(iter(tracker.get_latest_entity_values(CHOICE)), None)
    phone = next(iter(tracker.get_latest_entity_values(PHONE)), None)
    return Said(intent_of(tracker), choice, phone)
