"""The dialogue's custom actions: each reads slots, asks `action_api`, and names a reply key. No sentence, no words.

The sender is "<conversation>:<turn>"; a turn that is run again asks for the same ticket and gets the same answer.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from hotline_bridge.action_api import ActionApi, TicketOpened

Facts = dict[str, str]
# What a ticket is for, where that is not the intent's own name.
NEEDS = {"nlu_fallback": "not_understood", "affirm": "danger_now"}
# What is said when one was opened. With the other needs the dialogue gives its own reply, and a second message would bury it.
SAID = {"talk_to_operator": "ticket_opened", "request_callback": "callback_opened", "not_understood": "operator_offer"}


class OpenTicket(Action):
    """Opens a ticket for what the message is about."""

    def name(self) -> str:
        return "action_open_ticket"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        need = need_of(tracker)
        opened = await _open(tracker, need, None)
        if need in SAID:
            new = opened.created or need == "not_understood"
            _reply(dispatcher, SAID[need] if new else "ticket_already", code=opened.code)
        return []


class SubmitReport(Action):
    """Adds to the ticket what a finished report about somebody else has told."""

    def name(self) -> str:
        return "action_submit_report"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        facts = _facts(tracker, "report_where", "report_danger")
        opened = await _open(tracker, "report_someone_else", facts)
        _reply(dispatcher, "report_done", code=opened.code)
        return _forgotten(facts)


class TicketStatus(Action):
    """Says what became of the conversation's ticket."""

    def name(self) -> str:
        return "action_ticket_status"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        status = await ActionApi.current().ticket_status(conversation_of(tracker))
        values = {"code": status.code, "hours": str(status.waiting_hours or "<1")} if status.code else {}
        _reply(dispatcher, f"ticket_status_{status.state}", **values)
        return []


def need_of(tracker: Tracker) -> str:
    """What the ticket is for: the latest intent, or what it stands for."""
    intent = str((tracker.latest_message.get("intent") or {}).get("name") or "not_understood")
    return NEEDS.get(intent, intent)


def conversation_of(tracker: Tracker) -> str:
    return str(tracker.sender_id).partition(":")[0]


async def _open(tracker: Tracker, need: str, facts: Facts | None) -> TicketOpened:
    conversation, _, turn = str(tracker.sender_id).partition(":")
    return await ActionApi.current().open_ticket(conversation, turn, need, facts)


def _facts(tracker: Tracker, *slots: str) -> Facts:
    return {slot: str(value) for slot in slots if (value := tracker.get_slot(slot)) is not None}


def _forgotten(facts: Facts) -> list[EventType]:
    return [SlotSet(slot, None) for slot in facts]


def _reply(dispatcher: CollectingDispatcher, key: str, **values: str) -> None:
    dispatcher.utter_message(json_message={"reply": key, **({"values": values} if values else {})})
