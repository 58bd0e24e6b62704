"""The safe-contact agreement: how, when and by which words somebody may be written to. Decisions are pure; rows at the end.

Safety: what is decided here is enforced where a reply is stored, not remembered by an operator (tests/flow/test_operate.py).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.local_time import ZONE, day_of
from hotline_bridge.store.tables import agreements, outbox
from hotline_bridge.vault.sealing import Key

PARTS = {"night": time(0), "morning": time(6), "day": time(12), "evening": time(18)}  # each until the next begins
METHODS = ("this_chat", "number", "call")
AWAITED = timedelta(days=2)  # how long a reply is held for the person's word; then what it says may be true no longer
PRESENT = timedelta(minutes=60)  # who wrote so recently holds the phone in the hand


@dataclass(frozen=True, slots=True)
class Agreement:
    """method: this_chat, number (another one, behind `placeholder`) or call. hours: parts of the day; () is any.

    words: by which to know each other, and that says "I am not alone".
    """

    method: str = "this_chat"
    hours: tuple[str, ...] = ()
    leave_message: bool = False
    placeholder: str | None = None
    words: tuple[str, str] | None = None
    confirmed_at: datetime | None = None
    asked_at: datetime | None = None
    refused_at: datetime | None = None

    @property
    def is_asked(self) -> bool:
        """Whether "is it safe now?" was asked and has no yes yet: then nothing but a yes opens the way."""
        return _later(self.asked_at, self.confirmed_at)

    @property
    def is_refused(self) -> bool:
        """Whether the last answer to that was no."""
        return _later(self.refused_at, self.confirmed_at)


def _later(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and (other is None or one > other)


@dataclass(frozen=True, slots=True)
class Decision:
    """send: now; ask: first whether it is safe; wait: until `until`, and then ask; refuse: not in this way at all.

    unasked: of what may go out now, that nothing was agreed and the phone may be in other hands by now: operators press twice.
    """

    what: Literal["send", "ask", "wait", "refuse"]
    until: datetime | None = None
    unasked: bool = False


def part_of_day(at: datetime) -> str:
    """night, morning, day or evening in Kazakhstan."""
    now = at.astimezone(ZONE).time()
    return max((start, name) for name, start in PARTS.items() if start <= now)[1]


def is_outside(hours: tuple[str, ...], at: datetime) -> bool:
    """Whether `at` is in none of the agreed parts of the day; () is any."""
    return bool(hours) and part_of_day(at) not in hours


def counts_from(hours: tuple[str, ...], since: datetime, now: datetime) -> datetime:
    """From when on a promise to call counts that somebody waits for since `since`.

    Outside the hours it is the next part of them, so that no clock presses anybody to call at an hour that may be dangerous.
    """
    if is_outside(hours, now):
        return next_part(hours, now)
    return next_part(hours, since) if is_outside(hours, since) else since


def next_part(hours: tuple[str, ...], after: datetime) -> datetime:
    """The next moment after `after` at which one of `hours` begins."""
    local = after.astimezone(ZONE)
    starts = [PARTS[h] for h in hours if h in PARTS] or list(PARTS.values())
    days = (local.date(), local.date() + timedelta(days=1))
    return min(at for d in days for s in starts if (at := datetime.combine(d, s, ZONE)) > local)


def is_present(now: datetime, heard_at: datetime | None) -> bool:
    """Whether somebody who wrote last at `heard_at` holds the phone in the hand."""
    return heard_at is not None and now - heard_at < PRESENT


def decide(agreement: Agreement | None, now: datetime, heard_at: datetime | None) -> Decision:
    """Whether a reply may go out at `now` to somebody who wrote last at `heard_at`.

    Without an agreement, and to whoever has just written, we answer as we were asked; without one, what comes later than that is
    for the operator to think about. Else the first contact of each day begins with the question whether it is safe. Once that is
    asked, whoever writes may be somebody else with the phone in the hand: only a yes counts.
    """
    present = is_present(now, heard_at)
    if agreement is None:
        return Decision("send", unasked=not present or heard_at is None or day_of(heard_at) != day_of(now))
    if present and not agreement.is_asked:
        return Decision("send")
    if agreement.method != "this_chat":
        return Decision("refuse")
    if is_outside(agreement.hours, now):
        return Decision("wait", next_part(agreement.hours, now))
    confirmed = agreement.confirmed_at
    if confirmed is not None and day_of(confirmed) == day_of(now) and not agreement.is_asked:
        return Decision("send")
    return Decision("ask")


def may_ask(agreement: Agreement, now: datetime, heard_at: datetime | None = None) -> bool:
    """Whether the question "is it safe?" may be put now: within the hours, and once a day; again to whoever wrote after a no."""
    if is_outside(agreement.hours, now):
        return False
    if agreement.asked_at is None or day_of(agreement.asked_at) < day_of(now):
        return True
    return (
        agreement.is_refused and _later(heard_at, agreement.refused_at) and not _later(agreement.asked_at, agreement.refused_at)
    )


async def load(connection: AsyncConnection, conversation: UUID, desk_key: Key | None = None) -> Agreement | None:
    """The conversation's agreement; with its words when `desk_key` is given."""
    row = (await connection.execute(select(agreements).where(agreements.c.conversation_id == conversation))).first()
    if row is None:
        return None
    words = None
    if desk_key is not None and row.sealed_words is not None:
        known, alarm = json.loads(desk_key.open(f"words:{conversation}", row.sealed_words))
        words = (known, alarm)
    times = (row.confirmed_at, row.asked_at, row.refused_at)
    return Agreement(row.method, tuple(row.hours), row.leave_message, row.placeholder, words, *times)


async def save(connection: AsyncConnection, conversation: UUID, agreement: Agreement, desk_key: Key) -> None:
    """What was agreed last counts."""
    sealed = desk_key.seal(f"words:{conversation}", json.dumps(agreement.words)) if agreement.words else None
    values = {
        "method": agreement.method,
        "placeholder": agreement.placeholder,
        "hours": list(agreement.hours),
        "leave_message": agreement.leave_message,
        "sealed_words": sealed,
        "made_at": func.now(),
    }
    await connection.execute(
        insert(agreements)
        .values(conversation_id=conversation, confirmed_at=func.now(), **values)
        .on_conflict_do_update(index_elements=["conversation_id"], set_={**values, "confirmed_at": func.now()})
    )


async def asked(connection: AsyncConnection, conversation: UUID) -> None:
    """The question whether it is safe was put."""
    await _note(connection, conversation, "asked_at")


async def not_asked(connection: AsyncConnection, conversation: UUID) -> None:
    """The question ended and never went out: the one before it counts, if there was one.

    Safety: whoever read no question is not to be kept waiting for its yes (tests/flow/test_contact.py).
    """
    put = (outbox.c.status != "failed") | outbox.c.sent_at.is_not(None)
    last = select(func.max(outbox.c.created_at)).where(*_questions(conversation), put).scalar_subquery()
    await connection.execute(update(agreements).where(agreements.c.conversation_id == conversation).values(asked_at=last))


async def failed_at(connection: AsyncConnection, conversation: UUID) -> datetime | None:
    """When the last question was put that no provider took. One that was only too late may be put again at once."""
    failed = (outbox.c.status == "failed", outbox.c.sent_at.is_(None), outbox.c.error.is_distinct_from("late"))
    query = select(func.max(outbox.c.created_at)).where(*_questions(conversation), *failed)
    found: datetime | None = (await connection.execute(query)).scalar()
    return found


def _questions(conversation: UUID) -> tuple[ColumnElement[bool], ...]:
    """As outbox.Due.is_question."""
    asks = (outbox.c.author.is_(None), outbox.c.inbox_id.is_(None), outbox.c.sealed_by == "conversation")
    return outbox.c.conversation_id == conversation, *asks


async def confirmed(connection: AsyncConnection, conversation: UUID) -> None:
    """It was answered with yes."""
    await _note(connection, conversation, "confirmed_at")


async def refused(connection: AsyncConnection, conversation: UUID) -> None:
    """It was answered with no."""
    await _note(connection, conversation, "refused_at")


async def forget(connection: AsyncConnection, conversation: UUID) -> None:
    """Nothing is agreed any more."""
    await connection.execute(delete(agreements).where(agreements.c.conversation_id == conversation))


async def _note(connection: AsyncConnection, conversation: UUID, column: str) -> None:
    await connection.execute(update(agreements).where(agreements.c.conversation_id == conversation).values({column: func.now()}))
