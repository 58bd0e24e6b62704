"""The inner listener: health and the reckoning of every message."""

from __future__ import annotations

import httpx
import procrastinate
from fakes_bridge import ask, inbound, made_vault

from hotline_bridge.channels.base import Parsed
from hotline_bridge.flow.receive import receive
from hotline_bridge.flow.stations import Stations, Store
from hotline_bridge.serve import inner
from hotline_bridge.store import engine, jobs


def client_of(store: Store) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(inner.app(store)), base_url="http://inner")


async def test_health_says_whether_every_message_is_accounted_for(store: Store) -> None:
    await receive(Stations(store, made_vault()), Parsed((inbound(), inbound())))
    async with client_of(store) as client:
        answer = await client.get("/healthz")
        assert (answer.status_code, answer.json()) == (200, {"ok": True, "waiting": 2, "unaccounted": 0})
        await ask(store, "DELETE FROM inbox")
        assert (await client.get("/healthz")).json() == {"ok": False, "waiting": 0, "unaccounted": 2}


async def test_without_a_database_health_is_503_and_says_no_more_than_that(store: Store) -> None:
    nowhere = "postgresql://somebody:geheim@127.0.0.1:1/nothing"
    lost = Store(engine.create(nowhere), procrastinate.App(connector=jobs.connector(nowhere)))
    async with client_of(lost) as client:
        answer = await client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"ok": False, "database": "OperationalError"})


async def test_metrics_hold_the_account_and_nobodys_name(store: Store) -> None:
    await receive(Stations(store, made_vault()), Parsed((inbound(who="+77010000001"),)))
    async with client_of(store) as client:
        answer = await client.get("/metrics")
    assert answer.status_code == 200
    lines = answer.text.splitlines()
    for line in (
        'komek_messages{outcome="received"} 1.0',
        'komek_messages{outcome="waiting"} 1.0',
        'komek_messages{outcome="answered"} 0.0',
        "komek_messages_unaccounted 0.0",
        "komek_undelivered 0.0",
    ):
        assert line in lines
    assert any(line.startswith("komek_oldest_waiting_seconds ") for line in lines)
    assert any(line.startswith("komek_refused_total") or "komek_refused" in line for line in lines)
    assert "7701" not in answer.text


async def test_metrics_tell_how_long_somebody_in_danger_has_waited(store: Store) -> None:
    async with client_of(store) as client:
        assert "komek_danger_unclaimed_seconds 0.0" in (await client.get("/metrics")).text.splitlines()
        made = "INSERT INTO conversations (id, channel) VALUES (gen_random_uuid(), 'telegram')"
        await ask(store, made)
        await ask(
            store,
            """INSERT INTO tickets (id, conversation_id, need, channel, waiting_since)
               SELECT gen_random_uuid(), id, 'danger_now', 'telegram', now() - interval '90 seconds' FROM conversations""",
        )
        lines = (await client.get("/metrics")).text.splitlines()
        found = next(line for line in lines if line.startswith("komek_danger_unclaimed_seconds "))
        assert 90 <= float(found.split()[1]) < 150
        await ask(store, "UPDATE tickets SET state = 'taken'")
        assert "komek_danger_unclaimed_seconds 0.0" in (await client.get("/metrics")).text.splitlines()


async def test_nothing_else_answers(store: Store) -> None:
    async with client_of(store) as client:
        for path in ("/", "/telegram", "/docs", "/trial"):
            assert (await client.get(path)).status_code == 404
