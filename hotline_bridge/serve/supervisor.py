"""`serve` on one machine: a database, the assistant and our own processes, each started again when it dies."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from hotline_bridge import bootstrap, datafolder
from hotline_bridge.flow.unlock import unlock
from hotline_bridge.settings import PROJECT, Settings
from hotline_bridge.store import engine, migrate, roles
from hotline_bridge.vault import copies

READY_WITHIN = 90.0  # seconds
# What rasa and actions must never see: the keys of words and desk, and the channels' accounts. Whole groups, because a group of
# settings without its secret is refused at the start.
NOT_THEIRS = ("KOMEK_MASTER_KEY", "KOMEK_DESK_KEY", "KOMEK_SECRETS", "TELEGRAM_", "TWILIO_", "KANNEL_")


@dataclass
class Child:
    """A process that is kept running."""

    name: str
    command: list[str]
    env: dict[str, str]
    process: asyncio.subprocess.Process | None = None
    deaths: list[float] = field(default_factory=list)


async def serve(settings: Settings, say: Callable[[str], None] = print) -> None:
    """Everything, until a signal. Raises SettingError, DataFolderBusy."""
    folder = datafolder.prepare(settings.komek_data)
    held = datafolder.claim(folder)
    server: Any = None
    try:
        url = bootstrap.database_url(settings) if settings.database_url else None
        if url is None:
            say("Starting the database …")
            from hotline_bridge.store import embedded

            server = embedded.start(folder)
            url = embedded.url(server)
        say("Bringing its tables up to date …")
        await asyncio.to_thread(migrate.upgrade, url)
        await _unlock(settings, url)
        for line in copies.warnings(bootstrap.rings(settings), folder):
            say(line)
        if server is not None:
            await asyncio.to_thread(roles.apply, url)
        urls = {name: roles.as_role(url, name) if server is not None else url for name in roles.GRANTS}
        if server is not None and settings.trial:
            urls["console"] = roles.as_role(url, roles.TRIAL)
        await _keep(children(settings, urls, folder), settings, say, server)
    finally:
        if server is not None:
            say("Stopping the database …")
            server.cleanup()
        held.close()


async def _unlock(settings: Settings, url: str) -> None:
    """A wrong master key ends the start here, with one sentence, and not each process for itself."""
    made = engine.create(url, size=1)
    try:
        await unlock(made, bootstrap.vault(settings), bootstrap.desk(settings))
    finally:
        await made.dispose()


def children(settings: Settings, urls: Mapping[str, str], folder: Path) -> list[Child]:
    """The processes, the assistant first because it takes longest. urls: each process's own way into the database."""
    counters = folder / "metrics"
    counters.mkdir(exist_ok=True)
    for old in counters.glob("*.db"):
        old.unlink()
    base = {**os.environ, "PYTHONUNBUFFERED": "1", "KOMEK_INNER": "off"}
    ours = {**base, "PROMETHEUS_MULTIPROC_DIR": str(counters)}
    poor = {k: v for k, v in ours.items() if not k.upper().startswith(NOT_THEIRS)}
    poor |= {"KOMEK_ENV_FILE": "off", "KOMEK_ACTIONS_URL": settings.komek_actions_url}
    bridge = [sys.executable, "-m", "hotline_bridge"]
    rasa = {**poor, "KOMEK_DIALOGUE_URL": urls["rasa"], "RASA_TELEMETRY_ENABLED": "false"}
    rasa.pop("DATABASE_URL", None)
    return [
        Child("rasa", _rasa(settings), rasa),
        Child("actions", [*bridge, "actions"], {**poor, "DATABASE_URL": urls["actions"]}),
        Child("web", [*bridge, "web"], {**ours, "KOMEK_INNER": "on", "DATABASE_URL": urls["web"]}),
        Child("worker", [*bridge, "worker"], {**ours, "DATABASE_URL": urls["worker"]}),
        Child("console", [*bridge, "console"], {**ours, "DATABASE_URL": urls["console"]}),
    ]


def _rasa(settings: Settings) -> list[str]:
    where = urlsplit(settings.komek_rasa_url)
    return [
        str(settings.komek_bot_python),
        "-m",
        "bot.serve",
        "--interface",
        where.hostname or "127.0.0.1",
        "--port",
        str(where.port),
    ]


async def _keep(kept: list[Child], settings: Settings, say: Callable[[str], None], server: Any = None) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    say("Starting the assistant and the bridge …")
    watchers = [asyncio.create_task(_watch(c, stop, say)) for c in kept]
    if server is not None:
        watchers.append(asyncio.create_task(_watch_database(server, stop, say)))
    ready = asyncio.create_task(_announce(settings, stop, say))
    await stop.wait()
    say("Stopping …")
    ready.cancel()
    for child in kept:
        if child.process and child.process.returncode is None:
            child.process.terminate()
    try:
        await asyncio.wait_for(asyncio.gather(*watchers, return_exceptions=True), 30)
    except TimeoutError:
        for child in kept:
            if child.process and child.process.returncode is None:
                child.process.kill()


async def _watch(child: Child, stop: asyncio.Event, say: Callable[[str], None]) -> None:
    while not stop.is_set():
        child.process = await asyncio.create_subprocess_exec(
            *child.command, env=child.env, cwd=PROJECT, preexec_fn=_die_with_parent
        )
        code = await child.process.wait()
        if stop.is_set():
            return
        child.deaths = [*child.deaths, time.monotonic()][-5:]
        # The first restarts are immediate: somebody may be waiting. A process that keeps dying is given pauses.
        quick = len(child.deaths) < 5 or child.deaths[-1] - child.deaths[0] > 60
        say(f"{child.name} ended with {code}; starting it again{'' if quick else ' in 5 s'}.")
        if not quick:
            await asyncio.sleep(5)


async def _watch_database(server: Any, stop: asyncio.Event, say: Callable[[str], None]) -> None:
    """Start the embedded database again when it died; until then nothing is acknowledged, and the queue tries again."""
    from hotline_bridge.store import embedded

    while not stop.is_set():
        try:
            if await asyncio.to_thread(embedded.revive, server):
                say("The database had ended and was started again.")
        except Exception as error:
            say(f"The database does not start ({type(error).__name__}); trying again.")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), 1)


async def _announce(settings: Settings, stop: asyncio.Event, say: Callable[[str], None]) -> None:
    began = time.monotonic()
    wanted = [
        f"http://{settings.komek_bind}:{settings.komek_inner_port}/healthz",
        f"http://{settings.komek_bind}:{settings.komek_console_port}/healthz",
        settings.komek_rasa_url,
        settings.komek_actions_url.removesuffix("/webhook") + "/health",
    ]
    async with httpx.AsyncClient(timeout=2) as client:
        while time.monotonic() - began < READY_WITHIN:
            if all([await _answers(client, url) for url in wanted]):
                say(f"Ready after {time.monotonic() - began:.0f} s.")
                for line in _welcome(settings):
                    say(line)
                return
            await asyncio.sleep(0.2)
    say("Not everything started within 90 s; the lines above say why. Trying on.")


async def _answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).status_code == 200
    except httpx.HTTPError:
        return False


def _welcome(settings: Settings) -> list[str]:
    lines = [f"Console: {settings.console_url}/ (./run.sh invite prints a link for its first administrator)"]
    if settings.trial:
        lines.append(f"Trial phones: http://{settings.komek_bind}:{settings.komek_console_port}/trial")
    if settings.telegram_bot_token:
        lines.append(f"Telegram: connected by {settings.telegram_mode}.")
    if settings.twilio_from:
        lines.append("SMS by Twilio: POST /sms/twilio and /sms/twilio/status.")
    if settings.kannel_from:
        lines.append("SMS by Kannel: /sms/kannel and /sms/kannel/status.")
    lines.append(f"Health and metrics: http://{settings.komek_bind}:{settings.komek_inner_port}/healthz and /metrics")
    lines.append("Stop with Ctrl+C.")
    return lines


def _die_with_parent() -> None:
    """On Linux a child gets SIGTERM when the supervisor is killed, so that the next start finds its ports free."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
