"""The internet's listener: stored or not acknowledged; strangers learn nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import procrastinate
import pytest
from fakes_bridge import ScriptedChannel, ask, inbound, made_vault
from prometheus_client import REGISTRY

from hotline_bridge.channels.base import Parsed
from hotline_bridge.errors import Forged, Unreadable
from hotline_bridge.flow.stations import Stations, Store
from hotline_bridge.messages import Channel
from hotline_bridge.serve import webhooks
from hotline_bridge.serve.gate import Gate
from hotline_bridge.serve.webhooks import MAX_BODY
from hotline_bridge.store import engine, jobs

VAULT = made_vault()


@pytest.fixture
def telegram() -> ScriptedChannel:
    return ScriptedChannel()


@pytest.fixture
def twilio() -> ScriptedChannel:
    return ScriptedChannel(Channel.TWILIO)


@pytest.fixture
def stations(store: Store, telegram: ScriptedChannel, twilio: ScriptedChannel) -> Stations:
    return Stations(store, VAULT, {telegram.name: telegram, twilio.name: twilio})


def client_of(stations: Stations) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(webhooks.app(stations))
    return httpx.AsyncClient(transport=transport, base_url="http://web")


@pytest.fixture
async def client(stations: Stations) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(stations) as made:
        yield made


def refused(route: str, why: str) -> float:
    return REGISTRY.get_sample_value("komek_refused_total", {"route": route, "why": why}) or 0.0


async def stored(stations: Stations) -> int:
    return int((await ask(stations, "SELECT count(*) AS n FROM inbox"))[0].n)


async def test_a_genuine_message_is_stored_before_it_is_acknowledged(
    client: httpx.AsyncClient, stations: Stations, telegram: ScriptedChannel
) -> None:
    telegram.parsed = Parsed((inbound(),), leave=("-100",))
    answer = await client.post("/telegram", content=b"{}")
    assert (answer.status_code, answer.text) == (200, "")
    assert await stored(stations) == 1
    assert [i.text for i in telegram.acknowledged] == ["паспорт забрали"]
    assert telegram.left == ["-100"]


async def test_the_same_call_again_is_acknowledged_and_nothing_is_done_twice(
    client: httpx.AsyncClient, stations: Stations, telegram: ScriptedChannel
) -> None:
    telegram.parsed = Parsed((inbound(),))
    assert [(await client.post("/telegram")).status_code for _ in range(3)] == [200, 200, 200]
    assert await stored(stations) == 1
    assert len(await ask(stations, "SELECT 1 FROM procrastinate_jobs")) == 1


async def test_twilio_is_answered_in_its_own_form(client: httpx.AsyncClient, twilio: ScriptedChannel) -> None:
    twilio.parsed = Parsed((inbound(channel=Channel.TWILIO),))
    answer = await client.post("/sms/twilio", content=b"Body=x")
    assert (answer.status_code, answer.headers["content-type"], answer.text) == (
        200, "application/xml; charset=utf-8", '<?xml version="1.0" encoding="UTF-8"?><Response></Response>',
    )  # fmt: skip


@pytest.mark.parametrize(("error", "status", "why"), [(Forged("x"), 403, "forged"), (Unreadable("x"), 400, "unreadable")])
async def test_a_forged_or_unreadable_call_is_refused_and_counted_and_nothing_is_stored(
    client: httpx.AsyncClient, stations: Stations, telegram: ScriptedChannel, error: Exception, status: int, why: str
) -> None:
    telegram.parsed = error
    before = refused("/telegram", why)
    answer = await client.post("/telegram", content=b"forged")
    assert (answer.status_code, answer.text) == (status, "")
    assert refused("/telegram", why) == before + 1
    assert await stored(stations) == 0
    assert await ask(stations, "SELECT 1 FROM vault.identities") == []


async def test_a_body_that_is_too_large_is_refused_unread(
    client: httpx.AsyncClient, stations: Stations, telegram: ScriptedChannel
) -> None:
    telegram.parsed = Parsed((inbound(),))
    assert (await client.post("/telegram", content=b"x" * MAX_BODY)).status_code == 200
    before = refused("/telegram", "too_large")
    assert (await client.post("/telegram", content=b"x" * (MAX_BODY + 1))).status_code == 413
    assert refused("/telegram", "too_large") == before + 1
    assert len(telegram.requests) == 1


async def test_a_stream_without_a_length_is_cut_off_as_soon_as_it_is_too_long(
    client: httpx.AsyncClient, telegram: ScriptedChannel
) -> None:
    given = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given
        while given < 1000 * MAX_BODY:
            given += 16_384
            yield b"x" * 16_384

    assert (await client.post("/telegram", content=endless())).status_code == 413
    assert telegram.requests == []
    assert given < 20 * MAX_BODY


async def test_when_the_store_fails_nothing_is_acknowledged(telegram: ScriptedChannel) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    lost = Store(engine.create(nowhere), procrastinate.App(connector=jobs.connector(nowhere)))
    telegram.parsed = Parsed((inbound(),))
    before = refused("/telegram", "not_stored")
    async with client_of(Stations(lost, VAULT, {telegram.name: telegram})) as client:
        answer = await client.post("/telegram", content=b"{}")
    assert (answer.status_code, answer.headers["retry-after"], answer.text) == (503, "5", "")
    assert refused("/telegram", "not_stored") == before + 1
    assert telegram.acknowledged == []


async def test_a_channel_gets_the_call_as_it_came(client: httpx.AsyncClient, telegram: ScriptedChannel) -> None:
    await client.post("/telegram?a=1&b=%20", content=b"body", headers={"X-Secret": "s"})
    request = telegram.requests[0]
    assert (request.method, request.path, request.query, request.body) == ("POST", "/telegram", "a=1&b=%20", b"body")
    assert request.headers["x-secret"] == "s"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("TRACE", "/telegram"),
        ("GET", "/"), ("GET", "/telegram"), ("PUT", "/telegram"), ("DELETE", "/sms/twilio"), ("OPTIONS", "/telegram"),
        ("GET", "/sms/twilio"), ("POST", "/telegram/"), ("POST", "/TELEGRAM"), ("POST", "//telegram"), ("GET", "/healthz"),
        ("GET", "/metrics"), ("GET", "/docs"), ("GET", "/openapi.json"), ("GET", "/trial"), ("GET", "/favicon.ico"),
        ("GET", "/robots.txt"), ("POST", "/sms/kannel"), ("GET", "/sms/kannel/status"), ("GET", "/.env"), ("POST", "/telegram/x"),
    ],
)  # fmt: skip
async def test_everything_else_is_the_same_empty_404(client: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await client.request(method, path)
    assert (answer.status_code, answer.text) == (404, "")
    assert not {"server", "allow", "location", "x-powered-by"} & set(answer.headers)


async def test_every_answer_is_kept_nowhere_framed_nowhere_and_runs_nothing(
    stations: Stations, telegram: ScriptedChannel
) -> None:
    telegram.parsed = Forged("x")
    async with client_of(stations) as client:
        answers = [
            await client.post("/telegram"),
            await client.get("/nothing"),
            await client.post("/telegram", content=b"x" * 70_000),
        ]
    assert [one.status_code for one in answers] == [403, 404, 413]
    for one in answers:
        assert "default-src 'none'" in one.headers["content-security-policy"]
        assert (one.headers["x-content-type-options"], one.headers["cache-control"]) == ("nosniff", "no-store")
        assert "strict-transport-security" not in one.headers


async def test_behind_https_browsers_are_told_to_stay_there(stations: Stations) -> None:
    transport = httpx.ASGITransport(webhooks.app(stations, https=True))
    async with httpx.AsyncClient(transport=transport, base_url="https://web") as client:
        for path in ("/nothing", f"/r/{'a' * 43}"):
            answer = await client.get(path)
            assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
            assert len(answer.headers.get_list("content-security-policy")) == 1


async def test_a_channel_that_is_not_configured_has_no_route(store: Store) -> None:
    async with client_of(Stations(store, VAULT)) as client:
        for path in webhooks.ROUTES:
            assert (await client.post(path)).status_code == 404


async def test_whoever_guesses_is_turned_away_and_genuine_calls_from_the_same_source_never(
    stations: Stations, telegram: ScriptedChannel
) -> None:
    gate = Gate(2, 100)
    transport = httpx.ASGITransport(webhooks.app(stations, gate))
    async with httpx.AsyncClient(transport=transport, base_url="http://web") as client:
        telegram.parsed = Forged("the secret is wrong")
        assert [(await client.post("/telegram")).status_code for _ in range(4)] == [403, 403, 429, 429]
        telegram.parsed = Parsed((inbound(),))
        assert (await client.post("/telegram")).status_code == 200
    assert await stored(stations) == 1
