"""What the things that a person can mean are called, and the lists in which they are chosen. English; translated where shown."""

from __future__ import annotations

from hotline_bridge.console import names
from hotline_bridge.console.texts import N_
from hotline_bridge.console.wording import Wording
from hotline_bridge.suggestions import DANGERS, NONE_OF_THESE, TOPICS, WISHES

MEANINGS = {
    **{name: names.NEEDS[name] for name in (*DANGERS, "talk_to_operator", "request_callback")},
    "ask_ticket_status": N_("Asks about an earlier request"),
    "ask_help": N_("Asks what we can do"),
    "not_understood": N_("Has not understood us"),
    "choose_language": N_("Wants another language"),
    "start_over": N_("Wants to begin again"),
    "stop_messages": N_("Wants no more messages"),
    "delete_my_data": N_("Wants everything deleted"),
    "affirm": N_("Yes"),
    "deny": N_("No"),
    "greet": N_("A greeting"),
    "thank": N_("Thanks"),
    "goodbye": N_("A farewell"),
    NONE_OF_THESE: N_("None of these"),
}
GROUPS = {N_("Danger and other people"): DANGERS, N_("Topics"): TOPICS, N_("About the conversation"): WISHES}


def titles(wording: Wording) -> dict[str, str]:
    """Everything that can be meant, in the reader's language."""
    return {name: wording.topic(name) for name in TOPICS} | {name: wording.say(text) for name, text in MEANINGS.items()}


def groups(wording: Wording) -> list[tuple[str, list[tuple[str, str]]]]:
    """The same by group, for a list to choose from; "none of these" stands apart."""
    said = titles(wording)
    topics = sorted(TOPICS, key=lambda name: said[name])
    return [
        (wording.say(title), [(name, said[name]) for name in (topics if members is TOPICS else members)])
        for title, members in GROUPS.items()
    ]
