"""Tells whoever listens (the console) that something changed, at the commit of the transaction that changed it.

A signal names a kind and a conversation's random id, nothing else; one that is missed does no harm, since pages are read anew.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

CHANNEL = "komek_desk"
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
