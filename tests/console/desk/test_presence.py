"""Who is there: whoever does something. A page that is only open keeps nobody from being answered by somebody else."""

from __future__ import annotations

import re
from uuid import UUID

from console.conftest import Browser
from console.doors import somebody
from fakes_bridge import Clock, ask
from people import Person

from hotline_bridge.accounts import sessions
from hotline_bridge.flow import operate
from hotline_bridge.flow.lost import LOST_AFTER, give_back_lost
from hotline_bridge.flow.stations import DeskStations, Stations
from hotline_bridge.settings import PROJECT

LOST = "UPDATE conversations SET operator_seen_at = now() - interval '16 minutes'"


async def test_whoever_does_something_anywhere_in_the_console_keeps_what_they_have(
    anna: Browser, taken: UUID, bridge: Stations, clock: Clock
) -> None:
    for deed in (anna.submit("/session"), anna.get("/queue"), anna.get("/account")):
        await ask(bridge, LOST)
        clock.advance(minutes=2)
        await deed
        assert await give_back_lost(bridge) == 0


async def test_a_page_that_is_only_open_keeps_neither_what_its_operator_has_nor_the_session(
    anna: Browser, taken: UUID, bridge: Stations, clock: Clock
) -> None:
    await ask(bridge, LOST)
    clock.advance(minutes=2)
    before = await ask(bridge, "SELECT last_seen_at FROM console.sessions")
    for part in ("now?writing=yes", "reveals", "referrals"):
        assert (await anna.get(f"/conversations/{taken}/{part}")).status_code == 200
    for path in ("/queue/rows", "/decision-times/soon"):
        assert (await anna.get(path)).status_code == 200
    assert await ask(bridge, "SELECT last_seen_at FROM console.sessions") == before
    assert await give_back_lost(bridge) == 1


async def test_whoever_signs_out_gives_back_whom_they_have_and_is_told_how_many(
    anna: Browser, taken: UUID, person: Person, bridge: Stations
) -> None:
    answer = await anna.submit("/sign-out")
    assert answer.status_code == 303
    assert [tuple(row) for row in await ask(bridge, "SELECT state, taken_by FROM tickets")] == [("open", None)]
    rows = await ask(bridge, "SELECT actor, action FROM audit ORDER BY sequence DESC LIMIT 2")
    assert [tuple(row) for row in rows] == [(anna.account.id, "signed_out"), (anna.account.id, "given_back")]
    assert "wait in the queue again: 1." in (await anna.get("/sign-in")).text


async def test_whoever_signs_in_again_keeps_what_they_have(
    as_nobody: Browser, conversation: UUID, stations: DeskStations, clock: Clock
) -> None:
    dilyara = await somebody(stations, clock)
    await operate.claim(stations, dilyara.account.id, conversation)
    await ask(stations, LOST)
    assert (await dilyara.knocks(as_nobody)).status_code == 303
    assert await give_back_lost(stations) == 0


async def test_pages_know_when_the_session_ends_and_when_an_operator_is_lost_and_which_of_them_show_somebody_they_have(
    anna: Browser, bolat: Browser, taken: UUID
) -> None:
    """What console.js asks by: two minutes before either."""
    mine = (await anna.get(f"/conversations/{taken}")).text
    assert f'data-idle="{int(sessions.IDLE.total_seconds())}" data-lost="{int(LOST_AFTER.total_seconds())}"' in mine
    assert "data-have" in mine
    assert "data-have" not in (await bolat.get(f"/conversations/{taken}")).text
    for browser, people in ((anna, 1), (bolat, 0)):
        assert f"data-have>{people}</span>" in (await browser.get("/queue")).text


def test_no_page_sends_anything_by_itself() -> None:
    """Nobody is there because a clock in their browser says so."""
    seen = 0
    for path in (PROJECT / "hotline_bridge" / "console" / "templates").rglob("*.html"):
        for tag in re.findall(r"<[^>]*hx-post=[^>]*>", path.read_text()):
            seen += 1
            assert not re.search(r'hx-trigger="[^"]*\b(every|load|sse:|revealed|intersect)', tag), (path.name, tag)
    assert seen
