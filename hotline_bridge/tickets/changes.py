"""Tells other case systems of a change: what they will get is written down in the transaction that changes the ticket."""

from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.tables import webhook_deliveries, webhooks
from hotline_bridge.tickets import cases

# returned: given back to the queue, or its operator was lost. reopened: the person wrote again after it was closed.
EVENTS = ("ticket.opened", "ticket.taken", "ticket.returned", "ticket.closed", "ticket.reopened")
_LISTENING = select(webhooks.c.id, webhooks.c.events).where(webhooks.c.stopped_at.is_(None))


async def note(connection: AsyncConnection, event: str, ids: Sequence[UUID]) -> None:
    """`event` happened to the tickets with these ids. Without a webhook for it this is one look at an empty table."""
    listening = [row.id for row in await connection.execute(_LISTENING) if event in row.events]
    if not listening or not ids:
        return
    now = (await connection.execute(select(func.now()))).scalar_one()
    rows = [
        {"id": uuid4(), "webhook_id": webhook, "event": event, "body": body}
        for body in [_body(event, cases.moment(now), case) for case in await cases.of(connection, ids)]
        for webhook in listening
    ]
    if rows:
        await connection.execute(insert(webhook_deliveries), rows)


def _body(event: str, at: str | None, case: cases.Case) -> str:
    """The form of Standard Webhooks: type, timestamp, data."""
    return json.dumps({"type": event, "timestamp": at, "data": case.document()}, separators=(",", ":"))
