"""Nothing changes by a form that is not ours: another site's, one without its token, or one of another session."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from console.conftest import ADDRESS, Browser
from fakes_bridge import ask
from fastapi import FastAPI

from hotline_bridge.accounts.sessions import form_token
from hotline_bridge.console.app import MAX_BODY
from hotline_bridge.console.app import app as make_app
from hotline_bridge.flow.stations import DeskStations
from hotline_bridge.settings import load


async def languages(stations: DeskStations) -> list[str]:
    return list((await ask(stations.store, "SELECT languages FROM console.accounts"))[0].languages)


async def send(browser: Browser, *, csrf: str | None, **headers: str) -> httpx.Response:
    data: dict[str, Any] = {"chosen": ["kk"]} | ({"csrf": csrf} if csrf is not None else {})
    return await browser.post("/account/languages", data=data, headers=headers)


async def test_a_form_of_the_page_changes_something(as_operator: Browser, stations: DeskStations) -> None:
    assert f'name="csrf" value="{as_operator.csrf}"' in (await as_operator.get("/account")).text
    assert (await send(as_operator, csrf=as_operator.csrf)).status_code == 303
    assert await languages(stations) == ["kk"]


async def test_htmx_sends_the_token_as_a_header(as_operator: Browser, stations: DeskStations) -> None:
    assert f'{{"x-csrf-token": "{as_operator.csrf}"}}' in (await as_operator.get("/account")).text
    answer = await send(as_operator, csrf=None, **{"x-csrf-token": as_operator.csrf, "hx-request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/account")
    assert await languages(stations) == ["kk"]


@pytest.mark.parametrize("token", [None, "", "x", form_token("another session"), "é"])
async def test_without_the_token_of_this_session_nothing_changes(
    as_operator: Browser, stations: DeskStations, token: str | None
) -> None:
    answer = await send(as_operator, csrf=token)
    assert answer.status_code == 403
    assert "This form is not valid any more" in answer.text
    assert await languages(stations) == ["ru"]


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://127.0.0.1:8082.evil.example", "http://127.0.0.1:1", "ftp://127.0.0.1:8082", ""],
)
async def test_a_form_from_elsewhere_is_refused_even_with_the_token(
    as_operator: Browser, stations: DeskStations, origin: str
) -> None:
    assert (await send(as_operator, csrf=as_operator.csrf, origin=origin)).status_code == 403
    assert await languages(stations) == ["ru"]


@pytest.mark.parametrize(("site", "status"), [("same-origin", 303), ("none", 303), ("cross-site", 403), ("same-site", 403)])
async def test_where_a_browser_names_no_origin_it_says_from_which_site(as_operator: Browser, site: str, status: int) -> None:
    del as_operator.headers["origin"]
    assert (await send(as_operator, csrf=as_operator.csrf, **{"sec-fetch-site": site})).status_code == status


async def test_with_an_address_of_its_own_the_console_takes_forms_from_there_alone(stations: DeskStations) -> None:
    made = make_app(load({"KOMEK_CONSOLE_URL": "http://desk.example"}), stations)
    async with Browser(made) as browser:
        await browser.get("/sign-in")
        data = {"csrf": browser.csrf, "theme": "dark"}
        assert (await browser.post("/preferences", data=data)).status_code == 403  # its origin is 127.0.0.1
        answer = await browser.post("/preferences", data=data, headers={"origin": "http://desk.example"})
        assert answer.status_code == 303


async def test_before_the_sign_in_forms_are_tied_to_the_browser_too(as_nobody: Browser, console: FastAPI) -> None:
    await as_nobody.get("/sign-in")
    async with Browser(console) as other:
        await other.get("/sign-in")
        assert other.csrf != as_nobody.csrf
        answer = await other.post("/preferences", data={"csrf": as_nobody.csrf, "theme": "dark"})
        assert answer.status_code == 403


async def test_nothing_is_changed_by_get(as_administrator: Browser) -> None:
    for path in ("/sign-out", "/preferences", "/session", "/account/languages", "/people/invitations"):
        assert (await as_administrator.get(path)).status_code == 405
    assert (await as_administrator.get("/account")).status_code == 200


async def test_a_body_that_is_too_large_is_not_read(as_operator: Browser) -> None:
    answer = await as_operator.post(
        "/account/languages",
        content=b"csrf=" + b"x" * (MAX_BODY + 1),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 413
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"{", "application/json"),
        (b"--x", "multipart/form-data; boundary=x"),
        (b"--x", "multipart/form-data"),
        (b"a" * 5000, "text/plain"),
        (b"", "nonsense"),
    ],
)
async def test_an_unreadable_body_is_refused_with_a_sentence(as_operator: Browser, content: bytes, kind: str) -> None:
    answer = await as_operator.post("/account/languages", content=content, headers={"content-type": kind})
    assert answer.status_code in (400, 403)
    assert "<h1>" in answer.text
    assert answer.headers["content-type"].startswith("text/html")
    assert ADDRESS not in answer.text


async def test_what_is_refused_is_logged_by_route_and_account_and_without_the_address(
    as_operator: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    await as_operator.get("/people?x=geheim")
    await send(as_operator, csrf="geheim")
    await as_operator.post(
        "/conversations/7b0c2f5e-6c36-4d0f-9d6b-0e5a53c1f0aa/claim", headers={"origin": "https://geheim.example"}
    )
    written = capsys.readouterr().out
    for word in ("not open to this role", str(as_operator.account.id), "/people", "/account/languages", "{conversation}/claim"):
        assert word in written
    assert written.count("a form was refused") == 2
    assert "geheim" not in written
    assert "7b0c2f5e" not in written
