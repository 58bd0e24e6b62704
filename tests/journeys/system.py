"""The whole of Komek as real processes on loopback, with fake providers around it, to be killed at will."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import psycopg
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException

from hotline_bridge.settings import PROJECT
from hotline_bridge.store import roles

_updates = count(700_000_001)
BOT_PYTHON = os.environ.get("KOMEK_BOT_PYTHON", str(PROJECT / ".build/venv-bot/bin/python"))
COMMANDS = {
    "web": [sys.executable, "-m", "hotline_bridge", "web"],
    "worker": [sys.executable, "-m", "hotline_bridge", "worker"],
    "console": [sys.executable, "-m", "hotline_bridge", "console"],
    "actions": [sys.executable, "-m", "hotline_bridge", "actions"],
}


def free_ports(number: int) -> list[int]:
    """Ports of loopback that nobody uses now."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [s.getsockname()[1] for s in held]
    for one in held:
        one.close()
    return ports


PATIENCE = 3  # times as long is waited: other tests run beside


def until(condition: Callable[[], Any], seconds: float = 30.0, what: str | Callable[[], str] = "") -> Any:
    """Wait for `condition` to be true and give its value; fails the test with `what` when it never is.

    A page that is being exchanged at this moment has not what is looked for.

    seconds: what a machine with nothing else to do needs at most. what: or what says it, asked when the time is over.
    """
    deadline = time.monotonic() + seconds * PATIENCE
    while time.monotonic() < deadline:
        with suppress(NoSuchElementException, StaleElementReferenceException):
            if value := condition():
                return value
        time.sleep(0.02)
    raise AssertionError(f"did not happen within {seconds * PATIENCE} s: {what() if callable(what) else what}")


@dataclass
class System:
    """Processes by name, the settings they share, and questions to their database."""

    url: str
    data: Path
    settings: dict[str, str] = field(default_factory=dict)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        web, inner, console, rasa, actions = free_ports(5)
        self.web_url = f"http://127.0.0.1:{web}"
        self.inner_url = f"http://127.0.0.1:{inner}"
        self.console_url = f"http://127.0.0.1:{console}"
        self.rasa_url = f"http://127.0.0.1:{rasa}"
        self.log = self.data / "log"
        self.env = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("TELEGRAM", "TWILIO", "KANNEL", "DATABASE"))},
            "DATABASE_URL": self.url,
            "KOMEK_DATA": str(self.data),
            "KOMEK_DIALOGUE_URL": roles.as_role(self.url, "rasa"),
            "KOMEK_PORT": str(web),
            "KOMEK_INNER_PORT": str(inner),
            "KOMEK_CONSOLE_PORT": str(console),
            "KOMEK_RASA_URL": self.rasa_url,
            "KOMEK_ACTIONS_URL": f"http://127.0.0.1:{actions}/webhook",
            "KOMEK_INNER": "off",
            "PYTHONPATH": str(PROJECT),
            "PYTHONWARNINGS": "ignore",
            **self.settings,
        }

    def start(self, *names: str) -> None:
        """Start processes; does not wait for them."""
        for name in names:
            trial = name == "console" and not any(key.startswith(("TELEGRAM", "TWILIO", "KANNEL")) for key in self.settings)
            env = {**self.env, "DATABASE_URL": roles.as_role(self.url, roles.TRIAL if trial else name)}
            if name == "web":
                env["KOMEK_INNER"] = "on"
            command = COMMANDS.get(name) or [BOT_PYTHON, "-m", "bot.serve", "--port", self.rasa_url.rsplit(":", 1)[1]]
            with self.log.open("ab") as log:
                self.running[name] = subprocess.Popen(command, env=env, cwd=PROJECT, stdout=log, stderr=log)

    def kill(self, name: str) -> None:
        """SIGKILL: no process gets to say goodbye."""
        process = self.running.pop(name)
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait()

    def freeze(self, name: str) -> None:
        """SIGSTOP: it holds its connections and does nothing."""
        self.running[name].send_signal(signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """SIGCONT."""
        self.running[name].send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """End everything."""
        for process in self.running.values():
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running.clear()

    def ready(self, *names: str) -> None:
        """Wait until these answer."""
        urls = {"web": f"{self.inner_url}/healthz", "console": f"{self.console_url}/healthz", "rasa": self.rasa_url}
        urls["actions"] = self.env["KOMEK_ACTIONS_URL"].replace("/webhook", "/health")
        for name in names:
            until(lambda n=name: self._answers(urls[n]), 180, f"{name} starts; its log is {self.tail()}")

    def tail(self) -> str:
        """The end of the processes' log."""
        return self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""

    def _answers(self, url: str) -> bool:
        try:
            return httpx.get(url, timeout=1).status_code == 200
        except httpx.HTTPError:
            return False

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def do(self, statement: str, *values: Any) -> None:
        """A statement that gives no rows."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement.encode(), values)

    @contextmanager
    def locked(self, table: str, mode: str = "SHARE ROW EXCLUSIVE") -> Any:
        """Nobody else can write to the table while the block runs: processes stop exactly there."""
        with psycopg.connect(self.url) as connection:
            connection.execute(f"LOCK TABLE {table} IN {mode} MODE".encode())
            yield
            connection.rollback()

    def blocked(self) -> bool:
        """Whether some process waits for a lock."""
        query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        return bool(self.ask(query)[0][0])


@dataclass
class TelegramPerson:
    """Somebody who writes in Telegram: updates in the provider's own form, sent again until they are acknowledged."""

    system: System
    secret: str
    chat: int

    def update(self, text: str, **message: Any) -> dict[str, Any]:
        """An update with a text message, or with whatever `message` holds instead."""
        number = next(_updates)
        who = {"id": self.chat, "is_bot": False, "first_name": "Z"}
        content = message or {"text": text}
        body = {
            "message_id": number % 100_000,
            "date": 1_760_000_000,
            "chat": {"id": self.chat, "type": "private", "first_name": "Z"},
        }
        return {"update_id": number, "message": {**body, "from": who, **content}}

    def post(self, update: dict[str, Any], timeout: float = 5.0) -> int:
        """One try of the provider: the status, or 0 when there was no answer."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret}
        try:
            return httpx.post(f"{self.system.web_url}/telegram", json=update, headers=headers, timeout=timeout).status_code
        except httpx.HTTPError:
            return 0

    def writes(self, text: str, **message: Any) -> dict[str, Any]:
        """Send until it was acknowledged, as Telegram does."""
        update = self.update(text, **message)
        until(lambda: self.post(update) == 200, 30, "the webhook acknowledges")
        return update
