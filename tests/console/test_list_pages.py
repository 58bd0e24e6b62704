"""The lists to be read: every language beside the others, what is overdue marked, and no number that may not be given out."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml
from console.conftest import Browser, add_account, open_session
from fakes_bridge import Clock

from hotline_bridge import bootstrap, keeping
from hotline_bridge.console.app import app as make_app
from hotline_bridge.flow.stations import DeskStations
from hotline_bridge.keeping import Look
from hotline_bridge.knowledge import Text
from hotline_bridge.local_time import ZONE
from hotline_bridge.settings import PROJECT, load

KNOWLEDGE = PROJECT / "knowledge"
DAY = timedelta(days=1)


def words(html: str) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", html).split()))


def rows(html: str) -> list[str]:
    """The words of each row of the table's body."""
    body = re.search(r"<tbody>(.*?)</tbody>", html, re.DOTALL)
    assert body
    return [words(one) for one in re.findall(r"<tr>.*?</tr>", body[1], re.DOTALL)]


async def shown(browser: Browser, path: str) -> str:
    answer = await browser.get(path)
    assert answer.status_code == 200
    return answer.text


@pytest.fixture
def on(browser_of: Callable[..., Any], clock: Clock) -> Callable[[date], Any]:
    """An operator's browser on that day."""

    async def make(day: date) -> Browser:
        clock.advance(days=(day - clock().astimezone(ZONE).date()).days)
        made: Browser = await browser_of("operator")
        return made

    return make


def days(rows: Iterable[Any]) -> list[date]:
    """When they are to be looked at again."""
    return sorted({date.fromisoformat(str(one["review_by"])) for one in rows})


def read(name: str) -> list[Any]:
    """The rows of a file of the lawyer's."""
    found: list[Any] = yaml.safe_load((KNOWLEDGE / f"{name}.yml").read_text(encoding="utf-8"))[name]
    return found


# --- contacts ---


async def test_no_number_stands_there_that_is_not_switched_on(as_operator: Browser) -> None:
    html = await shown(as_operator, "/contacts")
    contacts = read("contacts")
    assert len(rows(html)) == len(contacts)
    for one in contacts:
        if one["number"] is not None:
            assert any(row.startswith(str(one["number"])) for row in rows(html)) == one["show"], one["id"]
    assert sum("Not to be given out" in row for row in rows(html)) == sum(not one["show"] for one in contacts)


async def test_a_number_that_was_never_phoned_says_so(as_operator: Browser) -> None:
    assert "112 Emergency dispatch" in rows(await shown(as_operator, "/contacts"))[0]
    assert "Never" in rows(await shown(as_operator, "/contacts"))[0]


async def test_an_overdue_number_is_marked(on: Callable[[date], Any]) -> None:
    last = days(read("contacts"))[-1]
    assert not all("Overdue" in row for row in rows(await shown(await on(last), "/contacts")))
    assert all("Overdue" in row for row in rows(await shown(await on(last + DAY), "/contacts")))


def test_a_test_call_is_read_with_its_day_and_what_was_heard(tmp_path: Path) -> None:
    path = tmp_path / "contacts.yml"
    path.write_text(
        """contacts:
  - {id: p1, what: A line, number: "555", status: secondary, seen: 2026, show: true, reviewed_on: 2026-11-01,
     review_by: 2027-11-01, last_test_call: {date: 2026-12-01, by: AB, answer: "ru and kk, day and night"}}
  - {id: p2, what: B line, number: "556", status: unconfirmed, seen: null, show: true, reviewed_on: 2026-11-01,
     review_by: 2027-11-01, last_test_call: null}
"""
    )
    called, unconfirmed = keeping.numbers(path.parent)
    assert called.test_call == keeping.Call(date(2026, 12, 1), "AB", "ru and kk, day and night")
    assert called.number == "555"
    assert (unconfirmed.number, unconfirmed.test_call) == (None, None)


async def test_the_day_the_caller_and_the_answer_of_a_test_call_stand_in_the_row(stations: DeskStations, tmp_path: Path) -> None:
    shutil.copytree(KNOWLEDGE, tmp_path / "knowledge")
    path = tmp_path / "knowledge" / "contacts.yml"
    path.write_text(
        """contacts:
  - {id: p1, what: A line, number: "555", status: secondary, seen: 2026, show: true, reviewed_on: 2026-11-01,
     review_by: 2027-11-01, last_test_call: {date: 2026-12-01, by: AB, answer: "ru and kk, <day> and night"}}
"""
    )
    account = await add_account(stations, "operator")
    app = make_app(load({}), replace(stations, lists=lambda: bootstrap.lists(tmp_path)))
    async with Browser(app, account, await open_session(stations, account)) as browser:
        (row,) = rows(html := await shown(browser, "/contacts"))
    assert "1 Dec 2026, AB: ru and kk, <day> and night" in row
    assert "Never" not in row
    assert "<day>" not in html


# --- organisations ---


async def test_every_organisation_stands_there_with_its_last_check_and_no_number(as_auditor: Browser) -> None:
    found = rows(await shown(as_auditor, "/organisations"))
    raw = read("organisations")
    assert len(found) == len(raw)
    for row, one in zip(found, raw, strict=True):
        assert one["names"]["en"] in row
        assert one["id"] in row
        assert not re.search(r"\+\s?\d|\b8[\s(-]+\d{3}", row), one["id"]


async def test_a_region_narrows_the_list_and_a_strange_one_does_not(as_operator: Browser) -> None:
    everything = rows(await shown(as_operator, "/organisations"))
    kostanay = rows(await shown(as_operator, "/organisations?region=R-KOS"))
    assert 0 < len(kostanay) < len(everything)
    assert all("Kostanay" in row or "All of Kazakhstan" in row for row in kostanay)
    assert rows(await shown(as_operator, "/organisations?region=R-XXX")) == everything


async def test_what_was_to_be_checked_is_marked(on: Callable[[date], Any]) -> None:
    first, last = (found := days(read("organisations")))[0], found[-1]
    assert not any("Overdue" in row for row in rows(await shown(await on(first), "/organisations")))
    html = await shown(await on(last + DAY), "/organisations")
    assert all("Overdue" in row for row in rows(html))
    assert f"{len(rows(html))} rows are to be looked at again" in words(html)


# --- facts ---


async def test_facts_are_overdue_after_their_day_and_soon_60_days_before(on: Callable[[date], Any]) -> None:
    first = keeping.facts(KNOWLEDGE)[0]
    due = first.look.review_by
    for day, state in ((due, "Within 60 days"), (due + DAY, "Overdue")):
        found = rows(await shown(await on(day), "/facts"))
        assert any(row.startswith(f"{first.id} ") and state in row for row in found)
    html = await shown(await on(due - timedelta(days=61)), "/facts")
    assert "Nothing is to be looked at within 60 days." in words(html)


async def test_a_year_without_its_index_is_told(on: Callable[[date], Any]) -> None:
    assert "Missing: all sums are withheld" in words(await shown(await on(date(2019, 6, 1)), "/facts"))


async def test_all_facts_are_there_and_a_topic_narrows_them(as_operator: Browser) -> None:
    everything = rows(await shown(as_operator, "/facts?show=all"))
    assert len(everything) == len(keeping.facts(KNOWLEDGE))
    wages = rows(await shown(as_operator, "/facts?show=all&topic=ask_unpaid_wages"))
    assert 0 < len(wages) < len(everything)
    assert rows(await shown(as_operator, "/facts?show=all&topic=nothing")) == everything


@pytest.mark.parametrize(
    ("today", "state"),
    [("2027-01-31", "soon"), ("2027-02-01", "overdue"), ("2026-12-02", "soon"), ("2026-12-01", "later")],
)
def test_when_a_look_is_due(today: str, state: str) -> None:
    look = Look(date(2026, 11, 21), date(2027, 1, 31))
    assert look.state(date.fromisoformat(today)) == state


# --- ready replies ---


async def test_ready_replies_stand_side_by_side_and_say_what_is_missing_or_withheld(stations: DeskStations) -> None:
    renderer = stations.renderer()
    knowledge = replace(
        renderer.knowledge,
        replies={
            "greet": renderer.knowledge.replies["greet"],
            "ready_known": replace(renderer.knowledge.replies["danger_now"], context="reply/danger_now"),
            "ready_new": Text("reply/ready_new", "Nobody has translated this."),
            "ready_hidden": Text("reply/ready_hidden", "Call {p1414}."),
        },
    )
    account = await add_account(stations, "auditor")
    app = make_app(load({}), replace(stations, renderer=lambda: replace(renderer, knowledge=knowledge)))
    async with Browser(app, account, await open_session(stations, account)) as browser:
        known, new, hidden = rows(await shown(browser, "/ready-replies"))
    assert known.startswith("If you can, call 112 now")
    assert "сейчас же звоните 112" in known
    assert "hozir 112 ga qo'ng'iroq qiling" in known
    assert "Not translated" not in known
    assert new.count("Not translated") == 4
    assert "1 SMS" in new
    assert "Withheld" in hidden
    assert "Withheld" not in known
    assert "1414" not in hidden.replace("{p1414}", "")


async def test_a_ready_reply_is_withheld_from_midnight_in_kazakhstan_on(stations: DeskStations, clock: Clock) -> None:
    last = stations.renderer().knowledge.facts["F-PHONE-1"].review_by
    for hour, withheld in ((18, False), (20, True)):  # 23:30, and 01:30 of the next day
        clock.shows(datetime.combine(last, time(hour, 30), UTC))
        account = await add_account(stations, "operator", login=f"at-{hour}")
        async with Browser(make_app(load({}), stations), account, await open_session(stations, account)) as browser:
            (row,) = [one for one in rows(await shown(browser, "/ready-replies")) if one.startswith("Are you in danger")]
        assert ("Withheld" in row) is withheld


async def test_the_lists_are_in_everybodys_navigation(as_auditor: Browser, as_administrator: Browser) -> None:
    for browser in (as_auditor, as_administrator):
        html = await shown(browser, "/contacts")
        for path in ("/ready-replies", "/organisations", "/contacts", "/facts"):
            assert f'href="{path}"' in html
