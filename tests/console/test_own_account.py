"""What somebody changes about themselves, and that whoever sits down at their desk cannot."""

from __future__ import annotations

import re

import pytest
from console.conftest import Browser
from console.doors import OTHER, PASSWORD, Somebody, somebody
from fakes_bridge import Clock, ask
from fastapi import FastAPI

from hotline_bridge.console import cookies
from hotline_bridge.flow import guessers
from hotline_bridge.flow.stations import DeskStations


@pytest.fixture
async def dilyara(stations: DeskStations, clock: Clock) -> Somebody:
    return await somebody(stations, clock)


@pytest.fixture
async def desk(as_nobody: Browser, dilyara: Somebody, clock: Clock) -> Browser:
    """Dilyara's browser, signed in."""
    assert (await dilyara.knocks(as_nobody)).status_code == 303
    clock.advance(seconds=30)
    return as_nobody


async def test_the_password_changes_and_sessions_elsewhere_end(
    desk: Browser, dilyara: Somebody, console: FastAPI, clock: Clock
) -> None:
    async with Browser(console) as elsewhere:
        assert (await dilyara.knocks(elsewhere)).status_code == 303
        clock.advance(seconds=30)
        done = await desk.submit("/account/password", old=PASSWORD, code=dilyara.code(), new=OTHER, repeated=OTHER)
        assert (done.status_code, done.headers["location"]) == (303, "/account")
        assert "Your password is changed." in (await desk.get("/account")).text
        assert (await elsewhere.get("/account")).status_code == 303
        clock.advance(seconds=30)
        assert (await dilyara.knocks(elsewhere)).status_code == 422
        assert (await dilyara.knocks(elsewhere, password=OTHER)).status_code == 303


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"old": "wrong wrong wrong"}, "password or code is not right"),
        ({"code": "000000"}, "password or code is not right"),
        ({"repeated": "x"}, "The two passwords differ."),
        ({"new": "short", "repeated": "short"}, "too short"),
        ({"new": "dilyara dilyara 1", "repeated": "dilyara dilyara 1"}, "holds your login"),
    ],
)
async def test_without_the_right_words_the_password_stays(
    desk: Browser, dilyara: Somebody, clock: Clock, fields: dict[str, str], sentence: str
) -> None:
    given = {"old": PASSWORD, "code": dilyara.code(), "new": OTHER, "repeated": OTHER, **fields}
    answer = await desk.submit("/account/password", **given)
    assert answer.status_code == 422
    assert sentence in answer.text
    clock.advance(seconds=60)
    assert (await dilyara.knocks(desk)).status_code == 303


async def test_somebody_sees_where_they_are_signed_in_and_ends_the_others(
    desk: Browser, dilyara: Somebody, console: FastAPI, clock: Clock
) -> None:
    assert "End the other sessions" not in (await desk.get("/account")).text
    async with Browser(console) as elsewhere:
        assert (await dilyara.knocks(elsewhere)).status_code == 303
        clock.advance(seconds=30)
        page = (await desk.get("/account")).text
        assert page.count("last used") == 2
        assert page.count(">Here<") == 1
        assert (await desk.submit("/account/sessions", old="wrong wrong wrong", code=dilyara.code())).status_code == 422
        assert (await elsewhere.get("/account")).status_code == 200
        assert (await desk.submit("/account/sessions", old=PASSWORD, code=dilyara.code())).status_code == 303
        assert (await elsewhere.get("/account")).status_code == 303
    assert (await desk.get("/account")).text.count("last used") == 1


@pytest.mark.parametrize("path", ["/account/password", "/account/recovery-codes", "/account/sessions"])
async def test_whoever_proves_themselves_gets_a_new_session_and_a_stolen_cookie_is_worth_nothing(
    desk: Browser, dilyara: Somebody, console: FastAPI, path: str
) -> None:
    stolen = desk.cookies[cookies.SESSION]
    done = await desk.submit(path, old=PASSWORD, code=dilyara.code(), new=OTHER, repeated=OTHER)
    assert done.status_code < 400
    assert desk.cookies[cookies.SESSION] != stolen
    assert (await desk.submit("/account/languages", chosen=["tg"])).status_code == 303
    if done.status_code == 200:  # a page at once: its forms are the new session's
        assert f'name="csrf" value="{desk.csrf}"' in done.text
    async with Browser(console, token=stolen) as thief:
        assert (await thief.get("/account")).status_code == 303


async def test_guesses_at_an_open_desk_are_slowed_down(desk: Browser, dilyara: Somebody) -> None:
    statuses = []
    for _ in range(guessers.FREE + 1):
        answer = await desk.submit("/account/recovery-codes", old="wrong wrong wrong", code=dilyara.code())
        statuses.append("too many attempts" in answer.text)
    assert statuses == [False] * guessers.FREE + [True]


async def test_new_recovery_codes_are_shown_once_and_the_old_ones_are_worthless(
    desk: Browser, dilyara: Somebody, clock: Clock, stations: DeskStations
) -> None:
    sets = []
    for _ in range(2):
        done = await desk.submit("/account/recovery-codes", old=PASSWORD, code=dilyara.code())
        sets.append(re.findall(r"<li><code>([\w-]+)</code></li>", done.text))
        clock.advance(seconds=30)
    assert "10 codes are left." in (await desk.get("/account")).text
    assert sets[1][0] not in (await desk.get("/account")).text
    await desk.submit("/sign-out")
    assert (await dilyara.knocks(desk, code=sets[0][0])).status_code == 422
    assert (await dilyara.knocks(desk, code=sets[1][0])).status_code == 303
    assert "9 codes are left." in (await desk.get("/account")).text
    stored = str(await ask(stations.store, "SELECT code_hash::text FROM console.recovery_codes"))
    assert sets[1][1].replace("-", "").encode().hex() not in stored


async def test_the_code_that_let_somebody_in_changes_nothing(as_nobody: Browser, dilyara: Somebody) -> None:
    code = dilyara.code()
    await dilyara.knocks(as_nobody, code=code)
    assert (await as_nobody.submit("/account/recovery-codes", old=PASSWORD, code=code)).status_code == 422


async def test_languages_are_those_that_exist(as_operator: Browser, stations: DeskStations) -> None:
    await as_operator.submit("/account/languages", chosen=["tg", "kk", "kk", "xx", "<b>"])
    (row,) = await ask(stations.store, "SELECT languages FROM console.accounts")
    assert row.languages == ["kk", "tg"]
    assert "Your languages are saved." in (await as_operator.get("/account")).text
    assert "Your languages are saved." not in (await as_operator.get("/account")).text
    await as_operator.submit("/account/languages")
    (row,) = await ask(stations.store, "SELECT languages FROM console.accounts")
    assert row.languages == []
