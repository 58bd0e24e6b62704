"""What staff write on the pages: a number goes to the person alone, and stands in no line, reason or note."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from console.conftest import Browser
from fakes_bridge import ScriptedChannel, ask
from people import Person

from hotline_bridge.flow.deliver import deliver
from hotline_bridge.flow.stations import Stations

NUMBER = "+7 701 234 56 78"


@pytest.mark.parametrize("before", ["", "\n" * 5000])
async def test_a_number_in_a_reply_reaches_the_person_and_stands_on_no_page(
    anna: Browser, taken: UUID, bridge: Stations, telegram: ScriptedChannel, before: str
) -> None:
    said = f"Позвоните юристу: {NUMBER}"
    text, headers = before + said, {"hx-request": "true", "x-csrf-token": anna.csrf}
    asked = await anna.post(f"/conversations/{taken}/reply", data={"text": text}, headers=headers)
    confirmed = re.search(r'name="confirmed" value="(\w+)"', asked.text)
    assert confirmed
    await anna.post(f"/conversations/{taken}/reply", data={"text": text, "confirmed": confirmed[1]}, headers=headers)
    await deliver(bridge, taken)
    assert telegram.texts[-1] == said
    page = (await anna.get(f"/conversations/{taken}")).text
    assert "Позвоните юристу: [PHONE]" in page
    assert "234 56 78" not in page


@pytest.mark.parametrize("consent", ["typed", "no line of theirs"])
async def test_a_number_in_the_consent_to_a_suggestion_is_refused(
    anna: Browser, taken: UUID, bridge: Stations, consent: str
) -> None:
    (line,) = await ask(bridge, "SELECT id FROM transcript WHERE conversation_id = :c AND speaker = 'person' LIMIT 1", c=taken)
    form = {"meant": "ask_unpaid_wages", "consent": consent, "words": f"да, и перезвоните на {NUMBER}"}
    refused = await anna.submit(f"/conversations/{taken}/lines/{line.id}/misunderstood", **form)
    assert refused.status_code == 422
    assert ("Remove the number or the address" in refused.text) == (consent == "typed")
    assert await ask(bridge, "SELECT 1 FROM suggestions") == []


async def test_a_number_in_the_answer_to_a_wish_is_refused(
    anna: Browser, taken: UUID, bridge: Stations, browser_of: Callable[..., Awaitable[Browser]]
) -> None:
    await anna.submit(f"/conversations/{taken}/reveals", what="address", reason="она просила перезвонить сегодня")
    (wish,) = await ask(bridge, "SELECT id FROM reveals")
    saule = await browser_of("supervisor", name="Saule")
    refused = await saule.submit(f"/reveals/{wish.id}/refuse", answer=f"позвоните сначала на {NUMBER}")
    assert (refused.status_code, "Remove the number or the address" in refused.text) == (422, True)
    assert [row.state for row in await ask(bridge, "SELECT state FROM reveals")] == ["asked"]


async def test_empty_lines_hide_no_number_in_a_note(anna: Browser, taken: UUID, bridge: Stations) -> None:
    assert (await anna.submit(f"/conversations/{taken}/note", text="\n" * 5000 + NUMBER)).status_code == 422
    assert await ask(bridge, "SELECT 1 FROM notes") == []


async def test_a_number_in_the_reason_of_a_reveal_is_refused_where_it_was_typed(anna: Browser, person: Person) -> None:
    endangered = await person.asks("меня убивают, мой номер +7 701 123 45 67")
    await anna.submit(f"/conversations/{endangered}/claim")
    form = {"what": "PHONE_1", "reason": f"она просила перезвонить на {NUMBER}"}
    headers = {"hx-request": "true", "x-csrf-token": anna.csrf}
    refused = await anna.post(f"/conversations/{endangered}/reveals", data=form, headers=headers)
    assert refused.status_code == 422
    assert "Remove the number or the address" in refused.text
