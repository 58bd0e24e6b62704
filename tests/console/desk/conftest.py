"""People who write, and the operators' pages that show them: the real steps on one database, fakes where the network would be."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from console.conftest import Browser, lists, renderer
from fakes_bridge import Clock, ScriptedAssistant, ScriptedChannel, made_desk, made_vault
from people import Person

from bot.reading.language import LanguageReader
from hotline_bridge import bootstrap, safe_contact
from hotline_bridge.anonymiser.anonymiser import Anonymiser
from hotline_bridge.flow.stations import DeskStations, Reading, Stations, Store
from hotline_bridge.messages import Channel
from hotline_bridge.safe_contact import Agreement
from hotline_bridge.settings import PROJECT
from hotline_bridge.store.engine import transaction

NLU = PROJECT / "nlu"
DESK = made_desk()
CONSENT = "да, я согласна"


@pytest.fixture(scope="session")
def anonymiser() -> Anonymiser:
    return bootstrap.anonymiser()


@pytest.fixture(scope="session")
def reading() -> Reading:
    return bootstrap.reading(NLU)


@pytest.fixture(scope="session")
def language_reader(reading: Reading) -> LanguageReader:
    return reading.language


@pytest.fixture
def assistant() -> ScriptedAssistant:
    """Silent, so that whatever is no danger becomes a ticket too."""
    made = ScriptedAssistant()
    made.always = None
    return made


@pytest.fixture
def telegram() -> ScriptedChannel:
    return ScriptedChannel()


@pytest.fixture
def bridge(
    store: Store,
    clock: Clock,
    anonymiser: Anonymiser,
    reading: Reading,
    assistant: ScriptedAssistant,
    telegram: ScriptedChannel,
) -> Stations:
    """What the worker has."""
    sms = ScriptedChannel(Channel.TWILIO, final=False)
    asked: Any = assistant
    channels = {telegram.name: telegram, sms.name: sms}
    return Stations(store, made_vault(), channels, reading, anonymiser, asked, renderer(), clock, DESK)


@pytest.fixture
def stations(store: Store, clock: Clock, anonymiser: Anonymiser, language_reader: LanguageReader) -> DeskStations:
    """What the console has."""
    return DeskStations(store, DESK, renderer, lambda: language_reader, lambda: anonymiser, clock, lists=lists)


@pytest.fixture
def person(bridge: Stations) -> Person:
    return Person(bridge)


@pytest.fixture
def by_sms(bridge: Stations) -> Person:
    return Person(bridge, "+77010000001", Channel.TWILIO)


@pytest.fixture
async def anna(browser_of: Callable[..., Awaitable[Browser]]) -> Browser:
    return await browser_of("operator", name="Anna")


@pytest.fixture
async def bolat(browser_of: Callable[..., Awaitable[Browser]]) -> Browser:
    return await browser_of("operator", name="Bolat")


@pytest.fixture
async def conversation(person: Person) -> UUID:
    """Somebody who writes in Russian and whom the assistant could not answer, with a ticket."""
    return await person.asks("мне не платят зарплату третий месяц, мой номер +7 701 123 45 67")


@pytest.fixture
async def taken(anna: Browser, conversation: UUID) -> UUID:
    """The same, taken by Anna."""
    assert (await anna.submit(f"/conversations/{conversation}/claim")).status_code == 303
    return conversation


@pytest.fixture
async def agreed(person: Person, taken: UUID) -> UUID:
    """The same, who has said yes to what Anna asked."""
    return await person.asks(CONSENT)


async def agree(stations: DeskStations, conversation: UUID, agreement: Agreement) -> None:
    async with transaction(stations.store.engine) as connection:
        key = await DESK.find_or_make(connection, conversation)
        await safe_contact.save(connection, conversation, agreement, key)
