"""Says to the bridge for what a human is wanted, before the action server is asked.

Safety: should that be down, the bridge opens the ticket by this word alone (tests/flow/test_assist.py).
"""

from __future__ import annotations

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from bot.components import check_form
from bot.components.actions import LocalAction, intent_of, reply

# What a ticket is for, and what is said when nobody but the bridge could open it.
NEEDS = {
    "talk_to_operator": ("talk_to_operator", "ticket_opened"),
    "request_callback": ("request_callback", "callback_opened"),
    "report_someone_else": ("report_someone_else", None),
    "nlu_fallback": ("not_understood", "operator_offer"),
}
REPORT = ("report_where", "report_danger")


class WantTicket(LocalAction):
    """For what the message is about; with the signs of a self-check that has just ended, and only then."""

    action = "action_want_ticket"

    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
        need, told = NEEDS[intent_of(tracker)]
        facts = {}
        signs = int(tracker.get_slot(check_form.SIGNS) or 0)
        if need == "talk_to_operator" and signs and tracker.active_loop_name != check_form.FORM:
            facts["indicators"] = ",".join(str(number) for number in check_form.numbers(signs))
        return [_wanted(need, told, facts)]


class WantReport(LocalAction):
    """A finished report about somebody else. In danger the emergency numbers come first."""

    action = "action_want_report"

    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> list[Event]:
        facts = {slot: str(value) for slot in REPORT if (value := tracker.get_slot(slot)) is not None}
        # Safety: the numbers stand before everything else, and need no action server (tests/bot/test_dialogue.py).
        first = [reply("danger_now")] if facts.get("report_danger") == "yes" else []
        return [*first, _wanted("report_someone_else", "report_done", facts)]


def _wanted(need: str, told: str | None, facts: dict[str, str]) -> Event:
    return reply("wanted", values={"need": need, **({"told": told} if told else {}), **facts})
