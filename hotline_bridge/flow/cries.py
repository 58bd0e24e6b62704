"""cries: danger and the agreed sign of alarm in any message, and what is left of one that will not be answered as others are:
after too many faults of ours, or after a restore.

Safety: a cry for help must not become a request of low rank because of a fault (tests/flow/test_answer.py, test_settle.py).
"""

from __future__ import annotations

from dataclasses import replace

from bot.reading.agreed_words import stands_in
from bot.reading.danger import Danger
from hotline_bridge.conversations import Conversation
from hotline_bridge.flow import confirm, listen
from hotline_bridge.flow.assist import fall_silent
from hotline_bridge.flow.stations import CryLists
from hotline_bridge.flow.turn import Answer, Heard
from hotline_bridge.messages import Kind


def danger_in(words: CryLists, text: str) -> Danger | None:
    """What stands in it. A bare cry for help, or a sign of distress, is worth asking about at least.

    Safety: most cries stand in no list of danger, so whoever reads those alone misses "help" (tests/flow/test_cries.py).
    """
    found = words.danger.check(text)
    return found or (Danger("danger_now", "ask", "") if listen.cries(words.commands, text) else None)


def is_alarm(heard: Heard, text: str) -> bool:
    """Whether the agreed sign "I am not alone" stands in it, whatever else does."""
    return heard.kind is Kind.TEXT and any(stands_in(sign, text) for _, sign in heard.words)


def alarmed(conversation: Conversation, danger: Danger | None) -> Answer:
    """Not a word more: somebody reads along. Safety: tests/flow/test_alarm.py."""
    silent = replace(conversation, silence="unsafe", offered=(), confirming=None)
    needs = tuple(dict.fromkeys((*((danger.intent,) if danger else ()), "unsafe_to_talk")))
    return Answer(silent, needs=needs, reset=True, alarm=True)


def unanswerable(words: CryLists, conversation: Conversation, heard: Heard) -> Answer:
    """What is left where every try ended in a fault: a ticket, and in danger its own, with the fixed reply.

    There is no asking back here, so doubtful words count as danger. While an operator is there the bot does not talk. Words
    end the question about danger here, too (tests/flow/test_unanswered.py).
    """
    text = listen.clean(heard.text) if heard.kind is Kind.TEXT else ""
    order: str | None = listen.clean(heard.text)
    if text:
        order = listen.chosen(conversation, text) or words.commands.match(text)
    intent = confirm.confirmed(order, conversation.confirming)
    danger = Danger(intent, "certain", "") if intent else danger_in(words, text)
    if is_alarm(heard, text):
        return replace(alarmed(conversation, danger), danger=danger is not None)
    if heard.kind not in listen.MEDIA:
        conversation = confirm.asked_no_more(conversation)
    if danger is None:
        return Answer(conversation, needs=("assistant_silent",))
    if conversation.silence == "unsafe":
        return Answer(conversation, needs=(danger.intent,), danger=True)
    if danger.intent == "unsafe_to_talk":
        return replace(fall_silent(conversation), danger=True)
    if conversation.operator_id is not None:
        return Answer(conversation, needs=(danger.intent,), danger=True)
    return replace(confirm.safety(conversation, danger.intent, danger.language), danger=True)
