"""The queue as many screens show it: read and rendered once for all that ask for the same, until something changes.

Fifty screens that are told of a new ticket ask within the same moment; they cost what one costs.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass

from hotline_bridge.console.live import Live
from hotline_bridge.tickets.queue import Totals

FRESH = 5.0  # seconds; clocks go on, and not every change of a person's row is a signal


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows as HTML without anything of one account's, and the totals that were read with them."""

    html: str
    totals: Totals


class Board:
    """What was rendered last, by what was asked for. While nothing is heard each is read anew."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._made: dict[Hashable, tuple[int, float, asyncio.Task[Rows]]] = {}

    async def get(self, wanted: Hashable, make: Callable[[], Awaitable[Rows]]) -> Rows:
        """The rows that `make` gives, or gave for another screen since the last change."""
        version, now = self._live.version, time.monotonic()
        if version is None:
            return await make()
        found = self._made.get(wanted)
        if found is None or found[0] != version or now - found[1] > FRESH or _failed(found[2]):
            self._made = {key: one for key, one in self._made.items() if now - one[1] <= FRESH}
            found = self._made[wanted] = (version, now, asyncio.ensure_future(make()))
        return await asyncio.shield(found[2])  # a screen that is closed meanwhile takes it from nobody


def _failed(task: asyncio.Task[Rows]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
