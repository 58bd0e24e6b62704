"""The figures' pages and spreadsheets: what was published and nothing else, to each role what is its own."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
from console.conftest import Browser
from counted import PARTS, tally, ticket
from fakes_bridge import Clock, ask
from fastapi import FastAPI

from hotline_bridge.console.figure_names import Names
from hotline_bridge.console.figures_csv import sheet
from hotline_bridge.figures.periods import Period
from hotline_bridge.figures.releases import Release
from hotline_bridge.flow.publish import publish
from hotline_bridge.flow.stations import DeskStations


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 20, 12, tzinfo=UTC) - datetime.now(UTC))


@pytest.fixture
async def published(stations: DeskStations) -> DeskStations:
    """October: 90 contacts in Uzbek, 40 in Russian and 7 in Tajik; August and September were quieter."""
    for language, times in (("uz", 90), ("ru", 40), ("tg", 7)):
        await tally(stations, date(2026, 10, 6), times, language=language, region="R-ALA")
    await tally(stations, date(2026, 9, 6), 33)
    await tally(stations, date(2026, 8, 6), 8)
    opened = datetime(2026, 10, 6, 12, tzinfo=UTC)
    for minutes in range(12):
        for need in ("talk_to_operator", "danger_now", "request_callback"):
            await ticket(stations, opened, need=need, taken_at=opened.replace(minute=minutes))
    await ticket(stations, opened, 3, need="danger_now")
    await publish(stations, PARTS)
    return stations


def cells(page: str) -> list[list[str]]:
    """The rows of every table, as they are read."""
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.S)
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)] for row in rows
    ]


async def rows(browser: Browser, path: str) -> list[dict[str, str]]:
    answer = await browser.get(path)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_before_the_first_month_is_over_the_page_says_when_figures_come(as_supervisor: Browser) -> None:
    page = (await as_supervisor.get("/figures")).text
    assert "The first figures appear on the second day of the next month." in page
    assert "<svg" not in page


async def test_the_newest_month_is_shown_with_its_shares_and_without_what_is_withheld(
    published: DeskStations, as_supervisor: Browser
) -> None:
    page = (await as_supervisor.get("/figures")).text
    assert "Figures: October 2026" in page
    found = cells(page)
    assert ["Uzbek", "90", "66 %"] in found
    assert ["Russian", "–Withheld", "–"] in found  # it would tell the seven in Tajik
    assert ["Tajik", "–Withheld", "–"] in found
    assert not any("7" in row or "40" in row for row in found)
    assert ["To be taken within the hour", "12", "6 minutes", "10 minutes"] in found


async def test_the_order_of_the_lines_tells_nothing_of_what_is_withheld(published: DeskStations, as_auditor: Browser) -> None:
    page = (await as_auditor.get("/figures")).text
    listed = [row[0] for row in cells(page) if row[0] in ("Kazakh", "Not recognised", "Russian", "Tajik", "Uzbek")]
    assert listed[:5] == ["Uzbek", "Kazakh", "Not recognised", "Russian", "Tajik"]


async def test_operators_see_the_teams_totals_alone(published: DeskStations, as_operator: Browser) -> None:
    page = (await as_operator.get("/figures?period=2026-10")).text
    assert ">137<" in page  # contacts
    assert "Uzbek" not in page
    assert "Contacts by language" not in page
    assert ".csv" not in page
    months = (await as_operator.get("/figures/months?first=2026-08&last=2026-10")).text
    assert ["Month", "Contacts", "Requests for a human", "Taken", "Answered by a human", "Closed"] in cells(months)
    assert (await as_operator.get("/figures/sheet.csv?period=2026-10")).status_code == 403


async def test_a_quarter_with_one_withheld_month_says_how_many_at_least(
    published: DeskStations, as_administrator: Browser
) -> None:
    page = (await as_administrator.get("/figures?period=2026-Q3")).text
    assert "Figures: 3rd quarter 2026" in page
    assert "33 or more" in page
    assert "41" not in re.sub(r"<[^>]*>", " ", page)  # not in the names of files and tokens


async def test_months_stand_beside_each_other_without_a_sum(published: DeskStations, as_auditor: Browser) -> None:
    page = (await as_auditor.get("/figures/months?first=2026-08&last=2026-10")).text
    found = cells(page)
    assert [row[:2] for row in found if row[0].endswith("2026")][:3] == [
        ["August 2026", "–Withheld"], ["September 2026", "33"], ["October 2026", "137"],
    ]  # fmt: skip
    assert "170" not in page
    wrong = await as_auditor.get("/figures/months?first=2026-10&last=2026-08")
    assert "Choose the earlier month first." in wrong.text


@pytest.mark.parametrize("period", ["2026-11", "2031", "2026-10-06", "x", "2026-W41", "../etc"])
async def test_a_period_without_figures_is_not_found(published: DeskStations, as_auditor: Browser, period: str) -> None:
    assert (await as_auditor.get("/figures", params={"period": period})).status_code == 404
    assert (await as_auditor.get("/figures/sheet.csv", params={"period": period})).status_code == 404


async def test_a_spreadsheet_holds_what_the_page_shows_and_nothing_of_what_is_withheld(
    published: DeskStations, as_auditor: Browser
) -> None:
    answer = await as_auditor.get("/figures/sheet.csv?period=2026-10")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="figures-2026-10.csv"'
    found = {row["number"]: row for row in await rows(as_auditor, "/figures/sheet.csv?period=2026-10")}
    (stored,) = await ask(published.store, "SELECT shown FROM releases WHERE period = '2026-10'")
    assert {cell: row["value"] for cell, row in found.items()} == {
        cell: "" if value is None else str(value) for cell, value in stored.shown["numbers"].items()
    }
    assert {row["withheld"] for row in found.values() if not row["value"]} == {"True"}
    assert found["contacts/language/tg"]["value"] == found["contacts/language/ru"]["value"] == ""
    assert found["taken/class/hour"]["median_seconds"] != ""
    assert found["answered/class/hour"]["median_seconds"] == ""


async def test_a_spreadsheet_of_many_months_has_each_of_them(published: DeskStations, as_supervisor: Browser) -> None:
    found = await rows(as_supervisor, "/figures/months.csv?first=2026-08&last=2026-10")
    assert {row["period"] for row in found} == {"2026-08", "2026-09", "2026-10"}
    assert (await as_supervisor.get("/figures/months.csv?first=2027-08&last=2027-10")).status_code == 404


def test_no_field_of_a_spreadsheet_is_taken_for_a_formula() -> None:
    release = Release(Period("2026-10"), datetime.now(UTC), {f"topics/topic/{n}": 20 for n in "=+-@\t\r"})
    written = sheet([release], Names(lambda text: text, lambda topic: f"{topic}cmd|' /C calc'!A0", lambda region: region))
    found = [row["part"] for row in csv.DictReader(io.StringIO(written.decode("utf-8-sig"), newline=""))]
    assert len(found) == 6
    assert {part[0] for part in found} == {"'"}


async def test_charts_are_drawn_without_script_or_style_and_say_what_they_show(
    published: DeskStations, as_supervisor: Browser
) -> None:
    page = (await as_supervisor.get("/figures?period=2026-10")).text
    assert 'style="' not in page
    charts = [ElementTree.fromstring(found) for found in re.findall(r"<svg class=\"chart\".*?</svg>", page, re.S)]
    assert charts
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for chart in charts:
        labelled = str(chart.get("aria-labelledby")).split()
        assert [chart.find(f".//*[@id='{one}']").text for one in labelled]  # type: ignore[union-attr]
        for bar in chart.iter("rect"):
            assert float(bar.get("width", 0)) <= 360


async def test_nothing_is_said_of_the_running_month(stations: DeskStations, as_operator: Browser) -> None:
    await tally(stations, date(2026, 11, 19), 29)
    page = (await as_operator.get("/figures")).text
    said = re.sub(r"<[^>]*>", " ", page[page.index("<main") : page.index("</main")])
    assert not re.search(r"\b2[09]\b", said)
    assert "The first figures appear" in said


async def test_the_figures_speak_the_readers_language(published: DeskStations, as_supervisor: Browser) -> None:
    await as_supervisor.submit("/preferences", language="ru")
    page = (await as_supervisor.get("/figures?period=2026-Q3")).text
    assert "3-й квартал 2026" in page


async def test_with_a_hundred_thousand_tickets_the_page_is_there_at_once(
    stations: DeskStations, as_supervisor: Browser, console: FastAPI
) -> None:
    await ask(
        stations.store,
        """
        INSERT INTO tickets (id, need, language, channel, opened_at, taken_at, closed_at, state, outcome)
        SELECT gen_random_uuid(), 'talk_to_operator', 'ru', 'telegram', t, t, t, 'closed', 'informed'
        FROM generate_series(1, 100000) AS n, LATERAL (SELECT '2026-11-19'::timestamptz - n * interval '40 seconds') AS at (t)
        """,
    )
    await publish(stations, PARTS)
    await as_supervisor.get("/figures")
    loop, took = asyncio.get_running_loop(), []
    for _ in range(20):
        began = loop.time()
        assert (await as_supervisor.get("/figures?period=2026-10")).status_code == 200
        took.append(loop.time() - began)
    assert sorted(took)[18] < 0.3, took
