"""live: one ear for the database's signals in this process, and every open screen told that something changed.

What is told here are names without content; each screen then fetches what it may see, or is sent it (queue_changes.py).
However much happens, a screen is told at most five times a second, so that fifty screens cost little.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from hotline_bridge.store import signals
from hotline_bridge.store.signals import Signal

GAP = 0.2  # seconds between two tellings of one screen
MANY = 100  # conversations named in one telling; beyond that all are meant
EVERY = "*"
# What a signal means to every screen; it also means "conversation" to those that follow the one it names.
MEANS = {
    "ticket": ("queue",),
    "danger": ("queue", "danger"),
    "paged": ("queue", "danger"),  # nobody has claimed it yet: open screens ring again with the pagers
    "taken": ("queue",),
    "reveal": ("reveal",),
}


@dataclass(frozen=True, slots=True)
class Event:
    """name: queue, conversation, danger, reveal; rows (queue_changes.py). data: for conversation the ids, or * for all."""

    name: str
    data: str = ""


class Screen:
    """One open page. following: the one conversation it shows; None: it is told of all, by their ids."""

    def __init__(self, following: UUID | None) -> None:
        self._following = following
        self._names: dict[str, None] = {}
        self._conversations: set[str] = set()
        self._bell = asyncio.Event()
        self._free_at = 0.0
        self.look_again = False  # an account's sessions ended: perhaps this screen's

    def tell(self, signal: Signal | None) -> None:
        """Note what a signal means here. None: anything may have happened."""
        if signal is None:
            self._names["queue"] = None
            self._conversations.add(EVERY)
        elif signal.kind == "account":
            self.look_again = True
        else:
            self._names |= dict.fromkeys(MEANS.get(signal.kind, ()))
            if signal.conversation is not None and self._following in (None, signal.conversation):
                self._conversations.add(str(signal.conversation))
        if self._names or self._conversations or self.look_again:
            self._bell.set()

    async def told(self, within: float) -> list[Event]:
        """What changed, as soon as something does, danger first; nothing after `within` seconds without."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._bell.wait(), within)
        loop = asyncio.get_running_loop()
        if self._names or self._conversations:
            await asyncio.sleep(max(0.0, self._free_at - loop.time()))
            self._free_at = loop.time() + GAP
        self._bell.clear()
        names, conversations = list(self._names), self._conversations
        self._names, self._conversations = {}, set()
        events = [Event(name) for name in sorted(names, key=lambda name: name != "danger")]  # it waits for no rows to be drawn
        if conversations:
            all_of_them = EVERY in conversations or len(conversations) > MANY
            events.append(Event("conversation", EVERY if all_of_them else " ".join(sorted(conversations))))
        return events


class Live:
    """The process's screens. It listens while there is one."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._screens: set[Screen] = set()
        self._ear: asyncio.Task[None] | None = None
        self._heard, self._hearing = 0, False

    @property
    def version(self) -> int | None:
        """Changes with everything that may change the queue; None while nothing is heard, because then nobody can say.

        No value ever comes twice: what was rendered before a silence must not pass for what is.
        """
        return self._heard if self._hearing else None

    @asynccontextmanager
    async def screen(self, following: UUID | None = None) -> AsyncIterator[Screen]:
        """A screen for as long as its page is open. Its first telling comes when it hears, and means: look at everything."""
        made = Screen(following)
        self._screens.add(made)
        if self._ear is None:
            self._ear = asyncio.create_task(self._listen())
        else:
            made.tell(None)
        try:
            yield made
        finally:
            self._screens.discard(made)
            if not self._screens and self._ear is not None:
                self._ear.cancel()
                self._ear, self._hearing = None, False

    async def _listen(self) -> None:
        async for signal in signals.heard(self._engine):
            self._hearing = True
            if signal is None or "queue" in MEANS.get(signal.kind, ()):
                self._heard += 1
            for screen in self._screens:
                screen.tell(signal)
