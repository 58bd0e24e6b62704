"""Invitations: a link that works once, and what stands behind it."""

from __future__ import annotations

import asyncio
import re

import pytest
from console.conftest import Browser, add_account
from console.doors import PASSWORD, Newcomer, Somebody, invited, secret_on
from fakes_bridge import Clock, ask

from hotline_bridge.accounts.people import Role
from hotline_bridge.console import cookies
from hotline_bridge.flow import invite
from hotline_bridge.flow.stations import DeskStations


async def test_from_the_link_to_the_first_page(as_administrator: Browser, as_nobody: Browser, clock: Clock) -> None:
    newcomer = Newcomer(as_nobody, await invited(as_administrator, "Dilyara", "supervisor", "kk", "tg"), clock)
    page = await as_nobody.get(newcomer.path)
    assert "Hello, Dilyara" in page.text
    assert "Supervisor" in page.text
    assert "<svg" in page.text
    done = await newcomer.takes_it_up()
    assert done.status_code == 200
    codes = re.findall(r"<li><code>([\w-]+)</code></li>", done.text)
    assert len(set(codes)) == 10
    clock.advance(seconds=30)
    assert (await newcomer.telephone.knocks(as_nobody)).status_code == 303
    own = (await as_nobody.get("/account")).text
    assert "Dilyara, Supervisor." in own
    assert own.count(" checked>") == 2
    assert "10 codes are left." in own
    clock.advance(seconds=30)
    await as_nobody.submit("/sign-out")
    assert (await newcomer.telephone.knocks(as_nobody, code=codes[3])).status_code == 303


async def test_a_link_works_once(as_administrator: Browser, as_nobody: Browser, clock: Clock) -> None:
    newcomer = Newcomer(as_nobody, await invited(as_administrator), clock)
    await as_nobody.get(newcomer.path)  # a messenger's preview uses nothing up
    assert (await newcomer.takes_it_up()).status_code == 200
    again = await as_nobody.get(newcomer.path)
    assert again.status_code == 410
    assert "was used, has expired or was withdrawn" in again.text
    assert (await as_nobody.submit(newcomer.path, login="second", password=PASSWORD, repeated=PASSWORD)).status_code == 410


async def test_a_link_works_once_for_two_at_the_same_moment(stations: DeskStations, clock: Clock) -> None:
    token = await invite.invite(stations, "Dilyara", Role.OPERATOR, (), None)
    opened = await invite.open_invitation(stations, token)
    code = Somebody(None, "", clock, opened.secret).code()  # type: ignore[arg-type]
    done = await asyncio.gather(
        *(invite.accept(stations, token, f"dilyara{n}", PASSWORD, code) for n in range(4)), return_exceptions=True
    )
    assert sum(isinstance(one, invite.Taken) for one in done) == 1
    assert len(await ask(stations.store, "SELECT 1 FROM console.accounts")) == 1


async def test_a_link_expires_after_three_days(as_administrator: Browser, as_nobody: Browser, clock: Clock) -> None:
    path = await invited(as_administrator)
    clock.advance(hours=71, minutes=59)
    assert (await as_nobody.get(path)).status_code == 200
    clock.advance(minutes=2)
    assert (await as_nobody.get(path)).status_code == 410


async def test_a_withdrawn_link_works_no_more(as_administrator: Browser, as_nobody: Browser, stations: DeskStations) -> None:
    path = await invited(as_administrator)
    (row,) = await ask(stations.store, "SELECT id FROM console.invitations")
    assert (await as_administrator.submit(f"/people/invitations/{row.id}/withdraw")).status_code == 303
    assert (await as_nobody.get(path)).status_code == 410
    assert "Dilyara" not in (await as_administrator.get("/people")).text


@pytest.mark.parametrize("path", ["/invitation/x", f"/invitation/{'a' * 43}", f"/invitation/{'a' * 5000}", "/invitation/%00"])
async def test_a_made_up_link_opens_nothing(as_nobody: Browser, path: str) -> None:
    assert (await as_nobody.get(path)).status_code == 410


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"code": "000000"}, "The code is not right."),
        ({"repeated": "something else entirely"}, "The two passwords differ."),
        ({"password": "tiny-word", "repeated": "tiny-word"}, "at least 12 characters"),
        ({"password": "dilyara is the one", "repeated": "dilyara is the one"}, "holds your login"),
        ({"password": "qwerty123456", "repeated": "qwerty123456"}, "tried first"),
        ({"login": "d"}, "Choose a login"),
        ({"login": "<script>"}, "Choose a login"),
        ({"login": "taken"}, "Somebody else has this login."),
    ],
)
async def test_what_cannot_be_is_said_and_the_link_still_works(
    as_administrator: Browser, as_nobody: Browser, stations: DeskStations, clock: Clock, fields: dict[str, str], sentence: str
) -> None:
    await add_account(stations, "operator", login="taken")
    newcomer = Newcomer(as_nobody, await invited(as_administrator), clock)
    answer = await newcomer.takes_it_up(**fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert fields.get("password", PASSWORD) not in answer.text
    assert (await newcomer.takes_it_up()).status_code == 200


async def test_what_is_stored_of_a_link_opens_nothing(
    as_administrator: Browser, as_nobody: Browser, stations: DeskStations, clock: Clock
) -> None:
    newcomer = Newcomer(as_nobody, await invited(as_administrator), clock)
    secret = secret_on((await as_nobody.get(newcomer.path)).text)
    row = str((await ask(stations.store, "SELECT to_jsonb(i)::text AS row FROM console.invitations i"))[0].row)
    for hidden in (newcomer.path.rpartition("/")[2], secret):
        assert hidden not in row
        assert hidden.encode().hex() not in row
    await newcomer.takes_it_up()
    (after,) = await ask(stations.store, "SELECT sealed_totp FROM console.invitations")
    assert after.sealed_totp is None


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
async def test_an_invitation_needs_a_name(as_administrator: Browser, name: str) -> None:
    answer = await as_administrator.submit("/people/invitations", name=name, role="operator")
    assert answer.status_code == 422
    assert "Enter a name" in answer.text


@pytest.mark.parametrize("role", ["root", "", "Operator"])
async def test_there_are_no_other_roles(as_administrator: Browser, role: str, stations: DeskStations) -> None:
    answer = await as_administrator.submit("/people/invitations", name="Dilyara", role=role)
    assert answer.status_code in (200, 400)
    roles = {r.role for r in await ask(stations.store, "SELECT role FROM console.invitations")}
    assert roles <= {"operator"}


async def test_a_name_is_shown_as_it_is_and_runs_nothing(as_administrator: Browser, as_nobody: Browser) -> None:
    name = "<script>alert(1)</script> %(x)s {{ 7 }}"
    path = await invited(as_administrator, name)
    for page in (await as_administrator.get("/people"), await as_nobody.get(path)):
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; %(x)s {{ 7 }}" in page.text


async def test_the_page_of_a_link_is_kept_by_no_browser_and_no_search_engine(
    as_administrator: Browser, as_nobody: Browser
) -> None:
    page = await as_nobody.get(await invited(as_administrator))
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "same-origin"
    assert '<meta name="robots" content="noindex">' in page.text
    assert cookies.SESSION not in as_nobody.cookies
