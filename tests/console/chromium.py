"""The console as a process, and Debian's Chromium in front of it."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import procrastinate
from console.accounts import add_account, open_session
from console.cases import add_case, add_full_case, add_months, add_shift, add_suggestions, hours_that_are_far
from journeys.system import System
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from hotline_bridge import bootstrap
from hotline_bridge.accounts.people import Role
from hotline_bridge.console import cookies
from hotline_bridge.flow import invite
from hotline_bridge.flow.stations import DeskStations, Store
from hotline_bridge.flow.unlock import unlock
from hotline_bridge.settings import load
from hotline_bridge.store import engine, jobs

T = TypeVar("T")
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


@dataclass(frozen=True)
class Ready:
    """The console as a process, a session for each role, an open invitation, and two conversations that the operator has.

    Those of `later` may be written to at another time of the day. line: one of the other's, of which nothing was suggested yet.
    months: the first and the last of which there are figures. shift: the operator's.
    """

    url: str
    sessions: dict[str, str]
    invitation: str
    conversation: UUID
    later: UUID
    line: UUID
    months: tuple[str, str]
    shift: UUID
    database: str
    folder: str

    def meanwhile(self, step: Callable[[DeskStations], Coroutine[Any, Any, T]]) -> T:
        """Do something in the database while the console runs."""
        return asyncio.run(_at(self.database, self.folder, step))


@contextmanager
def ready_console(url: str) -> Iterator[Ready]:
    """Start it and wait for it."""
    with tempfile.TemporaryDirectory(prefix="komek-") as folder:
        system = System(url, Path(folder))
        sessions, invitation, conversation, later, line, months, shift = asyncio.run(_at(url, folder, _people))
        system.start("console")
        try:
            system.ready("console")
            yield Ready(system.console_url, sessions, invitation, conversation, later, line, months, shift, url, folder)
        finally:
            system.stop()


async def _at(url: str, folder: str, step: Callable[[DeskStations], Coroutine[Any, Any, T]]) -> T:
    queue = procrastinate.App(connector=jobs.connector(url, size=1))
    async with queue.open_async():
        desk = bootstrap.desk(load({"KOMEK_DATA": folder}))
        stations = DeskStations(Store(engine.create(url, size=2), queue), desk, anonymiser=bootstrap.anonymiser)
        await unlock(stations.store.engine, stations.desk)
        try:
            return await step(stations)
        finally:
            await stations.store.engine.dispose()


async def _people(stations: DeskStations) -> tuple[dict[str, str], str, UUID, UUID, UUID, tuple[str, str], UUID]:
    accounts = {str(role): await add_account(stations, role) for role in Role}
    sessions = {role: await open_session(stations, account) for role, account in accounts.items()}
    invitation = await invite.invite(stations, "Dilyara", Role.OPERATOR, ("kk",), None)
    await add_case(stations)
    operator = accounts["operator"].id
    later = await add_full_case(stations, operator, hours_that_are_far())
    conversation = await add_full_case(stations, operator)
    line = await add_suggestions(stations, operator, conversation)
    months, shift = await add_months(stations), await add_shift(stations, operator)
    return sessions, invitation, conversation, later, line, months, shift


@contextmanager
def open_browser() -> Iterator[webdriver.Chrome]:
    """One browser; `look` opens pages in it."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in FLAGS.split():
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    made = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    try:
        yield made
    finally:
        made.quit()


def screen(browser: webdriver.Chrome, *, dark: bool, width: int) -> None:
    """Show what is open on such a screen; width: pixels."""
    theme = {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]}
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", theme)
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def look(browser: webdriver.Chrome, ready: Ready, role: str | None, path: str, *, dark: bool, width: int) -> None:
    """Open a page as it shows to `role` on such a screen."""
    screen(browser, dark=dark, width=width)
    browser.execute_cdp_cmd("Network.clearBrowserCookies", {})
    if role:
        session = {"name": cookies.SESSION, "value": ready.sessions[role], "url": ready.url, "sameSite": "Strict"}
        browser.execute_cdp_cmd("Network.setCookie", session)
    browser.get_log("browser")
    first, last = ready.months
    known = {
        "first": first,
        "last": last,
        "shift": ready.shift,
        "token": ready.invitation,
        "conversation": ready.conversation,
        "later": ready.later,
        "line": ready.line,
    }
    browser.get(ready.url + path.format(**known))


def complaints(browser: webdriver.Chrome) -> list[str]:
    """What the browser says of scripts, styles and the policy; not of the status of an error page."""
    said = [entry for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
    return [entry["message"] for entry in said if "Failed to load resource" not in entry["message"]]
