"""The console on a real database, and a browser for each role that is signed in already."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from console.accounts import SECRET, add_account, open_session
from console.chromium import CHROMIUM, DRIVER, Ready, open_browser, ready_console
from fakes_bridge import Clock, made_desk, made_vault
from fastapi import FastAPI
from selenium.webdriver.remote.webdriver import WebDriver

from hotline_bridge import bootstrap
from hotline_bridge.accounts.people import Account
from hotline_bridge.accounts.sessions import form_token
from hotline_bridge.anonymiser.anonymiser import Anonymiser
from hotline_bridge.console import cookies
from hotline_bridge.console.app import app as make_app
from hotline_bridge.flow.stations import DeskStations, Stations, Store
from hotline_bridge.lists import Lists
from hotline_bridge.replies.render import Renderer
from hotline_bridge.settings import load

__all__ = ["ADDRESS", "SECRET", "Browser", "add_account", "open_session"]
ADDRESS = "http://127.0.0.1:8082"


class Browser(httpx.AsyncClient):
    """A browser at the console. `account` is who is signed in; forms go out with the token of their page."""

    def __init__(self, app: FastAPI, account: Account | None = None, token: str | None = None, source: str = "192.0.2.1") -> None:
        super().__init__(transport=httpx.ASGITransport(app, client=(source, 1)), base_url=ADDRESS)
        self.headers.update({"accept": "text/html", "origin": ADDRESS})
        self._account = account
        if token:
            self.cookies.set(cookies.SESSION, token, domain="127.0.0.1")

    @property
    def account(self) -> Account:
        assert self._account, "nobody is signed in"
        return self._account

    @property
    def csrf(self) -> str:
        """What the form's hidden field holds."""
        jar = self.cookies
        return form_token(jar.get(cookies.SESSION) or jar.get(cookies.FORM) or "")

    @property
    def csrf_known(self) -> bool:
        """Whether a page with a form was opened before."""
        return bool(self.cookies.get(cookies.SESSION) or self.cookies.get(cookies.FORM))

    async def submit(self, path: str, **fields: Any) -> httpx.Response:
        """Send a form as its page would."""
        return await self.post(path, data={"csrf": self.csrf, **fields})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@functools.cache
def anonymiser() -> Anonymiser:
    return bootstrap.anonymiser()


@functools.cache
def renderer() -> Renderer:
    return bootstrap.renderer(load({}))


@functools.cache
def lists() -> Lists:
    return bootstrap.lists()


@pytest.fixture
def stations(store: Store, clock: Clock) -> DeskStations:
    phones = Stations(store, made_vault())
    return DeskStations(store, made_desk(), renderer, anonymiser=anonymiser, clock=clock, phones=phones, lists=lists)


@pytest.fixture
def console(stations: DeskStations) -> FastAPI:
    return make_app(load({}), stations)


@pytest.fixture
async def browser_of(console: FastAPI, stations: DeskStations) -> AsyncIterator[Callable[..., Any]]:
    """Makes a browser in which somebody is signed in: `await browser_of("operator", languages=["kk"])`."""
    async with AsyncExitStack() as opened:

        async def make(role: str, **more: Any) -> Browser:
            account = await add_account(stations, role, **more)
            token = await open_session(stations, account)
            return await opened.enter_async_context(Browser(console, account, token))

        yield make


@pytest.fixture
async def as_operator(browser_of: Callable[..., Any]) -> Browser:
    return await browser_of("operator")


@pytest.fixture
async def as_supervisor(browser_of: Callable[..., Any]) -> Browser:
    return await browser_of("supervisor")


@pytest.fixture
async def as_administrator(browser_of: Callable[..., Any]) -> Browser:
    return await browser_of("administrator")


@pytest.fixture
async def as_auditor(browser_of: Callable[..., Any]) -> Browser:
    return await browser_of("auditor")


@pytest.fixture
async def as_nobody(console: FastAPI) -> AsyncIterator[Browser]:
    async with Browser(console) as made:
        yield made


@pytest.fixture(scope="module")
def ready(module_database: str) -> Iterator[Ready]:
    """The console as a process on a database of this file's own."""
    with ready_console(module_database) as made:
        yield made


@pytest.fixture(scope="module")
def chromium() -> Iterator[WebDriver]:
    """Debian's Chromium; without it the test is skipped."""
    # ./run.sh test installs Chromium (tests/journeys/install_chromium.sh); it cannot without root or without Debian's packages.
    if not (CHROMIUM and DRIVER):
        pytest.skip("Chromium is not installed (Debian: chromium-driver)")
    with open_browser() as made:
        yield made
