"""Referring somebody in the console: the form, the link that is shown once, and what became of it."""

from __future__ import annotations

import html
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from console.conftest import Browser
from console.desk.conftest import CONSENT
from fakes_bridge import Clock, ask
from people import Person

from hotline_bridge import organisations, referrals
from hotline_bridge.console import referral_names
from hotline_bridge.flow import follow_up, take_up
from hotline_bridge.flow.answer import answer as answer_all
from hotline_bridge.flow.forget import forget
from hotline_bridge.flow.stations import DeskStations, Stations
from hotline_bridge.flow.unseal import unseal
from hotline_bridge.interface import referral_words
from hotline_bridge.local_time import ZONE
from hotline_bridge.organisations import SERVICES
from hotline_bridge.settings import PROJECT, load


async def line_of(anna: Browser, conversation: UUID, said: str = CONSENT) -> str:
    page = (await anna.get(f"/conversations/{conversation}/refer")).text
    found = re.search(rf'name="line" value="([^"]+)" required> <span><span class="soft">[^<]*</span> {said}', page)
    assert found, page
    return html.unescape(found[1])


async def fill(anna: Browser, conversation: UUID, **more: Any) -> dict[str, Any]:
    """The form as an operator would fill it in."""
    line = more.pop("line", None) or await line_of(anna, conversation)
    return {
        "csrf": anna.csrf, "organisation": "O-N1", "needs": ["shelter", "legal"], "give": ["language"], "line": line,
        "told": "yes", "age": "adult", **more,
    }  # fmt: skip


def link_in(page: str) -> str:
    found = re.search(r'id="link-text"[^>]* value="([^"]+)"', page)
    assert found, page
    return found[1]


async def state(stations: DeskStations) -> list[str]:
    return [row.state for row in await ask(stations.store, "SELECT state FROM referrals ORDER BY made_at")]


def test_everything_closed_has_a_name() -> None:
    assert set(referral_names.STATES) == {*referrals.OPEN, "served", "refused", "withdrawn", "expired", "forgotten"}
    assert set(referral_names.BEFORE) == set(referrals.OPEN)
    assert set(referral_names.FIELDS) == set(referrals.FIELDS)
    assert set(referral_words.SERVICES) == set(SERVICES)
    assert set(referral_words.AGES) == set(referrals.AGES)
    assert set(referral_words.SEXES) == set(referrals.SEXES)


async def test_from_the_form_to_the_link_that_opens_once(
    anna: Browser, agreed: UUID, stations: DeskStations, bridge: Stations
) -> None:
    answer = await anna.post(f"/conversations/{agreed}/refer", data=await fill(anna, agreed))
    assert answer.status_code == 200
    link = link_in(answer.text)
    assert link.startswith("http://127.0.0.1:8080/r/")
    assert "KOMEK_PUBLIC_URL is not set" in answer.text
    token = link.rpartition("/")[2]
    ticket = (await anna.get(f"/conversations/{agreed}")).text
    assert token not in ticket
    assert "Sent, not read yet" in ticket
    assert CONSENT in ticket
    opened = await take_up.read(bridge, token)
    assert opened
    assert (opened.packet.needs, opened.packet.language, opened.packet.age) == (("shelter", "legal"), "ru", "adult")
    await follow_up.record(bridge, agreed)
    assert "The organisation has read it" in (await anna.get(f"/conversations/{agreed}")).text


@pytest.mark.parametrize(("late", "marked"), [(0, False), (1, True)])
async def test_a_row_says_when_it_was_seen_last_and_after_its_review_that_it_is_old(
    browser_of: Callable[..., Awaitable[Browser]], person: Person, clock: Clock, late: int, marked: bool
) -> None:
    one = organisations.load(PROJECT / "knowledge")["O-N1"]
    day = one.review_by + timedelta(days=late)
    clock.advance(days=(day - clock().astimezone(ZONE).date()).days)
    conversation, browser = await person.asks("мне не платят зарплату"), await browser_of("operator")
    await browser.submit(f"/conversations/{conversation}/claim")
    page = (await browser.get(f"/conversations/{conversation}/refer")).text
    (row,) = re.findall(r'value="O-N1" .*?</label>', page, re.DOTALL)
    assert f"Last checked: {one.last_seen}." in html.unescape(row)
    assert ("Not looked at since " in row) is marked


async def test_with_a_public_address_the_link_is_for_the_internet(anna: Browser, console: Any, agreed: UUID) -> None:
    console.state.settings = load({"KOMEK_PUBLIC_URL": "https://notes.example/"})
    page = (await anna.post(f"/conversations/{agreed}/refer", data=await fill(anna, agreed))).text
    assert link_in(page).startswith("https://notes.example/r/")
    assert "KOMEK_PUBLIC_URL" not in page


async def test_the_organisations_are_those_that_fit_and_are_marked(anna: Browser, agreed: UUID) -> None:
    page = (
        await anna.get(f"/conversations/{agreed}/refer", params={"region": "C-SHY", "need": ["shelter"], "language": "tg"})
    ).text
    assert 'value="O-N1"' in page
    assert 'value="O-N4"' not in page
    assert "Must tell the police" in page
    assert 'name="needs" value="shelter" checked' in page
    page = (await anna.get(f"/conversations/{agreed}/refer", params={"region": "", "abroad": "yes"})).text
    assert 'value="O-N4"' in page
    assert 'value="O-H1"' in page
    assert "Number withheld" in page
    assert 'value="O-S17"' not in page
    assert "Not looked at since" not in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"line": "typed", "consent": ""}, "own words nothing is given"),
        ({"line": "2026-01-01T00:00:00+00:00"}, "own words nothing is given"),
        ({"told": "no"}, "whether"),
        ({"organisation": "O-S17"}, "that takes people"),
        ({"organisation": "O-X1"}, "that takes people"),
        ({"needs": []}, "at least what the person needs"),
        ({"note": "звоните +7 702 123 45 67"}, "tells who somebody is"),
    ],
)
async def test_a_refused_form_says_why_and_keeps_what_was_entered(
    anna: Browser, agreed: UUID, stations: DeskStations, change: dict[str, Any], said: str
) -> None:
    form = await fill(anna, agreed, **{"note": "нужен переводчик", **change})
    answer = await anna.post(f"/conversations/{agreed}/refer", data=form)
    assert answer.status_code == 422
    assert said in answer.text
    assert html.escape(form["note"]) in answer.text
    assert '<option value="adult" selected>' in answer.text
    assert await state(stations) == []


async def test_what_was_found_in_the_text_is_named_by_kind_only(anna: Browser, agreed: UUID) -> None:
    form = await fill(anna, agreed, note="почта gul@mail.kz")
    page = (await anna.post(f"/conversations/{agreed}/refer", data=form)).text
    assert "(e-mail address)" in page


async def test_consent_may_be_typed_when_it_was_spoken(anna: Browser, agreed: UUID, stations: DeskStations) -> None:
    form = await fill(anna, agreed, line="typed", consent="По телефону: «да, согласна»")
    assert (await anna.post(f"/conversations/{agreed}/refer", data=form)).status_code == 200
    assert "«да, согласна»" in (await anna.get(f"/conversations/{agreed}")).text


async def test_an_opened_value_can_be_chosen(
    anna: Browser, agreed: UUID, person: Person, bridge: Stations, stations: DeskStations
) -> None:
    await person.writes("меня убивают")
    await answer_all(bridge, agreed)
    await anna.submit(f"/conversations/{agreed}/reveals", what="PHONE_1", reason="They must call her at once")
    await unseal(bridge, agreed)
    page = (await anna.get(f"/conversations/{agreed}/refer")).text
    found = re.search(r'name="values" value="([0-9a-f-]{36})"', page)
    assert found
    form = await fill(anna, agreed, values=[found[1]], note="Позвоните по [PHONE_1]")
    link = link_in((await anna.post(f"/conversations/{agreed}/refer", data=form)).text)
    opened = await take_up.read(bridge, link.rpartition("/")[2])
    assert opened
    assert opened.packet.values == (("PHONE_1", "+7 701 123 45 67"),)


async def test_only_who_has_the_conversation_sees_the_form(anna: Browser, bolat: Browser, agreed: UUID) -> None:
    form = await fill(anna, agreed) | {"csrf": bolat.csrf}
    for answer in (
        await bolat.get(f"/conversations/{agreed}/refer"),
        await bolat.post(f"/conversations/{agreed}/refer", data=form),
    ):
        assert answer.status_code == 409
    assert f'/conversations/{agreed}/refer"' not in (await bolat.get(f"/conversations/{agreed}")).text


async def test_withdrawing_and_what_they_said_are_two_presses(
    anna: Browser, bolat: Browser, agreed: UUID, stations: DeskStations, bridge: Stations
) -> None:
    for _ in range(2):
        await anna.post(f"/conversations/{agreed}/refer", data=await fill(anna, agreed))
    first, second = [row.id for row in await ask(stations.store, "SELECT id FROM referrals ORDER BY made_at")]
    answer = await bolat.submit(f"/referrals/{first}/withdraw")
    assert answer.headers["location"] == "/referrals"
    answer = await anna.submit(f"/referrals/{second}/mark", state="accepted", back="conversation")
    assert answer.headers["location"] == f"/conversations/{agreed}#referrals"
    assert await state(stations) == ["withdrawn", "accepted"]
    page = (await anna.get("/referrals")).text
    assert "Accepted" in page
    assert "Withdrawn" not in page
    assert "Withdrawn" in (await anna.get("/referrals?show=all")).text
    assert CONSENT not in page
    await anna.submit(f"/referrals/{second}/mark", state="served")
    assert (await anna.submit(f"/referrals/{second}/mark", state="accepted")).status_code == 409
    assert (await anna.submit(f"/referrals/{second}/withdraw")).status_code == 409


async def test_of_the_forgotten_the_list_keeps_no_link_to_them(
    anna: Browser, agreed: UUID, stations: DeskStations, bridge: Stations
) -> None:
    for _ in range(3):
        await anna.post(f"/conversations/{agreed}/refer", data=await fill(anna, agreed))
    _, second, third = [row.id for row in await ask(stations.store, "SELECT id FROM referrals ORDER BY made_at")]
    await ask(stations.store, f"UPDATE referrals SET state = 'read', read_at = now() WHERE id = '{second}'")
    await anna.submit(f"/referrals/{third}/mark", state="accepted")
    await forget(bridge, agreed)
    page = (await anna.get("/referrals?show=all")).text
    assert re.findall("The person was forgotten|had (?:not )?been [a-z]+", page) == [
        "The person was forgotten", "had been accepted",
        "The person was forgotten", "had been read",
        "The person was forgotten", "had not been read",
    ]  # fmt: skip
    assert "Withdrawn" not in page
    assert str(agreed) not in page


async def test_an_empty_list_says_so_and_older_pages_are_reached(
    anna: Browser, browser_of: Callable[..., Awaitable[Browser]]
) -> None:
    assert "Nobody is referred to anybody at the moment." in (await anna.get("/referrals")).text
    assert (await anna.get("/referrals", params={"show": "all", "before": "2026-01-01T00:00:00"})).status_code == 200
