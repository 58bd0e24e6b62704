"""What the steps work with: every station, made once by bootstrap and handed down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import procrastinate
from sqlalchemy.ext.asyncio import AsyncEngine

from hotline_bridge.channels.base import ChannelAdapter
from hotline_bridge.desk import Desk
from hotline_bridge.messages import Channel
from hotline_bridge.vault.identities import Vault

if TYPE_CHECKING:
    # Only the worker loads these: they cost 100 MB that web, console and the action server do without.
    from bot.reading.commands import Commands
    from bot.reading.danger import DangerList
    from bot.reading.language import LanguageReader
    from hotline_bridge.anonymiser.anonymiser import Anonymiser
    from hotline_bridge.assistant import Assistant
    from hotline_bridge.replies.render import Renderer


def utc_now() -> datetime:
    """The clock, replaced in tests."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Store:
    """The database and the queue in it."""

    engine: AsyncEngine
    queue: procrastinate.App


@dataclass(frozen=True, slots=True)
class Reading:
    """What the bridge itself understands of a message, with Rasa or without: language, danger, orders."""

    language: LanguageReader
    danger: DangerList
    commands: Commands


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
    alarm: DangerList | None = None  # what receive looks for, where it runs without the other readers
