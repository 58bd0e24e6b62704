"""overhear: what is heard where the bot may not talk as ever: an operator has the person, or others may read or write along.

Danger reaches a human all the same, and what the person orders for their own protection is done.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from bot.reading.agreed_words import is_all
from bot.reading.danger import Danger
from hotline_bridge.conversations import Conversation
from hotline_bridge.flow import confirm
from hotline_bridge.flow.assist import fall_silent
from hotline_bridge.flow.obey import obey
from hotline_bridge.flow.stations import Reading
from hotline_bridge.flow.turn import Answer, Heard
from hotline_bridge.messages import Kind, Reply


def overheard(conversation: Conversation, order: str | None, danger: Danger | None) -> Answer:
    """An operator talks with the person: the bot is silent, but danger is flagged and the person's own orders are obeyed.

    Safety: so is the yes to "are you in danger?", asked before the operator came (tests/flow/test_cries.py).
    """
    asked, confirmed = conversation.confirming, confirm.confirmed(order, conversation.confirming)
    if confirmed == "unsafe_to_talk" or (danger and (danger.intent, danger.certainty) == ("unsafe_to_talk", "certain")):
        return fall_silent(conversation)
    conversation = confirm.asked_no_more(conversation)
    if asked == confirm.DELETING and order == "yes":
        return confirm.deleted(conversation)
    if order == "delete":
        return confirm.ask_to_delete(conversation)
    if order in ("stop", "clear") and (done := obey(conversation, order)):
        return done
    found = (confirmed, danger.intent if danger else None)
    return Answer(conversation, needs=tuple(dict.fromkeys(intent for intent in found if intent)))


def in_silence(reading: Reading, conversation: Conversation, heard: Heard, text: str, danger: Danger | None) -> Answer:
    """Somebody may be watching the phone: nothing is said until the agreed number or word comes, or START from who lost it.

    Danger still reaches a person.
    """
    known = heard.kind is Kind.TEXT and any(is_all(word, text) for word, _ in heard.words)
    started = heard.kind is Kind.TEXT and reading.commands.match(text) == "start"
    if started or known or text.rstrip(" .,!)") == conversation.return_code:
        back = replace(conversation, silence=None, return_code=None)
        return Answer(back, (Reply("silence_over"),))
    pressed = confirm.confirmed(text if heard.kind is Kind.CHOICE else None, None)
    need = pressed or (danger.intent if danger else "unsafe_to_talk")
    return Answer(conversation, needs=(need,))


def awaits_yes(conversation: Conversation, heard: Heard, order: str | None, danger: Danger | None) -> bool:
    """Whether "is it safe now?" has no yes yet: then only a cry for help gets a word, and the yes to "are you in danger?".

    Safety: whoever writes may be somebody else with the phone in the hand, operator or not (tests/flow/test_contact.py).
    """
    return heard.is_asked and danger is None and confirm.confirmed(order, conversation.confirming) is None


def whether_safe(
    reading: Reading, conversation: Conversation, heard: Heard, order: str | None, text: str, danger: Danger | None
) -> Literal["yes", "no"] | None:
    """The answer to "is it safe now?" while a reply is held for it. Anything but a clear yes or no is none.

    Who cries for help holds the phone: their reply is not held back. A yes to another question, asked since, lets nothing out.
    """
    if not heard.is_asked or (conversation.confirming and order in ("yes", "no")):
        return None
    assert heard.agreement is not None
    if danger is not None:
        return "yes" if danger.certainty == "certain" and danger.intent != "unsafe_to_talk" else None
    words = heard.agreement.words
    if order == "yes" or (words and heard.kind is Kind.TEXT and is_all(words[0], text)):
        return "yes"
    safe = False if order == "no" else reading.answers.is_safe(text) if heard.kind is Kind.TEXT else None
    return None if safe is None else "yes" if safe else "no"
