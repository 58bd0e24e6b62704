"""What a human must look at. One open ticket a need and conversation, however often it is asked for.

A ticket holds no words and no address. Its code is not stored either: it is derived from its id by whoever holds the
master key, so that neither the action server nor a stolen table can tell it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.tables import conversations, tickets

NEEDS = frozenset(
    {
        "danger_now", "child_in_danger", "medical_emergency", "suicidal_thoughts", "unsafe_to_talk", "talk_to_operator",
        "request_callback", "report_someone_else", "not_understood", "assistant_silent", "withheld", "undeliverable",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ticket:
    """created: whether it was opened just now rather than found open."""

    id: UUID
    need: str
    state: str
    opened_at: datetime
    created: bool = False

    def waiting_hours(self, now: datetime | None = None) -> int:
        """Whole hours since it was opened."""
        return int(((now or datetime.now(UTC)) - self.opened_at).total_seconds() // 3600)


def code(digest: bytes) -> str:
    """What the person is told: six digits that look like an order number, from a keyed digest of the ticket's id."""
    number = int.from_bytes(digest[:8]) % 1_000_000
    return f"{number // 10_000:02d}-{number % 10_000:04d}"


async def open_once(
    connection: AsyncConnection, *, conversation: UUID, turn: UUID | None, need: str, facts: dict[str, str] | None = None
) -> Ticket:
    """The open ticket for this need, made if there is none. `facts` are closed answers, never words; the latest count."""
    assert need in NEEDS, need
    origin = select(conversations.c.language, conversations.c.channel).where(conversations.c.id == conversation)
    row = (await connection.execute(origin)).one()
    made = uuid4()
    new = insert(tickets).values(
        id=made,
        conversation_id=conversation,
        turn_id=turn,
        need=need,
        facts=facts or {},
        language=row.language,
        channel=row.channel,
    )
    found_or_made = new.on_conflict_do_update(
        index_elements=["conversation_id", "need"],
        index_where=text("state <> 'closed'"),
        set_={"facts": tickets.c.facts.op("||")(new.excluded.facts)},
    ).returning(tickets.c.id, tickets.c.state, tickets.c.opened_at)
    opened = (await connection.execute(found_or_made)).one()
    return Ticket(opened.id, need, opened.state, opened.opened_at, created=opened.id == made)


async def newest(connection: AsyncConnection, conversation: UUID) -> Ticket | None:
    """The person's latest ticket that is not closed."""
    query = (
        select(tickets.c.id, tickets.c.need, tickets.c.state, tickets.c.opened_at)
        .where(tickets.c.conversation_id == conversation, tickets.c.state != "closed")
        .order_by(tickets.c.opened_at.desc())
        .limit(1)
    )
    row = (await connection.execute(query)).first()
    return None if row is None else Ticket(row.id, row.need, row.state, row.opened_at)
