"""Counts that name nobody: contacts, topics, what could not be answered. They stay when people are forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.tables import tallies

# One statement: a crash leaves all rows or the sum. A second process waits for the first one's rows and finds them gone.
_COMPACT = text(
    """
    WITH many AS (
        SELECT day, kind, key, language, channel, region FROM tallies WHERE day < :before
        GROUP BY day, kind, key, language, channel, region HAVING count(*) > 1
    ), gone AS (
        DELETE FROM tallies AS t USING many AS m
        WHERE t.day = m.day AND t.kind = m.kind AND t.key = m.key AND t.channel = m.channel
          AND t.language IS NOT DISTINCT FROM m.language AND t.region IS NOT DISTINCT FROM m.region
        RETURNING t.day, t.kind, t.key, t.language, t.channel, t.region, t.times
    ), made AS (
        INSERT INTO tallies (id, day, kind, key, language, channel, region, times)
        SELECT gen_random_uuid(), day, kind, key, language, channel, region, sum(times) FROM gone
        GROUP BY day, kind, key, language, channel, region RETURNING 1
    )
    SELECT (SELECT count(*) FROM gone) - (SELECT count(*) FROM made)
    """
)


@dataclass(frozen=True, slots=True)
class Place:
    """Whence something was counted."""

    channel: str
    language: str | None
    region: str | None


async def add(connection: AsyncConnection, day: date, kind: str, place: Place, key: str = "") -> None:
    """One more of `kind` (contact, topic, unanswered) on `day`."""
    values = {"channel": place.channel, "language": place.language, "region": place.region}
    await connection.execute(insert(tallies).values(id=uuid4(), day=day, kind=kind, key=key, **values))


async def compact(connection: AsyncConnection, today: date) -> int:
    """Make one row of equal ones that are older than a day; how many rows are less. Sums stay what they were."""
    saved: int = (await connection.execute(_COMPACT, {"before": today - timedelta(days=1)})).scalar_one()
    return saved
