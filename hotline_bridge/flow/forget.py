"""forget: first the words, at once and in the turn that asks for it; after the last line was delivered, key and address.

Between the two only what is needed to say "it is deleted" is left. What remains is a count that names nobody.
"""

from __future__ import annotations

from uuid import UUID

import structlog
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import conversations, crowding, inbox, referrals, reveals, transcript
from hotline_bridge.flow import erase, trail
from hotline_bridge.flow.stations import Stations
from hotline_bridge.store import signals
from hotline_bridge.store.engine import transaction
from hotline_bridge.store.tables import (
    agreements,
    decision_times,
    desk_keys,
    memory,
    outbox,
    pace,
    placeholders,
    suggestions,
    ticket_events,
    tickets,
)
from hotline_bridge.store.tables import inbox as inbox_table
from hotline_bridge.tickets import changes, taking

log = structlog.get_logger(__name__)


async def words(connection: AsyncConnection, conversation: UUID) -> None:
    """Everything that was said and understood, Rasa's memory included. The address stays for one last line.

    What was written meanwhile and waits for its answer is not touched: its writer is still here.
    """
    await connection.execute(
        update(inbox_table)
        .where(inbox_table.c.conversation_id == conversation, inbox_table.c.status != "waiting")
        .values(sealed_text=None, sealed_reference=None)
    )
    await connection.execute(delete(outbox).where(outbox.c.conversation_id == conversation))
    await connection.execute(delete(placeholders).where(placeholders.c.conversation_id == conversation))
    await connection.execute(delete(memory).where(memory.c.conversation == conversation))
    await transcript.erase(connection, conversation)
    await reveals.forget(connection, conversation)
    await referrals.forget(connection, conversation)
    for table in (agreements, decision_times, desk_keys, suggestions, ticket_events):
        await connection.execute(delete(table).where(table.c.conversation_id == conversation))
    await taking.release(connection, conversation)
    open_ones = select(tickets.c.id).where(tickets.c.conversation_id == conversation, tickets.c.state != "closed")
    closed = list((await connection.execute(open_ones)).scalars())
    await connection.execute(
        update(tickets)
        .where(tickets.c.conversation_id == conversation)
        .values(
            facts={},
            turn_id=None,
            state="closed",
            code_hash=None,
            resumes=None,
            closed_at=func.coalesce(tickets.c.closed_at, func.now()),
            outcome=func.coalesce(tickets.c.outcome, "ended_by_person"),
        )
    )
    await changes.note(connection, "ticket.closed", closed)
    await signals.send(connection, "taken", conversation)


async def forget(
    stations: Stations,
    conversation: UUID,
    *,
    unless_waiting: bool = False,
    unless_seen_within: int | None = None,
    why: str | None = None,
) -> bool:
    """The rest: key, address, rows and queued jobs. Doing it twice does no harm.

    With `unless_waiting` somebody who has written again meanwhile is kept, with `unless_seen_within` (days) somebody who was
    even answered meanwhile: False, and nothing is done. why: for the audit trail, when it was neither time nor the person.
    """
    async with transaction(stations.store.engine) as connection:
        await stations.vault.lock(connection, conversation)
        if unless_waiting and await inbox.has_waiting(connection, conversation):
            return False
        if unless_seen_within is not None and await conversations.came_back(connection, conversation, unless_seen_within):
            return False
        row = await conversations.load(connection, conversation)
        if row is not None:
            await erase.from_screens(stations, connection, row, taken_back=row.silence == "forgotten")
        await words(connection, conversation)
        await inbox.depart(connection, conversation, row.language if row else None)
        await connection.execute(delete(pace).where(pace.c.key.in_((str(conversation), crowding.key_of(conversation)))))
        await conversations.remove(connection, conversation)
        await stations.vault.shred(connection, conversation)
        await _drop_jobs(connection, conversation)
        if row is not None:
            by_time = unless_seen_within is not None and row.silence != "forgotten"
            await trail.note(stations, connection, None, "forgotten", conversation, why=why or ("time" if by_time else "person"))
    log.info("forgotten")
    return True


async def _drop_jobs(connection: AsyncConnection, conversation: UUID) -> None:
    """Jobs name the conversation. The one that runs now is removed by the queue itself when it ends."""
    await connection.execute(
        text("DELETE FROM procrastinate_jobs WHERE status <> 'doing' AND args->>'conversation' = :id"),
        {"id": str(conversation)},
    )
