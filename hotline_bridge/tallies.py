"""Counts that name nobody: contacts, topics, what could not be answered. They stay when people are forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.tables import tallies


@dataclass(frozen=True, slots=True)
class Place:
    """Whence something was counted."""

    channel: str
    language: str | None
    region: str | None


async def add(connection: AsyncConnection, day: date, kind: str, place: Place, key: str = "") -> None:
    """One more of `kind` (contact, topic, unanswered) on `day`."""
    values = {"channel": place.channel, "language": place.language, "region": place.region}
    await connection.execute(insert(tallies).values(id=uuid4(), day=day, kind=kind, key=key, **values))
