"""Numbers of requests that were tried, for a day. Which numbers, right or wrong, is not kept.

The conversation is named without a foreign key: deleting one's data must not take tries out of the count of all.
"""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Index, Table, Uuid, func

from hotline_bridge.store.tables.base import metadata

code_guesses = Table(
    "code_guesses",
    metadata,
    Column("turn_id", Uuid, primary_key=True),
    Column("conversation_id", Uuid, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("code_guesses_conversation_idx", "conversation_id"),
    Index("code_guesses_at_idx", "at"),
)
