"""The three channels of the canary test's installation: how people write by them, and what they hear."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlencode

import httpx
from fakes import kannel_api
from fakes.kannel_api import FakeKannel
from fakes.telegram_api import FakeTelegram
from fakes.twilio_api import ACCOUNT, PUBLIC, FakeTwilio, signed
from journeys.canaries import Plant
from journeys.credentials import KANNEL_SECRET, OURS, TELEGRAM_SECRET, TWILIO_TOKEN
from journeys.identifiers import Who
from journeys.system import System, TelegramPerson, until

PATIENCE = 120.0  # seconds for what takes one or two on a machine that is not busy
_texts = count(1)


@dataclass(kw_only=True)
class Channels:
    """What is called from outside, and the providers' fakes. secrets: what must be found nowhere."""

    system: System
    telegram: FakeTelegram
    twilio: FakeTwilio
    kannel: FakeKannel
    secrets: list[Plant] = field(default_factory=lambda: list(OURS))

    def hides(self, name: str, words: str | bytes, **how: bool) -> None:
        """From now on this must be found nowhere either."""
        self.secrets.append(Plant(name, words, **how))

    def update(self, who: Who, text: str, **message: Any) -> dict[str, Any]:
        """Telegram's, with a full profile."""
        made = TelegramPerson(self.system, TELEGRAM_SECRET, int(who.address)).update(text, **message)
        profile = {key.replace(" ", "_").replace("user_name", "username"): value for key, value in who.profile.items()}
        for part in ("from", "chat"):
            made["message"][part] |= profile
        self.hides(f"Telegram's number of update {made['update_id']}", str(made["update_id"]))
        return made

    def posts(self, update: dict[str, Any], timeout: float = 5.0) -> int:
        return TelegramPerson(self.system, TELEGRAM_SECRET, 0).post(update, timeout)

    def writes(self, who: Who, text: str) -> None:
        """By the person's own channel, again and again until it is acknowledged."""
        if not who.address.startswith("+"):
            update = self.update(who, text)
            until(lambda: self.posts(update) == 200, PATIENCE, "Telegram's update is acknowledged")
        elif who.language == "uz":
            until(lambda: self.by_twilio(who.address, text) == 200, PATIENCE, "Twilio's call is acknowledged")
        else:
            until(lambda: self.by_kannel(who.address, text) == 200, PATIENCE, "Kannel's call is acknowledged")

    def by_twilio(self, phone: str, text: str, token: str = TWILIO_TOKEN) -> int:
        sid = f"SM{secrets.token_hex(16)}"
        self.hides(f"Twilio's name of message {next(_texts)}", sid)
        form = {"MessageSid": sid, "SmsSid": sid, "AccountSid": ACCOUNT, "From": phone, "To": "+12025550100", "Body": text}
        body, headers = signed(f"{PUBLIC}/sms/twilio", {**form, "NumMedia": "0", "ApiVersion": "2010-04-01"}, token)
        return self.calls("POST", "/sms/twilio", content=body, headers=headers)

    def by_kannel(self, phone: str, text: str, secret: str = KANNEL_SECRET) -> int:
        query = {"secret": secret, "from": phone, "to": kannel_api.NUMBER, "text": text, "coding": "2", "charset": "UTF-8"}
        return self.calls("GET", f"/sms/kannel?{urlencode({**query, 'id': f'k{next(_texts)}'})}")

    def calls(self, method: str, path: str, base: str = "", **more: Any) -> int:
        """Any request to the internet's listener, or to `base`: the status, or 0."""
        try:
            return httpx.request(method, f"{base or self.system.web_url}{path}", timeout=10, **more).status_code
        except httpx.HTTPError:
            return 0

    def heard(self, who: Who) -> list[str]:
        """What somebody was sent, by whichever channel."""
        if not who.address.startswith("+"):
            return [m["text"] for m in self.telegram.sent() if str(m["chat_id"]) == who.address]
        return [f["Body"] for f in self.twilio.sent if f["To"] == who.address] + [
            s.text for s in self.kannel.sent if s.to.lstrip("+") == who.address.lstrip("+")
        ]

    def asks(self, who: Who, text: str, answers: int = 1) -> list[str]:
        """Write, and what is answered."""
        self.is_quiet()
        before = len(self.heard(who))
        self.writes(who, text)
        until(lambda: len(self.heard(who)) >= before + answers, PATIENCE, f"{answers} answers to {text}; {self.system.tail()}")
        return self.heard(who)[before:]

    def is_read(self) -> None:
        """Nothing waits for an answer."""
        until(lambda: not self.system.ask("SELECT 1 FROM inbox WHERE status = 'waiting'"), PATIENCE, "all is read")

    def is_quiet(self) -> None:
        """The same, and everything that was to be sent has been."""
        self.is_read()
        until(lambda: not self.system.ask("SELECT 1 FROM outbox WHERE status = 'waiting'"), PATIENCE, "all is sent")
