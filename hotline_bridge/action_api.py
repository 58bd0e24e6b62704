"""The one door for actions/: what Rasa may ask for. No address, no words and no key behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from hotline_bridge import tickets
from hotline_bridge.errors import SettingError
from hotline_bridge.flow.stations import Store, utc_now
from hotline_bridge.store.engine import transaction


@dataclass(frozen=True, slots=True)
class TicketOpened:
    """code: the ticket's id; the bridge turns it into the number that the person is told."""

    code: str
    created: bool


@dataclass(frozen=True, slots=True)
class TicketStatus:
    """What became of the person's request. again: somebody has had it, and it waits once more."""

    code: str | None
    state: Literal["none", "waiting", "again", "taken"]
    waiting_hours: int


class ActionApi:
    """Made by bootstrap for the action server's process; rasa-sdk makes the actions itself, so they ask for `current`."""

    _current: ClassVar[ActionApi | None] = None

    def __init__(self, store: Store, clock: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._clock = clock

    @classmethod
    def install(cls, api: ActionApi | None) -> ActionApi | None:
        """Make it the one of this process; the one before it."""
        before, cls._current = cls._current, api
        return before

    @classmethod
    def current(cls) -> ActionApi:
        """The one of this process. Raises SettingError where none was installed."""
        if cls._current is None:
            raise SettingError("this process was started without the bridge's tickets")
        return cls._current

    async def open_ticket(self, conversation: str, turn: str, need: str, facts: dict[str, str] | None = None) -> TicketOpened:
        """The conversation's open ticket for `need`, made if there is none; asking twice opens one."""
        async with transaction(self._store.engine) as connection:
            found = await tickets.open_once(connection, conversation=UUID(conversation), turn=UUID(turn), need=need, facts=facts)
        return TicketOpened(str(found.id), found.created)

    async def ticket_status(self, conversation: str) -> TicketStatus:
        """Of the tickets that are not closed, the one that has waited longest."""
        async with transaction(self._store.engine) as connection:
            found = await tickets.longest_waiting(connection, UUID(conversation))
        if found is None:
            return TicketStatus(None, "none", 0)
        waiting: Literal["waiting", "again"] = "again" if found.again else "waiting"
        return TicketStatus(str(found.id), "taken" if found.state == "taken" else waiting, found.waiting_hours(self._clock()))
