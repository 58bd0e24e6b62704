"""The audit trail's page: what stands in it, found again by filters, and proven on demand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID, uuid4

import pytest
from console.conftest import Browser
from fakes_bridge import Clock, ask

from hotline_bridge.audit import ACTIONS
from hotline_bridge.console import audit_names
from hotline_bridge.console.audit_views import Asked
from hotline_bridge.flow import trail
from hotline_bridge.flow.stations import DeskStations
from hotline_bridge.store.engine import transaction


@pytest.fixture
async def dana(browser_of: Callable[..., Awaitable[Browser]]) -> Browser:
    return await browser_of("auditor", name="Dana")


async def note(stations: DeskStations, actor: UUID | None, action: str, subject: UUID | None = None, **facts: object) -> None:
    async with transaction(stations.store.engine) as connection:
        await trail.note(stations, connection, actor, action, subject, **facts)  # type: ignore[arg-type]


def test_every_action_and_every_fault_has_words() -> None:
    assert set(audit_names.SAYS) == set(ACTIONS)
    assert set(audit_names.FAULTS) == {"changed", "removed", "moved", "added", "head", "broken", "checkpoint"}


def test_every_fact_has_words_or_is_an_id() -> None:
    facts = {fact for allowed in ACTIONS.values() for fact in allowed}
    assert facts - set(audit_names.FACTS) == {"reveal", "referral", "suggestion", "token", "webhook", "holder"}


async def test_a_row_says_from_whom_a_conversation_was_taken_over(dana: Browser, stations: DeskStations) -> None:
    await note(stations, None, "taken_over", uuid4(), holder=dana.account.id)
    page = (await dana.get("/audit")).text
    assert "Took a conversation over from a colleague" in page
    assert f"← {dana.account.name}" in page


async def test_a_row_says_who_did_what_to_whom_and_when(dana: Browser, stations: DeskStations) -> None:
    conversation = uuid4()
    await note(stations, dana.account.id, "closed", conversation, outcome="referred")
    await note(stations, None, "forgotten", conversation, why="person")
    page = (await dana.get("/audit")).text
    assert "Closed a conversation" in page
    assert "outcome: An organisation has taken over" in page
    assert "why: the person's request" in page
    assert "the system itself" in page
    assert str(conversation)[:8] in page
    assert f"/conversations/{conversation}" not in page


async def test_days_stand_there_as_on_every_page(dana: Browser, stations: DeskStations) -> None:
    await note(stations, dana.account.id, "identified", uuid4(), on=date(2026, 11, 6))
    await note(stations, dana.account.id, "exported", what="figures", first=date(2026, 7, 1), last=date(2026, 9, 30))
    page = (await dana.get("/audit")).text
    assert "day: 6 Nov 2026)" in page
    assert "first day: 1 Jul 2026" in page
    assert "2026-11-06" not in page


def test_what_is_no_day_is_shown_as_it_stands() -> None:
    assert audit_names.facts({"on": "yesterday"}) == [("day", "yesterday")]


async def test_filters_find_by_action_account_day_and_subject(
    dana: Browser, as_operator: Browser, stations: DeskStations, clock: Clock
) -> None:
    conversation = uuid4()
    clock.advance(days=-3)
    await note(stations, as_operator.account.id, "claimed", conversation)
    clock.advance(days=3)
    await note(stations, dana.account.id, "trail_verified", holds=True, rows=1)
    await note(stations, None, "lost", conversation)

    async def rows(asked: Asked) -> list[str]:
        page = (await dana.get(f"/audit{asked.query()}")).text
        return [number for number in ("1", "2", "3") if f'data-label="Row">{number}</td>' in page]

    assert await rows(Asked()) == ["1", "2", "3"]
    assert await rows(Asked(action="claimed")) == ["1"]
    assert await rows(Asked(actor=str(dana.account.id))) == ["2"]
    assert await rows(Asked(actor="bridge")) == ["3"]
    assert await rows(Asked(subject=str(conversation))) == ["1", "3"]
    assert await rows(Asked(day=clock().date().isoformat(), action="closed")) == []
    assert await rows(Asked(actor="nobody", day="yesterday", action="x", subject="y")) == ["1", "2", "3"]


async def test_the_day_is_the_countrys(dana: Browser, stations: DeskStations, clock: Clock) -> None:
    await note(stations, None, "lost")
    at = (await ask(stations.store, "SELECT (at AT TIME ZONE 'Asia/Almaty')::date AS day FROM audit"))[0].day
    assert "went back" in (await dana.get(f"/audit?day={at.isoformat()}")).text.split("<table")[1]
    assert "Nothing like that" in (await dana.get(f"/audit?day={at.replace(year=2020).isoformat()}")).text


async def test_older_pages_are_reached(dana: Browser, stations: DeskStations) -> None:
    for _ in range(51):
        await note(stations, None, "lost")
    page = (await dana.get("/audit")).text
    assert "/audit?below=2" in page
    assert 'data-label="Row">1</td>' in (await dana.get("/audit?below=2")).text


async def test_it_is_verified_on_demand_and_the_verification_stands_in_it(dana: Browser, stations: DeskStations) -> None:
    for _ in range(3):
        await note(stations, None, "lost")
    page = (await dana.submit("/audit/verify")).text
    assert "The trail is intact." in page
    assert "3 rows were verified." in page
    assert "<code>3-" in page
    assert "Verified the audit trail" in (await dana.get("/audit")).text
    await ask(stations.store, "ALTER TABLE audit DISABLE TRIGGER USER")
    await ask(stations.store, "DELETE FROM audit WHERE sequence = 2")
    page = (await dana.submit("/audit/verify")).text
    assert "The trail is damaged." in page
    assert "Row 2 was removed" in page


async def test_an_empty_trail_is_no_fault(dana: Browser) -> None:
    page = (await dana.get("/audit")).text
    assert "Nothing like that stands in the trail." in page
