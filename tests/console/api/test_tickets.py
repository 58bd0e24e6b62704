"""Tickets for other systems: all of them once, nothing of the person, and closed only after a human."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from console.api.conftest import System
from console.api.test_access import assert_problem
from fakes_bridge import ask
from partners.conftest import opened
from sqlalchemy import text

from hotline_bridge import outbox
from hotline_bridge.flow import operate
from hotline_bridge.flow.stations import DeskStations
from hotline_bridge.messages import Channel, Message
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import answering

ANNA = uuid4()
Make = Callable[..., Any]
WAITS = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
async def reader(system_of: Make) -> System:
    found: System = await system_of("tickets:read")
    return found


@pytest.fixture
async def writer(system_of: Make) -> System:
    found: System = await system_of("tickets:write", "tickets:read")
    return found


async def answered(stations: DeskStations, need: str = "talk_to_operator") -> Any:
    """A ticket that a human answered and gave back: its conversation and public id."""
    conversation, public = await opened(stations, need)
    await operate.claim(stations, ANNA, conversation)
    async with transaction(stations.store.engine) as connection:
        await answering.answered(connection, conversation)
    await operate.give_back(stations, ANNA, conversation)
    return conversation, public


async def test_a_ticket_says_what_it_is_for_and_nothing_of_the_person(reader: System, stations: DeskStations) -> None:
    conversation, public = await opened(stations, channel="sms_kannel")
    await ask(
        stations,
        "UPDATE tickets SET opened_at = '2026-10-06T12:34:56Z', facts = '{\"report_danger\": \"yes\"}', topics = '[\"a\"]'",
    )
    answer = await reader.get(f"/tickets/{public}")
    assert answer.json() == {
        "id": str(public), "need": "talk_to_operator", "state": "open", "outcome": None, "language": "uz", "channel": "sms",
        "region": "R-ALA", "topics": ["a"], "reopened": 0, "opened_at": "2026-10-06T12:00:00Z", "taken_at": None,
        "answered_at": None, "closed_at": None,
    }  # fmt: skip
    (row,) = await ask(stations, "SELECT id FROM tickets")
    for secret in (conversation, row.id):
        assert str(secret) not in answer.text
        assert (await reader.get(f"/tickets/{secret}")).status_code == 404


async def test_pages_show_every_ticket_once_though_new_ones_come(reader: System, stations: DeskStations) -> None:
    made = [str((await opened(stations))[1]) for _ in range(7)]
    seen: list[str] = []
    more = None
    while True:
        page = (await reader.get("/tickets", params={"limit": 3, **({"cursor": more} if more else {})})).json()
        seen += [item["id"] for item in page["items"]]
        more = page["next"]
        if len(seen) == 3:
            made.append(str((await opened(stations))[1]))
        if more is None:
            break
    assert seen == made


async def test_tickets_of_one_moment_are_not_lost_between_two_pages(reader: System, stations: DeskStations) -> None:
    made = {str((await opened(stations))[1]) for _ in range(5)}
    await ask(stations, "UPDATE tickets SET opened_at = '2026-10-06T12:34:56Z'")
    first = (await reader.get("/tickets", params={"limit": 2})).json()
    second = (await reader.get("/tickets", params={"limit": 100, "cursor": first["next"]})).json()
    seen = [item["id"] for item in first["items"] + second["items"]]
    assert len(seen) == 5
    assert set(seen) == made


async def test_a_cursor_does_not_tell_the_second_and_is_none_when_it_was_changed(reader: System, stations: DeskStations) -> None:
    for _ in range(2):
        await opened(stations)
    more = (await reader.get("/tickets", params={"limit": 1})).json()["next"]
    assert datetime.now(UTC).strftime("%Y") not in more
    assert "cursor" in assert_problem(await reader.get("/tickets", params={"cursor": more[:-4] + "AAA="}), 422)
    assert_problem(await reader.get("/tickets", params={"cursor": "x"}), 422)
    assert_problem(await reader.get("/tickets", params={"cursor": "\u00e9"}), 422)


async def test_tickets_are_filtered_by_state_need_and_day(reader: System, stations: DeskStations) -> None:
    conversation, public = await opened(stations, "danger_now")
    await operate.claim(stations, ANNA, conversation)
    _, other = await opened(stations)
    await ask(stations, "UPDATE tickets SET opened_at = '2026-10-05T18:59:59Z' WHERE public_id = :p", p=public)
    await ask(stations, "UPDATE tickets SET opened_at = '2026-10-05T19:00:00Z' WHERE public_id = :p", p=other)

    async def found(**params: str) -> list[str]:
        return [item["id"] for item in (await reader.get("/tickets", params=params)).json()["items"]]

    assert await found() == [str(public), str(other)]
    assert await found(state="taken") == [str(public)]
    assert await found(state="closed") == []
    assert await found(need="talk_to_operator") == [str(other)]
    assert await found(since="2026-10-06") == [str(other)]  # Kazakhstan's day
    assert await found(since="2026-10-05") == [str(public), str(other)]


@pytest.mark.parametrize(
    "params",
    [{"state": "lost"}, {"need": "rescue"}, {"since": "yesterday"}, {"limit": "0"}, {"limit": "101"}, {"limit": "x"},
     {"cursor": "x" * 301}],
)  # fmt: skip
async def test_a_wrong_filter_is_named_and_its_value_not_repeated(reader: System, params: dict[str, str]) -> None:
    sentence = assert_problem(await reader.get("/tickets", params=params), 422)
    ((name, value),) = params.items()
    assert sentence.startswith(name)
    assert len(value) < 3 or value not in sentence


async def test_the_forgotten_and_tests_are_not_there(reader: System, stations: DeskStations) -> None:
    conversation, public = await opened(stations)
    await operate.claim(stations, ANNA, conversation)
    await operate.close(stations, ANNA, conversation, "test")
    _, other = await opened(stations)
    await ask(stations, "UPDATE tickets SET conversation_id = NULL WHERE public_id = :p", p=other)
    assert (await reader.get("/tickets")).json() == {"items": [], "next": None}
    for gone in (public, other, uuid4()):
        assert "forgotten" in assert_problem(await reader.get(f"/tickets/{gone}"), 404)


async def test_a_ticket_that_a_human_has_answered_can_be_closed_and_twice_does_no_harm(
    writer: System, stations: DeskStations
) -> None:
    conversation, public = await answered(stations)
    for _ in range(2):
        closed = await writer.post(f"/tickets/{public}/close", json={"outcome": "referred"})
        assert closed.status_code == 200
        assert (closed.json()["state"], closed.json()["outcome"]) == ("closed", "referred")
    kinds = await ask(stations, "SELECT kind, actor FROM ticket_events WHERE conversation_id = :c ORDER BY at", c=conversation)
    assert [tuple(row) for row in kinds][-1] == ("closed", None)
    trail = await ask(stations, "SELECT action, actor, facts FROM audit WHERE action = 'closed'")
    (token,) = await ask(stations, "SELECT id FROM console.api_tokens")
    assert len(trail) == 1
    facts = trail[0].facts if isinstance(trail[0].facts, dict) else json.loads(trail[0].facts)
    assert facts == {"outcome": "referred", "token": str(token.id)}
    assert "already" in assert_problem(await writer.post(f"/tickets/{public}/close", json={"outcome": "lost"}), 409)


async def test_whoever_is_forgotten_while_their_ticket_is_being_closed_is_not_there(
    writer: System, stations: DeskStations
) -> None:
    conversation, public = await answered(stations)
    assert (await writer.post(f"/tickets/{public}/close", json={"outcome": "referred"})).status_code == 200
    async with stations.store.engine.begin() as forgetting:
        await forgetting.execute(text("SELECT 1 FROM conversations WHERE id = :c FOR UPDATE"), {"c": conversation})
        again = asyncio.create_task(writer.post(f"/tickets/{public}/close", json={"outcome": "referred"}))
        for _ in range(1000):
            if await ask(stations, WAITS):
                break
            await asyncio.sleep(0.01)
        await forgetting.execute(text("UPDATE tickets SET conversation_id = NULL WHERE public_id = :p"), {"p": public})
    assert "forgotten" in assert_problem(await again, 404)


async def test_other_tickets_of_the_person_stay_open(writer: System, stations: DeskStations) -> None:
    from hotline_bridge.tickets import open_once

    conversation, public = await answered(stations)
    async with transaction(stations.store.engine) as connection:
        await open_once(connection, conversation=conversation, turn=None, need="danger_now")
    assert (await writer.post(f"/tickets/{public}/close", json={"outcome": "informed"})).status_code == 200
    states = await ask(stations, "SELECT need, state FROM tickets ORDER BY need")
    assert [tuple(row) for row in states] == [("danger_now", "open"), ("talk_to_operator", "closed")]


async def test_nobody_in_danger_unanswered_or_in_an_operators_hands_is_closed_from_outside(
    writer: System, stations: DeskStations
) -> None:
    _, danger = await answered(stations, "danger_now")
    assert "danger" in assert_problem(await writer.post(f"/tickets/{danger}/close", json={"outcome": "informed"}), 409)
    _, unanswered = await opened(stations)
    assert "no human" in assert_problem(await writer.post(f"/tickets/{unanswered}/close", json={"outcome": "lost"}), 409)
    conversation, held = await answered(stations)
    await operate.claim(stations, ANNA, conversation)
    assert "operator has" in assert_problem(await writer.post(f"/tickets/{held}/close", json={"outcome": "lost"}), 409)
    _, flagged = await answered(stations)
    await ask(stations, "UPDATE tickets SET flagged_at = now() WHERE public_id = :p", p=flagged)
    assert "danger" in assert_problem(await writer.post(f"/tickets/{flagged}/close", json={"outcome": "lost"}), 409)
    _, reopened = await answered(stations)
    await ask(stations, "UPDATE tickets SET reopened = 1 WHERE public_id = :p", p=reopened)
    assert "no human" in assert_problem(await writer.post(f"/tickets/{reopened}/close", json={"outcome": "lost"}), 409)
    conversation, kept = await answered(stations)
    async with transaction(stations.store.engine) as connection:
        key = await stations.desk.find_or_make(connection, conversation)
        kind = {"conversation": conversation, "channel": Channel.TELEGRAM, "message": Message("Салем"), "key": key}
        await outbox.add(connection, **kind, sealed_by="desk", author=ANNA, held=True)
    assert "no human" in assert_problem(await writer.post(f"/tickets/{kept}/close", json={"outcome": "lost"}), 409)
    assert {row.state for row in await ask(stations, "SELECT state FROM tickets")} == {"open", "taken"}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"{}", b'{"outcome": "test"}', b'{"outcome": "ended_by_person"}', b'{"outcome": 5}', b'{"outcome": null}',
     b'{"outcome": "lost", "note": "x"}', b'{"outcome": "saved"}'],
)  # fmt: skip
async def test_what_is_no_outcome_closes_nothing(writer: System, stations: DeskStations, body: bytes) -> None:
    _, public = await answered(stations)
    answer = await writer.post(f"/tickets/{public}/close", content=body, headers={"content-type": "application/json"})
    assert_problem(answer, 422)
    assert [row.state for row in await ask(stations, "SELECT state FROM tickets")] == ["open"]


async def test_a_body_that_cannot_be_read_is_a_problem(writer: System) -> None:
    answer = await writer.post(f"/tickets/{uuid4()}/close", content=b"\xff", headers={"content-type": "application/json"})
    assert "UTF-8" in assert_problem(answer, 400)


async def test_with_a_hundred_thousand_tickets_a_page_is_there_at_once(reader: System, stations: DeskStations) -> None:
    conversation, _ = await opened(stations)
    await ask(
        stations,
        """
        INSERT INTO tickets (id, conversation_id, need, channel, opened_at, state, outcome, closed_at)
        SELECT gen_random_uuid(), :c, 'talk_to_operator', 'telegram', t, 'closed', 'informed', t
        FROM generate_series(1, 100000) AS n, LATERAL (SELECT now() - n * interval '1 minute') AS at (t)
        """,
        c=conversation,
    )
    await ask(stations, "ANALYZE tickets")
    more = (await reader.get("/tickets", params={"limit": 100})).json()["next"]
    for params in ({"cursor": more}, {"state": "open"}, {"since": (datetime.now(UTC) - timedelta(days=3)).date().isoformat()}):
        began = datetime.now(UTC)
        answer = await reader.get("/tickets", params={"limit": 100, **params})
        assert answer.status_code == 200
        assert datetime.now(UTC) - began < timedelta(milliseconds=300), params
