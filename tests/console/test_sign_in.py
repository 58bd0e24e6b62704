"""The door: password and code together, each code once, the same answer for everything that is wrong, and no guessing."""

from __future__ import annotations

import asyncio
import json

import pytest
from argon2 import PasswordHasher
from console.conftest import SECRET, Browser, add_account
from console.doors import PASSWORD, Somebody, somebody
from fakes_bridge import Clock, ask
from fastapi import FastAPI

from hotline_bridge.accounts import people, recovery, sessions
from hotline_bridge.console import cookies
from hotline_bridge.console.app import app as make_app
from hotline_bridge.flow import guessers
from hotline_bridge.flow.factors import recovery_hashes
from hotline_bridge.flow.stations import DeskStations
from hotline_bridge.settings import load
from hotline_bridge.store.engine import transaction


@pytest.fixture
async def dilyara(stations: DeskStations, clock: Clock) -> Somebody:
    return await somebody(stations, clock)


async def test_with_password_and_code_somebody_is_in(as_nobody: Browser, dilyara: Somebody) -> None:
    answer = await dilyara.knocks(as_nobody)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (await as_nobody.get("/account")).status_code == 200


async def test_a_login_may_be_typed_in_capitals_and_with_spaces(as_nobody: Browser, dilyara: Somebody) -> None:
    assert (await dilyara.knocks(as_nobody, login=" Dilyara ")).status_code == 303


async def test_after_the_sign_in_one_is_where_one_wanted_to_go(as_nobody: Browser, dilyara: Somebody) -> None:
    assert (await as_nobody.get("/account?x=1")).headers["location"] == "/sign-in?next=/account%3Fx%3D1"
    assert (await dilyara.knocks(as_nobody, next="/account?x=1")).headers["location"] == "/account?x=1"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "/a\r\nset-cookie: x"]
)
async def test_the_sign_in_leads_to_no_other_site(as_nobody: Browser, dilyara: Somebody, elsewhere: str) -> None:
    assert (await dilyara.knocks(as_nobody, next=elsewhere)).headers["location"] == "/"


async def test_whatever_is_wrong_the_answer_is_the_same(as_nobody: Browser, dilyara: Somebody, stations: DeskStations) -> None:
    wrong = dilyara.code(-9)
    answers = [
        await dilyara.knocks(as_nobody, login="nobody"),
        await dilyara.knocks(as_nobody, password=PASSWORD + "x"),
        await dilyara.knocks(as_nobody, code=wrong),
        await dilyara.knocks(as_nobody, code="abcd-efgh-jkmn"),
    ]
    async with transaction(stations.store.engine) as connection:
        await people.set_active(connection, dilyara.account.id, False)
    answers.append(await dilyara.knocks(as_nobody))
    said = {(a.status_code, a.text.replace('value="nobody"', 'value="dilyara"')) for a in answers}
    assert len(said) == 1
    assert answers[0].status_code == 422
    assert "Login, password or code is not right." in answers[0].text
    assert cookies.SESSION not in as_nobody.cookies


async def test_an_unknown_login_costs_as_much_work_as_a_known_one(
    as_nobody: Browser, dilyara: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    real = PasswordHasher.verify

    def verify(self: PasswordHasher, hash: str, password: str) -> bool:
        checked.append(hash.split("$")[3])
        return real(self, hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    await dilyara.knocks(as_nobody, login="nobody")
    await dilyara.knocks(as_nobody, password="wrong wrong wrong")
    assert checked == ["m=19456,t=2,p=1"] * 2


async def test_a_code_counts_once(console: FastAPI, dilyara: Somebody) -> None:
    code = dilyara.code()
    async with Browser(console) as first, Browser(console) as second:
        assert (await dilyara.knocks(first, code=code)).status_code == 303
        assert (await dilyara.knocks(second, code=code)).status_code == 422


async def test_a_code_counts_once_in_two_browsers_at_the_same_moment(console: FastAPI, dilyara: Somebody) -> None:
    async with Browser(console) as first, Browser(console) as second:
        await first.get("/sign-in")
        await second.get("/sign-in")
        answers = await asyncio.gather(*(dilyara.knocks(b, code=dilyara.code()) for b in (first, second)))
    assert sorted(a.status_code for a in answers) == [303, 422]


async def test_the_code_before_the_last_used_one_is_refused_too(console: FastAPI, dilyara: Somebody, clock: Clock) -> None:
    before = dilyara.code()
    clock.advance(seconds=30)
    async with Browser(console) as first, Browser(console) as second:
        assert (await dilyara.knocks(first)).status_code == 303
        assert (await dilyara.knocks(second, code=before)).status_code == 422


async def test_a_recovery_code_opens_once_instead(console: FastAPI, dilyara: Somebody, stations: DeskStations) -> None:
    code = "abcd-efgh-jkmn"
    async with transaction(stations.store.engine) as connection:
        await recovery.replace(connection, dilyara.account.id, await recovery_hashes(stations, dilyara.account.id, [code]))
    async with Browser(console) as first, Browser(console) as second:
        assert (await dilyara.knocks(first, code="ABCD EFGH JKMN")).status_code == 303
        assert (await dilyara.knocks(second, code=code)).status_code == 422


async def test_a_recovery_code_of_somebody_else_opens_nothing(
    as_nobody: Browser, dilyara: Somebody, stations: DeskStations
) -> None:
    other = await add_account(stations, "operator", login="other")
    async with transaction(stations.store.engine) as connection:
        await recovery.replace(connection, other.id, await recovery_hashes(stations, other.id, ["abcd-efgh-jkmn"]))
    assert (await dilyara.knocks(as_nobody, code="abcd-efgh-jkmn")).status_code == 422


async def test_the_token_changes_at_the_sign_in_and_the_session_before_ends(
    as_nobody: Browser, dilyara: Somebody, console: FastAPI, clock: Clock
) -> None:
    await dilyara.knocks(as_nobody)
    before = as_nobody.cookies[cookies.SESSION]
    clock.advance(seconds=60)
    await dilyara.knocks(as_nobody)
    assert as_nobody.cookies[cookies.SESSION] != before
    async with Browser(console, token=before) as thief:
        assert (await thief.get("/account")).status_code == 303


async def test_a_guesser_waits_longer_and_longer_and_guesses_nothing_meanwhile(
    as_nobody: Browser, dilyara: Somebody, clock: Clock
) -> None:
    for _ in range(guessers.FREE):
        assert (await dilyara.knocks(as_nobody, password="wrong wrong wrong")).status_code == 422
    refused = await dilyara.knocks(as_nobody)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) <= 2
    assert "too many attempts" in refused.text
    clock.advance(seconds=30)
    assert (await dilyara.knocks(as_nobody, password="wrong wrong wrong")).status_code == 422
    clock.advance(seconds=1)
    assert (await dilyara.knocks(as_nobody)).status_code == 429


async def test_an_unknown_login_is_slowed_down_just_the_same(as_nobody: Browser, dilyara: Somebody) -> None:
    answers = [(await dilyara.knocks(as_nobody, login="nobody")).status_code for _ in range(guessers.FREE + 1)]
    assert answers == [422] * guessers.FREE + [429]


async def test_the_owner_gets_in_from_their_own_browser_while_a_stranger_guesses(
    console: FastAPI, dilyara: Somebody, clock: Clock
) -> None:
    async with Browser(console) as own, Browser(console) as stranger:
        assert (await dilyara.knocks(own)).status_code == 303
        for _ in range(40):
            await dilyara.knocks(stranger, password="wrong wrong wrong")
        assert (await dilyara.knocks(stranger)).status_code == 429
        clock.advance(seconds=31)
        assert (await dilyara.knocks(own)).status_code == 303


async def test_the_owner_gets_in_from_anywhere_after_five_minutes_at_most(
    console: FastAPI, dilyara: Somebody, clock: Clock
) -> None:
    async with Browser(console) as anywhere:
        for _ in range(60):
            if (await dilyara.knocks(anywhere, password="wrong wrong wrong")).status_code == 429:
                clock.advance(seconds=guessers.LONGEST_WAIT)
        clock.advance(seconds=guessers.LONGEST_WAIT)
        assert (await dilyara.knocks(anywhere)).status_code == 303


async def test_the_cookie_of_a_known_browser_is_worth_nothing_for_another_login(
    console: FastAPI, dilyara: Somebody, stations: DeskStations, clock: Clock
) -> None:
    other = await somebody(stations, clock, login="other")
    async with Browser(console) as browser:
        await dilyara.knocks(browser)
        answers = [(await other.knocks(browser, password="wrong wrong wrong")).status_code for _ in range(guessers.FREE + 1)]
    assert answers[-1] == 429
    async with Browser(console) as elsewhere:
        assert (await other.knocks(elsewhere)).status_code == 429  # it was counted for everybody


async def test_one_source_that_tries_many_logins_is_slowed_down(console: FastAPI, dilyara: Somebody) -> None:
    async with Browser(console) as browser:
        answers = [(await dilyara.knocks(browser, login=f"somebody{n}")).status_code for n in range(guessers.SOURCE_FREE + 1)]
    assert answers[-1] == 429
    assert set(answers[:-1]) == {422}


async def test_a_household_of_ipv6_addresses_is_one_source(console: FastAPI, dilyara: Somebody) -> None:
    answers = []
    for n in range(guessers.SOURCE_FREE + 1):
        async with Browser(console, source=f"2001:db8:1:2::{n:x}") as browser:
            answers.append((await dilyara.knocks(browser, login=f"somebody{n}")).status_code)
    assert answers[-1] == 429
    async with Browser(console, source="2001:db8:1:3::1") as neighbour:
        assert (await dilyara.knocks(neighbour)).status_code == 303


async def test_what_is_stored_of_a_sign_in_names_nobody(as_nobody: Browser, dilyara: Somebody, stations: DeskStations) -> None:
    await dilyara.knocks(as_nobody)
    await dilyara.knocks(as_nobody, password="wrong wrong wrong")
    token = as_nobody.cookies[cookies.SESSION]
    stored = ""
    for table in ("accounts", "sessions", "sign_in_throttle", "recovery_codes"):
        rows = await ask(stations.store, f"SELECT to_jsonb(t)::text AS row FROM console.{table} t")
        stored += json.dumps([r.row for r in rows])
    for secret in (token, SECRET, PASSWORD, "192.0.2.1"):
        assert secret not in stored
        assert secret.encode().hex() not in stored


async def test_logs_hold_ids_and_no_login_password_code_or_source(
    as_nobody: Browser, dilyara: Somebody, capsys: pytest.CaptureFixture[str]
) -> None:
    await dilyara.knocks(as_nobody, password="wrong wrong wrong")
    await dilyara.knocks(as_nobody)
    written = capsys.readouterr().out
    assert str(dilyara.account.id) in written
    for word in ("dilyara", "wrong wrong", PASSWORD, "192.0.2.1", dilyara.code()):
        assert word not in written


@pytest.mark.parametrize(
    ("url", "secure"), [("https://desk.example", True), ("http://127.0.0.1:8082", False)], ids=["https", "http"]
)
async def test_the_cookies_are_closed_to_scripts_and_other_sites(
    stations: DeskStations, clock: Clock, url: str, secure: bool, dilyara: Somebody
) -> None:
    made = make_app(load({"KOMEK_CONSOLE_URL": url}), stations)
    async with Browser(made) as browser:
        browser.base_url = url  # type: ignore[assignment]
        browser.headers["origin"] = url
        await browser.get("/sign-in")
        prefix = "__Host-" if secure else ""
        form = browser.cookies[f"{prefix}{cookies.FORM}"]
        answer = await browser.post(
            "/sign-in",
            data={"csrf": sessions.form_token(form), "login": "dilyara", "password": PASSWORD, "code": dilyara.code()},
        )
    assert answer.status_code == 303
    set_now = [c for c in answer.headers.get_list("set-cookie") if "Max-Age=0" not in c]
    assert [c.partition("=")[0] for c in set_now] == [f"{prefix}{cookies.SESSION}", f"{prefix}{cookies.DEVICE}"]
    for one in set_now:
        assert "HttpOnly" in one
        assert "SameSite=strict" in one
        assert "Path=/" in one
        assert "Domain" not in one
        assert ("Secure" in one) == secure
    assert "Max-Age" not in set_now[0]  # the session's cookie goes with the browser
