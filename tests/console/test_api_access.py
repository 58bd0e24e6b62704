"""Access for other case systems, as administrators give it: tokens and secrets are shown once, and refusals say why."""

from __future__ import annotations

import re
from html import unescape

import pytest
from console.conftest import Browser
from fakes_bridge import Clock, ask

from hotline_bridge.console.api_access_views import DAYS, EVENT_NAMES, REFUSALS, SCOPE_NAMES
from hotline_bridge.flow import partner_access
from hotline_bridge.flow.stations import DeskStations
from hotline_bridge.partners.tokens import SCOPES
from hotline_bridge.tickets.changes import EVENTS


def shown(page: str) -> str:
    found = re.search(r'id="shown-text"[^>]* value="([^"]*)"', page)
    assert found, page
    return unescape(found[1])


async def test_a_token_is_shown_once_and_works(as_administrator: Browser, stations: DeskStations) -> None:
    page = await as_administrator.submit(
        "/api-access/tokens", name=" Case   system ", days="30", scopes=["figures:read", "tickets:read"]
    )
    token = shown(page.text)
    assert token not in (await as_administrator.get("/api-access")).text
    answer = await as_administrator.get("/api/v1/figures", headers={"authorization": f"Bearer {token}"})
    assert answer.json() == {"items": []}
    (row,) = await ask(stations.store, "SELECT name, scopes, made_by FROM console.api_tokens")
    assert (row.name, row.scopes, row.made_by) == ("Case system", ["tickets:read", "figures:read"], as_administrator.account.id)
    trail = await ask(stations.store, "SELECT facts FROM audit WHERE action = 'token_made' ORDER BY sequence")
    assert [("figures_read" in str(one.facts), "tickets_read" in str(one.facts)) for one in trail] == [
        (False, True),
        (True, False),
    ]


async def test_a_token_is_withdrawn_and_its_row_stays(as_administrator: Browser, stations: DeskStations) -> None:
    token = shown((await as_administrator.submit("/api-access/tokens", name="A", days="30", scopes="tickets:read")).text)
    (row,) = await ask(stations.store, "SELECT id FROM console.api_tokens")
    for _ in range(2):
        answer = await as_administrator.submit(f"/api-access/tokens/{row.id}/withdraw")
        assert answer.headers["location"] == "/api-access"
    page = (await as_administrator.get("/api-access")).text
    assert "Withdrawn" in page
    assert f"{token[:12]}…" in page
    refused = await as_administrator.get("/api/v1/tickets", headers={"authorization": f"Bearer {token}"})
    assert refused.status_code == 401
    (count,) = await ask(stations.store, "SELECT count(*) FROM audit WHERE action = 'token_withdrawn'")
    assert count[0] == 1


async def test_an_expired_token_is_shown_as_that(as_administrator: Browser, clock: Clock, stations: DeskStations) -> None:
    await partner_access.make_token(stations, as_administrator.account.id, "A", ["tickets:read"], 30)
    await ask(stations.store, "UPDATE console.api_tokens SET expires_at = now() - interval '1 day'")
    assert "Expired" in (await as_administrator.get("/api-access")).text


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"name": "", "days": "30", "scopes": "tickets:read"}, "name"),
        ({"name": "x" * 81, "days": "30", "scopes": "tickets:read"}, "name"),
        ({"name": "A", "days": "30"}, "scopes"),
        ({"name": "A", "days": "30", "scopes": ["tickets:read", "everything"]}, "scopes"),
        ({"name": "A", "days": "3650", "scopes": "tickets:read"}, "days"),
    ],
)
async def test_a_token_that_may_not_be_is_not_made(
    as_administrator: Browser, stations: DeskStations, fields: dict[str, str], reason: str
) -> None:
    answer = await as_administrator.submit("/api-access/tokens", **fields)
    assert answer.status_code == 422
    assert REFUSALS[reason] in unescape(answer.text)
    assert await ask(stations.store, "SELECT 1 FROM console.api_tokens") == []


async def test_a_webhook_is_added_shows_what_it_met_and_is_removed(as_administrator: Browser, stations: DeskStations) -> None:
    page = await as_administrator.submit("/api-access/webhooks", url="https://cases.example/hook", events=list(EVENTS))
    secret = shown(page.text)
    assert secret.startswith("whsec_")
    page = (await as_administrator.get("/api-access")).text
    assert secret not in page
    assert "Everything delivered" in page
    (row,) = await ask(stations.store, "SELECT id FROM webhooks")
    await ask(
        stations.store,
        "INSERT INTO webhook_deliveries (id, webhook_id, event, body, state, attempts, answer, done_at)"
        " VALUES (gen_random_uuid(), :w, 'ticket.opened', '{}', 'failed', 9, 'unreachable', now())",
        w=row.id,
    )
    page = (await as_administrator.get("/api-access")).text
    assert "1 not delivered" in page
    assert "<code>unreachable</code>" in page
    await as_administrator.submit(f"/api-access/webhooks/{row.id}/again")
    assert "1 waits" in (await as_administrator.get("/api-access")).text
    await as_administrator.submit(f"/api-access/webhooks/{row.id}/remove")
    assert "There is no webhook yet." in (await as_administrator.get("/api-access")).text


@pytest.mark.parametrize(
    ("url", "reason"),
    [("http://cases.example/", "url"), ("https://10.0.0.1/", "private"), ("", "url"), ("https://<script>/", "url")],
)
async def test_a_webhook_that_may_not_be_is_not_added(
    as_administrator: Browser, stations: DeskStations, url: str, reason: str
) -> None:
    answer = await as_administrator.submit("/api-access/webhooks", url=url, events="ticket.opened")
    assert answer.status_code == 422
    assert REFUSALS[reason] in unescape(answer.text)
    assert await partner_access.webhooks(stations) == []


def test_everything_that_can_be_chosen_or_refused_has_a_name() -> None:
    assert set(SCOPE_NAMES) == set(SCOPES)
    assert set(EVENT_NAMES) == set(EVENTS)
    assert set(DAYS) == set(partner_access.DAYS)
