"""The pager on the account's page: a code that is shown once, what became of it, and its removal."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from console.conftest import Browser, add_account, open_session
from fakes_bridge import Clock, ask
from fastapi import FastAPI

from hotline_bridge import pagers
from hotline_bridge.console.app import app as make_app
from hotline_bridge.flow.stations import DeskStations
from hotline_bridge.settings import load
from hotline_bridge.store.engine import transaction

CODE = re.compile(r'id="pager-code"[^>]*value="(PG-[A-Z2-9]{4}-[A-Z2-9]{4})"')


async def has_pager(stations: DeskStations, browser: Browser, clock: Clock, **more: Any) -> None:
    """A chat is the pager of whoever is signed in here."""
    made = uuid4()
    await ask(
        stations.store,
        "INSERT INTO conversations (id, channel, unreachable) VALUES (:id, 'telegram', :code)",
        id=made,
        code=more.get("code"),
    )
    async with transaction(stations.store.engine) as connection:
        await pagers.put(connection, browser.account.id, made, clock())


@pytest.mark.parametrize("role", ["operator", "supervisor", "administrator"])
async def test_a_code_is_shown_once(browser_of: Any, role: str) -> None:
    browser = await browser_of(role)
    assert "No pager" in (await browser.get("/account")).text
    shown = await browser.submit("/account/pager")
    assert shown.status_code == 200
    assert CODE.search(shown.text)
    assert not CODE.search((await browser.get("/account")).text)


async def test_each_code_is_another_one(as_operator: Browser) -> None:
    codes = {CODE.search((await as_operator.submit("/account/pager")).text)[1] for _ in range(3)}  # type: ignore[index]
    assert len(codes) == 3


async def test_with_the_bots_name_there_is_a_link_and_its_picture(stations: DeskStations) -> None:
    app: FastAPI = make_app(load({"TELEGRAM_BOT_NAME": "@notes_bot"}), stations)
    account = await add_account(stations)
    async with Browser(app, account, await open_session(stations, account)) as browser:
        shown = (await browser.submit("/account/pager")).text
    code = CODE.search(shown)
    assert code
    assert f'href="https://t.me/notes_bot?start={code[1]}"' in shown
    assert 'class="qr" role="img"' in shown
    assert "<svg" in shown


async def test_an_auditor_sees_nothing_of_pagers(as_auditor: Browser) -> None:
    assert "Pager" not in (await as_auditor.get("/account")).text


async def test_the_page_says_whether_the_pager_can_be_reached(as_operator: Browser, stations: DeskStations, clock: Clock) -> None:
    await has_pager(stations, as_operator, clock)
    shown = (await as_operator.get("/account")).text
    assert "In use" in shown
    assert "Telegram, since" in shown
    await ask(stations.store, "UPDATE conversations SET unreachable = 'blocked'")
    assert "Cannot be reached" in (await as_operator.get("/account")).text


async def test_a_removed_pager_is_gone_and_its_chat_is_told(as_operator: Browser, stations: DeskStations, clock: Clock) -> None:
    await has_pager(stations, as_operator, clock)
    done = await as_operator.submit("/account/pager/remove")
    assert (done.status_code, done.headers["location"]) == (303, "/account")
    assert "No pager" in (await as_operator.get("/account")).text
    rows = await ask(stations.store, "SELECT status, sealed_by FROM outbox")
    assert [tuple(row) for row in rows] == [("waiting", "desk")]
    actions = await ask(stations.store, "SELECT action FROM audit WHERE action LIKE 'pager%'")
    assert [row.action for row in actions] == ["pager_removed"]


async def test_removing_what_is_not_there_does_no_harm(as_operator: Browser) -> None:
    assert (await as_operator.submit("/account/pager/remove")).status_code == 303
