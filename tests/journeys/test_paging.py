"""Danger that nobody claims is called out in the operator's own chat, then the supervisor's, over a crash; a claim ends it."""

from __future__ import annotations

import re
import secrets
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fakes.server import serving
from fakes.telegram_api import TOKEN, WEBHOOK_SECRET, FakeTelegram
from journeys.system import System, TelegramPerson, until

from hotline_bridge.accounts.sessions import fingerprint, form_token
from hotline_bridge.console import cookies

FIRST, STILL = "Something waits. Please look at the console.", "Something still waits. Please look at the console."
AFTER = 3  # seconds
_chats = count(5_300_001)


@pytest.fixture(scope="module")
def api() -> FakeTelegram:
    return FakeTelegram()


@pytest.fixture(scope="module")
def system(module_database: str, api: FakeTelegram) -> Iterator[System]:
    """web, worker and console, which pages after seconds. There is no assistant: danger needs none."""
    with serving(api) as url, tempfile.TemporaryDirectory(prefix="komek-") as folder:
        settings = {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_ROOT": url,
            "TELEGRAM_MODE": "webhook",
            "TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "KOMEK_PUBLIC_URL": "https://komek.example",
            "KOMEK_PAGE_AFTER_SECONDS": str(AFTER),
            "KOMEK_PAGE_AGAIN_SECONDS": str(AFTER),
        }
        made = System(module_database, Path(folder), settings)
        made.start("web", "worker", "console")
        try:
            made.ready("web", "console")
            yield made
        finally:
            made.stop()


class Colleague:
    """Somebody who works here: a browser that is signed in, and a phone."""

    def __init__(self, system: System, role: str) -> None:
        self.account, token = uuid4(), secrets.token_urlsafe(32)
        system.ask(
            "INSERT INTO console.accounts (id, login, name, role, languages) VALUES (%s, %s, %s, %s, %s) RETURNING 1",
            self.account,
            f"{role}-{self.account.hex[:6]}",
            role.title(),
            role,
            ["ru"],
        )
        system.ask(
            "INSERT INTO console.sessions VALUES (%s, %s, now(), now(), now() + interval '1 hour') RETURNING 1",
            fingerprint(token),
            self.account,
        )
        self.url, self.session = system.console_url, token
        self.phone = TelegramPerson(system, WEBHOOK_SECRET, next(_chats))

    def posts(self, path: str, **fields: Any) -> httpx.Response:
        """Send a form of the console."""
        headers = {"accept": "text/html", "x-csrf-token": form_token(self.session)}
        return httpx.post(self.url + path, data=fields, headers=headers, cookies={cookies.SESSION: self.session}, timeout=30)

    def takes_a_pager(self, api: FakeTelegram) -> None:
        """By the link that the console's page stands for."""
        shown = self.posts("/account/pager").text
        code = re.search(r"PG-[A-Z2-9]{4}-[A-Z2-9]{4}", shown)
        assert code, shown
        self.phone.writes(f"/start {code[0]}")
        until(lambda: any("pager now" in text for text in heard(api, self.phone)), 20, "the pager is confirmed")

    def claims(self, conversation: UUID) -> None:
        """Take the person."""
        assert self.posts(f"/conversations/{conversation}/claim").status_code < 400


def heard(api: FakeTelegram, who: TelegramPerson) -> list[str]:
    return [m["text"] for m in api.sent() if m["chat_id"] == who.chat]


def pages(api: FakeTelegram, who: Colleague) -> list[str]:
    return [text for text in heard(api, who.phone) if text in (FIRST, STILL)]


def test_danger_is_paged_to_the_operator_and_then_to_the_supervisor_until_somebody_claims_it(
    system: System, api: FakeTelegram
) -> None:
    operator, supervisor = Colleague(system, "operator"), Colleague(system, "supervisor")
    for one in (operator, supervisor):
        one.takes_a_pager(api)
    everyday = {"account": str(operator.account), "starts": "00:00", "ends": "00:00", "kind": "there"}
    planned = supervisor.posts("/shifts", **everyday, weekdays=[str(n) for n in range(7)])
    assert planned.status_code == 303, planned.text

    person = TelegramPerson(system, WEBHOOK_SECRET, next(_chats))
    person.writes("меня бьют помогите")
    until(lambda: heard(api, person), 20, "the safety reply")
    until(lambda: pages(api, operator), AFTER + 20, "the operator on shift is called")
    assert pages(api, supervisor) == []

    system.kill("worker")  # between two levels
    time.sleep(AFTER)
    system.start("worker")
    until(lambda: pages(api, supervisor), AFTER + 30, "the supervisor is called after the crash")
    until(lambda: len(heard(api, person)) == 2, 20, "the person hears the truth")
    assert "112" in heard(api, person)[1]
    until(lambda: STILL in pages(api, supervisor), 30, "they are called again")
    paged = system.ask("SELECT facts->>'level' FROM ticket_events WHERE kind = 'paged' ORDER BY at")
    assert [level for (level,) in paged][:4] == ["1", "2", "3", "4"]

    [(conversation,)] = system.ask("SELECT conversation_id FROM tickets WHERE state = 'open'")
    operator.claims(conversation)
    time.sleep(1)  # a round that had begun before the claim
    before = (pages(api, operator), pages(api, supervisor))
    time.sleep(2 * AFTER)
    assert (pages(api, operator), pages(api, supervisor)) == before
    assert len(heard(api, person)) == 2

    loud = [m for m in api.sent() if m["chat_id"] == operator.phone.chat and m["text"] == FIRST]
    assert not any(m.get("disable_notification") for m in loud)
    assert all(m.get("disable_notification") for m in api.sent() if m["chat_id"] == person.chat)
