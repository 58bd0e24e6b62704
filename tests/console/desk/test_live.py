"""Event streams: every open screen learns that something changed, soon, seldom, and without content."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from console.conftest import Browser, add_account, open_session
from fakes_bridge import ask
from fastapi import FastAPI
from people import Person

from hotline_bridge.console import cookies, live_views
from hotline_bridge.console.live import GAP, Event, Live, Screen
from hotline_bridge.flow import session
from hotline_bridge.flow.stations import DeskStations, Stations
from hotline_bridge.store import signals
from hotline_bridge.store.engine import transaction
from hotline_bridge.store.signals import Signal

WITHIN = 5.0


async def notify(stations: DeskStations, kind: str, conversation: UUID | None = None, times: int = 1) -> None:
    for _ in range(times):
        async with transaction(stations.store.engine) as connection:
            await signals.send(connection, kind, conversation)


async def until(screen: Screen, name: str) -> list[Event]:
    """All that was told until an event of this name came."""
    found: list[Event] = []
    async with asyncio.timeout(WITHIN):
        while not any(event.name == name for event in found):
            found += await screen.told(WITHIN)
    return found


@pytest.fixture
async def live(stations: DeskStations) -> Live:
    return Live(stations.store.engine)


# --- one screen, without a database ---


async def test_a_screen_follows_its_own_conversation_and_hears_of_the_queue() -> None:
    mine, other = uuid4(), uuid4()
    screen = Screen(mine)
    screen.tell(Signal("said", other))
    assert await screen.told(0.01) == []
    screen.tell(Signal("said", mine))
    screen.tell(Signal("danger", other))
    assert await screen.told(1) == [Event("danger"), Event("queue"), Event("conversation", str(mine))]  # danger waits for nothing


async def test_open_screens_ring_again_when_danger_is_paged() -> None:
    screen = Screen(uuid4())
    screen.tell(Signal("paged", uuid4()))
    assert await screen.told(1) == [Event("danger"), Event("queue")]


async def test_a_screen_that_follows_all_is_told_their_ids_and_of_very_many_only_that() -> None:
    screen = Screen(None)
    few = sorted(str(uuid4()) for _ in range(2))
    for one in few:
        screen.tell(Signal("said", UUID(one)))
    assert await screen.told(1) == [Event("conversation", " ".join(few))]
    for _ in range(101):
        screen.tell(Signal("said", uuid4()))
    assert await screen.told(1) == [Event("conversation", "*")]


async def test_however_much_happens_a_screen_is_told_once_a_gap() -> None:
    screen = Screen(None)
    told, began = 0, time.monotonic()
    while time.monotonic() - began < 4.5 * GAP:
        screen.tell(Signal("ticket", None))
        told += len(await screen.told(1))
    assert told <= 6


async def test_after_a_pause_nothing_is_held_up(monkeypatch: pytest.MonkeyPatch) -> None:
    held_up: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float) -> None:
        held_up.append(seconds)

    screen = Screen(None)
    screen.tell(Signal("ticket", None))
    await screen.told(1)
    await sleep(GAP)
    monkeypatch.setattr(asyncio, "sleep", noted)
    screen.tell(Signal("ticket", None))
    await screen.told(1)
    assert held_up == [0.0]


async def test_a_screen_without_news_says_so_after_a_while() -> None:
    async with asyncio.timeout(WITHIN):
        assert await Screen(None).told(0.05) == []


# --- the ear ---


async def test_what_a_transaction_changed_is_told_after_its_commit_and_not_before(stations: DeskStations, live: Live) -> None:
    async with live.screen() as screen:
        await until(screen, "conversation")  # it listens now
        async with transaction(stations.store.engine) as connection:
            await signals.send(connection, "ticket", uuid4())
            assert await screen.told(0.3) == []
        assert Event("queue") in await until(screen, "queue")


async def test_all_screens_share_one_ear(stations: DeskStations, live: Live) -> None:
    async with live.screen() as one, live.screen() as another:
        for screen in (one, another):
            await until(screen, "conversation")
        listening = await ask(stations, "SELECT count(*) AS ears FROM pg_stat_activity WHERE query ILIKE 'listen komek%'")
        assert listening[0].ears == 1
        await notify(stations, "danger")
        for screen in (one, another):
            assert Event("danger") in await until(screen, "danger")


async def test_a_version_never_comes_twice_though_every_screen_was_closed_meanwhile(live: Live) -> None:
    seen: list[int] = []
    for _ in range(3):
        async with live.screen() as screen:
            await until(screen, "conversation")
            assert live.version is not None
            seen.append(live.version)
        assert live.version is None
    assert len(set(seen)) == 3


async def test_when_the_database_comes_back_everybody_looks_again(stations: DeskStations, live: Live, postgres: str) -> None:
    async with live.screen() as screen:
        await until(screen, "conversation")
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ILIKE 'listen komek%'")
        assert await until(screen, "conversation") == [Event("queue"), Event("conversation", "*")]
        await notify(stations, "ticket")
        assert Event("queue") in await until(screen, "queue")


async def test_nonsense_from_the_database_deafens_nobody(stations: DeskStations, live: Live) -> None:
    async with live.screen() as screen:
        await until(screen, "conversation")
        for payload in ("", "{}", "[1]", '{"kind": "said", "conversation": "x"}'):
            await ask(stations, "SELECT pg_notify('komek_desk', :p)", p=payload)
        await notify(stations, "ticket")
        assert Event("queue") in await until(screen, "queue")


# --- the stream ---


@asynccontextmanager
async def stream(app: FastAPI, token: str, path: str = "/live", query: str = "") -> AsyncIterator[asyncio.Queue[str]]:
    """What the browser would read, chunk by chunk; "" at the end."""
    chunks: asyncio.Queue[str] = asyncio.Queue()
    headers = [(b"host", b"127.0.0.1:8082"), (b"cookie", f"{cookies.SESSION}={token}".encode())]
    scope: dict[str, Any] = {
        "type": "http", "http_version": "1.1", "method": "GET", "path": path, "raw_path": path.encode(), "root_path": "",
        "query_string": query.encode(), "scheme": "http", "headers": headers, "client": ("192.0.2.1", 1),
        "server": ("127.0.0.1", 8082),
    }  # fmt: skip

    async def receive() -> Any:
        return await asyncio.Event().wait()

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            chunks.put_nowait(str(message["status"]))
        else:
            chunks.put_nowait(message["body"].decode())

    running = asyncio.create_task(app(scope, receive, send))
    try:
        yield chunks
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def reads(chunks: asyncio.Queue[str], wanted: str) -> str:
    found = ""
    async with asyncio.timeout(WITHIN):
        while wanted not in found:
            found += await chunks.get()
    return found


@pytest.fixture
async def token(stations: DeskStations) -> str:
    return await open_session(stations, await add_account(stations, "operator"))


async def test_a_new_ticket_reaches_an_open_screen(console: FastAPI, token: str, bridge: Stations) -> None:
    async with stream(console, token) as chunks:
        await reads(chunks, "event: conversation")
        conversation = await Person(bridge).asks("маро зада истодаанд ёрӣ диҳед")
        said = await reads(chunks, "event: danger")
        said += await reads(chunks, str(conversation)) if str(conversation) not in said else ""
        assert "зада" not in said


async def test_a_followed_conversation_is_told_of_and_another_is_not(
    console: FastAPI, token: str, stations: DeskStations
) -> None:
    mine = uuid4()
    async with stream(console, token, query=f"conversation={mine}") as chunks:
        await reads(chunks, "event: conversation")
        await notify(stations, "said", uuid4())
        await notify(stations, "said", mine)
        assert await reads(chunks, str(mine)) == f"event: conversation\r\ndata: {mine}\r\n\r\n"


def mark_of(page: str) -> str:
    return page.split('data-mark="')[1].split('"')[0]


async def test_a_queue_page_is_sent_the_row_that_is_new(console: FastAPI, anna: Browser, bridge: Stations) -> None:
    await Person(bridge, "1").asks("мне не платят зарплату третий месяц")
    mark = mark_of((await anna.get("/queue?language=all")).text)
    async with stream(console, anna.cookies[cookies.SESSION], query=f"language=all&rows={mark}") as chunks:
        first = json.loads((await reads(chunks, "event: conversation")).split("data: ")[1].split("\r\n")[0])
        assert (first["mark"], first["rows"]) == (mark, None)  # another window may show something older
        conversation = str(await Person(bridge, "2").asks("маро зада истодаанд ёрӣ диҳед"))
        sent = json.loads((await reads(chunks, conversation)).split("event: rows\r\ndata: ")[1].split("\r\n")[0])
    assert sent["counts"] == {"free": 2, "mine": 0, "all": 2}
    assert next(iter(sent["rows"]["looks"])) == conversation  # danger first
    assert list(sent["rows"]["rows"]) == [conversation]
    assert sent["mark"] == mark_of((await anna.get("/queue?language=all")).text)


async def test_a_queue_page_whose_table_is_gone_fetches_everything(console: FastAPI, anna: Browser) -> None:
    async with stream(console, anna.cookies[cookies.SESSION], query="language=all&rows=0123456789abcdef") as chunks:
        assert "event: queue" in await reads(chunks, "event: conversation")


async def test_a_queue_page_whose_rows_cannot_be_read_is_told_of_danger_and_stays_told(
    console: FastAPI, anna: Browser, stations: DeskStations
) -> None:
    async with stream(console, anna.cookies[cookies.SESSION], query="language=all&rows=0123456789abcdef") as chunks:
        await reads(chunks, "event: conversation")
        await ask(stations, "ALTER TABLE tickets RENAME TO away")
        try:
            await notify(stations, "danger")
            said = await reads(chunks, "event: queue")
            assert said.index("event: danger") < said.index("event: queue")
            await notify(stations, "danger")
            assert "event: danger" in await reads(chunks, "event: queue")
        finally:
            await ask(stations, "ALTER TABLE away RENAME TO tickets")


async def test_a_queue_page_follows_the_languages_that_its_account_has_now(
    console: FastAPI, browser_of: Callable[..., Awaitable[Browser]], bridge: Stations
) -> None:
    anna = await browser_of("operator", languages=["ru"])
    await Person(bridge, "1").asks("мне не платят зарплату третий месяц")
    await Person(bridge, "2").asks("маған үш айдан бері жалақы бермей жатыр, не істеуім керек")
    mark = mark_of((await anna.get("/queue")).text)
    async with stream(console, anna.cookies[cookies.SESSION], query=f"rows={mark}") as chunks:
        await reads(chunks, "event: conversation")
        await anna.submit("/account/languages", chosen=["ru", "kk"])
        sent = json.loads((await reads(chunks, "looks")).split("event: rows\r\ndata: ")[1].split("\r\n")[0])
        assert (len(sent["rows"]["looks"]), len(sent["rows"]["rows"])) == (2, 1)
        await anna.submit("/preferences", language="ru")
        said = await reads(chunks, "looks")
        assert ("Взять" in said, "Take" in said) == (True, False)


async def test_signing_out_ends_the_stream_at_once(console: FastAPI, token: str, stations: DeskStations) -> None:
    async with stream(console, token) as chunks:
        await reads(chunks, "event: conversation")
        await session.sign_out(stations, token)
        last = ""
        async with asyncio.timeout(WITHIN):
            while (chunk := await chunks.get()) != "":
                last += chunk
        assert "event: queue" in last  # whoever fetches now is led to the sign-in


async def test_a_session_that_ran_out_ends_the_stream(
    console: FastAPI, token: str, stations: DeskStations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_views, "LOOK", 0.1)
    async with stream(console, token) as chunks:
        await reads(chunks, "event: conversation")
        await ask(stations, "UPDATE console.sessions SET last_seen_at = now() - interval '31 minutes'")
        async with asyncio.timeout(WITHIN):
            while await chunks.get() != "":
                pass


async def test_a_stream_says_that_it_is_alive(console: FastAPI, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_views, "LOOK", 0.1)
    async with stream(console, token) as chunks:
        assert ": ping" in await reads(chunks, ": ping")


async def test_other_roles_have_no_stream(browser_of: Callable[..., Awaitable[Browser]]) -> None:
    for role in ("auditor", "administrator"):
        browser = await browser_of(role)
        assert (await browser.get("/live")).status_code == 403
