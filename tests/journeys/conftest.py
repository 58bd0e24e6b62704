"""Komek as it runs, once for a file of tests."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from fakes.server import serving
from fakes.telegram_api import TOKEN, WEBHOOK_SECRET, FakeTelegram
from journeys.system import System, TelegramPerson

_chats = count(4_200_001)


@pytest.fixture(scope="module")
def telegram_api() -> Iterator[tuple[FakeTelegram, str]]:
    """The provider and its address."""
    api = FakeTelegram()
    with serving(api) as url:
        yield api, url


@pytest.fixture(scope="module")
def system(module_database: str, telegram_api: tuple[FakeTelegram, str]) -> Iterator[System]:
    """web, worker, actions and rasa, with Telegram by webhook."""
    with tempfile.TemporaryDirectory(prefix="komek-") as folder:
        made = System(
            module_database,
            Path(folder),
            {
                "TELEGRAM_BOT_TOKEN": TOKEN,
                "TELEGRAM_API_ROOT": telegram_api[1],
                "TELEGRAM_MODE": "webhook",
                "TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET,
                "KOMEK_PUBLIC_URL": "https://komek.example",
            },
        )
        made.start("rasa", "actions", "web", "worker")
        try:
            made.ready("web", "actions", "rasa")
            yield made
        finally:
            made.stop()


@pytest.fixture
def api(telegram_api: tuple[FakeTelegram, str]) -> FakeTelegram:
    """The provider, with nothing sent yet and no fault waiting."""
    telegram_api[0].calls.clear()
    telegram_api[0].faults.waiting.clear()
    return telegram_api[0]


@pytest.fixture
def person(system: System) -> TelegramPerson:
    """Somebody who never wrote before."""
    return TelegramPerson(system, WEBHOOK_SECRET, next(_chats))
