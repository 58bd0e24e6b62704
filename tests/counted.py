"""What figures are counted from, made without the days and people that it takes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import text

from hotline_bridge.figures import measures
from hotline_bridge.flow.stations import AtDesk
from hotline_bridge.store.engine import transaction

PARTS = measures.parts(["telegram", "sms_kannel"], ["ask_unpaid_wages", "ask_shelter"], ["R-ALA", "R-TUR"])


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
