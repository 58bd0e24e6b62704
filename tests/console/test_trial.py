"""The trial phones' listener: for this machine's browser and the worker, and for nobody else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fakes_bridge import ask, made_desk, made_vault

from hotline_bridge import datafolder
from hotline_bridge.channels.trial import TOKEN_HEADER, TrialChannel
from hotline_bridge.console.app import HEADERS, app
from hotline_bridge.errors import TryAgain
from hotline_bridge.flow.stations import DeskStations, Stations, Store
from hotline_bridge.messages import Channel, Message, Option
from hotline_bridge.settings import load

VAULT, DESK = made_vault(), made_desk()
TOKEN = "the token of this test"


@pytest.fixture
def listener(store: Store, tmp_path: Path) -> Any:
    datafolder.write_once(tmp_path / "trial.token", TOKEN)
    return app(load({"KOMEK_DATA": str(tmp_path)}), DeskStations(store, DESK, phones=Stations(store, VAULT)))


@pytest.fixture
async def client(listener: Any) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(listener), base_url="http://127.0.0.1:8082") as made:
        yield made


@pytest.fixture
def phone() -> str:
    return str(uuid4())


async def screen(listener: Any, phone: str, wanted: int) -> list[dict[str, Any]]:
    """The first events on a phone's screen, read as a browser does."""
    shown: list[dict[str, Any]] = []
    full = asyncio.Event()

    async def send(message: Any) -> None:
        body = message.get("body", b"").decode()
        shown.extend(json.loads(line.removeprefix("data: ")) for line in body.splitlines() if line.startswith("data: "))
        if len(shown) >= wanted:
            full.set()

    async def receive() -> Any:
        await asyncio.Event().wait()

    scope = {
        "type": "http",
        "method": "GET",
        "path": f"/trial/chat/{phone}/events",
        "headers": [],
        "query_string": b"",
        "root_path": "",
    }
    reading = asyncio.create_task(listener(scope, receive, send))
    try:
        await asyncio.wait_for(full.wait(), 5)
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
    return shown


@pytest.mark.parametrize("path", ["/trial", "/healthz", "/static/trial.js", "/static/trial.css", "/nowhere", "/"])
async def test_every_answer_has_the_headers_that_keep_others_out(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert {k: answer.headers[k] for k in HEADERS} == HEADERS
    assert answer.status_code in (200, 303, 404)


async def test_what_is_written_on_a_phone_is_stored_and_shown(
    client: httpx.AsyncClient, listener: Any, phone: str, store: Store
) -> None:
    answer = await client.post(f"/trial/chat/{phone}", json={"text": "паспорт забрали"})
    assert answer.status_code == 200
    assert [(r.channel, r.kind) for r in await ask(store, "SELECT channel, kind FROM inbox")] == [("trial_chat", "text")]
    (event,) = await screen(listener, f"{phone}", 1)
    assert (event["from"], event["text"], event["segments"]) == ("me", "паспорт забрали", 1)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"text": "/start x"}, "command"),
        ({"kind": "choice", "text": "operator"}, "choice"),
        ({"kind": "photo"}, "photo"),
        ({"text": ""}, "text"),
        ({"text": "half \ud83d"}, "text"),
        ({"text": 5}, "text"),
    ],
)
async def test_whatever_a_phone_can_send_is_taken(
    client: httpx.AsyncClient, listener: Any, phone: str, store: Store, body: dict[str, Any], kind: str
) -> None:
    raw = json.dumps(body).encode()
    answer = await client.post(f"/trial/chat/{phone}", content=raw, headers={"content-type": "application/json"})
    assert answer.status_code == 200
    assert [r.kind for r in await ask(store, "SELECT kind FROM inbox")] == [kind]
    assert len(await screen(listener, phone, 1)) == 1


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"text=x", "application/x-www-form-urlencoded"),
        (b'{"text": "x"}', "text/plain"),
        (b'{"text": "x"}', "multipart/form-data"),
        (b'{"text": "x"', "application/json"),
        (b'["x"]', "application/json"),
        (b'{"kind": "command", "text": "stop"}', "application/json"),
        (b'{"kind": "nonsense"}', "application/json"),
        (b'{"kind": []}', "application/json"),
        (b'{"text": "' + b"x" * 70_000 + b'"}', "application/json"),
        (b"\xff", "application/json"),
    ],
)
async def test_what_another_sites_form_could_send_is_refused(
    client: httpx.AsyncClient, phone: str, store: Store, content: bytes, content_type: str
) -> None:
    answer = await client.post(f"/trial/chat/{phone}", content=content, headers={"content-type": content_type})
    assert answer.status_code == 400
    assert await ask(store, "SELECT 1 FROM inbox") == []


@pytest.mark.parametrize("path", ["/trial/fax/{}", "/trial/chat/x", "/trial/chat/{}x"])
async def test_there_are_no_other_phones(client: httpx.AsyncClient, phone: str, path: str) -> None:
    assert (await client.post(path.format(phone), json={"text": "x"})).status_code in (400, 404)


def channel(listener: Any, token: str = TOKEN) -> TrialChannel:
    return TrialChannel(Channel.TRIAL_CHAT, "http://127.0.0.1:8082", token, httpx.ASGITransport(listener))


async def test_the_bridge_shows_a_message_with_its_buttons_and_price(
    client: httpx.AsyncClient, listener: Any, phone: str
) -> None:
    await client.post(f"/trial/chat/{phone}", json={"text": "x"})
    bridge = channel(listener)
    receipt = await bridge.send(f"trial:{phone}", Message("Сәлем", (Option("Адам", "operator"),)))
    _, event = await screen(listener, phone, 2)
    assert (event["from"], event["text"], event["options"], event["alphabet"]) == (
        "komek",
        "Сәлем",
        [["Адам", "operator"]],
        "ucs2",
    )
    assert event["reference"] == receipt.reference
    await bridge.close()


async def test_messages_taken_back_leave_the_screen(client: httpx.AsyncClient, listener: Any, phone: str) -> None:
    mine = (await client.post(f"/trial/chat/{phone}", json={"text": "geheim"})).json()["reference"]
    bridge = channel(listener)
    theirs = (await bridge.send(f"trial:{phone}", Message("geheim"))).reference
    await bridge.send(f"trial:{phone}", Message("Hello.", take_back=(str(theirs), mine)))
    events = await screen(listener, phone, 2)
    assert [event["type"] for event in events] == ["clear", "message"]
    assert "geheim" not in json.dumps(events)
    await bridge.close()


@pytest.mark.parametrize("token", ["", "x", TOKEN[:-1], "é"])
async def test_nobody_but_the_bridge_can_show_a_message(client: httpx.AsyncClient, phone: str, token: str) -> None:
    body = {"address": f"trial:{phone}", "text": "x", "options": [], "take_back": []}
    answer = await client.post("/trial/network", json=body, headers={TOKEN_HEADER: token.encode("latin-1")})  # type: ignore[dict-item]
    assert answer.status_code == 403


async def test_a_phone_that_is_off_and_a_console_that_is_down_are_tried_again(listener: Any, phone: str) -> None:
    bridge = channel(listener)
    with pytest.raises(TryAgain):
        await bridge.send(f"trial:{phone}", Message("x"))
    await bridge.close()
    stranger = channel(listener, "wrong")
    with pytest.raises(TryAgain):
        await stranger.send(f"trial:{phone}", Message("x"))
    await stranger.close()
    nobody = TrialChannel(Channel.TRIAL_CHAT, "http://127.0.0.1:1", TOKEN)
    with pytest.raises(TryAgain):
        await nobody.send(f"trial:{phone}", Message("x"))
    await nobody.close()


async def test_with_another_channel_configured_there_are_no_phones(store: Store, phone: str) -> None:
    listener = app(load({"TELEGRAM_BOT_TOKEN": "t"}), DeskStations(store, DESK))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(listener), base_url="http://x") as client:
        assert (await client.get("/healthz")).status_code == 200
        for method, path in (("GET", "/trial"), ("POST", f"/trial/chat/{phone}"), ("POST", "/trial/network")):
            assert (await client.request(method, path, json={})).status_code == 404


async def test_a_screen_is_forgotten_by_the_bridge_and_by_nobody_else(
    client: httpx.AsyncClient, listener: Any, phone: str
) -> None:
    bridge = channel(listener)
    written = (await client.post(f"/trial/chat/{phone}", json={"text": "меня бьют"})).json()["reference"]
    assert (await client.post("/trial/network/forget", json={"address": f"trial:{phone}", "references": []})).status_code == 403
    assert (await screen(listener, phone, 1))[0]["text"] == "меня бьют"
    await bridge.erase(f"trial:{phone}", (written,))
    assert await screen(listener, phone, 1) == [{"type": "clear", "references": [written]}]
    await bridge.erase("trial:switched off", ())
