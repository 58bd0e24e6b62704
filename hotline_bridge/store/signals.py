"""Tells whoever listens (the console) that something changed, at the commit of the transaction that changed it.

A signal names a kind and a conversation's random id, nothing else; one that is missed does no harm, since pages are read anew.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import psycopg
import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

log = structlog.get_logger(__name__)
CHANNEL = "komek_desk"
SOON, QUIET = 0.1, 20.0  # seconds: the first pause before another try, and how long silence is believed
_NOTIFY = text("SELECT pg_notify(:channel, :payload)")


@dataclass(frozen=True, slots=True)
class Signal:
    """kind: ticket, danger, said (a new line in the conversation), taken, sent, reveal, account …"""

    kind: str
    conversation: UUID | None


async def send(connection: AsyncConnection, kind: str, conversation: UUID | None = None) -> None:
    """Heard when `connection`'s transaction commits, and never when it does not."""
    payload = json.dumps({"kind": kind, "conversation": str(conversation) if conversation else None})
    await connection.execute(_NOTIFY, {"channel": CHANNEL, "payload": payload})


def read(payload: str) -> Signal:
    """The signal again."""
    found = json.loads(payload)
    return Signal(found["kind"], UUID(found["conversation"]) if found["conversation"] else None)


async def heard(engine: AsyncEngine) -> AsyncIterator[Signal | None]:
    """Every signal as it comes, on one connection of its own; None each time that was opened, since some may have been missed.

    Never ends: while the database is away it is tried again, after five seconds at most.
    """
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    pause = SOON
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(url, autocommit=True, connect_timeout=5) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                pause = SOON
                yield None
                while True:
                    async for notice in connection.notifies(timeout=QUIET):
                        try:
                            signal = read(notice.payload)
                        except (ValueError, LookupError, TypeError):  # whoever may connect may notify
                            continue
                        yield signal
                    await connection.execute("SELECT 1")  # a connection that died without a word is noticed here
        except psycopg.Error as error:
            log.warning("no signals from the database", error=type(error).__name__, again_in=pause)
        await asyncio.sleep(pause)
        pause = min(5.0, pause * 2)
