"""The stations on a real database, with fakes where the network would be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from babel.support import NullTranslations
from fakes_bridge import Clock, FakeLanguageReader, ScriptedAssistant, ScriptedChannel, made_desk, made_vault
from people import ANNA, Person

from bot.reading.agreed_words import AgreedWords
from bot.reading.answers import Answers
from bot.reading.commands import Commands
from bot.reading.danger import DangerList
from hotline_bridge import bootstrap, knowledge
from hotline_bridge.anonymiser.anonymiser import Anonymiser
from hotline_bridge.flow import operate
from hotline_bridge.flow.stations import CryLists, DeskStations, Reading, Stations, Store
from hotline_bridge.messages import Channel
from hotline_bridge.replies.render import Renderer
from hotline_bridge.settings import PROJECT

# Lists of the test's own: the linguist's change, and have tests of their own.
DANGER = {
    "ru": "danger_now:\n  certain: [убивают]\n  ask: [бьют]\nunsafe_to_talk:\n  certain: [не могу говорить]\n",
    "uz": "danger_now:\n  certain: [o'ldiryapti]\n",
}
COMMANDS = {
    "ru": "stop: [стоп]\nstart: [старт]\ncry: [помогите]\nclear: [очистить]\nmore: [ещё]\nsource: [где написано]\n"
    "'yes': [да]\n'no': [нет]\noperator: [оператор]\n",
    "tg": "stop: [бас]\n",
}
ANSWERS = {
    "ru": "this_chat: [здесь]\ncall: [звоните]\nmorning: [утром]\nevening: [вечером]\nany: [всегда]\nskip: [потом]\n"
    "safe: [могу]\nunsafe: [не могу, потом]\nfiller: [и]\n",
}
WORDS = {"ru": "[груша, тюльпан]", "kk": "[анар, шелек]", "uz": "[shaftoli, kamalak]", "tg": "[гелос, товус]"}


@pytest.fixture(scope="session")
def anonymiser() -> Anonymiser:
    return Anonymiser()


@pytest.fixture(scope="session")
def renderer() -> Renderer:
    """English in every language: what is said is the business of tests/replies."""
    loaded = knowledge.load(PROJECT / "knowledge")
    return Renderer(loaded, {language: NullTranslations() for language in ("kk", "ru", "uz", "tg")})  # type: ignore[misc]


@pytest.fixture(scope="session")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    folder = tmp_path_factory.mktemp("nlu")
    language: Any = FakeLanguageReader()
    return Reading(
        DangerList.load(_written(folder / "danger", DANGER)),
        Commands.load(_written(folder / "commands", COMMANDS)),
        language,
        Answers.load(_written(folder / "answers", ANSWERS)),
        AgreedWords.load(_written(folder / "agreed_words", WORDS)),
    )


def _written(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, content in files.items():
        (folder / f"{name}.yml").write_text(content)
    return folder


@pytest.fixture
def assistant() -> ScriptedAssistant:
    return ScriptedAssistant()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def telegram() -> ScriptedChannel:
    return ScriptedChannel()


@pytest.fixture
def sms() -> ScriptedChannel:
    return ScriptedChannel(Channel.TWILIO, final=False)


@pytest.fixture
def without_store(
    reading: Reading, anonymiser: Anonymiser, renderer: Renderer, assistant: ScriptedAssistant, clock: Clock
) -> Stations:
    """Stations for decisions that touch no row."""
    anything: Any = None
    asked: Any = assistant
    return Stations(anything, made_vault(), {}, reading, anonymiser, asked, renderer, clock)


@pytest.fixture
def stations(without_store: Stations, store: Store, telegram: ScriptedChannel, sms: ScriptedChannel) -> Stations:
    desk = made_desk()
    return replace(without_store, store=store, channels={telegram.name: telegram, sms.name: sms}, desk=desk)


@pytest.fixture
def desk(stations: Stations) -> DeskStations:
    """What the console has."""
    assert stations.desk
    return DeskStations(stations.store, stations.desk, anonymiser=stations.finder, clock=stations.clock)


@pytest.fixture
def person(stations: Stations) -> Person:
    return Person(stations)


@pytest.fixture
def by_sms(stations: Stations) -> Person:
    return Person(stations, "+77010000001", Channel.TWILIO)


@pytest.fixture(scope="session")
def lists() -> CryLists:
    """The linguist's own."""
    return bootstrap.cry_lists()


@pytest.fixture
def writer(stations: Stations, lists: CryLists) -> Person:
    """Somebody who is heard with the linguist's own lists."""
    assert stations.reading
    reading = replace(stations.reading, danger=lists.danger, commands=lists.commands)
    return Person(replace(stations, reading=reading))


@pytest.fixture
async def conversation(person: Person, assistant: ScriptedAssistant) -> UUID:
    """Somebody without danger whom Anna has, and who wrote a number."""
    assistant.always = None
    return await person.is_taken_by(ANNA, "что делать, мой номер +7 701 123 45 67")


@pytest.fixture
async def taken(writer: Person) -> UUID:
    """Somebody who asked for a person, and whom an operator has."""
    conversation = await writer.wants_a_person()
    await operate.claim(writer.stations, ANNA, conversation)
    return conversation
