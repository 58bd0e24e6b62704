"""The reckoning of every message: what arrived must be answered, ticketed, refused or waiting. It must add up at any moment.

Arrivals are written apart from the inbox, in the same transaction, so that a row that vanished would show.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_QUERY = text(
    """
    SELECT (SELECT count(*) FROM arrivals) AS received,
           (SELECT count(*) FROM inbox WHERE status = 'answered') AS answered,
           (SELECT count(*) FROM inbox WHERE status = 'ticketed') AS ticketed,
           (SELECT count(*) FROM inbox WHERE status = 'refused') AS refused,
           (SELECT count(*) FROM inbox WHERE status = 'waiting') AS waiting,
           (SELECT coalesce(sum(messages), 0) FROM departures WHERE outcome = 'answered') AS left_answered,
           (SELECT coalesce(sum(messages), 0) FROM departures WHERE outcome = 'ticketed') AS left_ticketed,
           (SELECT coalesce(sum(messages), 0) FROM departures WHERE outcome = 'refused') AS left_refused,
           (SELECT coalesce(extract(epoch FROM now() - min(received_at)), 0) FROM inbox WHERE status = 'waiting') AS oldest,
           (SELECT count(*) FROM outbox WHERE status = 'waiting') AS undelivered
    """
)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Counts since the beginning, those of forgotten conversations included; oldest: seconds."""

    received: int
    answered: int
    ticketed: int
    refused: int
    waiting: int
    undelivered: int
    oldest: float

    @property
    def unaccounted(self) -> int:
        """0, or something is wrong."""
        return self.received - self.answered - self.ticketed - self.refused - self.waiting


async def take(connection: AsyncConnection) -> Reckoning:
    """All counts in one statement, so of one moment."""
    row = (await connection.execute(_QUERY)).one()
    return Reckoning(
        received=row.received,
        answered=row.answered + row.left_answered,
        ticketed=row.ticketed + row.left_ticketed,
        refused=row.refused + row.left_refused,
        waiting=row.waiting,
        undelivered=row.undelivered,
        oldest=float(row.oldest),
    )
