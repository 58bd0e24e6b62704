"""Months as they are found in the rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from fakes_bridge import made_desk, made_vault
from sqlalchemy import text

from hotline_bridge.figures import measures
from hotline_bridge.flow.stations import AtDesk, Stations, Store
from hotline_bridge.store.engine import transaction

PARTS = measures.parts(["telegram", "sms_kannel"], ["ask_unpaid_wages", "ask_shelter"], ["R-ALA", "R-TUR"])


@pytest.fixture
def stations(store: Store) -> Stations:
    """On the second day of November 2026."""
    desk = made_desk()
    return Stations(store, made_vault(), clock=lambda: datetime(2026, 11, 2, 12, tzinfo=UTC), desk=desk)


async def tally(stations: AtDesk, day: date, times: int, kind: str = "contact", **more: str | None) -> None:
    """So many rows, as they are written one by one."""
    row: dict[str, Any] = {"day": day, "kind": kind, "key": "", "language": "ru", "channel": "telegram", "region": None, **more}
    async with transaction(stations.store.engine) as connection:
        await connection.execute(
            text(
                "INSERT INTO tallies (id, day, kind, key, language, channel, region) SELECT gen_random_uuid(), :day, :kind, :key,"
                " :language, :channel, :region FROM generate_series(1, :times)"
            ),
            {**row, "times": times},
        )


async def ticket(stations: AtDesk, opened_at: datetime, times: int = 1, **more: Any) -> None:
    """So many tickets alike."""
    row = {"need": "talk_to_operator", "language": "ru", "channel": "telegram", "opened_at": opened_at, **more}
    names = ", ".join(row)
    async with transaction(stations.store.engine) as connection:
        await connection.execute(
            text(
                f"INSERT INTO tickets (id, {names}) SELECT gen_random_uuid(), {', '.join(f':{name}' for name in row)}"
                " FROM generate_series(1, :times)"
            ),
            {**row, "times": times},
        )


def at(stations: Stations, now: datetime) -> Stations:
    """The same at another time."""
    return replace(stations, clock=lambda: now)
