"""settle: bring a database that was restored from copies to a state from which Komek may go on.

Safety: since the copies were made a person may have written that they are watched, or asked us to stop, and we do not know.
So nothing that waited is said: it goes to an operator, and Komek is silent until somebody writes (tests/custody).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

import structlog
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import conversations as conversation_of
from hotline_bridge import inbox, outbox, tickets
from hotline_bridge.errors import Forgotten
from hotline_bridge.flow import contact, cries, elsewhere
from hotline_bridge.flow.forget import forget
from hotline_bridge.flow.stations import Stations
from hotline_bridge.flow.turn import Answer, Heard
from hotline_bridge.inbox import Waiting
from hotline_bridge.store.engine import transaction
from hotline_bridge.store.tables import conversations, identities, keys
from hotline_bridge.store.tables import inbox as inbox_table
from hotline_bridge.store.tables import outbox as outbox_table
from hotline_bridge.tickets import answering

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Settled:
    """Conversations. forgotten: those whose key is gone, or was about to be; halted: those in which something waited."""

    forgotten: int
    halted: int


async def settle(stations: Stations) -> Settled:
    """Forget what cannot be read, hand over what waited. Doing it twice does no harm."""
    async with transaction(stations.store.engine) as connection:
        known = select(conversations.c.id)
        for table in (keys, identities):
            await connection.execute(delete(table).where(table.c.conversation_id.not_in(known)))
        readable = select(keys.c.conversation_id)
        lost = conversations.c.id.not_in(readable) | (conversations.c.silence == "forgotten")
        gone = (await connection.execute(select(conversations.c.id).where(lost))).scalars().all()
    for one in gone:
        await forget(stations, one, why="restored")
    async with transaction(stations.store.engine) as connection:
        waiting = await _waiting(connection)
    for one in waiting:
        async with transaction(stations.store.engine) as connection:
            await _halt(stations, connection, one)
    return Settled(len(gone), len(waiting))


async def _waiting(connection: AsyncConnection) -> list[UUID]:
    found: set[UUID] = set()
    for table, states in ((inbox_table, ("waiting",)), (outbox_table, ("waiting", "held"))):
        found |= set(await connection.scalars(select(table.c.conversation_id).where(table.c.status.in_(states))))
    return sorted(found)


async def _halt(stations: Stations, connection: AsyncConnection, conversation: UUID) -> None:
    while (unanswered := await inbox.next_waiting(connection, conversation)) is not None:
        await inbox.finish(connection, unanswered.id, "ticketed")
        await _give_to_a_person(stations, connection, unanswered)
    if await outbox.withdraw(connection, conversation):
        await answering.not_answered(connection, conversation)
        await tickets.open_once(connection, conversation=conversation, turn=None, need="undeliverable")


async def _give_to_a_person(stations: Stations, connection: AsyncConnection, unanswered: Waiting) -> None:
    """A message that was never answered. A cry for help in it is danger, and the agreed sign of alarm makes Komek silent."""
    words = stations.reading or stations.alarm
    row = await conversation_of.load(connection, unanswered.conversation, lock=True)
    assert words is not None
    assert row is not None
    found = Answer(row, needs=("assistant_silent",))
    try:
        key = await stations.vault.key(connection, row.id)
        text = key.open(f"inbox:{unanswered.id}", unanswered.sealed_text or b"")
        agreed = await contact.agreement(stations, connection, row.id)
        others = await elsewhere.words(stations, connection, row.id)
        heard = Heard(unanswered.id, unanswered.kind, text, unanswered.attempts, key, agreement=agreed, elsewhere=others)
        found = cries.unanswerable(words, row, heard)
    except Forgotten:
        log.error("words cannot be read", turn=str(unanswered.id))
    left = found.conversation
    await conversation_of.save(connection, replace(row, silence=left.silence, confirming=left.confirming, offered=left.offered))
    for need in found.needs:
        await tickets.open_once(connection, conversation=row.id, turn=unanswered.id, need=need)
    if found.alarm:
        await tickets.flag(connection, row.id, "alarm")
