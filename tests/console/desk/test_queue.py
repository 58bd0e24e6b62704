"""The queue page: who waits, the most endangered first, and nobody invisible without a word."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from console.conftest import Browser
from console.desk.conftest import agree
from fakes_bridge import Clock as MovedClock
from fakes_bridge import ask
from people import Person

from hotline_bridge import safe_contact
from hotline_bridge.console.queue_views import Wanted
from hotline_bridge.console.waiting import Clock, clock, in_order
from hotline_bridge.flow.stations import DeskStations, Stations
from hotline_bridge.messages import Channel
from hotline_bridge.safe_contact import Agreement
from hotline_bridge.tickets.queue import Elsewhere, Row

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def row(waited: float, promise: float = 30, operator: UUID | None = None) -> Row:
    since = NOON - timedelta(minutes=waited)
    due = since + timedelta(minutes=promise)
    return Row(
        uuid4(), ("talk_to_operator",), False, None, since, due, 0, "ru", "cyrl", "telegram", None, (), None, None, operator
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (row(0.5), Clock("good", 0, 30)),
        (row(12), Clock("good", 12, 30)),
        (row(22.5), Clock("soon", 22, 30)),
        (row(30), Clock("late", 30, 30, 1)),
        (row(35.9), Clock("late", 35, 30, 5)),
        (row(2, promise=2), Clock("late", 2, 2, 1)),
        (row(40, operator=uuid4()), Clock("taken", 40, 30)),
        (replace(row(40, operator=uuid4()), answer_by=NOON + timedelta(seconds=1)), Clock("taken", 40, 30)),
        (replace(row(40, operator=uuid4()), answer_by=NOON - timedelta(minutes=2)), Clock("unanswered", 7, 30)),
        (row(-1), Clock("good", 0, 30)),  # the database's clock may be ahead of ours
    ],
)
def test_the_clock_warns_before_the_promise_runs_out_and_says_how_late_it_is(given: Row, expected: Clock) -> None:
    assert clock(given, NOON) == expected


NIGHT = datetime(2026, 12, 1, 19, 30, tzinfo=UTC)  # half past midnight in Kazakhstan
MORNING = NIGHT + timedelta(hours=5.5)
CALL = Elsewhere("call", ("morning",), NIGHT - timedelta(hours=5))


def to_be_called(way: Elsewhere = CALL, *, danger: bool = False) -> Row:
    """Somebody who has waited for five hours for what was promised in four."""
    since = NIGHT - timedelta(hours=5)
    return replace(row(0), waiting_since=since, due_at=since + timedelta(hours=4), elsewhere=way, danger=danger)


@pytest.mark.parametrize(
    ("given", "now", "expected"),
    [
        (to_be_called(), NIGHT, Clock("good", 300, 240, 0, MORNING)),
        (to_be_called(), MORNING + timedelta(hours=3), Clock("soon", 810, 240, 0, MORNING)),
        (to_be_called(), MORNING + timedelta(hours=5), Clock("late", 930, 240, 60, MORNING)),
        (to_be_called(replace(CALL, hours=())), NIGHT, Clock("late", 300, 240, 60)),
        (to_be_called(replace(CALL, heard_at=NIGHT - timedelta(minutes=59))), NIGHT, Clock("late", 300, 240, 60)),
        (to_be_called(danger=True), NIGHT, Clock("late", 300, 240, 60)),
    ],
)
def test_the_clock_presses_nobody_to_call_outside_the_agreed_hours(given: Row, now: datetime, expected: Clock) -> None:
    assert clock(given, now) == expected


def test_who_is_to_be_called_in_the_morning_stands_behind_who_is_late_now() -> None:
    late = replace(row(0), waiting_since=NIGHT - timedelta(hours=2), due_at=NIGHT - timedelta(hours=1))
    endangered = to_be_called(danger=True)
    assert in_order([to_be_called(), late, endangered], NIGHT)[:2] == [endangered, late]
    assert in_order([late, to_be_called()], MORNING + timedelta(hours=5))[0] == late


async def test_the_row_says_that_a_call_was_agreed_and_for_when_and_is_not_late_before(
    anna: Browser, conversation: UUID, stations: DeskStations, bridge: Stations, clock: MovedClock
) -> None:
    await ask(bridge, "UPDATE tickets SET need = 'request_callback', waiting_since = now() - interval '5 hours'")
    await ask(bridge, "UPDATE inbox SET received_at = now() - interval '5 hours'")
    page = (await anna.get("/queue")).text
    assert "late by" in page
    assert "agreed" not in page
    now = safe_contact.part_of_day(clock())
    await agree(stations, conversation, Agreement("call", ("day" if now != "day" else "night",), True, "[PHONE_1]"))
    page = (await anna.get("/queue")).text
    assert "Call agreed: " + ("Day (12 to 18)" if now != "day" else "Night (0 to 6)") in page
    assert "promise 4 h 0 min from " in page
    assert "late by" not in page


def order(page: str) -> list[UUID]:
    return [UUID(found) for found in re.findall(r'id="row-([0-9a-f-]{36})"', page)]


async def test_danger_stands_first_and_every_row_says_what_is_known(anna: Browser, bridge: Stations) -> None:
    waits = await Person(bridge, "1").asks("мне не платят зарплату третий месяц")
    endangered = await Person(bridge, "+77010000001", Channel.TWILIO).asks("маро зада истодаанд ёрӣ диҳед")
    await ask(bridge, "UPDATE conversations SET region = 'R-ALM', topics = '[\"ask_unpaid_wages\"]' WHERE id = :c", c=waits)
    page = (await anna.get("/queue?language=all")).text
    assert order(page) == [endangered, waits]
    first, second = page.split("data-row")[1:]
    assert all(said in first for said in ("endangered", "Danger", "Tajik", "SMS (Twilio)", "0 min, promise 2 min"))
    known = ("The assistant gave no answer", "Russian", "Telegram", "Almaty region", "promise 30 min", "Not paid for work")
    assert all(said in second for said in known)


async def test_who_is_late_is_said_in_words(anna: Browser, bridge: Stations, conversation: UUID) -> None:
    await ask(bridge, "UPDATE tickets SET waiting_since = now() - interval '35 minutes'")
    assert "late by 5 min" in (await anna.get("/queue")).text


async def test_the_tabs_count_and_show_mine_free_and_all(anna: Browser, bolat: Browser, taken: UUID, bridge: Stations) -> None:
    free = await Person(bridge, "2").asks("у меня забрали паспорт и не отдают")
    page = (await anna.get("/queue")).text
    assert re.findall(r'class="count"[^>]*>(\d+)<', page) == ["1", "1", "2"]
    assert order(page) == [free]
    assert order((await anna.get("/queue?tab=mine")).text) == [taken]
    assert order((await bolat.get("/queue?tab=mine")).text) == []
    everybody = (await bolat.get("/queue?tab=all")).text
    assert set(order(everybody)) == {free, taken}
    assert "Anna" in everybody


async def test_another_language_is_hidden_but_said_and_danger_never_hidden(anna: Browser, bridge: Stations) -> None:
    tajik = await Person(bridge, "1").asks("музди маоши маро намедиҳанд, чӣ кор кунам")
    endangered = await Person(bridge, "2").asks("маро зада истодаанд ёрӣ диҳед")
    page = (await anna.get("/queue")).text
    assert order(page) == [endangered]
    assert "1 more are not shown" in page
    assert set(order((await anna.get("/queue?language=all")).text)) == {tajik, endangered}


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("channel=telegram", True),
        ("channel=sms_twilio", False),
        ("topic=ask_unpaid_wages", True),
        ("topic=ask_shelter", False),
        ("region=R-ALM", True),
        ("region=R-ABA", False),
        ("need=assistant_silent", True),
        ("need=withheld", False),
        ("language=ru", True),
        ("language=kk", False),
    ],
)
async def test_each_filter_narrows(anna: Browser, bridge: Stations, conversation: UUID, query: str, fits: bool) -> None:
    await ask(bridge, "UPDATE conversations SET region = 'R-ALM', topics = '[\"ask_unpaid_wages\"]'")
    assert order((await anna.get(f"/queue?{query}")).text) == ([conversation] if fits else [])


async def test_a_filter_hides_no_other_need_of_the_same_person(anna: Browser, person: Person) -> None:
    conversation = await person.asks("мне не платят зарплату третий месяц", "маро зада истодаанд ёрӣ диҳед")
    page = (await anna.get("/queue?need=assistant_silent")).text
    assert order(page) == [conversation]
    assert "Danger now, The assistant gave no answer" in page


async def test_nonsense_in_the_address_is_no_error(anna: Browser, conversation: UUID) -> None:
    page = await anna.get("/queue?tab=x&language=xx&need=y&channel=%27&topic=%00&region=")
    assert page.status_code == 200


async def test_what_refreshes_by_itself_keeps_the_filter(anna: Browser, conversation: UUID) -> None:
    page = (await anna.get("/queue?tab=all&need=assistant_silent")).text
    address = re.search(r'hx-get="(/queue/rows[^"]*)"', page)
    assert address
    fragment = (await anna.get(address[1].replace("&amp;", "&"))).text
    assert order(fragment) == [conversation]
    assert "<html" not in fragment
    assert 'hx-swap-oob="true"' in fragment


async def test_supervisors_see_the_queue_and_auditors_and_administrators_do_not(
    browser_of: Callable[..., Awaitable[Browser]], conversation: UUID
) -> None:
    for role, status in (("supervisor", 200), ("auditor", 403), ("administrator", 403)):
        browser = await browser_of(role)
        for path in ("/queue", "/queue/rows", f"/conversations/{conversation}", f"/conversations/{conversation}/now"):
            assert (await browser.get(path)).status_code == status, (role, path)


def test_a_filter_by_hand_stands_in_the_address_and_what_is_usual_does_not() -> None:
    assert Wanted().query() == ""
    assert Wanted(tab="all", need="danger_now").query() == "?tab=all&need=danger_now"
    assert Wanted(need="danger_now").query(tab="mine") == "?tab=mine&need=danger_now"
