"""The question whether it is safe now, as far as it stands in the outbox (flow/contact.py puts it)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.tables import outbox


async def asked_at(connection: AsyncConnection, conversation: UUID) -> datetime | None:
    """When the last question was put that went out or may still go out; None when there is none."""
    put = (outbox.c.status != "failed") | outbox.c.sent_at.is_not(None)
    return await _last(connection, conversation, put)


async def failed_at(connection: AsyncConnection, conversation: UUID) -> datetime | None:
    """When the last question was put that no provider took. One that was only too late may be put again at once."""
    failed = (outbox.c.status == "failed", outbox.c.sent_at.is_(None), outbox.c.error.is_distinct_from("late"))
    return await _last(connection, conversation, *failed)


async def _last(connection: AsyncConnection, conversation: UUID, *those: ColumnElement[bool]) -> datetime | None:
    """As outbox.Due.is_question."""
    asks = (outbox.c.author.is_(None), outbox.c.inbox_id.is_(None), outbox.c.sealed_by == "conversation")
    query = select(func.max(outbox.c.created_at)).where(outbox.c.conversation_id == conversation, *asks, *those)
    found: datetime | None = (await connection.execute(query)).scalar()
    return found
