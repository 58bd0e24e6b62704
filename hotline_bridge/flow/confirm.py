"""confirm: the questions that the bridge puts itself, "are you in danger?" and "delete?", what a yes or a no to them
does, and the fixed reply to danger, asked about or certain.

What was asked stands in Conversation.confirming until something else is said.
"""

from __future__ import annotations

from dataclasses import replace

from bot.reading.confidence import SAFETY
from bot.reading.danger import Danger
from hotline_bridge.conversations import Conversation
from hotline_bridge.flow.assist import fall_silent
from hotline_bridge.flow.turn import Answer
from hotline_bridge.messages import LANGUAGES, Reply

DELETING = "delete_my_data"  # what Conversation.confirming holds when "delete?" was asked while an operator was there


def ask(conversation: Conversation, danger: Danger) -> Answer:
    """Whether somebody is in danger, where their words leave it in doubt."""
    asked = replace(_in_language(conversation, danger.language), confirming=danger.intent)
    return Answer(asked, (Reply("danger_confirm", options=(f"yes/{danger.intent}", f"no/{danger.intent}")),))


def confirmed(order: str | None, asked: str | None) -> str | None:
    """The danger that a yes confirms. The buttons of that question name what was asked, so that a late yes is still one."""
    said, _, about = (order or "").partition("/")
    intent = about if about in SAFETY else asked
    return intent if said == "yes" and intent in SAFETY else None


def asked_no_more(conversation: Conversation) -> Conversation:
    """Something was said since: a bare yes, or a number, is no answer to the question about danger any more."""
    of_danger = any(choice.partition("/")[2] in SAFETY for choice in conversation.offered)
    return replace(conversation, confirming=None, offered=() if of_danger else conversation.offered)


def settled(conversation: Conversation, order: str, asked: str | None) -> Answer | str | None:
    """A yes or no to the question about danger. Its buttons name what was asked, so that a late yes is still one.

    A no goes on to the assistant, where a form may wait for it.
    """
    said, _, about = order.partition("/")
    intent = about if about in SAFETY else asked
    if intent is None or said not in ("yes", "no"):
        return None
    if intent == DELETING:  # asked while an operator was there, who has gone since
        return deleted(conversation) if said == "yes" else None
    return safety(conversation, intent) if said == "yes" else "no_danger"


def safety(conversation: Conversation, intent: str, language: str | None = None) -> Answer:
    """The fixed safety reply and a ticket, at once. Safety: tests/journeys/test_safety.py."""
    conversation = replace(_in_language(conversation, language), confirming=None)
    if intent == "unsafe_to_talk":
        return fall_silent(conversation)
    return Answer(conversation, (Reply(intent),), (intent,), reset=True)


def _in_language(conversation: Conversation, language: str | None) -> Conversation:
    """Who has chosen no language yet is answered in that of the words of danger."""
    if conversation.language is None and language in LANGUAGES:
        return replace(conversation, language=language)
    return conversation


def ask_to_delete(conversation: Conversation) -> Answer:
    """Whether everything is really to be forgotten, where an operator is there; without one the assistant asks it."""
    return Answer(replace(conversation, confirming=DELETING), (Reply("delete_ask"),))


def deleted(conversation: Conversation) -> Answer:
    """Everything of the conversation is forgotten, and taken from the screens where that can be done."""
    return Answer(conversation, (Reply("delete_done"),), forget=True, clear=conversation.channel.can_clear)
