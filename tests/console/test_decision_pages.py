"""The time to decide on its pages: noted on the conversation's, counted there, and listed with a reminder."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from console.cases import add_case
from console.conftest import Browser

from hotline_bridge.console import moments
from hotline_bridge.flow import operate
from hotline_bridge.flow.stations import DeskStations, today


@pytest.fixture
async def conversation(as_operator: Browser, stations: DeskStations) -> UUID:
    found = await add_case(stations)
    await operate.claim(stations, as_operator.account.id, found)
    return found


async def test_it_is_noted_and_counted_on_the_page(as_operator: Browser, stations: DeskStations, conversation: UUID) -> None:
    on = today(stations) - timedelta(days=25)
    await as_operator.submit(f"/conversations/{conversation}/identified", on=on.isoformat())
    page = (await as_operator.get(f"/conversations/{conversation}")).text
    assert "ends soon" in page
    assert (on + timedelta(days=30)).isoformat() not in page  # said as people say it
    assert str((on + timedelta(days=30)).year) in page
    happened = page.partition('id="timeline-title"')[2]
    assert moments.date_of_year(on, "en") in happened
    assert on.isoformat() not in happened
    listed = (await as_operator.get("/decision-times")).text
    assert f"/conversations/{conversation}" in listed
    assert "1 end soon" in (await as_operator.get("/decision-times/soon")).text
    await as_operator.submit(f"/conversations/{conversation}/not-identified")
    assert (await as_operator.get("/decision-times/soon")).text.strip() == ""


@pytest.mark.parametrize("on", ["", "yesterday", "2026-13-01", "9999-01-01"])
async def test_what_is_no_day_is_refused_with_a_sentence(as_operator: Browser, conversation: UUID, on: str) -> None:
    answer = await as_operator.submit(f"/conversations/{conversation}/identified", on=on)
    assert answer.status_code == 422
    assert "Give the day of the identification" in answer.text
