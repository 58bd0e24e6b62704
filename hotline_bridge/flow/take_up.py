"""take_up: the reader of a referral's link. They read it once, and may say whether they can help.

This runs in the internet's listener, which holds no key of the desk: the packet is opened by the link's own token, and what was
done is written into the audit trail by the worker (flow/follow_up.record).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import referrals
from hotline_bridge.errors import Forgotten
from hotline_bridge.flow.stations import Stations
from hotline_bridge.referrals import Packet
from hotline_bridge.store import jobs
from hotline_bridge.store.engine import transaction
from hotline_bridge.store.tables import referrals as table

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """What was meant for the reader, and by what they answer."""

    packet: Packet = field(repr=False)
    answer: str = field(repr=False)


async def read(stations: Stations, token: str) -> Opened | None:
    """The packet, this once; None for a link that is used, over, withdrawn or none at all: nobody learns which."""
    async with transaction(stations.store.engine) as connection:
        row = (await connection.execute(_by("token_hash", token).with_for_update())).first()
        if row is None or row.state != "sent" or row.sealed_packet is None or stations.clock() >= row.expires_at:
            return None
        try:
            packet = referrals.opened(row.sealed_packet, token, row.id)
        except Forgotten:  # somebody has changed the row
            log.error("a referral cannot be opened", referral=str(row.id))
            return None
        answer = referrals.new_token()
        await _set(
            connection,
            row.id,
            state="read",
            read_at=stations.clock(),
            sealed_packet=None,
            answer_hash=referrals.fingerprint(answer),
        )
        if row.conversation_id is not None:
            await jobs.defer(stations.store.queue, connection, jobs.REFER, row.conversation_id)
    log.info("referral read", referral=str(row.id))
    return Opened(packet, answer)


async def answer(stations: Stations, token: str, *, accepted: bool) -> bool:
    """What the reader says, by the token that they got with the packet; False when it is worth nothing (any more)."""
    async with transaction(stations.store.engine) as connection:
        row = (await connection.execute(_by("answer_hash", token).with_for_update())).first()
        if row is None or row.state != "read":
            return False
        state = "accepted" if accepted else "refused"
        await _set(connection, row.id, state=state, answered_at=stations.clock(), answer_hash=None)
        if row.conversation_id is not None:
            await jobs.defer(stations.store.queue, connection, jobs.REFER, row.conversation_id)
    log.info("referral answered", referral=str(row.id), state=state)
    return True


# Only these columns: the internet's listener may read no other (store/roles.py).
def _by(column: str, token: str) -> Select[Any]:
    columns = (table.c.id, table.c.conversation_id, table.c.state, table.c.sealed_packet, table.c.expires_at)
    return select(*columns).where(table.c[column] == referrals.fingerprint(token))


async def _set(connection: AsyncConnection, referral: UUID, **values: object) -> None:
    await connection.execute(update(table).where(table.c.id == referral).values(**values))
