"""What to answer to one message. Asks the assistant where the bridge cannot decide alone; writes nothing.

Order: silence, then danger, then orders and choices, then the assistant. Danger needs neither Rasa nor the action
server (tests/journeys/test_safety.py).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from bot.reading.confidence import SAFETY
from bot.reading.danger import Danger
from hotline_bridge.anonymiser.anonymiser import Anonymised, Placeholder
from hotline_bridge.conversations import Conversation
from hotline_bridge.errors import AssistantSilent
from hotline_bridge.flow import listen
from hotline_bridge.flow.stations import Reading, Stations
from hotline_bridge.messages import LANGUAGES, Kind, Reply, Voice
from hotline_bridge.pagers import Pager
from hotline_bridge.vault.sealing import Key

START_WORD = "START"  # obeyed in every language (nlu/commands)
CODE_OF = "need:"  # a value that answer replaces by the code of the ticket of that need
DELETING = "delete_my_data"  # what Conversation.confirming holds when "delete?" was asked while an operator was there
GIVE_UP_AFTER = 3  # attempts; then the message goes to a person instead of round again
INTENT_OF = {
    "operator": "talk_to_operator",
    "menu": "ask_help",
    "yes": "affirm",
    "no": "deny",
    "delete": "delete_my_data",
    "call_me": "request_callback",
    "check": "start_self_check",
    "help": "ask_help",
}


@dataclass(frozen=True, slots=True)
class Heard:
    """One message, opened. known: the conversation's placeholders so far; pager: the chat is an operator's (flow/pager.py)."""

    turn: UUID
    kind: Kind
    text: str
    attempts: int
    key: Key
    known: tuple[Placeholder, ...] = ()
    pager: Pager | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the turn leads to: the conversation as it is afterwards, replies in order, tickets to open, and what to erase.

    said: the message as an operator may read it; danger: whether words of danger stood in it; private: it is not written down.
    pager: "add", "remove" or "keep" an operator's pager (flow/pager.py); voice: of the replies, if not the conversation's own.
    """

    conversation: Conversation
    replies: tuple[Reply, ...] = ()
    needs: tuple[str, ...] = ()
    new: tuple[Placeholder, ...] = ()
    said: str = ""
    danger: bool = False
    private: bool = False
    clear: bool = False
    forget: bool = False
    pager: Literal["", "add", "remove", "keep"] = ""
    voice: Voice | None = None


async def compose(stations: Stations, conversation: Conversation, heard: Heard) -> Answer:
    """The answer to `heard`. Never raises for anything a person can write or the assistant can fail at."""
    assert stations.reading is not None
    text = listen.clean(heard.text) if heard.kind in (Kind.TEXT, Kind.CHOICE, Kind.COMMAND) else ""
    anonymised = _anonymised(stations, heard, text)
    if heard.kind is Kind.TEXT and text:
        conversation = _hear_voice(stations.reading, conversation, text)
    danger = _danger(stations.reading, text) if heard.kind is Kind.TEXT else None
    answer = await _answer(stations, conversation, heard, text, anonymised.text, danger)
    return replace(
        answer,
        new=anonymised.new,
        said=anonymised.text,
        danger=danger is not None,
        private=any(reply.key.startswith("check_") for reply in answer.replies),
    )


async def _answer(
    stations: Stations, conversation: Conversation, heard: Heard, text: str, anonymised: str, danger: Danger | None
) -> Answer:
    assert stations.reading is not None
    if conversation.silence == "unsafe":
        started = heard.kind is Kind.TEXT and stations.reading.commands.match(text) == "start"
        return _in_silence(conversation, text, danger, started)
    conversation = replace(conversation, silence=None)  # writing again is coming back
    order = _order(stations.reading, conversation, heard.kind, text)
    if conversation.operator_id is not None:
        return overheard(conversation, order, danger)
    if heard.kind in listen.MEDIA:
        return Answer(conversation, (Reply(listen.MEDIA[heard.kind]),))
    if danger and danger.certainty == "certain":
        return _safety(conversation, danger.intent, danger.language)
    asked, conversation = conversation.confirming, replace(conversation, confirming=None)
    if settled := _settled(conversation, order or "", asked):
        return settled
    if order == "cry":
        danger, order = danger or Danger("danger_now", "ask", ""), None
    if order and (done := _obey(conversation, order)):
        return done
    if danger and not order:
        return _confirm(conversation, danger)
    if not order and not listen.has_words(text):
        return Answer(conversation, (Reply("empty", options=("menu", "operator")),))
    return await _ask(stations, conversation, heard, anonymised, order)


def _anonymised(stations: Stations, heard: Heard, text: str) -> Anonymised:
    """What others than the bridge may see of a message. A choice or command is the bridge's own word."""
    assert stations.anonymiser is not None
    if heard.kind is not Kind.TEXT:
        return Anonymised(text, ())
    return stations.anonymiser.anonymise(text[: listen.READ_LETTERS], heard.key, heard.known)


def overheard(conversation: Conversation, order: str | None, danger: Danger | None) -> Answer:
    """An operator talks with the person: the bot is silent, but danger is flagged and the person's own orders are obeyed."""
    if danger and danger.intent == "unsafe_to_talk" and danger.certainty == "certain":
        return _fall_silent(conversation)
    asked, conversation = conversation.confirming, replace(conversation, confirming=None)
    if asked == DELETING and order == "yes":
        return Answer(conversation, (Reply("delete_done"),), forget=True, clear=conversation.channel.can_clear)
    if order == "delete":
        return Answer(replace(conversation, confirming=DELETING), (Reply("delete_ask"),))
    if order in ("stop", "clear") and (done := _obey(conversation, order)):
        return done
    return Answer(conversation, needs=(danger.intent,) if danger else ())


def _settled(conversation: Conversation, order: str, asked: str | None) -> Answer | None:
    """A yes or no to the question about danger. Its buttons name what was asked, so that a late yes is still one."""
    said, _, about = order.partition("/")
    intent = about if about in SAFETY else asked
    if intent is None or said not in ("yes", "no"):
        return None
    return _safety(conversation, intent) if said == "yes" else Answer(conversation, (Reply("danger_denied"),))


def _danger(reading: Reading, text: str) -> Danger | None:
    found = reading.danger.check(text)
    return found or (Danger("danger_now", "ask", "") if listen.shows_distress(text) else None)


def _hear_voice(reading: Reading, conversation: Conversation, text: str) -> Conversation:
    if reading.commands.match(text) not in (None, "cry") or len(text) < 2:
        return conversation
    return listen.voice_after(conversation, reading.language.read(text[: listen.READ_LETTERS]))


def _in_silence(conversation: Conversation, text: str, danger: Danger | None, started: bool) -> Answer:
    """Somebody may be watching the phone: nothing is said until the agreed number comes, or START from who lost the number.

    Danger still reaches a person.
    """
    if started or text.rstrip(" .,!)") == conversation.return_code:
        back = replace(conversation, silence=None, return_code=None)
        return Answer(back, (Reply("silence_over"),))
    need = danger.intent if danger else "unsafe_to_talk"
    return Answer(conversation, needs=(need,))


def _safety(conversation: Conversation, intent: str, language: str | None = None) -> Answer:
    """The fixed safety reply and a ticket, at once. Safety: tests/journeys/test_safety.py."""
    if conversation.language is None and language in LANGUAGES:
        conversation = replace(conversation, language=language)
    conversation = replace(conversation, confirming=None)
    if intent == "unsafe_to_talk":
        return _fall_silent(conversation)
    return Answer(conversation, (Reply(intent),), (intent,))


def _fall_silent(conversation: Conversation) -> Answer:
    code = str(10 + secrets.randbelow(90))
    silent = replace(conversation, silence="unsafe", return_code=code, offered=())
    return Answer(silent, (Reply("unsafe_to_talk", values={"code": code}),), ("unsafe_to_talk",))


def _confirm(conversation: Conversation, danger: Danger) -> Answer:
    if conversation.language is None and danger.language in LANGUAGES:
        conversation = replace(conversation, language=danger.language)
    asked = replace(conversation, confirming=danger.intent)
    return Answer(asked, (Reply("danger_confirm", options=(f"yes/{danger.intent}", f"no/{danger.intent}")),))


def _order(reading: Reading, conversation: Conversation, kind: Kind, text: str) -> str | None:
    """A pressed button, a number from a list, or words that are an order; None for everything else."""
    if kind is Kind.CHOICE:
        return text or None
    if kind is Kind.COMMAND:
        return listen.COMMAND_NAMES.get(text)
    return listen.chosen(conversation, text) or reading.commands.match(text)


def _obey(conversation: Conversation, order: str) -> Answer | None:
    """What the bridge does itself. None: the assistant is to be asked."""
    name, _, rest = order.partition("/")
    if name == "language" and rest in LANGUAGES:
        new = conversation.language is None
        chosen = listen.with_language(conversation, rest)
        return Answer(chosen, (Reply("greet" if new else "language_changed"),))
    if name == "language" or (name == "start" and conversation.language is None):
        return Answer(conversation, (Reply("choose_language", values={"all": "yes"}),))
    if name == "start":
        return Answer(conversation, (Reply("greet"),))
    if name == "stop":
        return Answer(replace(conversation, silence="stopped"), (Reply("stop_messages", values={"start": START_WORD}),))
    if name == "clear":
        possible = conversation.channel.can_clear
        return Answer(conversation, (Reply("chat_cleared" if possible else "clear_sms"),), clear=possible)
    if name == "more" and conversation.topic:
        return Answer(conversation, (Reply("topic", topic=conversation.topic, page=conversation.page + 1),))
    if name == "source" and (topic := rest or conversation.topic):
        page = conversation.page if topic == conversation.topic else 0  # "more" goes on from there
        return Answer(conversation, (Reply("source", topic=topic, options=("operator", "menu"), page=page),))
    return None


async def _ask(stations: Stations, conversation: Conversation, heard: Heard, anonymised: str, order: str | None) -> Answer:
    assert stations.assistant is not None
    said = _as_intent(order) or listen.clean(anonymised)
    try:
        if heard.attempts > GIVE_UP_AFTER:
            raise AssistantSilent("given up")
        replies = await stations.assistant.ask(conversation.id, heard.turn, said, conversation.voice, conversation.channel)
    except AssistantSilent:
        return _without_assistant(conversation, order)
    answer = _carry_out(conversation, replies)
    if heard.kind is Kind.TEXT and len(heard.text) > listen.READ_LETTERS and answer.replies:
        answer = replace(answer, replies=(Reply("too_long"), *answer.replies))
    return answer


def _as_intent(order: str | None) -> str | None:
    """What a choice is for Rasa. Only the bridge may speak so: what a person writes never begins with a slash."""
    if order is None:
        return None
    name, _, rest = order.partition("/")
    intent = rest if name == "topic" else INTENT_OF.get(name)
    return f"/{intent}" if intent else None


def _without_assistant(conversation: Conversation, order: str | None) -> Answer:
    """Rasa or the action server is down. A chosen topic needs neither; everything else goes to a person."""
    if order and order.startswith("topic/"):
        return Answer(conversation, (Reply("topic", topic=order.removeprefix("topic/")),))
    reply = Reply("assistant_down", values={"code": CODE_OF + "assistant_silent"})
    return Answer(conversation, (reply,), ("assistant_silent",))


def _carry_out(conversation: Conversation, replies: list[Reply]) -> Answer:
    """The assistant's replies, with what they mean for the conversation."""
    answer = Answer(conversation)
    for reply in replies:
        answer = _carry_out_one(answer, reply)
    return answer


def _carry_out_one(answer: Answer, reply: Reply) -> Answer:
    conversation = answer.conversation
    if reply.key == "unsafe_to_talk":
        return _fall_silent(conversation)
    if reply.key == "delete_now":
        return replace(answer, replies=(Reply("delete_done"),), forget=True, clear=conversation.channel.can_clear)
    if reply.key == "stop_messages":
        conversation = replace(conversation, silence="stopped")
        reply = replace(reply, values={"start": START_WORD})
    if reply.key == "language_changed" and reply.values.get("language") in LANGUAGES:
        conversation = listen.with_language(conversation, reply.values["language"])
    if reply.key == "fallback_offer":
        reply = replace(reply, options=(*(o for o in reply.options if o != "operator"), "operator"))
    needs = answer.needs
    replies = (*answer.replies, reply)
    if reply.key in SAFETY:
        needs = (*needs, reply.key)  # found again when the action has opened it already
    return replace(answer, conversation=conversation, replies=replies, needs=needs)
