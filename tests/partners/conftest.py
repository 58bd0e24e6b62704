"""Conversations with tickets, and a case system that listens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from fakes_bridge import ask, made_desk
from partners.receiver import Receiver, receiving

from hotline_bridge.flow.notify import Outlet
from hotline_bridge.flow.stations import DeskStations, Store
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import open_once

INSIDE = Outlet(private=True)
ADMINISTRATOR = uuid4()


@pytest.fixture
def stations(store: Store) -> DeskStations:
    return DeskStations(store, made_desk())


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


async def somebody(stations: DeskStations, **more: Any) -> UUID:
    """A conversation."""
    row = {"channel": "telegram", "language": "uz", "region": "R-ALA", **more}
    made = uuid4()
    names = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    await ask(stations, f"INSERT INTO conversations (id, {names}) VALUES (:id, {values})", id=made, **row)
    return made


async def opened(stations: DeskStations, need: str = "talk_to_operator", **more: Any) -> tuple[UUID, UUID]:
    """A conversation and the public id of its ticket."""
    conversation = await somebody(stations, **more)
    async with transaction(stations.store.engine) as connection:
        await open_once(connection, conversation=conversation, turn=None, need=need)
    (row,) = await ask(stations, "SELECT public_id FROM tickets WHERE conversation_id = :c", c=conversation)
    return conversation, row.public_id
