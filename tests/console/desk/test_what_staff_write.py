"""What staff write on the pages: a number goes to the person alone, and stands in no line, reason or note."""

from __future__ import annotations

import re
from uuid import UUID

from console.conftest import Browser
from fakes_bridge import ScriptedChannel
from people import Person

from hotline_bridge.flow.deliver import deliver
from hotline_bridge.flow.stations import Stations

NUMBER = "+7 701 234 56 78"


async def test_a_number_in_a_reply_reaches_the_person_and_stands_on_no_page(
    anna: Browser, taken: UUID, bridge: Stations, telegram: ScriptedChannel
) -> None:
    text, headers = f"Позвоните юристу: {NUMBER}", {"hx-request": "true", "x-csrf-token": anna.csrf}
    asked = await anna.post(f"/conversations/{taken}/reply", data={"text": text}, headers=headers)
    confirmed = re.search(r'name="confirmed" value="(\w+)"', asked.text)
    assert confirmed
    await anna.post(f"/conversations/{taken}/reply", data={"text": text, "confirmed": confirmed[1]}, headers=headers)
    await deliver(bridge, taken)
    assert telegram.texts[-1] == text
    page = (await anna.get(f"/conversations/{taken}")).text
    assert "Позвоните юристу: [PHONE]" in page
    assert "234 56 78" not in page


async def test_a_number_in_the_reason_of_a_reveal_is_refused_where_it_was_typed(anna: Browser, person: Person) -> None:
    endangered = await person.asks("меня убивают, мой номер +7 701 123 45 67")
    await anna.submit(f"/conversations/{endangered}/claim")
    form = {"what": "PHONE_1", "reason": f"она просила перезвонить на {NUMBER}"}
    headers = {"hx-request": "true", "x-csrf-token": anna.csrf}
    refused = await anna.post(f"/conversations/{endangered}/reveals", data=form, headers=headers)
    assert refused.status_code == 422
    assert "This holds a number or an address" in refused.text
