"""The queue as many screens show it: read and drawn once for all that ask for the same, until something changes.

Fifty screens that are told of a new ticket ask within the same moment; they cost what one costs, and each is sent the rows that
changed, not all of them.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from markupsafe import Markup

from hotline_bridge.console.live import Live
from hotline_bridge.tickets.queue import Totals

FRESH = 5.0  # seconds; clocks go on, and not every change of a person's row is a signal
KEPT = 100  # drawings that a screen may still show; from an older one it fetches everything


@dataclass(frozen=True, slots=True)
class Row:
    """One row as HTML. look: the same for two that look the same; it stands in the row, too."""

    look: str
    html: Markup


@dataclass(frozen=True)
class Rows:
    """What a queue's page shows, without anything of one account's. rows: by conversation, in order; below: what follows."""

    rows: dict[str, Row]
    below: Markup
    totals: Totals

    @cached_property
    def mark(self) -> str:
        """The same for two that look the same, and for no others."""
        return hashlib.sha256(json.dumps([[one.look for one in self.rows.values()], self.below]).encode()).hexdigest()[:16]


class Board:
    """What was drawn last, by what was asked for. While nothing is heard each is read anew."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._made: dict[Hashable, tuple[int, float, asyncio.Task[Rows]]] = {}
        self._shown: OrderedDict[str, Rows] = OrderedDict()
        self._between = lru_cache(maxsize=KEPT)(self._compared)

    async def get(self, wanted: Hashable, make: Callable[[], Awaitable[Rows]]) -> Rows:
        """The rows that `make` gives, or gave for another screen since the last change."""
        found = await self._get(wanted, make)
        self._shown[found.mark] = found
        self._shown.move_to_end(found.mark)
        while len(self._shown) > KEPT:
            self._shown.popitem(last=False)
        return found

    def changes(self, mark: str, rows: Rows) -> str | None:
        """What a screen that shows `mark` must change to show `rows`, as JSON for queue.js; None: it must fetch everything."""
        if not rows.rows or rows.mark not in self._shown:
            return None
        return self._between(mark if mark in self._shown else "", rows.mark)

    def _compared(self, before: str, after: str) -> str:
        return changes(self._shown.get(before), self._shown[after])

    async def _get(self, wanted: Hashable, make: Callable[[], Awaitable[Rows]]) -> Rows:
        version, now = self._live.version, time.monotonic()
        if version is None:
            return await make()
        found = self._made.get(wanted)
        if found is None or found[0] != version or now - found[1] > FRESH or _failed(found[2]):
            self._made = {key: one for key, one in self._made.items() if now - one[1] <= FRESH}
            found = self._made[wanted] = (version, now, asyncio.ensure_future(make()))
        return await asyncio.shield(found[2])  # a screen that is closed meanwhile takes it from nobody


def changes(before: Rows | None, after: Rows) -> str:
    """How all rows look, in order, with the HTML of those that did not look so `before`, and what stands below.

    A screen compares the looks with its own: it may show what was in between, having fetched everything meanwhile.
    """
    known = before.rows if before else {}
    different = {name: row.html for name, row in after.rows.items() if known.get(name) != row}
    looks = {name: row.look for name, row in after.rows.items()}
    return json.dumps({"looks": looks, "rows": different, "below": after.below}, ensure_ascii=False)


def _failed(task: asyncio.Task[Rows]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
