"""unanswered: somebody was asked whether they are in danger, and has not answered. A human is to look; nothing is sent.

Safety: the phone may have been taken away at that very moment (tests/flow/test_unanswered.py).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.reading.confidence import SAFETY
from hotline_bridge import conversations, tickets
from hotline_bridge.flow.stations import AtDesk
from hotline_bridge.store.engine import transaction

log = structlog.get_logger(__name__)
NEED = "danger_unanswered"
AFTER = timedelta(minutes=2)
UNTIL = timedelta(days=1)  # longer ago it is no moment any more that could be told from others: a worker was away for long

# The question is the answer to the last message, for any words settle it. Once for each question: what was opened and
# closed for it since is not opened again. Whoever has the person sees the question themselves.
_SILENT = text(
    """
    SELECT c.id FROM conversations AS c
    CROSS JOIN LATERAL (
        SELECT max(done_at) AS at, bool_or(status = 'waiting') AS more FROM inbox WHERE conversation_id = c.id
    ) AS asked
    WHERE c.confirming = ANY(:dangers) AND c.silence IS NULL AND c.operator_id IS NULL AND NOT c.dialogue_over
      AND asked.at < now() - cast(:after AS interval) AND asked.at > now() - cast(:until AS interval) AND NOT asked.more
      AND (cast(:id AS uuid) IS NULL OR c.id = :id)
      AND NOT EXISTS (
        SELECT 1 FROM tickets AS t
        WHERE t.conversation_id = c.id AND t.need = :need AND (t.state <> 'closed' OR t.opened_at > asked.at))
    LIMIT 500
    """
)


async def hand_over(stations: AtDesk) -> int:
    """A ticket for each question about danger that was not answered in time; how many. Run by the sweep."""
    async with transaction(stations.store.engine, durable=False) as connection:
        found = await _silent(connection)
    done = 0
    for one in found:
        async with transaction(stations.store.engine) as connection:
            await conversations.load(connection, one, lock=True)
            if await _silent(connection, one):  # an answer, or an operator, may have come meanwhile
                await tickets.open_once(connection, conversation=one, turn=None, need=NEED)
                done += 1
    if done:
        log.warning("questions about danger were not answered", conversations=done)
    return done


async def _silent(connection: AsyncConnection, conversation: UUID | None = None) -> list[UUID]:
    values: dict[str, Any] = {"dangers": list(SAFETY), "after": AFTER, "until": UNTIL, "id": conversation, "need": NEED}
    return list((await connection.execute(_SILENT, values)).scalars())
