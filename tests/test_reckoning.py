"""The reckoning: what arrived is answered, ticketed, refused or waiting, at any moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes_bridge import ask, inbound, made_desk, made_vault
from hypothesis import given
from hypothesis import strategies as st

from hotline_bridge import inbox, reckoning
from hotline_bridge.channels.base import Parsed
from hotline_bridge.flow.forget import forget
from hotline_bridge.flow.receive import receive
from hotline_bridge.flow.stations import Stations, Store
from hotline_bridge.reckoning import Reckoning
from hotline_bridge.store.engine import transaction


@pytest.fixture
def stations(store: Store) -> Stations:
    return Stations(store, made_vault(), desk=made_desk())


async def taken(stations: Stations) -> Reckoning:
    async with transaction(stations.store.engine) as connection:
        return await reckoning.take(connection)


async def test_of_nothing_it_is_nought(stations: Stations) -> None:
    assert await taken(stations) == Reckoning(0, 0, 0, 0, 0, 0, 0.0)


async def test_every_outcome_is_counted_and_it_adds_up_before_and_after_forgetting(stations: Stations) -> None:
    await receive(stations, Parsed(tuple(inbound() for _ in range(4))))
    turns = [row.id for row in await ask(stations, "SELECT id FROM inbox ORDER BY position")]
    async with transaction(stations.store.engine) as connection:
        for turn, outcome in zip(turns, ("answered", "ticketed", "refused"), strict=False):
            assert await inbox.finish(connection, turn, outcome)
    before = await taken(stations)
    assert (before.received, before.answered, before.ticketed, before.refused, before.waiting) == (4, 1, 1, 1, 1)
    assert before.unaccounted == 0
    await forget(stations, (await ask(stations, "SELECT id FROM conversations"))[0].id)
    after = await taken(stations)
    assert (after.received, after.answered, after.ticketed, after.refused, after.waiting) == (4, 1, 1, 2, 0)
    assert after.unaccounted == 0


async def test_a_row_that_vanished_shows(stations: Stations) -> None:
    await receive(stations, Parsed((inbound(), inbound())))
    await ask(stations, "DELETE FROM inbox WHERE position = (SELECT min(position) FROM inbox)")
    assert (await taken(stations)).unaccounted == 1


async def test_the_oldest_that_waits_is_told_in_seconds(stations: Stations) -> None:
    await receive(stations, Parsed((inbound(), inbound())))
    await ask(
        stations,
        "UPDATE inbox SET received_at = now() - interval '90 seconds' WHERE position = (SELECT min(position) FROM inbox)",
    )
    assert timedelta(seconds=85) < timedelta(seconds=(await taken(stations)).oldest) < timedelta(seconds=120)


@given(st.lists(st.integers(0, 10**9), min_size=5, max_size=5))
def test_unaccounted_is_what_is_missing(numbers: list[int]) -> None:
    answered, ticketed, refused, waiting, missing = numbers
    received = answered + ticketed + refused + waiting
    whole = Reckoning(received, answered, ticketed, refused, waiting, 0, 0.0)
    assert whole.unaccounted == 0
    assert replace(whole, received=received + missing).unaccounted == missing
