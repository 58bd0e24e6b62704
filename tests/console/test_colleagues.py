"""Others' accounts: what an administrator may do to whom, and what it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from console.conftest import SECRET, Browser, add_account
from console.doors import LINK, OTHER, Newcomer, invited, somebody
from fakes_bridge import Clock, ask
from fastapi import FastAPI

from hotline_bridge.flow import colleagues, trail
from hotline_bridge.flow.stations import DeskStations


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
        colleagues.deactivate(stations, said, first_id, second_id),
        colleagues.deactivate(stations, said, second_id, first_id),
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
