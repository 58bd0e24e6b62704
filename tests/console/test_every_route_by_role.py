"""Every route of the console, for every role and for nobody; and no form without its page's token."""

from __future__ import annotations

import asyncio
import re
from typing import Any
from uuid import uuid4

import pytest
from console.conftest import ADDRESS, Browser, add_account, open_session
from console.routes_by_role import EVERYBODY, NOBODY, OWN_CHECK, PARAMETERS, ROUTES
from fakes_bridge import Clock
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from hotline_bridge.accounts.sessions import form_token
from hotline_bridge.console import cookies
from hotline_bridge.console.app import app as make_app
from hotline_bridge.flow.stations import DeskStations
from hotline_bridge.settings import load

POSTS = sorted(path for method, path in ROUTES if method != "GET" and path not in OWN_CHECK)


def routes_of(app: FastAPI) -> set[tuple[str, str]]:
    found = set()
    for route in iter_route_contexts(app.routes):
        methods = getattr(route, "methods", None) or {"GET"}
        found |= {(method, str(route.path)) for method in methods if method != "HEAD"}
    return found


async def status(app: FastAPI, method: str, path: str, cookie: str | None, *, form: bool = True) -> tuple[int, str]:
    """Status and location of the answer's beginning: an event stream has no end."""
    filled = re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: PARAMETERS.get(found[1], str(uuid4())), path)
    headers = [(b"host", b"127.0.0.1:8082"), (b"accept", b"text/html"), (b"origin", ADDRESS.encode())]
    if cookie:
        headers.append((b"cookie", cookie.encode()))
    if form:
        headers.append((b"x-csrf-token", form_token((cookie or "=").partition("=")[2]).encode()))
    scope: dict[str, Any] = {
        "type": "http", "http_version": "1.1", "method": method, "path": filled, "raw_path": filled.encode(), "root_path": "",
        "query_string": b"", "scheme": "http", "headers": headers, "client": ("192.0.2.1", 1), "server": ("127.0.0.1", 8082),
    }  # fmt: skip
    begun: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()
    bodies = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Any:
        return next(bodies, None) or await asyncio.Event().wait()

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start" and not begun.done():
            found = {k.decode().lower(): v.decode() for k, v in message["headers"]}
            begun.set_result((message["status"], found.get("location", "")))

    running = asyncio.create_task(app(scope, receive, send))
    try:
        await asyncio.wait({running, begun}, return_when=asyncio.FIRST_COMPLETED, timeout=10)
        await asyncio.wait({running}, timeout=0.5)
        return begun.result()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def test_every_route_stands_in_the_table_and_no_other(console: FastAPI) -> None:
    assert routes_of(console) == set(ROUTES)


@pytest.mark.parametrize(("method", "path"), sorted(ROUTES), ids=lambda part: str(part))
async def test_a_route_answers_those_it_is_for_and_nobody_else(
    console: FastAPI, stations: DeskStations, method: str, path: str
) -> None:
    for role in sorted(EVERYBODY):
        cookie = f"{cookies.FORM}=before-the-sign-in"
        if role != NOBODY:
            cookie = f"{cookies.SESSION}={await open_session(stations, await add_account(stations, role))}"
        code, location = await status(console, method, path, cookie)
        refused = code in (401, 403) or (code == 303 and location.startswith("/sign-in") and path != "/sign-out")
        assert code < 500, (role, code)
        assert refused == (role not in ROUTES[method, path]), (role, code, location)


@pytest.mark.parametrize("path", POSTS)
async def test_a_form_without_the_token_of_its_page_is_refused(console: FastAPI, stations: DeskStations, path: str) -> None:
    for role in sorted(ROUTES["POST", path] - {NOBODY}):
        session = await open_session(stations, await add_account(stations, role))
        code, _ = await status(console, "POST", path, f"{cookies.SESSION}={session}", form=False)
        assert code == 403, role
    code, _ = await status(console, "POST", path, None, form=False)
    assert code == 403


async def test_with_https_the_same_routes_are_there(stations: DeskStations, clock: Clock) -> None:
    secure = make_app(load({"KOMEK_CONSOLE_URL": "https://desk.example"}), stations)
    assert routes_of(secure) == set(ROUTES)
    async with Browser(secure) as browser:
        assert "strict-transport-security" in (await browser.get("/sign-in")).headers
