"""Many screens that ask for the same cost one, and nobody is shown what was."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest
from console.conftest import Browser
from fakes_bridge import ask
from markupsafe import Markup
from people import Person

from hotline_bridge.console import board
from hotline_bridge.console.board import Board, Row, Rows
from hotline_bridge.flow.stations import DeskStations, Stations
from hotline_bridge.tickets.queue import Counts, Totals


class Hearing:
    """Live, as far as a board looks at it."""

    def __init__(self, version: int | None) -> None:
        self.version = version


def drawn(*rows: str, below: str = "") -> Rows:
    """Rows of the conversations a, b, c …"""
    return Rows({name: Row(text, Markup(text)) for name, text in zip("abcdef", rows, strict=False)}, Markup(below), Totals(0, {}))


class Kitchen:
    """Makes rows and counts how often."""

    def __init__(self) -> None:
        self.made = 0
        self.fault: Exception | None = None

    async def make(self) -> Rows:
        self.made += 1
        await asyncio.sleep(0.01)
        if self.fault:
            raise self.fault
        return drawn(str(self.made))


@pytest.fixture
def hearing() -> Any:
    return Hearing(1)


@pytest.fixture
def kitchen() -> Kitchen:
    return Kitchen()


async def test_fifty_screens_at_once_are_one_reading(hearing: Any, kitchen: Kitchen) -> None:
    made = Board(hearing)
    found = await asyncio.gather(*(made.get("free", kitchen.make) for _ in range(50)))
    assert kitchen.made == 1
    assert {one.rows["a"].look for one in found} == {"1"}


async def test_after_a_change_it_is_read_anew_and_so_is_what_nobody_asked_for_yet(hearing: Any, kitchen: Kitchen) -> None:
    made = Board(hearing)
    await made.get("free", kitchen.make)
    hearing.version = 2
    assert (await made.get("free", kitchen.make)).rows["a"].look == "2"
    await made.get("all", kitchen.make)
    assert kitchen.made == 3


async def test_clocks_go_on_without_any_change(hearing: Any, kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "FRESH", 0.02)
    made = Board(hearing)
    await made.get("free", kitchen.make)
    await asyncio.sleep(0.03)
    await made.get("free", kitchen.make)
    assert kitchen.made == 2


async def test_while_nothing_is_heard_nothing_is_believed(kitchen: Kitchen) -> None:
    deaf: Any = Hearing(None)
    made = Board(deaf)
    await made.get("free", kitchen.make)
    await made.get("free", kitchen.make)
    assert kitchen.made == 2


async def test_a_failure_is_not_kept_and_a_screen_that_closes_takes_it_from_nobody(hearing: Any, kitchen: Kitchen) -> None:
    made = Board(hearing)
    kitchen.fault = ConnectionError()
    with pytest.raises(ConnectionError):
        await made.get("free", kitchen.make)
    kitchen.fault = None
    closing = asyncio.create_task(made.get("free", kitchen.make))
    staying = asyncio.create_task(made.get("free", kitchen.make))
    await asyncio.sleep(0)
    closing.cancel()
    assert (await staying).rows["a"].look == "2"


async def showing(board_: Board, rows: Rows) -> Rows:
    async def make() -> Rows:
        return rows

    return await board_.get(rows.mark, make)


async def test_a_screen_is_sent_how_all_rows_look_and_those_that_look_different(hearing: Any) -> None:
    made = Board(hearing)
    before = await showing(made, drawn("one", "two", "three"))
    rows = {"c": before.rows["c"], "d": Row("new", Markup("<tr>")), "a": before.rows["a"]}
    after = await showing(made, Rows(rows, Markup("more"), Totals(0, {})))
    sent = json.loads(made.changes(before.mark, after) or "")
    assert list(sent["looks"]) == ["c", "d", "a"]
    assert sent == {
        "looks": {"c": "three", "d": "new", "a": "one"}, "rows": {"d": "<tr>"}, "below": "more",
    }  # fmt: skip


async def test_two_that_look_the_same_have_one_mark_and_no_others() -> None:
    marks = [drawn("one").mark, drawn("one").mark, drawn("two").mark, drawn("one", below="x").mark, drawn("one", "x").mark]
    assert marks[0] == marks[1]
    assert len(set(marks)) == 4


async def test_who_shows_what_is_long_past_is_sent_every_row(hearing: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "KEPT", 2)
    made = Board(hearing)
    old = await showing(made, drawn("one", "two"))
    for text in ("three", "four"):
        now = await showing(made, drawn("one", text))
    for mark in (old.mark, "nonsense", ""):
        assert list(json.loads(made.changes(mark, now) or "")["rows"]) == ["a", "b"]


async def test_who_shall_show_no_table_fetches_everything(hearing: Any) -> None:
    made = Board(hearing)
    some, none = await showing(made, drawn("one")), await showing(made, drawn())
    assert made.changes(some.mark, none) is None
    assert list(json.loads(made.changes(none.mark, some) or "")["rows"]) == ["a"]  # queue.js sees that it has no table


def test_each_account_sees_its_own_count() -> None:
    anna, bolat = uuid4(), uuid4()
    totals = Totals(3, {anna: 2, bolat: 1})
    assert totals.of(anna) == Counts(3, 2, 6)
    assert totals.of(uuid4()) == Counts(3, 0, 6)


async def test_what_is_shared_holds_nothing_of_whoever_asked_first(
    anna: Browser, bolat: Browser, console: Any, stations: DeskStations, person: Person, bridge: Stations
) -> None:
    conversation = await person.asks("мне не платят зарплату третий месяц")
    async with console.state.live.screen() as screen:
        await screen.told(5)
        assert console.state.live.version
        first = (await anna.get("/queue/rows?language=all")).text
        await ask(bridge, "UPDATE tickets SET waiting_since = now() - interval '3 hours'")  # without any signal
        second = (await bolat.get("/queue/rows?language=all")).text
        assert first == second
        assert str(conversation) in first
        assert anna.csrf not in first
        await anna.submit(f"/conversations/{conversation}/claim")
        await asyncio.wait_for(told_of_queue(screen), 5)
        assert str(conversation) not in (await bolat.get("/queue/rows?language=all")).text
        assert 'class="count">1<' in (await anna.get("/queue/rows?language=all")).text


async def told_of_queue(screen: Any) -> None:
    while not any(event.name == "queue" for event in await screen.told(1)):
        pass
