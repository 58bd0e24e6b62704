"""What another case system may know of a ticket: no person, no word, no operator, and times to the hour.

Its id is a random one of its own: with it nobody finds the conversation, the number the person was told, or a second ticket of
the same person. Times are to the hour, because a telephone company's records say to the second who wrote to which number.
Tickets of people who were forgotten and tests are not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.local_time import ZONE
from hotline_bridge.messages import Channel
from hotline_bridge.store.tables import tickets
from hotline_bridge.tickets import history, presence
from hotline_bridge.tickets.history import Entry


@dataclass(frozen=True, slots=True)
class Case:
    """channel: messenger or sms. region and topics: as in knowledge/. outcome: None until it is closed."""

    id: UUID
    need: str
    state: str
    outcome: str | None
    language: str | None
    channel: str
    region: str | None
    topics: tuple[str, ...]
    reopened: int
    opened_at: datetime
    taken_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None

    def document(self) -> dict[str, Any]:
        """As JSON, in answers and in webhooks alike."""
        return {
            "id": str(self.id),
            "need": self.need,
            "state": self.state,
            "outcome": self.outcome,
            "language": self.language,
            "channel": self.channel,
            "region": self.region,
            "topics": list(self.topics),
            "reopened": self.reopened,
            "opened_at": moment(self.opened_at),
            "taken_at": moment(self.taken_at),
            "answered_at": moment(self.answered_at),
            "closed_at": moment(self.closed_at),
        }


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tickets; None is any. since: opened on this day or later. after: the place of the last one that was read."""

    state: str | None = None
    need: str | None = None
    since: date | None = None
    after: tuple[datetime, UUID] | None = None


_t = tickets.c
_COLUMNS = (
    _t.public_id, _t.need, _t.state, _t.outcome, _t.language, _t.channel, _t.region, _t.topics, _t.reopened, _t.opened_at,
    _t.taken_at, _t.answered_at, _t.closed_at,
)  # fmt: skip
_THERE: tuple[ColumnElement[bool], ...] = (_t.conversation_id.is_not(None), _t.outcome.is_distinct_from("test"))


def moment(at: datetime | None) -> str | None:
    """The hour in which something happened, UTC."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:00:00Z")


async def read(connection: AsyncConnection, public: UUID) -> Case | None:
    """The ticket with this id."""
    row = (await connection.execute(select(*_COLUMNS).where(_t.public_id == public, *_THERE))).first()
    return None if row is None else _case(row)


async def locked(connection: AsyncConnection, public: UUID) -> tuple[UUID, Entry] | None:
    """Its conversation and the whole row, under the conversation's lock, which every step takes first."""
    query = select(_t.conversation_id).where(_t.public_id == public, *_THERE)
    conversation = (await connection.execute(query)).scalar()
    if conversation is None:
        return None
    await presence.holder(connection, conversation, lock=True)
    if (await connection.execute(query)).scalar() is None:  # its person was forgotten while the lock was waited for
        return None
    return conversation, await history.one(connection, public)


async def page(connection: AsyncConnection, wanted: Wanted, limit: int) -> list[Case]:
    """Up to `limit` tickets, in the order in which they were opened."""
    query = select(*_COLUMNS).where(*_THERE).order_by(_t.opened_at, _t.public_id).limit(limit)
    if wanted.state:
        query = query.where(_t.state == wanted.state)
    if wanted.need:
        query = query.where(_t.need == wanted.need)
    if wanted.since:
        query = query.where(_t.opened_at >= datetime.combine(wanted.since, time(), ZONE))
    if wanted.after:
        query = query.where(tuple_(_t.opened_at, _t.public_id) > wanted.after)
    return [_case(row) for row in await connection.execute(query)]


async def of(connection: AsyncConnection, ids: Sequence[UUID]) -> list[Case]:
    """The tickets with these ids of ours."""
    return [_case(row) for row in await connection.execute(select(*_COLUMNS).where(_t.id.in_(ids), *_THERE))]


def _case(row: Any) -> Case:
    channel = "sms" if Channel(row.channel).is_sms else "messenger"
    return Case(
        row.public_id,
        row.need,
        row.state,
        row.outcome,
        row.language,
        channel,
        row.region,
        tuple(row.topics),
        row.reopened,
        row.opened_at,
        row.taken_at,
        row.answered_at,
        row.closed_at,
    )
