"""The pages of shifts: who plans, what stands in the week, where nobody is, and what a form may say."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from console.conftest import Browser, add_account
from fakes_bridge import Clock, ask

from hotline_bridge.flow.stations import DeskStations
from hotline_bridge.local_time import ZONE

EVERY_DAY = [str(n) for n in range(7)]


@pytest.fixture
async def anna(stations: DeskStations) -> Any:
    return await add_account(stations, name="Anna", languages=("ru", "kk"))


def today(clock: Clock) -> date:
    return clock().astimezone(ZONE).date()


async def plan(browser: Browser, who: Any, **fields: Any) -> Any:
    given = {"account": str(who.id), "starts": "08:00", "ends": "16:00", "kind": "there", **fields}
    return await browser.submit("/shifts", **given)


def row(html: str, name: str) -> str:
    """The words of a table's row."""
    found = re.search(rf'<th scope="row">{name}\b.*?</tr>', html, re.DOTALL)
    assert found, html
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


async def shift_ids(stations: DeskStations) -> list[Any]:
    return [r.id for r in await ask(stations.store, "SELECT id FROM shifts ORDER BY weekday, day, starts")]


async def test_a_weekly_shift_stands_in_every_week(as_supervisor: Browser, anna: Any, clock: Clock) -> None:
    done = await plan(as_supervisor, anna, weekdays=["0", "2"])
    assert (done.status_code, done.headers["location"]) == (303, "/shifts")
    assert "The shift is planned." in (await as_supervisor.get("/shifts")).text
    for week in ("", f"?week={today(clock) + timedelta(days=70)}"):
        shown = row((await as_supervisor.get(f"/shifts{week}")).text, "Anna")
        assert shown.count("08:00–16:00") == 2


async def test_a_single_date_stands_in_its_week_alone(as_supervisor: Browser, anna: Any, clock: Clock) -> None:
    day = today(clock) + timedelta(days=7)
    done = await plan(as_supervisor, anna, day=day.isoformat())
    assert done.headers["location"] == f"/shifts?week={day}"
    assert "08:00–16:00 once" in row((await as_supervisor.get(f"/shifts?week={day}")).text, "Anna")
    assert "08:00" not in row((await as_supervisor.get("/shifts")).text, "Anna")


async def test_where_nobody_is_there_is_said_for_each_language(as_supervisor: Browser, anna: Any) -> None:
    await plan(as_supervisor, anna, weekdays=EVERY_DAY, starts="08:00", ends="08:00")
    shown = (await as_supervisor.get("/shifts")).text
    assert row(shown, "Uzbek").count("Nobody") == 7
    assert row(shown, "Russian").count("All day") >= 6
    assert "Now there: Anna." in " ".join(re.sub(r"<[^>]+>", " ", shown).replace(" .", ".").split())


async def test_a_gap_names_its_hours(as_supervisor: Browser, anna: Any) -> None:
    await plan(as_supervisor, anna, weekdays=EVERY_DAY, starts="20:00", ends="06:00")
    assert "Nobody 06:00–20:00" in row((await as_supervisor.get("/shifts?week=2030-01-09")).text, "Kazakh")


async def test_an_absence_is_a_gap_again(as_supervisor: Browser, anna: Any, clock: Clock) -> None:
    day = today(clock) + timedelta(days=14)
    await plan(as_supervisor, anna, weekdays=EVERY_DAY, starts="00:00", ends="00:00")
    await plan(as_supervisor, anna, day=day.isoformat(), starts="12:00", ends="13:00", kind="away")
    shown = (await as_supervisor.get(f"/shifts?week={day}")).text
    assert row(shown, "Russian").count("Nobody 12:00–13:00") == 1
    assert "Away 12:00–13:00 once" in row(shown, "Anna")


async def test_a_shift_is_changed_and_removed(as_supervisor: Browser, anna: Any, stations: DeskStations) -> None:
    await plan(as_supervisor, anna, weekdays=["0"])
    (shift,) = await shift_ids(stations)
    form = (await as_supervisor.get(f"/shifts/{shift}")).text
    assert 'value="08:00"' in form
    assert re.search(rf'<option value="{anna.id}" selected>', form)
    done = await as_supervisor.submit(
        f"/shifts/{shift}", account=str(anna.id), starts="09:00", ends="17:00", weekdays=["1"], kind="there"
    )
    assert done.status_code == 303
    assert "09:00–17:00" in row((await as_supervisor.get("/shifts")).text, "Anna")
    await as_supervisor.submit(f"/shifts/{shift}/remove")
    assert await shift_ids(stations) == []
    assert (await as_supervisor.get(f"/shifts/{shift}")).status_code == 404
    gone = await as_supervisor.submit(
        f"/shifts/{shift}", account=str(anna.id), starts="09:00", ends="17:00", weekdays=["1"], kind="there"
    )
    assert gone.status_code == 422
    assert "This shift was removed meanwhile." in gone.text
    trail = await ask(
        stations.store, "SELECT facts->>'change' AS change FROM audit WHERE action = 'list_changed' ORDER BY sequence"
    )
    assert [r.change for r in trail] == ["added", "changed", "removed"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"weekdays": ["0"], "account": "nobody"}, "Choose somebody who answers people"),
        ({"weekdays": ["0"], "account": str(uuid4())}, "Choose somebody who answers people"),
        ({}, "Choose days of the week, or one date"),
        ({"weekdays": ["7"]}, "Choose days of the week, or one date"),
        ({"weekdays": ["0"], "day": "2099-01-05"}, "Choose days of the week, or one date"),
        ({"weekdays": ["0"], "kind": "away"}, "An absence needs a date"),
        ({"day": "soon"}, "Choose days of the week, or one date"),
        ({"day": "2020-01-05"}, "This date is over."),
        ({"weekdays": ["0"], "starts": "late"}, "Enter both times"),
        ({"weekdays": ["0"], "ends": "25:00"}, "Enter both times"),
    ],
)
async def test_what_cannot_be_planned_is_said_and_what_was_entered_stays(
    as_supervisor: Browser, anna: Any, stations: DeskStations, fields: dict[str, Any], sentence: str
) -> None:
    shown = await plan(as_supervisor, anna, **fields)
    assert shown.status_code == 422
    assert sentence in shown.text
    assert await shift_ids(stations) == []
    if "account" not in fields:
        assert re.search(rf'<option value="{anna.id}" selected>', shown.text)


async def test_the_same_shift_twice_is_refused(as_supervisor: Browser, anna: Any, stations: DeskStations) -> None:
    await plan(as_supervisor, anna, weekdays=["0"])
    assert "This is planned already." in (await plan(as_supervisor, anna, weekdays=["0"])).text
    await plan(as_supervisor, anna, weekdays=["0", "1"])
    assert len(await shift_ids(stations)) == 2


async def test_administrators_and_auditors_are_on_no_shift(as_supervisor: Browser, stations: DeskStations) -> None:
    for role in ("administrator", "auditor"):
        other = await add_account(stations, role, name="Other")
        assert (await plan(as_supervisor, other, weekdays=["0"])).status_code == 422
    assert "Other" not in (await as_supervisor.get("/shifts")).text


async def test_an_operator_sees_their_own_week_and_nobody_elses(as_supervisor: Browser, as_operator: Browser, anna: Any) -> None:
    await plan(as_supervisor, anna, weekdays=["0"])
    await plan(as_supervisor, as_operator.account, weekdays=EVERY_DAY, starts="00:00", ends="00:00")
    shown = (await as_operator.get("/shifts")).text
    assert "Anna" not in shown
    assert "Uzbek" not in shown
    assert "All day" in shown
    assert "You are on shift now" in shown
    assert 'action="/shifts' not in shown
    assert 'href="/shifts/' not in shown


async def test_the_week_says_who_cannot_be_called(as_supervisor: Browser, anna: Any) -> None:
    assert "No pager" in row((await as_supervisor.get("/shifts")).text, "Anna")


@pytest.mark.parametrize("week", ["x", "0001-01-01", "9999-12-31", "2026-13-01", "2026-W49"])
async def test_a_week_that_cannot_be_shown_is_this_one(as_supervisor: Browser, week: str) -> None:
    assert (await as_supervisor.get(f"/shifts?week={week}")).status_code == 200


async def test_dates_long_over_are_removed_when_something_is_planned(
    as_supervisor: Browser, anna: Any, stations: DeskStations
) -> None:
    await ask(
        stations.store,
        """INSERT INTO shifts (id, account_id, day, starts, ends)
           VALUES (gen_random_uuid(), :a, current_date - 100, '8:00', '9:00')""",
        a=anna.id,
    )
    await plan(as_supervisor, anna, weekdays=["0"])
    assert len(await shift_ids(stations)) == 1
