"""What is known of a conversation between two messages: language, script, what was offered last, whether it is silent."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.messages import Channel, Voice
from hotline_bridge.store.days import TODAY
from hotline_bridge.store.tables import conversations

LET_GO = "let_go"  # a silence: nobody reads it any more, and the next message ends it
DEFAULT_LANGUAGE = "ru"  # the language most people in Kazakhstan share, until the person's own is known


@dataclass(frozen=True, slots=True)
class Conversation:
    """One row. language: None until a message told; offered: the choices behind the numbers of the last SMS.

    silence: None, "stopped" (nothing unasked) or "unsafe" (nothing at all until `return_code` is written);
    "forgotten" (by its writer's wish) and "let_go" (by an operator's order): it is about to go.
    confirming: the safety intent that the person was asked about in the turn before.
    operator: the account that has taken over; topics: what was asked about so far, the oldest first.
    dialogue_over: an operator has been here since; what the assistant had asked is not open any more.
    """

    id: UUID
    channel: Channel
    language: str | None = None
    script: str = "cyrl"
    language_chosen: bool = False
    offered: tuple[str, ...] = ()
    topic: str | None = None
    page: int = 0
    silence: str | None = None
    return_code: str | None = None
    confirming: str | None = None
    topics: tuple[str, ...] = ()
    region: str | None = None
    counted_on: date | None = None
    operator_id: UUID | None = None
    unreachable: str | None = None
    dialogue_over: bool = False

    @property
    def is_going(self) -> bool:
        """Whether nobody may read it any more."""
        return self.silence in ("forgotten", LET_GO)

    @property
    def voice(self) -> Voice:
        """How the person is answered."""
        return Voice(self.language or DEFAULT_LANGUAGE, self.script)


_COLUMNS = [conversations.c[f.name] for f in fields(Conversation)]
# Not written with the rest: the desk and deliver change them meanwhile.
_FIXED = {"id", "channel", "operator_id", "unreachable", "dialogue_over"}
_LISTS = ("offered", "topics")


async def touch(connection: AsyncConnection, conversation: UUID, channel: Channel) -> None:
    """Make the row if it is missing and note that somebody wrote today."""
    await connection.execute(
        insert(conversations)
        .values(id=conversation, channel=channel, opened_on=TODAY, last_seen_on=TODAY)
        .on_conflict_do_update(index_elements=["id"], set_={"last_seen_on": TODAY, "unreachable": None})
    )


async def load(connection: AsyncConnection, conversation: UUID, *, lock: bool = False) -> Conversation | None:
    """The row, or None when it was forgotten. With `lock` nobody else changes it until the transaction ends."""
    query = select(*_COLUMNS).where(conversations.c.id == conversation)
    row = (await connection.execute(query.with_for_update() if lock else query)).first()
    if row is None:
        return None
    values: dict[str, Any] = dict(row._mapping)
    lists = {name: tuple(values[name]) for name in _LISTS}
    return Conversation(**{**values, **lists, "channel": Channel(values["channel"])})


async def save(connection: AsyncConnection, conversation: Conversation) -> None:
    """Write everything that may change."""
    values = {f.name: getattr(conversation, f.name) for f in fields(conversation) if f.name not in _FIXED}
    values |= {name: list(values[name]) for name in _LISTS}
    await connection.execute(update(conversations).where(conversations.c.id == conversation.id).values(**values))


async def dialogue_begins_anew(connection: AsyncConnection, conversation: UUID) -> None:
    """What the assistant had asked was dropped."""
    await connection.execute(update(conversations).where(conversations.c.id == conversation).values(dialogue_over=False))


async def is_unreachable(connection: AsyncConnection, conversation: UUID, code: str) -> None:
    """A provider said for good that this person cannot be written to; until they write again."""
    await connection.execute(update(conversations).where(conversations.c.id == conversation).values(unreachable=code))


async def is_to_be_forgotten(connection: AsyncConnection, conversation: UUID) -> bool:
    """Whether only one last line stands between this conversation and its end."""
    query = select(conversations.c.id).where(conversations.c.id == conversation, conversations.c.silence == "forgotten")
    return (await connection.execute(query)).first() is not None


async def is_let_go(connection: AsyncConnection, conversation: UUID) -> None:
    """An operator had it forgotten; the worker does so unless its writer comes back before."""
    await connection.execute(update(conversations).where(conversations.c.id == conversation).values(silence=LET_GO))


async def let_go(connection: AsyncConnection, *, most: int = 500) -> list[UUID]:
    """Those that are to be forgotten by an operator's order."""
    query = select(conversations.c.id).where(conversations.c.silence == LET_GO).limit(most)
    return list((await connection.execute(query)).scalars())


async def came_back(connection: AsyncConnection, conversation: UUID, days: int) -> bool:
    """Whether somebody wrote within `days` days and is not about to be forgotten by their own wish."""
    recent = conversations.c.last_seen_on >= TODAY - days
    query = select(conversations.c.id).where(
        conversations.c.id == conversation, recent, conversations.c.silence.is_distinct_from("forgotten")
    )
    return (await connection.execute(query)).first() is not None


async def remove(connection: AsyncConnection, conversation: UUID) -> None:
    """Delete the row, and with it (cascade) inbox, outbox and placeholders."""
    await connection.execute(delete(conversations).where(conversations.c.id == conversation))
