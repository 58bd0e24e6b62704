"""The order of rows within one conversation. There is no common count: it would tell how many wrote, and who wrote first."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ScalarSelect, Table, func, select


def next_place(table: Table, conversation: UUID) -> ScalarSelect[int]:
    """The place after the conversation's last row in `table`. Whoever adds a row holds a lock on the conversation."""
    last = select(func.coalesce(func.max(table.c.position), 0) + 1).where(table.c.conversation_id == conversation)
    return last.correlate(None).scalar_subquery()
