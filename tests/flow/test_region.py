"""The region or large city that a message names becomes the conversation's and the ticket's, and figures count by it."""

from __future__ import annotations

from fakes_bridge import ScriptedAssistant, ask
from people import Person

from hotline_bridge import knowledge
from hotline_bridge.anonymiser.anonymiser import Anonymiser
from hotline_bridge.flow.answer import answer
from hotline_bridge.flow.stations import Stations
from hotline_bridge.settings import PROJECT


async def regions(stations: Stations, table: str) -> list[str | None]:
    return [row.region for row in await ask(stations, f"SELECT region FROM {table}")]


async def test_a_ticket_has_the_region_of_the_message_that_opens_it(person: Person, stations: Stations) -> None:
    await answer(stations, await person.writes("убивают, я в Шымкенте"))
    assert await regions(stations, "conversations") == ["C-SHY"]
    assert await regions(stations, "tickets") == ["C-SHY"]


async def test_a_region_that_comes_later_is_added_to_the_open_ticket(person: Person, stations: Stations) -> None:
    conversation = await person.writes("убивают")
    await answer(stations, conversation)
    assert await regions(stations, "tickets") == [None]
    await person.writes("Жамбыл облысындамын")
    await answer(stations, conversation)
    assert await regions(stations, "tickets") == ["R-ZHA"]


async def test_of_several_regions_none_is_taken_and_the_known_one_stays(person: Person, stations: Stations) -> None:
    await person.asks("я из Тараза, работаю в Шымкенте")
    assert await regions(stations, "conversations") == [None]
    await person.asks("в Караганде", "звонила и в Астану и в Павлодар")
    assert await regions(stations, "conversations") == ["R-KAR"]


async def test_of_an_address_nothing_but_the_region_is_kept_in_the_open(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    await person.asks("держат на улице Абая 150, Тараз")
    assert assistant.asked[-1].text == "держат на [ADDRESS_1]"
    assert await regions(stations, "conversations") == ["R-ZHA"]


async def test_a_village_is_no_region(person: Person, stations: Stations) -> None:
    await person.asks("мы в селе Жанаталап")
    assert await regions(stations, "conversations") == [None]


async def test_contacts_are_counted_by_region(person: Person, stations: Stations) -> None:
    await person.asks("мен Ақтөбедемін")
    assert [r.region for r in await ask(stations, "SELECT region FROM tallies WHERE kind = 'contact'")] == ["R-AKT"]


def test_every_region_that_a_message_can_name_has_a_name_in_the_console(anonymiser: Anonymiser) -> None:
    known = knowledge.load(PROJECT / "knowledge").regions
    assert set(anonymiser._lists.places.regions.values()) <= set(known)
