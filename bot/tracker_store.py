"""Rasa's memory in PostgreSQL: one row a conversation, its state after the last turn and after the one before.

A sender is "<conversation>:<turn>". The bridge may send a turn again after a crash; the repeat starts from where the
first try started, and so ends the same. The table is made by the bridge's migrations and rows are erased by the bridge:

    dialogue.memory(conversation uuid primary key, turn text, state jsonb, previous jsonb, updated_on date)
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import psycopg
from psycopg.types.json import Jsonb
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.components.check_form import SIGNS
from bot.memory import State, events_of, state_of

RETRIEVE = """
    SELECT CASE WHEN turn = %(turn)s THEN previous ELSE state END
    FROM dialogue.memory WHERE conversation = %(conversation)s
"""
# `previous` moves only with a new turn: saving the same turn twice changes nothing but `state`. Signs of the self-check
# leave it with the state: a turn that is sent again after that has told them already, if it was to.
SAVE = """
    INSERT INTO dialogue.memory AS kept (conversation, turn, state, previous, updated_on)
    VALUES (%(conversation)s, %(turn)s, %(state)s, NULL, current_date)
    ON CONFLICT (conversation) DO UPDATE SET
        previous = CASE
            WHEN kept.turn = excluded.turn THEN kept.previous
            WHEN excluded.state -> 'slots' ? %(signs)s THEN kept.state
            ELSE kept.state #- ARRAY['slots', %(signs)s] END,
        state = excluded.state, turn = excluded.turn, updated_on = excluded.updated_on
"""


class SenderWrong(Exception):
    """A sender is not "<conversation>:<turn>"."""


class Memory(TrackerStore):
    """The tracker store named in endpoints.yml. It keeps nothing in the process, so an erased row is gone at once."""

    def __init__(
        self,
        domain: Domain | None,
        event_broker: EventBroker | None = None,
        host: str | None = None,
        **_: Any,
    ) -> None:
        super().__init__(domain, event_broker)
        self._url = host or ""
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._opening = asyncio.Lock()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker:
        """The conversation as it was before this turn; a fresh one when nothing is kept. Raises psycopg.Error."""
        row = await self._run(RETRIEVE, key_of(sender_id))
        return self._tracker(sender_id, row[0] if row else None)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keeps the state after the turn. Raises psycopg.Error; then nothing has changed."""
        state = Jsonb(state_of(tracker, self.domain))
        await self._run(SAVE, {**key_of(tracker.sender_id), "state": state, "signs": SIGNS})

    async def keys(self) -> Iterable[str]:
        """No list of conversations is given to anybody."""
        return []

    def _tracker(self, sender_id: str, state: State | None) -> DialogueStateTracker:
        return DialogueStateTracker.from_events(sender_id, events_of(state), self.domain.slots, domain=self.domain)

    async def _run(self, query: str, values: dict[str, Any]) -> tuple[Any, ...] | None:
        connection = await self._open()
        try:
            return await _once(connection, query, values)
        except psycopg.OperationalError:
            # The database was restarted since; both statements may be run twice.
            await connection.close()
            return await _once(await self._open(), query, values)

    async def _open(self) -> psycopg.AsyncConnection[Any]:
        async with self._opening:
            if self._connection is None or self._connection.closed:
                self._connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True)
            return self._connection


async def _once(connection: psycopg.AsyncConnection[Any], query: str, values: dict[str, Any]) -> tuple[Any, ...] | None:
    cursor = await connection.execute(query, values)
    return await cursor.fetchone() if cursor.description else None


def key_of(sender_id: str) -> dict[str, str]:
    """The conversation and turn of a sender. Raises SenderWrong."""
    conversation, colon, turn = sender_id.partition(":")
    if not (conversation and colon and turn):
        raise SenderWrong("a sender is <conversation>:<turn>")
    return {"conversation": conversation, "turn": turn}
