"""publish: count a month once it is over, decide what is withheld, and keep the outcome for good. Then the quarter and the year.

A number that still grows is not published: two looks at it would tell who came in between.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import tallies
from hotline_bridge.figures import counting, releases, tree
from hotline_bridge.figures.periods import Period, ended_with
from hotline_bridge.flow.stations import AtDesk, today
from hotline_bridge.store.engine import transaction

log = structlog.get_logger(__name__)
SETTLED = timedelta(days=1)  # after a month's end, so that whatever is still being written is in


async def publish(stations: AtDesk, parts: Mapping[str, tuple[str, ...]]) -> list[Period]:
    """Every month that is over and not published yet, oldest first, with the larger periods that end with it. A crash in between
    does no harm: each period is one transaction.
    """
    done = []
    while (month := await _next(stations)) is not None:
        for period in ended_with(month):
            await _publish(stations, period, parts)
            done.append(period)
    return done


async def compact(stations: AtDesk) -> int:
    """Equal counts of past days become one row; how many rows that saved."""
    async with transaction(stations.store.engine) as connection:
        return await tallies.compact(connection, today(stations))


async def _next(stations: AtDesk) -> Period | None:
    """The first month that is over and whose figures, or those of a period that ends with it, are missing."""
    async with transaction(stations.store.engine) as connection:
        there = set(await releases.published(connection))
        month = await counting.first_month(connection) if not there else min(there - _larger(there))
    while month is not None and set(ended_with(month)) <= there:
        month = month.following
    return month if month is not None and month.after + SETTLED <= today(stations) else None


def _larger(periods: set[Period]) -> set[Period]:
    return {period for period in periods if period.kind != "month"}


async def _publish(stations: AtDesk, period: Period, parts: Mapping[str, tuple[str, ...]]) -> None:
    async with transaction(stations.store.engine) as connection:
        await releases.lock(connection)
        node = await _counted(connection, period, parts)
        # Only sums: the year's take seconds, in which people's messages must be answered.
        decided = await asyncio.to_thread(tree.decided, node)
        await releases.keep(connection, decided, await counting.times(connection, period))
    log.info("figures published", period=period.key, withheld=len(decided.hidden))


async def _counted(connection: AsyncConnection, period: Period, parts: Mapping[str, tuple[str, ...]]) -> tree.Counted:
    if period.kind == "month":
        return tree.Counted(period, await counting.month(connection, period, parts))
    smaller = [await releases.counted(connection, part) for part in period.parts]
    return tree.added(period, [part for part in smaller if part is not None])
