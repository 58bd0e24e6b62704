"""Invitations: a link that works once, and what an administrator may do to whom."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from console.conftest import SECRET, Browser, add_account
from console.doors import OTHER, PASSWORD, Somebody, somebody
from fakes_bridge import Clock, ask
from fastapi import FastAPI

from hotline_bridge.accounts.people import Role
from hotline_bridge.console import cookies
from hotline_bridge.flow import invite, trail
from hotline_bridge.flow.stations import DeskStations

LINK = re.compile(r'value="http://127\.0\.0\.1:8082(/invitation/[\w-]{43})"')


def secret_on(page: str) -> str:
    found = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page)
    assert found
    return found[1].replace(" ", "")


async def invited(as_administrator: Browser, name: str = "Dilyara", role: str = "operator", *languages: str) -> str:
    """The path of a new link."""
    answer = await as_administrator.submit("/people/invitations", name=name, role=role, chosen=list(languages))
    assert answer.status_code == 200, answer.text
    found = LINK.search(answer.text)
    assert found
    return found[1]


class Newcomer:
    """Somebody who opens a link."""

    def __init__(self, browser: Browser, path: str, clock: Clock) -> None:
        self.browser, self.path, self.clock = browser, path, clock

    async def takes_it_up(self, login: str = "dilyara", *, password: str = PASSWORD, **fields: str) -> Any:
        page = (await self.browser.get(self.path)).text
        self.telephone = Somebody(None, login, self.clock, secret_on(page))  # type: ignore[arg-type]
        given = {"login": login, "password": password, "repeated": password, "code": self.telephone.code(), **fields}
        return await self.browser.submit(self.path, **given)


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


async def test_a_lost_telephone_closes_the_account_until_the_new_link_is_taken_up(
    as_administrator: Browser, console: FastAPI, stations: DeskStations, clock: Clock
) -> None:
    dilyara = await somebody(stations, clock)
    async with Browser(console) as finder, Browser(console) as own:
        await dilyara.knocks(finder)
        answer = await as_administrator.submit(f"/people/{dilyara.account.id}/renew")
        found = LINK.search(answer.text)
        assert found
        assert (await finder.get("/account")).status_code == 303
        clock.advance(seconds=60)
        assert (await dilyara.knocks(finder)).status_code == 422
        newcomer = Newcomer(own, found[1], clock)
        assert "Your login stays" in (await own.get(found[1])).text
        assert (await newcomer.takes_it_up("somebody-else", password=OTHER)).status_code == 200
        clock.advance(seconds=30)
        newcomer.telephone.login = "dilyara"
        assert (await newcomer.telephone.knocks(own, password=OTHER)).status_code == 303
        assert newcomer.telephone.secret != SECRET
        assert (await dilyara.knocks(finder)).status_code == 422
    assert (await ask(stations.store, "SELECT count(*) FROM console.accounts"))[0].count == 2


async def test_a_second_new_link_makes_the_first_worthless(
    as_administrator: Browser, as_nobody: Browser, stations: DeskStations
) -> None:
    person = (await add_account(stations)).id
    links = [LINK.search((await as_administrator.submit(f"/people/{person}/renew")).text) for _ in range(2)]
    assert all(links)
    statuses = [(await as_nobody.get(link[1])).status_code for link in links if link]
    assert statuses == [410, 200]


async def test_a_deactivated_person_comes_back_by_a_new_link_alone(
    as_administrator: Browser, console: FastAPI, stations: DeskStations, clock: Clock
) -> None:
    dilyara = await somebody(stations, clock)
    async with Browser(console) as browser:
        assert (await as_administrator.submit(f"/people/{dilyara.account.id}/deactivate")).status_code == 303
        assert "Deactivated" in (await as_administrator.get("/people")).text
        assert (await dilyara.knocks(browser)).status_code == 422
        answer = await as_administrator.submit(f"/people/{dilyara.account.id}/reactivate")
        found = LINK.search(answer.text)
        assert found
        assert (await dilyara.knocks(browser)).status_code == 422  # the old password is gone
        assert (await Newcomer(browser, found[1], clock).takes_it_up(password=OTHER)).status_code == 200


async def test_links_that_a_deactivated_administrator_gave_out_work_no_more(
    as_administrator: Browser, browser_of: Callable[..., Any], as_nobody: Browser
) -> None:
    second = await browser_of("administrator")
    path = await invited(second)
    await as_administrator.submit(f"/people/{second.account.id}/deactivate")
    assert (await as_nobody.get(path)).status_code == 410


async def test_nobody_deactivates_or_renews_themselves(as_administrator: Browser) -> None:
    for step in ("deactivate", "renew"):
        answer = await as_administrator.submit(f"/people/{as_administrator.account.id}/{step}")
        assert answer.status_code == 422
        assert "cannot be done to your own account" in answer.text
    assert (await as_administrator.get("/people")).status_code == 200


async def test_two_administrators_who_deactivate_each_other_leave_one(
    as_administrator: Browser, browser_of: Callable[..., Any], stations: DeskStations
) -> None:
    second = await browser_of("administrator")
    first_id, second_id = as_administrator.account.id, second.account.id
    said = stations.renderer()
    await asyncio.gather(
        invite.deactivate(stations, said, first_id, second_id),
        invite.deactivate(stations, said, second_id, first_id),
        return_exceptions=True,
    )
    assert len(await ask(stations.store, "SELECT 1 FROM console.accounts WHERE active")) == 1


@pytest.mark.parametrize("step", ["renew", "deactivate", "reactivate", "role"])
async def test_an_account_that_is_not_there_is_said_so(as_administrator: Browser, step: str) -> None:
    answer = await as_administrator.submit(f"/people/{uuid4()}/{step}", role="auditor")
    assert answer.status_code == 422
    assert "no such account" in answer.text
    assert (await as_administrator.submit(f"/people/not-an-id/{step}", role="auditor")).status_code == 400


async def test_with_another_role_somebody_signs_in_anew(
    as_administrator: Browser, as_operator: Browser, stations: DeskStations
) -> None:
    answer = await as_administrator.submit(f"/people/{as_operator.account.id}/role", role="supervisor")
    assert (answer.status_code, answer.headers["location"]) == (303, "/people")
    assert (await as_operator.get("/account")).status_code == 303
    roles = await ask(stations.store, "SELECT role FROM console.accounts WHERE id = :id", id=as_operator.account.id)
    assert roles[0].role == "supervisor"


async def test_nobody_changes_their_own_role_or_gives_one_that_does_not_exist(
    as_administrator: Browser, as_operator: Browser
) -> None:
    own = await as_administrator.submit(f"/people/{as_administrator.account.id}/role", role="supervisor")
    assert "cannot be done to your own account" in own.text
    assert (await as_administrator.submit(f"/people/{as_operator.account.id}/role", role="root")).status_code == 400


async def test_everything_about_accounts_stands_in_the_audit_trail(
    as_administrator: Browser, as_nobody: Browser, stations: DeskStations, clock: Clock
) -> None:
    newcomer = Newcomer(as_nobody, await invited(as_administrator), clock)
    await newcomer.takes_it_up()
    (row,) = await ask(stations.store, "SELECT id FROM console.accounts WHERE login = 'dilyara'")
    await newcomer.telephone.knocks(as_nobody, password="wrong wrong wrong")
    clock.advance(seconds=30)
    await newcomer.telephone.knocks(as_nobody)
    await as_nobody.submit("/sign-out")
    for step in ("role", "renew", "deactivate", "reactivate"):
        await as_administrator.submit(f"/people/{row.id}/{step}", role="auditor")
    entries = await ask(stations.store, "SELECT action, actor, subject FROM audit ORDER BY sequence")
    administrator = as_administrator.account.id
    assert [(e.action, e.actor) for e in entries] == [
        ("invited", administrator),
        ("invitation_taken_up", row.id),
        ("sign_in_failed", None),
        ("signed_in", row.id),
        ("signed_out", row.id),
        ("role_changed", administrator),
        ("account_renewed", administrator),
        ("account_deactivated", administrator),
        ("account_reactivated", administrator),
        ("account_renewed", administrator),
    ]
    assert {e.subject for e in entries[1:]} == {row.id}
    assert (await trail.verify(stations, None)).fault is None


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
