"""self_check: the eleven signs at once by SMS, where eleven questions would cost eleven messages. In a chat the assistant asks.

The signs go with the choice "ask a person" that stands under the result, and nowhere else: with the next answer they are gone.
"""

from __future__ import annotations

import re

from hotline_bridge.conversations import Conversation
from hotline_bridge.flow.turn import Answer
from hotline_bridge.messages import Reply

NUMBER_OF_SIGNS = 11
MANY = 3  # so many signs and more are "many"; one is "some"
OFFER = tuple(f"sign/{number}" for number in range(1, NUMBER_OF_SIGNS + 1))
_NUMBERS = re.compile(r"[\s(]*\d{1,2}(?:[\s,.;+)(-]+\d{1,2})*[\s.,;)]*")
_TOPICS = {
    "check_result_none": ("menu",),
    "check_result_some": ("topic/ask_victim_status", "topic/ask_special_social_services", "topic/ask_confidentiality"),
    "check_result_many": ("topic/ask_shelter", "topic/ask_victim_status", "topic/ask_reflection_period"),
}


def answer(conversation: Conversation, order: str | None, text: str) -> Answer | None:
    """The list of the signs, or what the numbers written in answer to it come to; None where it is about something else."""
    if order == "check" and conversation.channel.is_sms and conversation.offered != OFFER:
        return Answer(conversation, (Reply("check_list_1"), Reply("check_list_2")), offer=OFFER, reset=True)
    if conversation.offered != OFFER:
        return None
    signs = () if order == "no" else read(text)
    return None if signs is None else _result(conversation, signs)


def asks_one_by_one(conversation: Conversation, order: str | None) -> bool:
    """Whether the list was answered with yes: then each question is put by itself."""
    return conversation.offered == OFFER and order == "yes"


def read(text: str) -> tuple[int, ...] | None:
    """The numbers of signs, in order; None when the text is anything else."""
    if not _NUMBERS.fullmatch(text):
        return None
    numbers = {int(number) for number in re.findall(r"\d+", text)}
    return tuple(sorted(numbers)) if numbers <= set(range(1, NUMBER_OF_SIGNS + 1)) else None


def signs_of(conversation: Conversation) -> str | None:
    """The signs of a self-check that has just ended, as "1,5,7"; None when something else was said last, or there were none."""
    return next((choice.partition("/")[2] for choice in conversation.offered if choice.startswith("operator/")), None)


def _result(conversation: Conversation, signs: tuple[int, ...]) -> Answer:
    key = "check_result_none" if not signs else "check_result_some" if len(signs) < MANY else "check_result_many"
    person = "operator/" + ",".join(str(sign) for sign in signs) if signs else "operator"
    return Answer(conversation, (Reply(key, options=(person, *_TOPICS[key])),))
