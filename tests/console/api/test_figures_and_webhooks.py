"""Figures and webhooks by the API: the published numbers and no others; secrets once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from console.api.test_access import assert_problem
from counted import PARTS, tally
from fakes_bridge import Clock, ask

from hotline_bridge.flow import partner_access
from hotline_bridge.flow.publish import publish
from hotline_bridge.flow.stations import DeskStations

Make = Callable[..., Any]


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 20, 12, tzinfo=UTC) - datetime.now(UTC))


async def test_a_periods_numbers_are_those_of_the_console_with_the_same_withheld(system_of: Make, stations: DeskStations) -> None:
    for language, times in (("uz", 90), ("ru", 40), ("tg", 7)):
        await tally(stations, date(2026, 10, 6), times, language=language)
    await tally(stations, date(2026, 9, 6), 33)
    await tally(stations, date(2026, 8, 6), 8)
    await publish(stations, PARTS)
    reader = await system_of("figures:read")
    assert (await reader.get("/figures")).json()["items"] == [
        {"period": "2026-10", "kind": "month"}, {"period": "2026-Q3", "kind": "quarter"}, {"period": "2026-09", "kind": "month"},
        {"period": "2026-08", "kind": "month"},
    ]  # fmt: skip
    found = {one["name"]: one for one in (await reader.get("/figures/2026-10")).json()["numbers"]}
    (row,) = await ask(stations, "SELECT shown FROM releases WHERE period = '2026-10'")
    assert {name: one["value"] for name, one in found.items()} == row.shown["numbers"]
    assert (found["contacts"]["value"], found["contacts/language/tg"]["value"], found["contacts/language/ru"]["value"]) == (
        137, None, None,
    )  # fmt: skip
    quarter = {one["name"]: one for one in (await reader.get("/figures/2026-Q3")).json()["numbers"]}
    assert (quarter["contacts"]["value"], quarter["contacts"]["at_least"]) == (None, 33)
    assert "nothing was published" in assert_problem(await reader.get("/figures/2031"), 404)
    assert "is written" in assert_problem(await reader.get("/figures/october"), 422)


async def test_a_webhook_is_made_listed_without_its_secret_and_removed(system_of: Make, stations: DeskStations) -> None:
    manager = await system_of("webhooks:manage")
    made = await manager.post(
        "/webhooks", json={"url": "https://cases.example/hook", "events": ["ticket.closed", "ticket.closed"]}
    )
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    (listed,) = (await manager.get("/webhooks")).json()["items"]
    assert listed == {
        "id": made.json()["id"], "url": "https://cases.example/hook", "events": ["ticket.closed"], "made_at": listed["made_at"],
        "stopped": False, "waiting": 0, "failed": 0, "last_answer": None,
    }  # fmt: skip
    assert (await manager.delete(f"/webhooks/{listed['id']}")).status_code == 204
    assert_problem(await manager.delete(f"/webhooks/{listed['id']}"), 404)
    (token,) = await ask(stations, "SELECT id FROM console.api_tokens")
    trail = await ask(stations, "SELECT action, facts FROM audit WHERE action LIKE 'webhook%' ORDER BY sequence")
    assert [row.action for row in trail] == ["webhook_made", "webhook_withdrawn"]
    assert all(str(token.id) in str(row.facts) for row in trail)


@pytest.mark.parametrize(
    "body",
    [
        {"url": "http://cases.example/", "events": ["ticket.closed"]},
        {"url": "https://127.0.0.1/", "events": ["ticket.closed"]},
        {"url": "https://[::ffff:10.0.0.1]/", "events": ["ticket.closed"]},
        {"url": "https://cases.example/", "events": []},
        {"url": "https://cases.example/", "events": ["ticket.read"]},
        {"url": "https://cases.example/"},
        {"url": "https://cases.example/", "events": ["ticket.closed"], "secret": "whsec_mine"},
        {"url": 5, "events": ["ticket.closed"]},
    ],
)
async def test_a_webhook_that_may_not_be_is_refused(system_of: Make, stations: DeskStations, body: dict[str, Any]) -> None:
    manager = await system_of("webhooks:manage")
    assert_problem(await manager.post("/webhooks", json=body), 422)
    assert await partner_access.webhooks(stations) == []


async def test_a_webhook_of_nobody_cannot_be_removed(system_of: Make) -> None:
    manager = await system_of("webhooks:manage")
    assert_problem(await manager.delete(f"/webhooks/{uuid4()}"), 404)
    assert_problem(await manager.delete("/webhooks/x"), 422)
