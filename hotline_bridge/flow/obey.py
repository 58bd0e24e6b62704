"""obey: what of a message is an order, and the orders that the bridge obeys itself, with Rasa or without."""

from __future__ import annotations

from dataclasses import replace

from hotline_bridge.conversations import Conversation
from hotline_bridge.flow import agree, listen
from hotline_bridge.flow.assist import START_WORD
from hotline_bridge.flow.stations import Reading
from hotline_bridge.flow.turn import Answer
from hotline_bridge.messages import LANGUAGES, Kind, Reply


def order_in(reading: Reading, conversation: Conversation, kind: Kind, text: str) -> str | None:
    """A pressed button, a number from a list, or words that are an order; None for everything else."""
    if kind is Kind.CHOICE:
        return text or None
    if kind is Kind.COMMAND:
        return listen.COMMAND_NAMES.get(text)
    return listen.chosen(conversation, text) or agree.picked(conversation, reading.answers, text) or reading.commands.match(text)


def obey(conversation: Conversation, order: str) -> Answer | None:
    """What the bridge does itself. None: the assistant is to be asked."""
    name, _, rest = order.partition("/")
    if name == "language" and rest in LANGUAGES:
        new = conversation.language is None
        chosen = listen.with_language(conversation, rest)
        return Answer(chosen, (Reply("greet" if new else "language_changed"),))
    if name == "language" or (name == "start" and conversation.language is None):
        return Answer(conversation, (Reply("choose_language", values={"all": "yes"}),))
    if name == "start":
        return Answer(conversation, (Reply("greet"),), reset=True)
    if name == "stop":
        stopped = replace(conversation, silence="stopped")
        return Answer(stopped, (Reply("stop_messages", values={"start": START_WORD}),), reset=True)
    if name == "clear":
        possible = conversation.channel.can_clear
        return Answer(conversation, (Reply("chat_cleared" if possible else "clear_sms"),), clear=possible)
    if name == "more" and conversation.topic:
        return Answer(conversation, (Reply("topic", topic=conversation.topic, page=conversation.page + 1),))
    if name == "source" and (topic := rest or conversation.topic):
        page = conversation.page if topic == conversation.topic else 0  # "more" goes on from there
        return Answer(conversation, (Reply("source", topic=topic, options=("operator", "menu"), page=page),))
    return None
