"""The reply box: what is noticed while somebody types, and the second press."""

from __future__ import annotations

import re
from uuid import UUID

import httpx
import pytest
from console.conftest import Browser
from console.desk.conftest import agree
from fakes_bridge import ScriptedChannel, ask
from people import Person

from hotline_bridge.flow.deliver import deliver
from hotline_bridge.flow.reply_checks import MOST_SEGMENTS
from hotline_bridge.flow.stations import DeskStations, Stations
from hotline_bridge.safe_contact import Agreement


async def send(browser: Browser, conversation: UUID, text: str, confirmed: str = "", step: str = "reply") -> httpx.Response:
    """As htmx does."""
    headers = {"hx-request": "true", "x-csrf-token": browser.csrf}
    return await browser.post(
        f"/conversations/{conversation}/{step}", data={"text": text, "confirmed": confirmed}, headers=headers
    )


def confirmation(page: str) -> str:
    found = re.search(r'name="confirmed" value="(\w+)"', page)
    return found[1] if found else ""


@pytest.fixture
async def tajik(anna: Browser, bridge: Stations) -> UUID:
    """Somebody who writes in Tajik, taken by Anna."""
    conversation = await Person(bridge, "7").asks("музди маоши маро намедиҳанд, чӣ кор кунам")
    assert (await anna.submit(f"/conversations/{conversation}/claim")).status_code == 303
    return conversation


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Мы читаем всё, что вы пишете, и ответим здесь", "This looks like Russian; the person writes Tajik"),
        ("Мо навиштаи шуморо мехонем", None),
        ("Ба +7 701 123 45 67 занг занед", "This is what we hide from others"),
        ("[PHONE_1] рақами шумост?", "is a mark that only you see"),
        ("", None),
    ],
)
async def test_while_somebody_types_it_says_what_is_noticed(anna: Browser, tajik: UUID, text: str, said: str | None) -> None:
    checked = await send(anna, tajik, text, step="check")
    assert checked.status_code == 200
    assert "<form" not in checked.text
    assert (said in checked.text) if said else ("finding" not in checked.text)
    assert confirmation(checked.text) == ""


async def test_a_question_is_answered_by_a_second_press(
    anna: Browser, tajik: UUID, bridge: Stations, telegram: ScriptedChannel
) -> None:
    text = "Мы читаем всё, что вы пишете, и ответим здесь"
    first = await send(anna, tajik, text)
    assert first.status_code == 422
    assert f"{text}</textarea>" in first.text
    assert "Nothing was sent yet" in first.text
    assert await ask(bridge, "SELECT 1 FROM outbox WHERE author IS NOT NULL") == []
    assert (await send(anna, tajik, text + "!", confirmation(first.text))).status_code == 422
    done = await send(anna, tajik, text, confirmation(first.text))
    assert done.status_code == 200
    assert "></textarea>" in done.text
    await deliver(bridge, tajik)
    assert telegram.texts[-1] == text


async def test_without_a_script_in_the_browser_the_page_asks_the_same(anna: Browser, tajik: UUID) -> None:
    text = "Мы читаем всё, что вы пишете, и ответим здесь"
    first = await anna.submit(f"/conversations/{tajik}/reply", text=text)
    assert first.status_code == 422
    assert "<html" in first.text
    sent = await anna.submit(f"/conversations/{tajik}/reply", text=text, confirmed=confirmation(first.text))
    assert sent.status_code == 303


async def test_an_sms_says_what_it_costs(anna: Browser, by_sms: Person) -> None:
    conversation = await by_sms.asks("мне не платят зарплату третий месяц")
    await anna.submit(f"/conversations/{conversation}/claim")
    assert "1 SMS, 14 of 70 letters" in (await send(anna, conversation, "Мы читаем вас.", step="check")).text
    dear = await send(anna, conversation, "Мы читаем вас и ответим здесь, когда сможем. " * 5, step="check")
    assert "4 SMS" in dear.text
    assert "Can it be shorter?" in dear.text
    assert "A link in an SMS" in (await send(anna, conversation, "Смотрите egov.kz", step="check")).text
    long = await send(anna, conversation, "Мы читаем вас и ответим. " * 40)
    assert long.status_code == 422
    assert f"This takes more than {MOST_SEGMENTS} SMS" in long.text
    assert confirmation(long.text) == ""


async def test_outside_the_agreed_hours_it_says_until_when_it_is_kept(
    anna: Browser, taken: UUID, stations: DeskStations, bridge: Stations
) -> None:
    other = "night" if stations.clock().hour in range(3, 15) else "day"  # never the part of the day that it is now
    await agree(stations, taken, Agreement(hours=(other,)))
    await ask(bridge, "UPDATE inbox SET received_at = now() - interval '2 hours'")
    checked = await send(anna, taken, "Вы сейчас можете писать?", step="check")
    assert "outside the agreed hours" in checked.text
    first = await send(anna, taken, "Вы сейчас можете писать?")
    assert first.status_code == 422
    done = await send(anna, taken, "Вы сейчас можете писать?", confirmation(first.text))
    assert "It is held until the person says that it is safe" in done.text


async def test_hours_later_without_an_agreement_it_is_sent_by_a_second_press_in_danger_too(
    anna: Browser, bridge: Stations, person: Person, telegram: ScriptedChannel
) -> None:
    conversation = await person.asks("меня убивают")
    await anna.submit(f"/conversations/{conversation}/claim")
    assert "An answer goes out at once" in (await anna.get(f"/conversations/{conversation}")).text
    await ask(bridge, "UPDATE inbox SET received_at = now() - interval '61 minutes'")
    page = (await anna.get(f"/conversations/{conversation}")).text
    assert "An answer goes out at once" not in page
    assert "they have not written for a while: ask first whether it is safe" in page
    first = await send(anna, conversation, "Вы сейчас можете писать?")
    assert first.status_code == 422
    assert "Nothing was agreed about safe contact, and they last wrote on" in first.text
    assert await ask(bridge, "SELECT 1 FROM outbox WHERE author IS NOT NULL") == []
    assert (await send(anna, conversation, "Вы сейчас можете писать?", confirmation(first.text))).status_code == 200
    await deliver(bridge, conversation)
    assert telegram.texts[-1] == "Вы сейчас можете писать?"


async def test_what_stops_is_said_before_anything_is_typed_and_no_press_gets_past_it(
    anna: Browser, taken: UUID, bridge: Stations
) -> None:
    await ask(bridge, "UPDATE conversations SET silence = 'stopped'")
    checked = await send(anna, taken, "", step="check")
    assert "Cannot be sent." in checked.text
    refused = await send(anna, taken, "Здравствуйте")
    assert refused.status_code == 422
    assert confirmation(refused.text) == ""


async def test_what_was_forgotten_cannot_be_checked(anna: Browser, taken: UUID, bridge: Stations) -> None:
    await ask(bridge, "UPDATE conversations SET silence = 'forgotten'")
    assert (await send(anna, taken, "Здравствуйте", step="check")).status_code == 422


async def test_ready_replies_stand_in_the_persons_language_beside_the_operators(
    anna: Browser, bolat: Browser, tajik: UUID
) -> None:
    page = (await anna.get(f"/conversations/{tajik}")).text
    assert 'data-puts="ready_greet"' in page
    assert "A person is here now, not the program." in page
    assert "Акнун ба шумо барнома не, одам менависад." in page
    assert 'data-puts="ready_greet"' not in (await bolat.get(f"/conversations/{tajik}")).text
