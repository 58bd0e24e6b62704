"""consult: read what was published, and of the month that runs only what shows nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from hotline_bridge.figures import releases
from hotline_bridge.figures.periods import Period, between, month_of
from hotline_bridge.figures.releases import Release
from hotline_bridge.flow import trail
from hotline_bridge.flow.stations import AtDesk
from hotline_bridge.store.engine import transaction


async def published(stations: AtDesk) -> list[Period]:
    """All periods with figures, the newest first."""
    async with transaction(stations.store.engine, durable=False) as connection:
        return await releases.published(connection)


async def figures(stations: AtDesk, *periods: Period) -> list[Release]:
    """What was published for these periods, in the order of time."""
    async with transaction(stations.store.engine, durable=False) as connection:
        return await releases.read(connection, periods)


async def months(stations: AtDesk, first: Period, last: Period) -> list[Release]:
    """What was published for each month from `first` to `last`. No sum is made that was not published itself."""
    return await figures(stations, *between(month_of(first.first), month_of(last.first)))


async def export(stations: AtDesk, account: UUID, releases: Sequence[Release]) -> None:
    """Write down that figures leave the console."""
    async with transaction(stations.store.engine) as connection:
        first, last = releases[0].period.first, releases[-1].period.after - timedelta(days=1)
        await trail.note(stations, connection, account, "exported", what="figures", first=first, last=last)
