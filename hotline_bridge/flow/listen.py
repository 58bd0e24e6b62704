"""Decisions about what somebody wrote, before anybody is asked: pure functions of the text and the conversation."""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from hotline_bridge.conversations import Conversation
from hotline_bridge.messages import LANGUAGES, Kind, Voice

if TYPE_CHECKING:
    from bot.reading.commands import Commands
    from bot.reading.language import Reading as LanguageReading  # it brings NumPy along, which web does without

READ_LETTERS = 1000  # enough for any question; the rest of a very long message is kept, but not read
LONGEST_WORD = 200  # letters; reading takes the square of a word's length, and nobody may stop a worker with one word
MANY = 3  # letters for which reading takes one character (½ …); those that are more, up to eighteen, are none that people type
TWO_SCRIPTS = ("kk", "uz")

# Telegram's commands and the words that mean the same (nlu/commands) lead to one name each.
COMMAND_NAMES = {
    "menu": "help", "language": "language", "start": "start", "stop": "stop", "help": "help", "clear": "clear",
    "delete": "delete",
}  # fmt: skip

MEDIA = {
    Kind.PHOTO: "photo",
    Kind.VOICE: "voice",
    Kind.VIDEO: "video",
    Kind.STICKER: "sticker",
    Kind.LOCATION: "location",
    Kind.CONTACT: "contact",
    Kind.FILE: "file",
    Kind.FORWARDED: "forwarded",
    Kind.POLL: "poll",
    Kind.OTHER: "other",
    Kind.EMPTY: "empty",
    Kind.UNREADABLE: "unreadable",
}


def clean(text: str) -> str:
    """The text without what is no word: control and direction marks, lone surrogates; a leading slash is not an order to Rasa."""
    kept = "".join(c if c in "\n\t" or _is_word(c) else " " for c in text)
    parted = re.sub(rf"(\S{{{LONGEST_WORD}}})(?=\S)", r"\1 ", re.sub(r"[ \t]+", " ", kept))
    return re.sub(r"^[/\s]+", "", parted).rstrip()


def _is_word(c: str) -> bool:
    return len(unicodedata.normalize("NFKC", c)) <= MANY and unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def cries(commands: Commands, text: str) -> bool:
    """Whether it is nothing but a cry for help, or a sign of distress stands in it: for some it is all they can send."""
    return commands.match(text) == "cry" or any(sign in text for sign in ("🆘", "🚨", "🚑"))


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit to be read."""
    return any(c.isalnum() for c in text)


def chosen(conversation: Conversation, text: str) -> str | None:
    """The choice behind a number written in answer to a list: 1 to 9 as it was offered, 0 always a human."""
    number = text.strip().rstrip(".)")
    if number == "0":
        return "operator"
    if number in tuple("123456789") and int(number) <= len(conversation.offered):
        return conversation.offered[int(number) - 1]
    return None


def voice_after(conversation: Conversation, read: LanguageReading) -> Conversation:
    """Language and script from now on: as the message shows, kept when unsure, and never against the person's own choice."""
    sure = read.language in LANGUAGES
    if sure and not conversation.language_chosen:
        conversation = replace(conversation, language=read.language)
    if sure and read.language == conversation.language and read.script and read.language in TWO_SCRIPTS:
        conversation = replace(conversation, script=read.script)
    elif conversation.language not in TWO_SCRIPTS:
        conversation = replace(conversation, script="cyrl")
    return conversation


def two_digits() -> str:
    """A number that is easily kept and says nothing."""
    return str(10 + secrets.randbelow(90))


def with_language(conversation: Conversation, language: str, script: str | None = None) -> Conversation:
    """The person asked for `language`: it stays until they ask again. Script: as given, else the language's usual one."""
    kept = script if script and language in TWO_SCRIPTS else Voice.usual(language).script
    return replace(conversation, language=language, language_chosen=True, script=kept)
