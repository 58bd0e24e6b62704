"""A session ends after half an hour of nothing, after twelve hours, at sign-out and with its account; then nobody can use it."""

from __future__ import annotations

from typing import Any

import pytest
from console.conftest import Browser, open_session
from fakes_bridge import Clock, ask
from fastapi import FastAPI

from hotline_bridge.accounts import people, sessions
from hotline_bridge.console import cookies
from hotline_bridge.flow import colleagues
from hotline_bridge.flow.session import whose
from hotline_bridge.flow.stations import DeskStations
from hotline_bridge.store.engine import transaction


async def is_in(browser: Browser) -> bool:
    return (await browser.get("/account")).status_code == 200


async def test_a_session_ends_after_thirty_idle_minutes(as_operator: Browser, clock: Clock) -> None:
    clock.advance(minutes=29, seconds=55)
    assert await is_in(as_operator)
    clock.advance(minutes=29, seconds=55)
    assert await is_in(as_operator)
    clock.advance(minutes=30)
    assert not await is_in(as_operator)


async def test_a_session_ends_after_twelve_hours_however_busy_it_was(as_operator: Browser, clock: Clock) -> None:
    for _ in range(12 * 3 - 1):
        clock.advance(minutes=20)
        assert await is_in(as_operator)
    clock.advance(minutes=20)
    assert not await is_in(as_operator)


async def test_somebody_who_types_for_long_stays_signed_in(as_operator: Browser, clock: Clock) -> None:
    for _ in range(3):
        clock.advance(minutes=20)
        assert (await as_operator.submit("/session")).status_code == 204
    assert await is_in(as_operator)


async def test_what_refreshes_by_itself_keeps_no_session_alive(
    as_operator: Browser, stations: DeskStations, clock: Clock
) -> None:
    token = as_operator.cookies[cookies.SESSION]
    for _ in range(5):
        clock.advance(minutes=7)
        await whose(stations, token, counts=False)
    assert not await is_in(as_operator)


async def test_a_use_is_noted_once_a_minute_at_most(as_operator: Browser, stations: DeskStations, clock: Clock) -> None:
    async def seen() -> Any:
        return (await ask(stations.store, "SELECT last_seen_at FROM console.sessions"))[0].last_seen_at

    first = await seen()
    await is_in(as_operator)
    clock.advance(seconds=50)
    await is_in(as_operator)
    assert await seen() == first
    clock.advance(seconds=15)
    await is_in(as_operator)
    assert await seen() > first


async def test_a_session_stolen_before_the_sign_out_is_worth_nothing_after_it(as_operator: Browser, console: FastAPI) -> None:
    token = as_operator.cookies[cookies.SESSION]
    async with Browser(console, token=token) as thief:
        assert await is_in(thief)
        answer = await as_operator.submit("/sign-out")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        assert not await is_in(thief)
        assert (await thief.submit("/account/languages", chosen=["kk"])).headers["location"].startswith("/sign-in")


async def test_at_the_sign_out_the_browser_forgets_cookie_and_pages(as_operator: Browser) -> None:
    page = await as_operator.get("/account")
    assert page.headers["cache-control"] == "no-store"
    answer = await as_operator.submit("/sign-out")
    assert cookies.SESSION not in as_operator.cookies
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert "You are signed out." in (await as_operator.get("/sign-in")).text


async def test_the_sign_out_ends_this_session_and_no_other(
    as_operator: Browser, console: FastAPI, stations: DeskStations
) -> None:
    async with Browser(console, as_operator.account, await open_session(stations, as_operator.account)) as telephone:
        await as_operator.submit("/sign-out")
        assert await is_in(telephone)


async def test_an_administrator_signs_somebody_out_everywhere(
    as_operator: Browser, as_administrator: Browser, console: FastAPI, stations: DeskStations
) -> None:
    async with Browser(console, as_operator.account, await open_session(stations, as_operator.account)) as telephone:
        answer = await as_administrator.submit(f"/people/{as_operator.account.id}/sign-out")
        assert answer.status_code == 303
        assert not await is_in(telephone)
    assert not await is_in(as_operator)
    assert await is_in(as_administrator)


async def test_a_deactivated_account_is_out_at_once(
    as_operator: Browser, as_administrator: Browser, stations: DeskStations
) -> None:
    await colleagues.deactivate(stations, stations.renderer(), as_operator.account.id, as_administrator.account.id)
    assert not await is_in(as_operator)


async def test_a_change_of_role_holds_from_the_next_page_on(as_administrator: Browser, stations: DeskStations) -> None:
    assert (await as_administrator.get("/people")).status_code == 200
    async with transaction(stations.store.engine) as connection:
        await people.set_role(connection, as_administrator.account.id, people.Role.AUDITOR)
    assert (await as_administrator.get("/people")).status_code == 403


@pytest.mark.parametrize("token", ["", "x", "'; DROP TABLE console.sessions; --", "é", "a" * 5000])
async def test_a_made_up_cookie_opens_nothing(console: FastAPI, token: str, as_operator: Browser) -> None:
    async with Browser(console) as thief:
        cookie = f"{cookies.SESSION}={token}".encode("latin-1")
        answer = await thief.get("/account", headers={"cookie": cookie})  # type: ignore[dict-item]
        assert answer.status_code == 303


async def test_only_the_hash_of_a_token_is_stored(as_operator: Browser, stations: DeskStations) -> None:
    token = as_operator.cookies[cookies.SESSION]
    row = (await ask(stations.store, "SELECT token_hash FROM console.sessions"))[0]
    assert len(token) >= 43
    assert bytes(row.token_hash) == sessions.fingerprint(token)
    async with Browser(as_operator._transport.app, token=bytes(row.token_hash).hex()) as thief:  # type: ignore[attr-defined]
        assert not await is_in(thief)
