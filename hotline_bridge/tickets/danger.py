"""Whether somebody is in danger, as their open tickets tell: a need of danger, or a flag. In Python: needs.is_danger."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.tickets.needs import DANGERS

IS_DANGER = "(t.need = ANY(:dangers) OR t.flagged_at IS NOT NULL)"  # of tickets t; dangers: needs.DANGERS as a list
_IN_DANGER = text(f"SELECT 1 FROM tickets t WHERE t.conversation_id = :id AND t.state <> 'closed' AND {IS_DANGER} LIMIT 1")


async def in_danger(connection: AsyncConnection, conversation: UUID) -> bool:
    """Whether a ticket is open for a need of danger, or words of danger were found while somebody had it."""
    found = await connection.execute(_IN_DANGER, {"id": conversation, "dangers": list(DANGERS)})
    return found.first() is not None
