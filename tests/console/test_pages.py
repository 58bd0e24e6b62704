"""The frame of every page: language, theme, navigation, lines that are said once, and sentences where a page cannot be had."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import httpx
import pytest
from console.conftest import ADDRESS, Browser
from fakes_bridge import ask
from fastapi import FastAPI
from starlette.responses import Response
from structlog.testing import capture_logs

from hotline_bridge.console import cookies
from hotline_bridge.console.app import app as make_app
from hotline_bridge.console.navigation import ENTRIES
from hotline_bridge.console.pages import local_path
from hotline_bridge.console.templates import HERE
from hotline_bridge.flow.stations import DeskStations, Store
from hotline_bridge.settings import load
from hotline_bridge.store import engine

TEMPLATES = sorted((HERE / "templates").glob("*.html"))


def language_of(page: str) -> str:
    found = re.search(r'<html lang="(\w+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("en-US,en;q=0.9", "en"),
        ("de,kk;q=0.5,ru;q=0.7", "ru"),
        ("tg", "tg"),
        ("uz-Latn-UZ", "uz"),
        ("de-DE", "en"),
        (";;;q=x,,,", "en"),
        ("ru;q=", "ru"),
        ("x" * 10_000, "en"),
    ],
)
async def test_before_any_choice_the_page_speaks_the_browsers_language(as_nobody: Browser, header: str, language: str) -> None:
    page = await as_nobody.get("/sign-in", headers={"accept-language": header})
    assert language_of(page.text) == language


async def test_a_chosen_language_stays_with_the_browser_and_with_the_account(
    as_operator: Browser, as_nobody: Browser, stations: DeskStations
) -> None:
    await as_nobody.get("/sign-in")
    await as_nobody.submit("/preferences", language="kk")
    assert language_of((await as_nobody.get("/sign-in", headers={"accept-language": "ru"})).text) == "kk"
    answer = await as_operator.submit("/preferences", language="tg", next="/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    (row,) = await ask(stations.store, "SELECT interface_language FROM console.accounts")
    assert row.interface_language == "tg"
    as_operator.cookies.delete(cookies.LANGUAGE)
    assert language_of((await as_operator.get("/account")).text) == "tg"


async def test_the_theme_follows_the_device_until_one_is_chosen(as_nobody: Browser) -> None:
    assert 'data-theme="auto"' in (await as_nobody.get("/sign-in")).text
    await as_nobody.submit("/preferences", theme="dark")
    page = (await as_nobody.get("/sign-in")).text
    assert 'data-theme="dark"' in page
    assert 'value="dark" aria-pressed="true"' in page
    await as_nobody.submit("/preferences", theme="pink", language="xx")
    assert 'data-theme="dark"' in (await as_nobody.get("/sign-in")).text


async def test_after_a_faulty_form_a_change_of_language_leads_back_to_its_page(as_operator: Browser) -> None:
    answer = await as_operator.post(
        "/account/password", data={"csrf": as_operator.csrf}, headers={"referer": f"{ADDRESS}/account"}
    )
    assert answer.status_code == 422
    assert 'name="next" value="/account"' in answer.text
    other = await as_operator.post(
        "/account/password", data={"csrf": as_operator.csrf}, headers={"referer": "https://evil.example/account"}
    )
    assert 'name="next" value="/"' in other.text


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("/queue", "/queue"),
        ("/queue?mine=1#x", "/queue?mine=1#x"),
        (None, "/"),
        ("//x", "/"),
        ("/\\x", "/"),
        ("/a b", "/"),
        ("x", "/"),
    ],
)
def test_only_paths_of_ours_are_gone_to(wanted: str | None, path: str) -> None:
    assert local_path(wanted) == path


async def test_a_field_that_no_database_keeps_is_refused_as_unreadable(as_nobody: Browser, as_administrator: Browser) -> None:
    await as_nobody.get("/sign-in")
    with capture_logs() as logged:
        assert (await as_nobody.submit("/sign-in", login="a\0b", password="x", code="123456")).status_code == 400
        assert (await as_administrator.submit("/people/invitations", name="a\0b", role="operator")).status_code == 400
    refused = [(one["error"], one["route"]) for one in logged if one["event"] == "the database refuses a value"]
    assert refused == [
        ("DataError", "/sign-in"),
        ("DataError", "/people/invitations"),
    ]  # else nobody sees a fault of ours


async def test_htmx_is_led_to_a_path_in_any_letters(as_operator: Browser) -> None:
    form = {"csrf": as_operator.csrf, "next": "/очередь?x=ф"}
    answer = await as_operator.post("/preferences", data=form, headers={"hx-request": "true"})
    assert answer.headers["hx-redirect"] == "/%D0%BE%D1%87%D0%B5%D1%80%D0%B5%D0%B4%D1%8C?x=%D1%84"


async def test_the_navigation_shows_what_a_role_may_open_and_nothing_that_is_not_there(
    as_administrator: Browser, as_operator: Browser, console: FastAPI
) -> None:
    for browser in (as_administrator, as_operator):
        shown = re.findall(r'<li><a href="([^"]+)"', (await browser.get("/account")).text)
        assert shown == [e.path for e in ENTRIES if browser.account.role in e.roles and e.path in console.state.paths]
        for path in shown:
            assert (await browser.get(path)).status_code == 200
        first = (await browser.get("/")).headers["location"]
        assert first == (shown[0] if shown else "/account")


async def test_a_link_from_elsewhere_finds_the_session_at_the_second_look(as_nobody: Browser) -> None:
    # SameSite=Strict: the first request from another site brings no cookie along.
    first = await as_nobody.get("/account?x=1", headers={"sec-fetch-site": "cross-site"})
    assert first.status_code == 200
    assert '<meta http-equiv="refresh" content="0;url=/account?x=1">' in first.text
    second = await as_nobody.get("/account?x=1", headers={"sec-fetch-site": "same-origin"})
    assert second.status_code == 303


async def test_a_part_of_a_page_that_needs_a_sign_in_sends_the_whole_page_there(as_nobody: Browser) -> None:
    answer = await as_nobody.get("/account", headers={"hx-request": "true", "hx-current-url": f"{ADDRESS}/people"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in?next=/people")
    program = await as_nobody.get("/account", headers={"accept": "application/json"})
    assert (program.status_code, program.json()) == (401, {"error": "not signed in"})


async def test_what_is_not_there_is_said_in_a_sentence_with_the_way_back(as_operator: Browser) -> None:
    await as_operator.submit("/preferences", language="en")
    page = await as_operator.get("/nowhere")
    assert page.status_code == 404
    assert "There is no such page" in page.text
    assert 'href="/"' in page.text
    assert "Sign out" in page.text
    part = await as_operator.get("/nowhere", headers={"hx-request": "true"})
    assert part.text.startswith('<p class="flash bad" role="alert">')


async def test_another_role_is_told_so(as_operator: Browser) -> None:
    page = await as_operator.get("/people")
    assert page.status_code == 403
    assert "This is not open to you" in page.text


async def test_when_the_database_is_away_the_page_says_so_and_when_to_come_back(
    as_operator: Browser, stations: DeskStations, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = engine.create("postgresql://komek@127.0.0.1:1/komek")
    without = replace(stations, store=Store(away, stations.store.queue))
    monkeypatch.setattr(as_operator._transport.app.state, "stations", without)  # type: ignore[attr-defined]
    page = await as_operator.get("/account")
    await away.dispose()
    assert (page.status_code, page.headers["retry-after"]) == (503, "5")
    assert "cannot reach its database" in page.text
    assert "127.0.0.1:1" not in page.text


async def test_a_page_that_fails_tells_nothing_of_why(console: FastAPI) -> None:
    async def broken() -> Response:
        raise RuntimeError("паспорт +77010000000")

    console.router.add_api_route("/broken", broken)
    inside = httpx.ASGITransport(console, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=inside, base_url=ADDRESS, headers={"accept": "text/html"}) as browser:
        page = await browser.get("/broken")
    assert page.status_code == 500
    assert "Something went wrong on our side" in page.text
    assert "7701" not in page.text
    assert "content-security-policy" in page.headers


async def test_a_line_that_was_tampered_with_is_not_shown(as_operator: Browser) -> None:
    answer = await as_operator.submit("/account/languages")
    words = answer.cookies[cookies.SAID]
    as_operator.cookies.set(cookies.SAID, "x" + words[1:], domain="127.0.0.1")
    page = await as_operator.get("/account")
    assert page.status_code == 200
    assert 'class="flash' not in page.text


@pytest.mark.parametrize("path", ["/static/console.css", "/static/vendor/htmx.min.js"])
async def test_a_file_is_kept_by_the_browser_only_under_the_address_of_its_content(as_nobody: Browser, path: str) -> None:
    page = unescape((await as_nobody.get("/sign-in")).text)
    found = re.search(re.escape(path) + r"\?v=\w{12}", page)
    assert found
    assert "immutable" in (await as_nobody.get(found[0])).headers["cache-control"]
    assert (await as_nobody.get(path)).headers["cache-control"] == "no-store"
    assert (await as_nobody.get("/static/nothing.css?v=1")).headers["cache-control"] == "no-store"


async def test_every_file_names_its_letters(as_nobody: Browser) -> None:
    for name in ("icon.svg", "console.css", "console.js"):
        assert "charset=utf-8" in (await as_nobody.get(f"/static/{name}")).headers["content-type"]


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/vendor/..%2f..%2fapp.py"])
async def test_nothing_but_the_files_is_served(as_nobody: Browser, path: str) -> None:
    assert (await as_nobody.get(path)).status_code == 404


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_inline_script_style_or_a_handler(template: Path) -> None:
    source = template.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son\w+=|hx-on|javascript:|<script(?![^>]*\bsrc=)", source)
    assert not re.search(r"""(?:src|href|action)=["']?(?:https?:)?//""", source), "something from elsewhere"
    assert "|safe" not in source.replace(" ", "")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_form_that_changes_something_holds_the_token(template: Path) -> None:
    source = template.read_text(encoding="utf-8")
    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", source, re.DOTALL)
    assert all("form_token(csrf)" in form for form in forms)


def test_documentation_pages_are_off(stations: DeskStations) -> None:
    made = make_app(load({}), stations)
    assert not {"/docs", "/redoc"} & made.state.paths
