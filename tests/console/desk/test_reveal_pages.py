"""Sealed values on the ticket's page and on the supervisors' list."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from console.conftest import Browser
from console.desk.conftest import agree
from fakes_bridge import Clock, ask
from people import Person

from hotline_bridge import safe_contact
from hotline_bridge.console import reveal_names
from hotline_bridge.flow.forget import forget
from hotline_bridge.flow.stations import DeskStations, Stations
from hotline_bridge.flow.unseal import unseal
from hotline_bridge.messages import Channel
from hotline_bridge.reveals import Reveal
from hotline_bridge.safe_contact import Agreement

WHY = "The ambulance needs the number"
NUMBER = "+7 701 123 45 67"
HX = {"hx-request": "true"}


@pytest.fixture
async def saule(browser_of: Callable[..., Awaitable[Browser]]) -> Browser:
    return await browser_of("supervisor", name="Saule")


@pytest.fixture
async def endangered(person: Person, anna: Browser) -> UUID:
    """Somebody in danger whom Anna has."""
    found = await person.asks(f"меня убивают, мой номер {NUMBER}")
    await anna.submit(f"/conversations/{found}/claim")
    return found


@pytest.fixture
async def taken(anna: Browser, conversation: UUID) -> UUID:
    """Somebody without danger whom Anna has."""
    await anna.submit(f"/conversations/{conversation}/claim")
    return conversation


async def wish(stations: DeskStations) -> UUID:
    found: UUID = (await ask(stations.store, "SELECT id FROM reveals ORDER BY asked_at DESC LIMIT 1"))[0].id
    return found


def test_everything_closed_has_a_name() -> None:
    states = "asked granted opening opened erased refused expired failed forgotten"
    assert set(reveal_names.STATES) == set(states.split())
    assert set(reveal_names.ADDRESSES) == set(Channel)


async def test_from_the_wish_in_danger_to_the_value_and_its_copy_button(
    anna: Browser, bridge: Stations, endangered: UUID, stations: DeskStations
) -> None:
    page = (await anna.get(f"/conversations/{endangered}")).text
    assert 'name="what" value="PHONE_1"' in page
    assert "it is opened at once" in page
    assert "It is no telephone number" in page
    answer = await anna.submit(f"/conversations/{endangered}/reveals", what="PHONE_1", reason=WHY)
    assert answer.headers["location"] == f"/conversations/{endangered}#reveals"
    assert "Is being opened" in (await anna.get(f"/conversations/{endangered}")).text
    await unseal(bridge, endangered)
    page = (await anna.get(f"/conversations/{endangered}/reveals", headers=HX)).text
    assert "Show for a minute" in page
    assert "123 45 67" not in page
    shown = await anna.submit(f"/reveals/{await wish(stations)}/show", conversation=endangered)
    assert f'value="{NUMBER}"' in shown.text
    assert 'class="copy"' in shown.text
    assert shown.headers["refresh"] == f"60; url=/conversations/{endangered}"
    assert shown.headers["cache-control"] == "no-store"
    assert "123 45 67" not in (await anna.get(f"/conversations/{endangered}")).text


async def test_without_danger_a_supervisor_is_told_decides_and_anna_opens(
    anna: Browser, saule: Browser, bridge: Stations, taken: UUID, stations: DeskStations
) -> None:
    answer = await anna.post(
        f"/conversations/{taken}/reveals", data={"csrf": anna.csrf, "what": "PHONE_1", "reason": WHY}, headers=HX
    )
    assert "Waits for a supervisor" in answer.text
    assert "1 to look at" in (await saule.get("/reveals/waiting")).text
    page = (await saule.get("/reveals")).text
    assert WHY in page
    assert "Operator" not in page or "Anna" in page
    one = await wish(stations)
    assert (await saule.submit(f"/reveals/{one}/grant")).headers["location"] == "/reveals"
    assert (await saule.get("/reveals/waiting")).text.strip() == ""
    assert "Agreed: may be opened" in (await anna.get(f"/conversations/{taken}")).text
    await anna.submit(f"/reveals/{one}/open", conversation=taken)
    await unseal(bridge, taken)
    assert NUMBER in (await anna.submit(f"/reveals/{one}/show", conversation=taken)).text
    assert "shown 1 time<" in (await saule.get("/reveals")).text


async def test_what_danger_opened_is_counted_until_a_supervisor_has_seen_it(
    anna: Browser, saule: Browser, endangered: UUID, browser_of: Callable[..., Awaitable[Browser]]
) -> None:
    await anna.submit(f"/conversations/{endangered}/reveals", what="PHONE_1", reason=WHY)
    await saule.get("/reveals/rows")
    assert "1 to look at" in (await saule.get("/reveals/waiting")).text
    assert WHY in (await saule.get("/reveals")).text
    assert (await saule.get("/reveals/waiting")).text.strip() == ""
    assert (await (await browser_of("supervisor", name="Timur")).get("/reveals/waiting")).text.strip() == ""


async def test_what_danger_opened_for_a_supervisor_is_for_another_one_to_see(
    saule: Browser, person: Person, browser_of: Callable[..., Awaitable[Browser]]
) -> None:
    found = await person.asks(f"меня убивают, мой номер {NUMBER}")
    await saule.submit(f"/conversations/{found}/claim")
    await saule.submit(f"/conversations/{found}/reveals", what="PHONE_1", reason=WHY)
    assert (await saule.get("/reveals/waiting")).text.strip() == ""
    assert WHY in (await saule.get("/reveals")).text
    assert "1 to look at" in (await (await browser_of("supervisor", name="Timur")).get("/reveals/waiting")).text


async def test_a_supervisors_own_wish_has_no_button_for_them_and_is_refused(
    saule: Browser, conversation: UUID, stations: DeskStations
) -> None:
    await saule.submit(f"/conversations/{conversation}/claim")
    await saule.submit(f"/conversations/{conversation}/reveals", what="PHONE_1", reason=WHY)
    assert "another supervisor must decide" in (await saule.get("/reveals")).text
    answer = await saule.submit(f"/reveals/{await wish(stations)}/grant")
    assert answer.status_code == 409
    assert "This is your own request. Another supervisor must decide." in answer.text
    assert [row.state for row in await ask(stations.store, "SELECT state FROM reveals")] == ["asked"]


async def test_a_refusal_is_read_by_whoever_asked(anna: Browser, saule: Browser, taken: UUID, stations: DeskStations) -> None:
    await anna.submit(f"/conversations/{taken}/reveals", what="PHONE_1", reason=WHY)
    one = await wish(stations)
    assert (await saule.submit(f"/reveals/{one}/refuse", answer="no")).status_code == 409
    await saule.submit(f"/reveals/{one}/refuse", answer="Ask <her> first, please")
    page = (await anna.get(f"/conversations/{taken}")).text
    assert "Ask &lt;her&gt; first, please" in page
    assert "Refused" in page


async def test_a_short_reason_stays_in_the_field_with_what_is_wrong(anna: Browser, taken: UUID) -> None:
    form = {"csrf": anna.csrf, "what": "PHONE_1", "reason": "police"}
    answer = await anna.post(f"/conversations/{taken}/reveals", data=form, headers=HX)
    assert answer.status_code == 422
    assert ">police</textarea>" in answer.text
    assert "at least ten letters" in answer.text


def other_hours(stations: DeskStations) -> Agreement:
    return Agreement("call", ("night" if safe_contact.part_of_day(stations.clock()) != "night" else "day",), True, "[PHONE_1]")


async def test_outside_the_agreed_hours_it_warns_and_a_number_wants_a_tick_and_a_second_press(
    anna: Browser, taken: UUID, stations: DeskStations
) -> None:
    form = {"csrf": anna.csrf, "what": "PHONE_1", "reason": WHY}
    assert "outside the agreed hours" not in (await anna.get(f"/conversations/{taken}")).text
    await agree(stations, taken, other_hours(stations))
    page = (await anna.get(f"/conversations/{taken}")).text
    assert "It is outside the agreed hours until " in page
    first = await anna.post(f"/conversations/{taken}/reveals", data=form, headers=HX)
    assert first.status_code == 422
    assert f">{WHY}</textarea>" in first.text
    assert "tick that the number is needed all the same" in first.text
    assert (await anna.submit(f"/conversations/{taken}/reveals", what="PHONE_1", reason=WHY)).status_code == 422
    assert await ask(stations, "SELECT 1 FROM reveals") == []
    done = await anna.post(f"/conversations/{taken}/reveals", data=form | {"knowing": "yes"}, headers=HX)
    assert "Waits for a supervisor" in done.text


async def test_a_number_is_shown_outside_the_agreed_hours_with_a_tick_and_a_second_press(
    anna: Browser, saule: Browser, bridge: Stations, taken: UUID, stations: DeskStations
) -> None:
    await anna.submit(f"/conversations/{taken}/reveals", what="PHONE_1", reason=WHY)
    one = await wish(stations)
    await saule.submit(f"/reveals/{one}/grant")
    await anna.submit(f"/reveals/{one}/open", conversation=taken)
    await unseal(bridge, taken)
    listed = f"/conversations/{taken}/reveals"
    assert 'name="knowing"' not in (await anna.get(listed, headers=HX)).text
    await agree(stations, taken, other_hours(stations))
    assert 'name="knowing"' in (await anna.get(listed, headers=HX)).text
    first = await anna.submit(f"/reveals/{one}/show", conversation=taken)
    assert first.status_code == 422
    assert NUMBER not in first.text
    assert "tick that the number is needed all the same" in first.text
    assert NUMBER in (await anna.submit(f"/reveals/{one}/show", conversation=taken, knowing="yes")).text


async def test_in_danger_outside_the_agreed_hours_the_warning_stands_by_the_value_and_nothing_waits(
    anna: Browser, bridge: Stations, endangered: UUID, stations: DeskStations
) -> None:
    await agree(stations, endangered, other_hours(stations))
    page = (await anna.get(f"/conversations/{endangered}")).text
    assert "It is outside the agreed hours until " in page
    assert 'name="knowing"' not in page
    await anna.submit(f"/conversations/{endangered}/reveals", what="PHONE_1", reason=WHY)
    await unseal(bridge, endangered)
    listed = (await anna.get(f"/conversations/{endangered}/reveals", headers=HX)).text
    assert "Show for a minute" in listed
    assert "It is outside the agreed hours until " in listed
    assert 'name="knowing"' not in listed
    assert NUMBER in (await anna.submit(f"/reveals/{await wish(stations)}/show", conversation=endangered)).text


async def test_who_does_not_have_the_conversation_sees_no_form_and_no_value(
    anna: Browser, bolat: Browser, saule: Browser, bridge: Stations, endangered: UUID, stations: DeskStations
) -> None:
    await anna.submit(f"/conversations/{endangered}/reveals", what="PHONE_1", reason=WHY)
    await unseal(bridge, endangered)
    for other in (bolat, saule):
        page = (await other.get(f"/conversations/{endangered}")).text
        assert "Ask to see a sealed value" not in page
        assert "Show for a minute" not in page
        answer = await other.submit(f"/reveals/{await wish(stations)}/show", conversation=endangered)
        assert answer.status_code == 409
        assert NUMBER not in answer.text
        assert (await other.submit(f"/conversations/{endangered}/reveals", what="PHONE_1", reason=WHY)).status_code == 409


async def test_after_ten_minutes_there_is_nothing_to_see(
    anna: Browser, bridge: Stations, endangered: UUID, stations: DeskStations, clock: Clock
) -> None:
    await anna.submit(f"/conversations/{endangered}/reveals", what="address", reason=WHY)
    await unseal(bridge, endangered)
    clock.advance(minutes=10)
    answer = await anna.submit(f"/reveals/{await wish(stations)}/show", conversation=endangered)
    assert answer.status_code == 409
    assert "1001" not in answer.text
    assert "Erased again" in (await anna.get(f"/conversations/{endangered}")).text


async def test_of_the_forgotten_the_list_keeps_no_word(anna: Browser, saule: Browser, bridge: Stations, taken: UUID) -> None:
    await anna.submit(f"/conversations/{taken}/reveals", what="PHONE_1", reason=WHY)
    await forget(bridge, taken)
    page = (await saule.get("/reveals")).text
    assert WHY not in page
    assert "The person was forgotten" in page
    assert f"/conversations/{taken}" not in page


async def test_the_page_says_what_a_reveal_of_an_sms_persons_address_is(anna: Browser, by_sms: Person) -> None:
    conversation = await by_sms.asks("мне не платят зарплату")
    await anna.submit(f"/conversations/{conversation}/claim")
    page = (await anna.get(f"/conversations/{conversation}")).text
    assert "own telephone number" in page
    assert "It is no telephone number" not in page


async def test_an_empty_list_says_so(saule: Browser) -> None:
    assert "Nobody has asked for a sealed value." in (await saule.get("/reveals")).text


@pytest.mark.parametrize("before", ["2026-01-01T00:00:00", "2026-01-01T00:00:00+00:00"])
async def test_older_pages_are_reached(saule: Browser, before: str) -> None:
    assert (await saule.get("/reveals", params={"before": before})).status_code == 200


def test_a_reveal_has_no_field_for_words() -> None:
    assert not {"reason", "value", "answer"} & set(Reveal.__dataclass_fields__)
