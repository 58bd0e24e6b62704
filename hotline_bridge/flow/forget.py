"""forget: first the words, at once and in the turn that asks for it; after the last line was delivered, key and address.

Between the two only what is needed to say "it is deleted" is left. What remains is a count that names nobody.
"""

from __future__ import annotations

from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import (
    conversations,
    crowding,
    dialogue,
    inbox,
    outbox,
    pace,
    referrals,
    reveals,
    safe_contact,
    suggestions,
    transcript,
)
from hotline_bridge.anonymiser import placeholders
from hotline_bridge.flow import erase, trail
from hotline_bridge.flow.stations import AtDesk, Stations, desk_of
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import closing, deciding, events

log = structlog.get_logger(__name__)


async def words(stations: AtDesk, connection: AsyncConnection, conversation: UUID) -> None:
    """Everything that was said and understood, Rasa's memory included. The address stays for one last line.

    What was written meanwhile and waits for its answer is not touched: its writer is still here.
    """
    await inbox.forget(connection, conversation)
    await outbox.forget(connection, conversation)
    await placeholders.forget(connection, conversation)
    await dialogue.forget(connection, conversation)
    await transcript.erase(connection, conversation)
    await reveals.forget(connection, conversation)
    await referrals.forget(connection, conversation)
    await safe_contact.forget(connection, conversation)
    await deciding.forget(connection, conversation)
    await desk_of(stations).shred(connection, conversation)
    await suggestions.forget(connection, conversation)
    await events.forget(connection, conversation)
    await closing.forget(connection, conversation)


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
        await words(stations, connection, conversation)
        await inbox.depart(connection, conversation, row.language if row else None)
        await pace.forget(connection, str(conversation), crowding.key_of(conversation))
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
