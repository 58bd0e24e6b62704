"""Counts requests by address within a minute, in this process's memory and nowhere else."""

from __future__ import annotations

import time
from collections.abc import Callable


class Gate:
    """each, all: how many requests a minute are let in, from one address and from everywhere."""

    def __init__(self, each: int, all: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most_each, self._most_of_all = each, all
        self._clock = clock
        self._minute = -1
        self._by_address: dict[str, int] = {}
        self._all = 0

    def lets_in(self, address: str) -> bool:
        """Whether one more request from there may be answered."""
        minute = int(self._clock() // 60)
        if minute != self._minute:
            self._minute, self._by_address, self._all = minute, {}, 0
        self._all += 1
        self._by_address[address] = self._by_address.get(address, 0) + 1
        return self._all <= self._most_of_all and self._by_address[address] <= self._most_each
