"""The description (OpenAPI): true. Requests are made from it, right and wrong ones, and every answer must be as it says."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import jsonschema
import pytest
from console.api.conftest import System
from counted import PARTS, tally
from fakes_bridge import Clock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from partners.conftest import opened

from hotline_bridge.console.api import access
from hotline_bridge.flow.publish import publish
from hotline_bridge.flow.stations import DeskStations
from hotline_bridge.partners.tokens import SCOPES

Make = Callable[..., Any]


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 20, 12, tzinfo=UTC) - datetime.now(UTC))


@pytest.fixture
async def description(system_of: Make) -> dict[str, Any]:
    found: dict[str, Any] = (await (await system_of("figures:read")).get("/openapi.json")).json()
    return found


async def test_it_names_no_person_no_word_and_no_operator(description: dict[str, Any]) -> None:
    fields = set(description["components"]["schemas"]["Ticket"]["properties"])
    assert fields == {
        "id", "need", "state", "outcome", "language", "channel", "region", "topics", "reopened", "opened_at", "taken_at",
        "answered_at", "closed_at",
    }  # fmt: skip


async def test_every_answer_is_described_and_every_refusal_is_a_problem(description: dict[str, Any]) -> None:
    assert description["servers"] == [{"url": "/api/v1"}]
    assert description["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            answers = operation["responses"]
            assert operation["security"] == [{"HTTPBearer": []}], (method, path)
            assert operation["summary"], (method, path)
            assert {"4XX", "5XX"} <= set(answers)
            assert "422" not in answers
            for status in ("4XX", "5XX"):
                assert list(answers[status]["content"]) == ["application/problem+json"]
            for status in set(answers) - {"4XX", "5XX", "204"}:
                assert "$ref" in answers[status]["content"]["application/json"]["schema"]
    assert "HTTPValidationError" not in description["components"]["schemas"]
    jsonschema.Draft202012Validator.check_schema(description["components"]["schemas"]["Ticket"])


def values(schema: dict[str, Any], whole: dict[str, Any]) -> st.SearchStrategy[Any]:
    """What fits a schema of ours."""
    if "$ref" in schema:
        return values(whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]], whole)
    if "anyOf" in schema:
        return st.one_of(*(values(one, whole) for one in schema["anyOf"]))
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema.get("type"):
        case "null":
            return st.none()
        case "integer":
            return st.integers(schema.get("minimum"), schema.get("maximum"))
        case "array":
            return st.lists(values(schema["items"], whole), min_size=schema.get("minItems", 0), max_size=3)
        case "object":
            return st.fixed_dictionaries({name: values(one, whole) for name, one in schema["properties"].items()})
    if schema.get("format") == "uuid":
        return st.uuids().map(str)
    if schema.get("format") == "date":
        return st.dates().map(str)
    return st.one_of(st.just("https://cases.example/hook"), st.text(max_size=40))


def anything() -> st.SearchStrategy[Any]:
    return st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=5,
    )


@st.composite
def requests(draw: st.DrawFn, whole: dict[str, Any], known: dict[str, list[str]]) -> tuple[str, str, str, dict[str, Any]]:
    """Path of the description, method, address, and what httpx takes besides."""
    path = draw(st.sampled_from(sorted(whole["paths"])))
    method = draw(st.sampled_from(sorted(whole["paths"][path])))
    operation = whole["paths"][path][method]
    address, query = path, {}
    for one in operation.get("parameters", ()):
        right = values(one["schema"], whole)
        if one["name"] in known:
            right = st.one_of(st.sampled_from(known[one["name"]]), right)
        value = draw(st.one_of(right, right, st.text(max_size=12), st.integers()))
        if one["in"] == "path":  # an address with an end of line in it belongs to no application at all
            address = address.replace("{" + one["name"] + "}", quote(str(value).replace("\n", "x"), safe="") or "x")
        elif value is not None and draw(st.booleans()):
            query[one["name"]] = str(value)
    more: dict[str, Any] = {}
    if "requestBody" in operation:
        right = values(operation["requestBody"]["content"]["application/json"]["schema"], whole)
        more["json"] = draw(st.one_of(right, right, anything()))
    return path, method, f"{address}?{urlencode(query)}" if query else address, more


def assert_as_described(whole: dict[str, Any], path: str, method: str, answer: httpx.Response) -> str:
    """The answer is one that the description names; its status."""
    described = whole["paths"][path][method]["responses"]
    status = str(answer.status_code)
    assert answer.status_code < 500, answer.text
    key = status if status in described else f"{status[0]}XX"
    assert key in described, (method, path, status)
    if "content" not in described[key]:
        assert answer.content == b""
        return status
    (media,) = described[key]["content"]
    assert answer.headers["content-type"] == media
    schema = {**described[key]["content"][media]["schema"], "components": whole["components"]}
    jsonschema.Draft202012Validator(schema).validate(answer.json())
    return status


async def test_requests_of_every_kind_are_answered_as_described(
    system_of: Make, stations: DeskStations, description: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "A_MINUTE", 10**6)
    monkeypatch.setattr(access, "WRONG_A_MINUTE", 10**6)
    await tally(stations, date(2026, 10, 6), 40)
    await publish(stations, PARTS)
    tickets = [str((await opened(stations, need))[1]) for need in ("talk_to_operator", "danger_now")]
    await stations.store.engine.dispose()
    known = {"ticket": tickets, "period": ["2026-10", "2026-Q3", "2026"]}
    systems: list[System] = [await system_of(*SCOPES), await system_of("tickets:read"), await system_of()]
    loop, until, seen = asyncio.get_running_loop(), time.monotonic() + 12, set()

    @settings(max_examples=250, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(requests(description, known), st.sampled_from([0, 0, 0, 1, 2]))
    def ask(request: tuple[str, str, str, dict[str, Any]], who: int) -> None:
        if time.monotonic() > until:
            return
        path, method, address, more = request
        step = systems[who].request(method.upper(), address, **more)
        answer = asyncio.run_coroutine_threadsafe(step, loop).result(10)
        seen.add((method, path, assert_as_described(description, path, method, answer)))

    await asyncio.to_thread(ask)
    assert {path for _, path, _ in seen} == set(description["paths"])
    assert {status for _, _, status in seen} >= {"200", "401", "403", "404", "422"}
