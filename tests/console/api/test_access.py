"""Tokens: for what they were made, while they work, and not too often. Nothing else opens this door."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from console.api.conftest import System
from console.conftest import Browser
from fakes_bridge import Clock, ask
from fastapi import FastAPI

from hotline_bridge.console.api import access
from hotline_bridge.console.api.access import A_MINUTE, WRONG_A_MINUTE, Limits
from hotline_bridge.console.app import MAX_BODY
from hotline_bridge.flow import partner_access
from hotline_bridge.flow.stations import DeskStations
from hotline_bridge.partners.tokens import SCOPES

ID = UUID(int=7)  # nobody has it
# Every way through the door, and what it is for.
WAYS = {
    ("GET", "/openapi.json"): set(SCOPES),
    ("GET", "/tickets"): {"tickets:read"},
    ("GET", f"/tickets/{ID}"): {"tickets:read"},
    ("POST", f"/tickets/{ID}/close"): {"tickets:write"},
    ("GET", "/figures"): {"figures:read"},
    ("GET", "/figures/2026-10"): {"figures:read"},
    ("GET", "/webhooks"): {"webhooks:manage"},
    ("POST", "/webhooks"): {"webhooks:manage"},
    ("DELETE", f"/webhooks/{ID}"): {"webhooks:manage"},
}
Make = Callable[..., Any]


def assert_problem(answer: Any, status: int) -> str:
    """A problem document; its sentence."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert set(found) == {"type", "title", "status", "detail"}
    assert found["status"] == status
    return str(found["detail"])


async def test_the_list_of_ways_is_complete(console: FastAPI, system_of: Make) -> None:
    found = (await (await system_of("figures:read")).get("/openapi.json")).json()
    described = {(method.upper(), path) for path, methods in found["paths"].items() for method in methods}
    ours = {
        (m, p.replace(str(ID), "{ticket}" if "tickets" in p else "{webhook}").replace("2026-10", "{period}")) for m, p in WAYS
    }
    assert described == ours - {("GET", "/openapi.json")}


async def test_a_body_that_is_too_large_is_not_read(system_of: Make) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100 * MAX_BODY:
            sent += MAX_BODY // 4
            yield b" " * (MAX_BODY // 4)

    nobody = await system_of()
    answer = await nobody.post("/webhooks", content=endless(), headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert sent < 2 * MAX_BODY


@pytest.mark.parametrize(("method", "path"), WAYS)
async def test_each_way_opens_to_its_scope_and_to_no_other(system_of: Make, method: str, path: str) -> None:
    for scope in SCOPES:
        answer = await (await system_of(scope)).request(method, path)
        assert answer.status_code != 401
        assert (answer.status_code == 403) == (scope not in WAYS[method, path]), (scope, answer.text)


@pytest.mark.parametrize(("method", "path"), WAYS)
async def test_without_a_token_no_way_opens_and_a_session_is_none(
    system_of: Make, as_administrator: Browser, method: str, path: str
) -> None:
    nobody = await system_of()
    answer = await nobody.request(method, path)
    assert "Authorization: Bearer" in assert_problem(answer, 401)
    assert answer.headers["www-authenticate"] == "Bearer"
    assert (await as_administrator.request(method, f"/api/v1{path}")).status_code == 401


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer x", "Bearer komek_", "Bearer komek_" + "a" * 43, "Basic a29tZWs6eA==", "bearer\tkomek_x",
     "Bearer komek_\u00e9", "Bearer " + "k" * 8000],
)  # fmt: skip
async def test_what_is_no_token_of_ours_is_refused(console: FastAPI, header: str) -> None:
    async with System(console, None) as system:
        answer = await system.get("/tickets", headers={"authorization": header.encode("latin-1")})
        assert_problem(answer, 401)


async def test_a_refusal_is_logged_without_the_token_and_the_ticket(
    console: FastAPI, system_of: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    async with System(console, "komek_geheim") as guessing:
        await guessing.get("/tickets")
    system = await system_of("figures:read")
    await system.get(f"/tickets/{ID}")
    written = capsys.readouterr().out
    assert "a token was refused" in written
    assert "a token is not for this" in written
    assert "/tickets/{ticket}" in written
    for word in ("geheim", system.token, str(ID)):
        assert word not in written


async def test_a_token_ends_with_its_time(system_of: Make, clock: Clock) -> None:
    system = await system_of("tickets:read")
    assert (await system.get("/tickets")).status_code == 200
    clock.advance(days=29, hours=23)
    assert (await system.get("/tickets")).status_code == 200
    clock.advance(hours=1)
    assert_problem(await system.get("/tickets"), 401)


async def test_a_withdrawn_token_is_refused_at_once(system_of: Make, stations: DeskStations, administrator: UUID) -> None:
    system, other = await system_of("tickets:read"), await system_of("tickets:read")
    tokens, _ = await partner_access.overview(stations)
    one = next(token for token in tokens if system.token.startswith(token.prefix))
    await partner_access.withdraw_token(stations, administrator, one.id)
    assert_problem(await system.get("/tickets"), 401)
    assert (await other.get("/tickets")).status_code == 200


async def test_of_a_token_only_a_hash_and_its_beginning_are_kept(system_of: Make, stations: DeskStations) -> None:
    system = await system_of("tickets:read")
    (row,) = await ask(stations, "SELECT * FROM console.api_tokens")
    assert row.token_hash == hashlib.sha256(system.token.encode()).digest()
    assert system.token.startswith(row.prefix)
    assert len(row.prefix) == 12
    assert system.token[12:] not in str(row)
    assert len(system.token) == 49


async def test_the_day_of_the_last_use_is_noted_and_nothing_closer(system_of: Make, stations: DeskStations, clock: Clock) -> None:
    system = await system_of("tickets:read")
    (token, *_), _ = await partner_access.overview(stations)
    assert token.last_used_on is None
    await system.get("/tickets")
    (token, *_), _ = await partner_access.overview(stations)
    assert token.last_used_on == (clock() + timedelta(hours=5)).date()


async def test_too_many_requests_of_one_token_have_to_wait_and_others_have_not(system_of: Make) -> None:
    busy, other = await system_of("figures:read"), await system_of("figures:read")
    for _ in range(A_MINUTE):
        assert (await busy.get("/figures")).status_code == 200
    answer = await busy.get("/figures")
    assert "too many requests" in assert_problem(answer, 429)
    assert 0 < int(answer.headers["retry-after"]) <= 61
    assert (await other.get("/figures")).status_code == 200


async def test_who_tries_tokens_has_to_wait_and_from_elsewhere_one_has_not(system_of: Make) -> None:
    guesser, other = await system_of(), await system_of("figures:read", address="192.0.2.9")
    for _ in range(WRONG_A_MINUTE):
        assert (await guesser.get("/figures")).status_code == 401
    assert_problem(await guesser.get("/figures"), 429)
    assert (await other.get("/figures")).status_code == 200


def test_after_a_minute_there_is_room_again_and_old_counts_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    limits = Limits(lambda: now[0])
    for _ in range(3):
        limits.count("a")
    assert limits.full("a", 3) == 61
    assert limits.full("b", 3) == 0
    now[0] = 60.0
    assert limits.full("a", 3) == 0
    monkeypatch.setattr(access, "_REMEMBERED", 2)
    for key in "abcd":
        limits.count(key)
    assert len(limits._seen) == 2


async def test_an_unknown_way_is_a_problem_too(system_of: Make) -> None:
    system = await system_of("tickets:read")
    assert "openapi.json" in assert_problem(await system.get("/people"), 404)
    assert_problem(await system.get("/"), 404)
    assert_problem(await system.delete("/tickets"), 405)
    assert_problem(await system.get("/docs"), 404)


async def test_answers_have_the_headers_of_the_console_and_set_no_cookie(system_of: Make) -> None:
    answer = await (await system_of("tickets:read")).get("/tickets")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers
