"""What the steps work with: every station, made once by bootstrap and handed down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NoReturn, Protocol

import procrastinate
from sqlalchemy.ext.asyncio import AsyncEngine

from hotline_bridge.channels.base import ChannelAdapter
from hotline_bridge.desk import Desk
from hotline_bridge.errors import SettingError
from hotline_bridge.local_time import day_of
from hotline_bridge.messages import Channel
from hotline_bridge.vault.identities import Vault

if TYPE_CHECKING:
    # Only the worker loads these: they cost 100 MB that web, console and the action server do without.
    from bot.reading.agreed_words import AgreedWords
    from bot.reading.answers import Answers
    from bot.reading.commands import Commands
    from bot.reading.danger import DangerList
    from bot.reading.language import LanguageReader
    from hotline_bridge.anonymiser.anonymiser import Anonymiser
    from hotline_bridge.assistant import Assistant
    from hotline_bridge.lists import Lists
    from hotline_bridge.replies.render import Renderer


def utc_now() -> datetime:
    """The clock, replaced in tests."""
    return datetime.now(UTC)


def _not_here() -> NoReturn:
    raise SettingError("this process was started without the readers of texts")


@dataclass(frozen=True, slots=True)
class Store:
    """The database and the queue in it."""

    engine: AsyncEngine
    queue: procrastinate.App


@dataclass(frozen=True, slots=True)
class CryLists:
    """What tells danger and cries for help, without any model."""

    danger: DangerList
    commands: Commands


@dataclass(frozen=True, slots=True)
class Reading(CryLists):
    """What the bridge itself understands of a message, with Rasa or without: language, danger, orders, choices.

    words: those that can be agreed on.
    """

    language: LanguageReader
    answers: Answers
    words: AgreedWords


@dataclass(frozen=True, slots=True)
class Stations:
    """Everything a step may need. A process that does not answer leaves `reading`, `anonymiser`, … out."""

    store: Store
    vault: Vault
    channels: Mapping[Channel, ChannelAdapter] = field(default_factory=dict)
    reading: Reading | None = None
    anonymiser: Anonymiser | None = None
    assistant: Assistant | None = None
    renderer: Renderer | None = None
    clock: Callable[[], datetime] = utc_now
    desk: Desk | None = None  # what operators may read; web and the action server do without
    alarm: CryLists | None = None  # what receive looks for, where it runs without the other readers

    def finder(self) -> Anonymiser:
        """See AtDesk."""
        return self.anonymiser or _not_here()


class AtDesk(Protocol):
    """What a step of the operators' side works with. The console's DeskStations are that, and so are the worker's Stations."""

    @property
    def store(self) -> Store:
        """The database and the queue."""

    @property
    def desk(self) -> Desk | None:
        """See `desk_of`."""

    @property
    def clock(self) -> Callable[[], datetime]:
        """The time."""

    def finder(self) -> Anonymiser:
        """What finds in a text what tells who somebody is. The console's is made when it is first asked for: in a thread."""


@dataclass(frozen=True, slots=True)
class DeskStations:
    """What the console works with. There is no vault: who steals this process reads no address and no word as it was typed.

    language, anonymiser, renderer, lists: made when first called, because not every page needs them.
    phones: what takes in messages, while the trial phones are on and the console carries them.
    """

    store: Store
    desk: Desk
    renderer: Callable[[], Renderer] = _not_here
    language: Callable[[], LanguageReader] = _not_here
    anonymiser: Callable[[], Anonymiser] = _not_here
    clock: Callable[[], datetime] = utc_now
    phones: Stations | None = None
    lists: Callable[[], Lists] = _not_here

    def finder(self) -> Anonymiser:
        """See AtDesk."""
        return self.anonymiser()


def today(stations: AtDesk) -> date:
    """The day in Kazakhstan, on which facts are shown and sums are counted."""
    return day_of(stations.clock())


def desk_of(stations: AtDesk) -> Desk:
    """The desk. Raises SettingError in a process that was started without its key."""
    if stations.desk is None:
        raise SettingError("this process was started without KOMEK_DESK_KEY")
    return stations.desk
