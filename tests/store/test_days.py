"""Days in SQL are Kazakhstan's, by whatever clock the server was set up."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from hotline_bridge import conversations
from hotline_bridge.flow.stations import Store
from hotline_bridge.local_time import day_of
from hotline_bridge.messages import Channel
from hotline_bridge.store import days, tables
from hotline_bridge.store.engine import transaction

SERVERS = ("UTC", "Etc/GMT+12", "Etc/GMT-14")  # at every hour it is another day in one of them than in Kazakhstan
EVENING = datetime(2026, 12, 31, 20, 30, tzinfo=UTC)  # 01:30 of the next day there


@pytest.mark.parametrize("server", SERVERS)
async def test_whoever_writes_was_seen_on_the_day_in_kazakhstan(store: Store, server: str) -> None:
    conversation, seen = uuid4(), (tables.conversations.c.opened_on, tables.conversations.c.last_seen_on)
    async with transaction(store.engine) as connection:
        await connection.execute(text(f"SET LOCAL timezone TO '{server}'"))
        for _ in range(2):
            await conversations.touch(connection, conversation, Channel.TELEGRAM)
            assert (await connection.execute(select(*seen))).all() == [(day_of(datetime.now(UTC)),) * 2]
        assert await conversations.came_back(connection, conversation, 0)


@pytest.mark.parametrize("server", SERVERS)
async def test_a_moment_lies_on_its_day_in_kazakhstan(store: Store, server: str) -> None:
    parts = (days.of(":at"), days.beginning(":at"), days.period(":at", "YYYY-MM"))
    async with transaction(store.engine) as connection:
        await connection.execute(text(f"SET LOCAL timezone TO '{server}'"))
        query = text("SELECT " + ", ".join(parts).replace(":at", "CAST(:at AS timestamptz)"))
        row = (await connection.execute(query, {"at": EVENING, **days.BOUND})).one()
    assert row == (date(2027, 1, 1), datetime(2026, 12, 31, 19, tzinfo=UTC), "2027-01")


def test_a_moment_lies_on_its_day_in_kazakhstan_outside_sql_too() -> None:
    assert day_of(EVENING) == date(2027, 1, 1)
