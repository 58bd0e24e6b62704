"""The console as a process, and Debian's Chromium in front of it."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import procrastinate
from console.accounts import add_account, open_session
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

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


@dataclass(frozen=True)
class Ready:
    """The console as a process, a session for each role, and an open invitation."""

    url: str
    sessions: dict[str, str]
    invitation: str


@contextmanager
def ready_console(url: str) -> Iterator[Ready]:
    """Start it and wait for it."""
    with tempfile.TemporaryDirectory(prefix="komek-") as folder:
        system = System(url, Path(folder))
        sessions, invitation = asyncio.run(_people(url, folder))
        system.start("console")
        try:
            system.ready("console")
            yield Ready(system.console_url, sessions, invitation)
        finally:
            system.stop()


async def _people(url: str, folder: str) -> tuple[dict[str, str], str]:
    queue = procrastinate.App(connector=jobs.connector(url, size=1))
    stations = DeskStations(Store(engine.create(url, size=1), queue), bootstrap.desk(load({"KOMEK_DATA": folder})))
    await unlock(stations.store.engine, stations.desk)
    sessions = {str(role): await open_session(stations, await add_account(stations, role)) for role in Role}
    invitation = await invite.invite(stations, "Dilyara", Role.OPERATOR, ("kk",), None)
    await stations.store.engine.dispose()
    return sessions, invitation


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


def look(browser: webdriver.Chrome, ready: Ready, role: str | None, path: str, *, dark: bool, width: int) -> None:
    """Open a page as it shows to `role` on such a screen."""
    theme = {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]}
    screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", theme)
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    browser.execute_cdp_cmd("Network.clearBrowserCookies", {})
    if role:
        session = {"name": cookies.SESSION, "value": ready.sessions[role], "url": ready.url, "sameSite": "Strict"}
        browser.execute_cdp_cmd("Network.setCookie", session)
    browser.get_log("browser")
    browser.get(ready.url + path.format(token=ready.invitation))


def complaints(browser: webdriver.Chrome) -> list[str]:
    """What the browser says of scripts, styles and the policy; not of the status of an error page."""
    said = [entry for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
    return [entry["message"] for entry in said if "Failed to load resource" not in entry["message"]]
