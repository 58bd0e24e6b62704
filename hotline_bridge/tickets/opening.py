"""What a human must look at. One open ticket a need and conversation, however often it is asked for.

A ticket holds no words and no address; nor its number (tickets/numbers.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, case, func, null, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert

from hotline_bridge.store import signals
from hotline_bridge.store.tables import conversations, tickets
from hotline_bridge.tickets import changes, events
from hotline_bridge.tickets.needs import NEEDS
from hotline_bridge.tickets.rows import open_of

_OF_ORIGIN = ("id", "language", "channel", "region", "topics", "operator_id")


@dataclass(frozen=True, slots=True)
class Ticket:
    """created: whether it was opened just now rather than found open. waiting_since: see tickets/taking.py.

    again: somebody has had it, and it waits once more.
    """

    id: UUID
    need: str
    state: str
    opened_at: datetime
    created: bool = False
    waiting_since: datetime | None = None
    again: bool = False

    def waiting_hours(self, now: datetime) -> int:
        """Whole hours for which nobody has had it."""
        return int((now - (self.waiting_since or self.opened_at)).total_seconds() // 3600)


async def open_once(
    connection: AsyncConnection,
    *,
    conversation: UUID,
    turn: UUID | None,
    need: str,
    facts: dict[str, str] | None = None,
    resumes: UUID | None = None,
    rings: bool = False,
) -> Ticket:
    """The open ticket for this need, made if there is none. `facts` are closed answers, never words; the latest count.

    resumes: the ticket of another conversation whose number was written here.

    While an operator has the conversation it is theirs at once; danger is then flagged to them, from the first time on until
    they react: who cries again and again must not keep the paging from its time (tests/flow/test_page.py). rings: so is this.
    """
    origin = await _origin(connection, conversation)
    calls = NEEDS[need].danger or (rings and origin.operator_id is not None)
    row = _new(origin, turn, need, facts or {}, resumes, calls=calls)
    opened = (await connection.execute(_upsert(row, calls=calls))).one()
    created = opened.id == row["id"]
    if created:
        await events.note(connection, conversation, None, "opened", need=need)
        await changes.note(connection, "ticket.opened", [opened.id])
    if created or calls:
        await signals.send(connection, "danger" if calls else "ticket", conversation)
    return Ticket(opened.id, need, opened.state, opened.opened_at, created=created)


async def _origin(connection: AsyncConnection, conversation: UUID) -> Row[Any]:
    """What a ticket takes over from its conversation, and who has that one."""
    query = select(*(conversations.c[name] for name in _OF_ORIGIN)).where(conversations.c.id == conversation)
    return (await connection.execute(query)).one()


def _new(
    origin: Row[Any], turn: UUID | None, need: str, facts: dict[str, str], resumes: UUID | None, *, calls: bool
) -> dict[str, Any]:
    """The row of a ticket that is opened now. calls: whoever has the conversation is called for it."""
    taken = origin.operator_id is not None
    return {
        "id": uuid4(),
        "conversation_id": origin.id,
        "turn_id": turn,
        "need": need,
        "facts": facts,
        "resumes": resumes,
        "language": origin.language,
        "channel": origin.channel,
        "region": origin.region,
        "topics": origin.topics,
        "state": "taken" if taken else "open",
        "taken_by": origin.operator_id,
        "taken_at": func.now() if taken else None,
        "flagged_at": func.now() if taken and calls else None,
    }


def _upsert(row: dict[str, Any], *, calls: bool) -> ReturningInsert[tuple[UUID, str, datetime]]:
    """The row, or what it adds to the one that is open for its need."""
    new = insert(tickets).values(row)
    heard = func.coalesce(tickets.c.flagged_at, func.now())
    kept = null() if NEEDS[row["need"]].danger else tickets.c.flagged_at
    flag = case((tickets.c.state == "taken", heard), else_=kept) if calls else tickets.c.flagged_at
    return new.on_conflict_do_update(
        index_elements=["conversation_id", "need"],
        index_where=text("state <> 'closed'"),
        set_={
            "facts": tickets.c.facts.op("||")(new.excluded.facts),
            "resumes": func.coalesce(new.excluded.resumes, tickets.c.resumes),
            "flagged_at": flag,
        },
    ).returning(tickets.c.id, tickets.c.state, tickets.c.opened_at)


async def has_waited(connection: AsyncConnection, ticket: UUID, other: UUID) -> None:
    """As long as the `other` one, of the same person, to which nobody has answered since it waits."""
    theirs = select(tickets.c.waiting_since).where(tickets.c.id == other, tickets.c.answered_since.is_(None)).scalar_subquery()
    longer = func.least(tickets.c.waiting_since, theirs)  # least passes over NULL: whoever was answered waits from now on
    await connection.execute(update(tickets).where(tickets.c.id == ticket).values(waiting_since=longer))


async def flag(connection: AsyncConnection, conversation: UUID, kind: str) -> None:
    """Put the conversation's open tickets before all others and call whoever has them; `kind` is why."""
    await connection.execute(
        update(tickets).where(open_of(conversation)).values(flagged_at=func.coalesce(tickets.c.flagged_at, func.now()))
    )
    await events.note(connection, conversation, None, kind)
    await signals.send(connection, "danger", conversation)


async def complete(connection: AsyncConnection, conversation: UUID, language: str | None, region: str | None) -> None:
    """Add to open tickets what a message told; an action opens them before it is stored, and a region may come later."""
    await connection.execute(
        update(tickets).where(open_of(conversation)).values(language=language, region=func.coalesce(region, tickets.c.region))
    )
    await signals.send(connection, "ticket", conversation)


async def is_of(connection: AsyncConnection, ticket: UUID, conversation: UUID) -> bool:
    """Whether there is such a ticket of this conversation."""
    query = select(tickets.c.id).where(tickets.c.id == ticket, tickets.c.conversation_id == conversation)
    return (await connection.execute(query)).first() is not None


async def longest_waiting(connection: AsyncConnection, conversation: UUID) -> Ticket | None:
    """The person's ticket that is not closed and has waited longest: what they write after it must not hide its wait."""
    names = ("id", "need", "state", "opened_at", "waiting_since", "taken_at")
    query = (
        select(*(tickets.c[name] for name in names))
        .where(open_of(conversation))
        .order_by(tickets.c.waiting_since, tickets.c.opened_at)
        .limit(1)
    )
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    again = row.state == "open" and row.taken_at is not None
    return Ticket(row.id, row.need, row.state, row.opened_at, waiting_since=row.waiting_since, again=again)
