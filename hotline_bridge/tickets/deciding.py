"""The time to decide of somebody identified as a victim: how much of it is left, and the rows.

An immigrant who has been identified in Kazakhstan may use the time of the special social services, at least 30 calendar days, to
decide about turning to law enforcement (F-REFLECT-1 of knowledge/topics/ask_reflection_period.yml). It is counted from the day
that an operator notes, and outlives a closed ticket.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.tables import conversations, decision_times, tickets
from hotline_bridge.tickets.rows import open_of

DAYS = 30  # at least; the shortest is what operators count on
SOON, LAST = 10, 2  # days left at which they are reminded
SHOWN_AFTER = 14  # days for which one that is over still stands in the list
OLDEST = 366  # days

Stage = Literal["running", "soon", "last", "over"]


@dataclass(frozen=True, slots=True)
class DecisionTime:
    """identified_on: the day of the identification. operator: who has the conversation now. open: whether a ticket is."""

    conversation: UUID
    identified_on: date
    language: str | None = None
    operator: UUID | None = None
    open: bool = True

    @property
    def until(self) -> date:
        """The last day."""
        return self.identified_on + timedelta(days=DAYS)

    def left(self, today: date) -> int:
        """Days, today not counted; below 0 it is over."""
        return (self.until - today).days

    def stage(self, today: date) -> Stage:
        """How pressing it is."""
        left = self.left(today)
        return "over" if left < 0 else "last" if left <= LAST else "soon" if left <= SOON else "running"


def may_be(on: date, today: date) -> bool:
    """Whether somebody can have been identified on that day, as far as a slip of the pen can be told."""
    return today - timedelta(days=OLDEST) <= on <= today


async def note(connection: AsyncConnection, conversation: UUID, on: date, account: UUID) -> None:
    """From this day; another day noted before is replaced."""
    new = insert(decision_times).values(conversation_id=conversation, identified_on=on, noted_by=account)
    await connection.execute(
        new.on_conflict_do_update(index_elements=["conversation_id"], set_={"identified_on": on, "noted_by": account})
    )


async def forget(connection: AsyncConnection, conversation: UUID) -> bool:
    """No day is noted any more; whether one was."""
    gone = await connection.execute(delete(decision_times).where(decision_times.c.conversation_id == conversation))
    return gone.rowcount > 0


async def of(connection: AsyncConnection, conversation: UUID) -> DecisionTime | None:
    """The conversation's."""
    row = (await connection.execute(_SELECT.where(decision_times.c.conversation_id == conversation))).first()
    return DecisionTime(*row) if row else None


async def shown(connection: AsyncConnection, today: date) -> Sequence[DecisionTime]:
    """Those that run, and those that ended not long ago; the one that ends first is first."""
    since = today - timedelta(days=DAYS + SHOWN_AFTER)
    rows = await connection.execute(
        _SELECT.where(decision_times.c.identified_on >= since).order_by(decision_times.c.identified_on)
    )
    return [DecisionTime(*row) for row in rows]


async def soon(connection: AsyncConnection, today: date) -> int:
    """How many end within the days of the reminders."""
    ends = decision_times.c.identified_on + DAYS
    query = select(func.count()).select_from(decision_times).where(ends >= today, ends <= today + timedelta(days=SOON))
    return (await connection.execute(query)).scalar_one()


_OPEN = select(tickets.c.id).where(open_of(decision_times.c.conversation_id)).exists()
_SELECT = select(
    decision_times.c.conversation_id, decision_times.c.identified_on, conversations.c.language, conversations.c.operator_id, _OPEN
).join(conversations, conversations.c.id == decision_times.c.conversation_id)
