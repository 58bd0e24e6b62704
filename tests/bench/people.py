"""People who write by Telegram or by SMS: a text becomes the call that their provider makes to us."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import count
from typing import Any, Protocol
from urllib.parse import urlencode

from fakes.kannel_api import NUMBER
from fakes.telegram_api import WEBHOOK_SECRET
from journeys.system import System, TelegramPerson

from hotline_bridge.messages import Channel

KANNEL_SECRET = "benchsecret7"
_messages = count(1)


@dataclass(frozen=True, slots=True)
class Letter:
    """A provider's call to come. id: what the provider calls the message, by which the bridge knows it again."""

    id: str
    channel: Channel
    address: str
    path: str
    headers: dict[str, str]
    body: str

    def planned(self, at: float) -> dict[str, Any]:
        """For the generator, `at` seconds after the start."""
        return {"at": at, "path": self.path, "headers": self.headers, "body": self.body}


class Writer(Protocol):
    """A kind of provider."""

    def __call__(self, number: int, text: str) -> Letter:
        """Person `number` writes `text`."""


@dataclass(frozen=True, slots=True)
class ByTelegram:
    """Writes as Telegram's webhook does."""

    system: System

    def __call__(self, number: int, text: str) -> Letter:
        person = TelegramPerson(self.system, WEBHOOK_SECRET, 5_000_000 + number)
        update = person.update(text)
        headers = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET, "Content-Type": "application/json"}
        return Letter(f"u{update['update_id']}", Channel.TELEGRAM, str(person.chat), "/telegram", headers, json.dumps(update))


class BySms:
    """Writes as Kannel's post-url does (docs/kannel/kannel.conf.example)."""

    def __call__(self, number: int, text: str) -> Letter:
        made, address = f"bench-{next(_messages)}", f"+7701{number:07}"
        query = {"secret": KANNEL_SECRET, "from": address, "to": NUMBER, "id": made, "coding": "0", "charset": "UTF-8"}
        headers = {"Content-Type": "text/plain; charset=UTF-8"}
        return Letter(made, Channel.KANNEL, address, f"/sms/kannel?{urlencode(query)}", headers, text)
