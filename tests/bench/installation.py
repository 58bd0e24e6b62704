"""Komek as ./run.sh serve runs it, supervisor and all, with a database of its own and fake providers around it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from fakes.kannel_api import NUMBER, PASSWORD, USERNAME
from fakes.telegram_api import TOKEN, WEBHOOK_SECRET
from journeys.system import System, until

from bench import processes
from bench.people import KANNEL_SECRET
from bench.provider import SENDSMS
from hotline_bridge import bootstrap
from hotline_bridge.flow.unlock import unlock
from hotline_bridge.settings import PROJECT, Settings
from hotline_bridge.store import embedded, engine, migrate
from hotline_bridge.vault.identities import Vault
from hotline_bridge.vault.root import Root

TESTS = Path(__file__).resolve().parent.parent
SUPERVISOR = "supervisor"
PATIENCE = 120.0  # seconds for a start on a busy machine
UNPACED = 1000.0  # SMS a second: Komek is to be measured, not a network's pace


class NotServing(Exception):
    """Komek did not start; the end of its log says why."""


class Served(System):
    """A System whose processes are kept by the supervisor, so that what is measured is what runs."""

    def serve(self) -> None:
        """Start everything and wait until it answers."""
        env = {name: value for name, value in self.env.items() if name != "KOMEK_INNER"}
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "hotline_bridge", "all"]
            self.running[SUPERVISOR] = subprocess.Popen(command, env=env, cwd=PROJECT, stdout=log, stderr=log)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.running[SUPERVISOR].poll() is None:
            if "Ready after" in self.log.read_text(errors="replace"):
                return
            time.sleep(0.1)
        raise NotServing(self.tail())

    def stop(self) -> None:
        """As Ctrl+C does; what is left after that is killed by its id."""
        for process in self.running.values():
            family = {pid: processes.role(pid) for pid in processes.below(process.pid)}
            process.terminate()
            try:
                process.wait(45)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            for pid, name in family.items():
                if name != "other" and processes.role(pid) == name:
                    os.kill(pid, signal.SIGKILL)
        self.running.clear()

    def root(self) -> Root:
        """The secret under which its processes find what they have stored."""

        async def read() -> Root:
            made = engine.create(self.url, size=1)
            try:
                vault = self.vault()
                await unlock(made, vault)
                return vault.root
            finally:
                await made.dispose()

        return asyncio.run(read())

    def vault(self) -> Vault:
        """The vault as its processes make it, not opened yet."""
        return bootstrap.vault(Settings(**{name.lower(): value for name, value in self.env.items()}))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Komek:
    """A running installation. database: the server's process."""

    system: Served
    provider: str
    database: int

    def calls(self, since: int = 0) -> list[dict[str, Any]]:
        """What the providers took. Raises AssertionError when they were called in a way they do not know."""
        found = httpx.get(f"{self.provider}/bench/calls", params={"since": since}, timeout=30, trust_env=False).json()
        assert not found["wrong"], found["wrong"][:3]
        return list(found["calls"])

    def pids(self) -> dict[int, str]:
        """Every process of it, the database's included, with the name of its role."""
        above = self.system.running[SUPERVISOR].pid
        ours = {above: SUPERVISOR} | {pid: processes.role(pid) for pid in processes.below(above)}
        return ours | {pid: "database" for pid in {self.database, *processes.below(self.database)}}

    def settle(self, seconds: float = 90.0) -> None:
        """Wait until every message is answered and every answer sent, or the time is over."""
        query = """SELECT (SELECT count(*) FROM inbox WHERE status = 'waiting')
                        + (SELECT count(*) FROM outbox WHERE status = 'waiting')"""
        deadline = time.monotonic() + seconds
        while self.system.ask(query)[0][0] and time.monotonic() < deadline:
            time.sleep(0.25)


@contextmanager
def running(prepare: Callable[[Served], None] | None = None) -> Iterator[Komek]:
    """A fresh installation; `prepare` gets it with a migrated database, before anything is started."""
    with tempfile.TemporaryDirectory(prefix="komek-") as data, postgres() as (url, pid), provider() as where:
        migrate.upgrade(url)
        system = Served(url, Path(data), _settings(where))
        if prepare:
            prepare(system)
        try:
            system.serve()
            yield Komek(system, where, pid)
        finally:
            system.stop()


@contextmanager
def postgres() -> Iterator[tuple[str, int]]:
    """Address and process of a server of our own; in a short folder, because its socket lies in it."""
    with tempfile.TemporaryDirectory(prefix="komek-") as folder:
        server = embedded.start(Path(folder))
        try:
            yield embedded.url(server), int((Path(folder) / "postgres" / "postmaster.pid").read_text().split()[0])
        finally:
            server.cleanup()


@contextmanager
def provider() -> Iterator[str]:
    """The address of the fake providers, in a process that ends with ours."""
    process = helper("bench.provider")
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process.stdout.readline().decode().strip()
    finally:
        process.stdin.close()
        until(lambda: process.poll() is not None, 10, "the fake providers end")


def helper(module: str) -> subprocess.Popen[bytes]:
    """A process of the benchmark's own, spoken to by its input and output."""
    env = {**os.environ, "PYTHONPATH": f"{TESTS}{os.pathsep}{PROJECT}"}
    return subprocess.Popen([sys.executable, "-m", module], env=env, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _settings(provider_url: str) -> dict[str, str]:
    return {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_ROOT": provider_url,
        "TELEGRAM_MODE": "webhook",
        "TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "KOMEK_PUBLIC_URL": "https://komek.example",
        "KANNEL_SENDSMS_URL": f"{provider_url}{SENDSMS}",
        "KANNEL_USERNAME": USERNAME,
        "KANNEL_PASSWORD": PASSWORD,
        "KANNEL_FROM": NUMBER,
        "KANNEL_INBOUND_SECRET": KANNEL_SECRET,
        "KANNEL_PER_SECOND": str(UNPACED),
    }
