"""`serve` on one machine: a database, the assistant and our own processes, each started again when it dies."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from hotline_bridge import bootstrap, datafolder
from hotline_bridge.flow.unlock import unlock
from hotline_bridge.serve.children import Child, children
from hotline_bridge.serve.ready import announce
from hotline_bridge.settings import PROJECT, Settings
from hotline_bridge.store import engine, migrate, roles
from hotline_bridge.vault import copies


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


async def _keep(kept: list[Child], settings: Settings, say: Callable[[str], None], server: Any = None) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    say("Starting the assistant and the bridge …")
    watchers = [asyncio.create_task(_watch(c, stop, say)) for c in kept]
    if server is not None:
        watchers.append(asyncio.create_task(_watch_database(server, stop, say)))
    ready = asyncio.create_task(announce(settings, say))
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


def _die_with_parent() -> None:
    """On Linux a child gets SIGTERM when the supervisor is killed, so that the next start finds its ports free."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
