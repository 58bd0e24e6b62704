"""The published figures, one row a period. Written once and read by the console and the API; on the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.figures.measures import in_order
from hotline_bridge.figures.periods import Period
from hotline_bridge.figures.tree import Counted
from hotline_bridge.store.tables import releases

_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('komek figures'))")


@dataclass(frozen=True, slots=True)
class Release:
    """What everybody may see of a period.

    numbers: by path, None where withheld; at_least: what is shown of a withheld number's parts; times: median and 90th percentile
    in seconds, only where the number of those timed is shown.
    """

    period: Period
    made_at: datetime
    numbers: Mapping[str, int | None]
    at_least: Mapping[str, int] = field(default_factory=dict)
    times: Mapping[str, tuple[int, int]] = field(default_factory=dict)


async def lock(connection: AsyncConnection) -> None:
    """One process at a time decides, until the transaction ends."""
    await connection.execute(_LOCK)


async def keep(connection: AsyncConnection, node: Counted, times: Mapping[str, tuple[int, int]]) -> None:
    """Publish. A period that is published already stays as it is."""
    shown = {
        "numbers": {cell: None if cell in node.hidden else value for cell, value in node.counts.items()},
        "at_least": {cell: least for cell in sorted(node.hidden) if (least := node.at_least(cell))},
        "times": {cell: two for cell, two in times.items() if cell in node.counts and cell not in node.hidden},
    }
    row = insert(releases).values(period=node.period.key, counts=node.counts, shown=shown)
    await connection.execute(row.on_conflict_do_nothing())


async def published(connection: AsyncConnection) -> list[Period]:
    """All periods that have figures, the newest first, larger ones before their parts."""
    keys = (await connection.execute(select(releases.c.period))).scalars()
    return sorted(map(Period, keys), key=lambda period: (period.after, period.after - period.first), reverse=True)


async def read(connection: AsyncConnection, periods: Iterable[Period]) -> list[Release]:
    """The releases of `periods` that there are, in the order of time."""
    query = select(releases.c.period, releases.c.made_at, releases.c.shown).where(
        releases.c.period.in_([period.key for period in periods])
    )
    found = [_release(row) for row in await connection.execute(query)]
    return sorted(found, key=lambda release: release.period.first)


async def counted(connection: AsyncConnection, period: Period) -> Counted | None:
    """The true numbers of a published period with those of its parts, to decide about larger ones."""
    query = select(releases.c.counts, releases.c.shown).where(releases.c.period == period.key)
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    parts = [await counted(connection, part) for part in period.parts]
    hidden = frozenset(cell for cell, value in row.shown["numbers"].items() if value is None)
    return Counted(period, row.counts, hidden, tuple(part for part in parts if part is not None))


def _release(row: Any) -> Release:
    times = {cell: (two[0], two[1]) for cell, two in row.shown["times"].items()}
    numbers = {cell: row.shown["numbers"][cell] for cell in in_order(row.shown["numbers"])}
    return Release(Period(row.period), row.made_at, numbers, row.shown["at_least"], times)
