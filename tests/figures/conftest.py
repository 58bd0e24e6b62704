"""Months as they are found in the rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fakes_bridge import made_desk, made_vault

from hotline_bridge.flow.stations import Stations, Store


@pytest.fixture
def stations(store: Store) -> Stations:
    """On the second day of November 2026."""
    desk = made_desk()
    return Stations(store, made_vault(), clock=lambda: datetime(2026, 11, 2, 12, tzinfo=UTC), desk=desk)


def at(stations: Stations, now: datetime) -> Stations:
    """The same at another time."""
    return replace(stations, clock=lambda: now)
