"""The number of a ticket, as its writer is told: by it a request goes on from another phone.

It is not stored: it is derived from the ticket's id by whoever holds the master key, so that neither the action server nor a
stolen table can tell it. A keyed hash makes it findable.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.tables import tickets


def code(digest: bytes) -> str:
    """What the person is told: six digits that look like an order number, from a keyed digest of the ticket's id."""
    number = int.from_bytes(digest[:8]) % 1_000_000
    return f"{number // 10_000:02d}-{number % 10_000:04d}"


async def keep_code(connection: AsyncConnection, ticket: UUID, digest: bytes) -> bool:
    """Make the ticket findable by this number; whether that is its number now. It has only one, and no two have the same."""
    row = (await connection.execute(select(tickets.c.code_hash).where(tickets.c.id == ticket))).first()
    if row is None or row.code_hash is not None:
        return row is None or row.code_hash == digest  # what is gone meanwhile needs none
    other = tickets.alias()
    theirs = select(other.c.id).where(other.c.code_hash == digest)
    mine = update(tickets).where(tickets.c.id == ticket, ~theirs.exists()).values(code_hash=digest)
    return (await connection.execute(mine)).rowcount == 1


async def by_code(connection: AsyncConnection, digest: bytes) -> tuple[UUID, UUID, str] | None:
    """Ticket, conversation and need of the number, unless it is closed or forgotten."""
    query = select(tickets.c.id, tickets.c.conversation_id, tickets.c.need).where(
        tickets.c.code_hash == digest, tickets.c.state != "closed", tickets.c.conversation_id.is_not(None)
    )
    row = (await connection.execute(query)).first()
    return None if row is None else (row.id, row.conversation_id, row.need)
