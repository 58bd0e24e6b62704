"""agree: choices from the lists that ask how somebody may be reached, and the words to know each other by. Pure but for dice."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.reading.answers import Answers
from hotline_bridge.conversations import DEFAULT_LANGUAGE, Conversation
from hotline_bridge.flow.stations import Reading
from hotline_bridge.flow.turn import Answer, Heard
from hotline_bridge.messages import Reply
from hotline_bridge.replies.speaker import LABELS
from hotline_bridge.safe_contact import METHODS, PARTS, Agreement
from hotline_bridge.transliteration import into_script

PICK = "pick/"
_NUMBERS = re.compile(r"[\s,.;+)]*[1-9](?:[\s,.;+)]+[1-9])+[\s,.;)]*")


def picked(conversation: Conversation, answers: Answers, text: str) -> str | None:
    """The choice that `text` names in its own words or by several numbers, if what was said last offered any."""
    offered = [choice.removeprefix(PICK) for choice in conversation.offered if choice.startswith(PICK)]
    if not offered:
        return None
    named = _by_numbers(conversation.offered, text) or answers.chosen(text, offered)
    if len(named) == 1 or (named and set(named) <= set(PARTS)):
        return PICK + " ".join(named)
    return None


def _by_numbers(offered: tuple[str, ...], text: str) -> tuple[str, ...]:
    if not _NUMBERS.fullmatch(text):
        return ()
    numbers = [int(n) for n in re.findall(r"[1-9]", text)]
    if max(numbers) > len(offered) or not all(offered[n - 1].startswith(PICK) for n in numbers):
        return ()
    return tuple(dict.fromkeys(offered[n - 1].removeprefix(PICK) for n in numbers))


def asks_for_number(conversation: Conversation) -> bool:
    """Whether what was said last asks for a telephone number; six digits may be one."""
    return conversation.offered in (("pick/skip",), ("pick/this_number", "pick/skip"))


def made(reading: Reading, conversation: Conversation, values: dict[str, str]) -> tuple[Agreement, tuple[Reply, ...]]:
    """What the form has told, with two words of our choice, and what is said of it."""
    method = values.get("method", "")
    parts = tuple(part for part in PARTS if part in values.get("hours", "").split())
    agreement = Agreement(
        method if method in METHODS else "this_chat",
        parts,
        values.get("message") == "yes",
        f"[PHONE_{number}]" if (number := values.get("number", "")).isdigit() else None,
    )
    agreement, words = with_words(reading, conversation, agreement)
    return agreement, (_noted(agreement, values), words)


def _noted(agreement: Agreement, values: dict[str, str]) -> Reply:
    said = {"how": f"{LABELS}{PICK}{agreement.method}"}
    if "hours" in values:
        said["hours"] = LABELS + ",".join(f"{PICK}{part}" for part in agreement.hours or ("any",))
    if agreement.method != "this_chat" and "hours" in said:
        message = "yes" if agreement.leave_message else "no"
        return Reply("agreement_made_elsewhere", values={**said, "message": LABELS + message})
    return Reply("agreement_made" if "hours" in said else "agreement_made_open", values=said)


def with_words(reading: Reading, conversation: Conversation, agreement: Agreement) -> tuple[Agreement, Reply]:
    """The agreement with two words, other ones than it had, and the reply that tells them."""
    language = conversation.language or DEFAULT_LANGUAGE
    words = reading.words.propose(language, besides=agreement.words or ())
    known, alarm = (shown(conversation, word) for word in words)
    return replace(agreement, words=words), Reply("agreement_words", values={"known": known, "alarm": alarm})


def shown(conversation: Conversation, word: str) -> str:
    """A word of the list as its reader writes."""
    return into_script(word, conversation.voice.language, conversation.voice.script)


def changed_words(reading: Reading, conversation: Conversation, heard: Heard, order: str) -> Answer | None:
    """Other words, or none. None: it is no such order, or nothing was agreed."""
    if heard.agreement is None or order not in (f"{PICK}other_words", f"{PICK}no_words"):
        return None
    if order == f"{PICK}no_words":
        return Answer(conversation, (Reply("agreement_no_words"),), agreement=replace(heard.agreement, words=None))
    agreement, reply = with_words(reading, conversation, heard.agreement)
    return Answer(conversation, (reply,), agreement=agreement)
