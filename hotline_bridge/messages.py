"""The records that travel between the stations. All are frozen; none knows a provider."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

LANGUAGES = ("kk", "ru", "uz", "tg")


class Channel(StrEnum):
    """Where somebody writes. The value is stored and must not change."""

    TELEGRAM = "telegram"
    TWILIO = "sms_twilio"
    KANNEL = "sms_kannel"
    TRIAL_CHAT = "trial_chat"
    TRIAL_SMS = "trial_sms"

    @property
    def is_sms(self) -> bool:
        """Whether replies are cut into segments and options become numbers."""
        return self in (Channel.TWILIO, Channel.KANNEL, Channel.TRIAL_SMS)

    @property
    def is_trial(self) -> bool:
        """Whether it is a trial phone, whose screen is in our own memory."""
        return self in (Channel.TRIAL_CHAT, Channel.TRIAL_SMS)

    @property
    def can_clear(self) -> bool:
        """Whether messages can be taken back from the person's own screen."""
        return self in (Channel.TELEGRAM, Channel.TRIAL_CHAT)


class Kind(StrEnum):
    """What arrived. Everything but TEXT, CHOICE and COMMAND is answered with a fixed kind sentence and not fetched."""

    TEXT = "text"
    CHOICE = "choice"  # a pressed button; text holds its payload
    COMMAND = "command"  # /start, /stop …; text holds its name
    PHOTO = "photo"
    VOICE = "voice"
    VIDEO = "video"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACT = "contact"
    FILE = "file"
    FORWARDED = "forwarded"
    POLL = "poll"
    OTHER = "other"
    EMPTY = "empty"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message as a channel read it.

    address: chat id or telephone number (E.164 with +), in clear; it never leaves receive and the vault.
    provider_id: unique with this provider (update_id, MessageSid …); a second arrival of it within 48 h is dropped.
    reference: what the provider needs to take the message back later (Telegram's message_id), or None.
    """

    channel: Channel
    address: str
    provider_id: str
    kind: Kind
    text: str = ""
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """Something the person may choose next: `label` is shown, `choice` is what we get back (at most 64 bytes)."""

    label: str
    choice: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message ready for a channel, in the person's language and script.

    options: rows of buttons on a messenger; already numbered lines of `text` on SMS (then empty).
    take_back: references of messages that the channel removes from the screen before sending, newest first.
    loud: the phone may make a sound. Only for operators: nothing that goes to a person who asks for help is ever loud.
    """

    text: str
    options: tuple[Option, ...] = ()
    take_back: tuple[str, ...] = ()
    loud: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """A provider took the message. `reference` is its id there, `final` whether no later status will come."""

    reference: str | None
    final: bool = True


@dataclass(frozen=True, slots=True)
class StatusReport:
    """A provider's later word on a message it took: `state` is delivered or failed, `code` its own short code."""

    channel: Channel
    reference: str
    state: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What to say, not yet in any language: a key of knowledge/replies or a topic, and values to fill in."""

    key: str
    topic: str | None = None
    values: dict[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()  # choices, as in Option.choice
    page: int = 0  # of a topic: 0 is the first answer


@dataclass(frozen=True, slots=True)
class Voice:
    """Language (kk, ru, uz, tg) and script (cyrl, latn) in which somebody is answered."""

    language: str = "ru"
    script: str = "cyrl"

    @classmethod
    def usual(cls, language: str) -> Voice:
        """In the script that the language is mostly written in. English has a voice too: the console's and a pager's."""
        return cls(language, "latn" if language in ("uz", "en") else "cyrl")
