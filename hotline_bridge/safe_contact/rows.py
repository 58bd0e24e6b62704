"""The rows of agreements. The words are sealed under the conversation's desk key."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.safe_contact.deciding import Agreement
from hotline_bridge.store.tables import agreements
from hotline_bridge.vault.sealing import Key


async def load(
    connection: AsyncConnection, conversation: UUID, desk_key: Key | None = None, *, lock: bool = False
) -> Agreement | None:
    """The conversation's agreement; with its words when `desk_key` is given."""
    query = select(agreements).where(agreements.c.conversation_id == conversation)
    row = (await connection.execute(query.with_for_update() if lock else query)).first()
    if row is None:
        return None
    words = None
    if desk_key is not None and row.sealed_words is not None:
        known, alarm = json.loads(desk_key.open(f"words:{conversation}", row.sealed_words))
        words = (known, alarm)
    times = (row.confirmed_at, row.asked_at, row.refused_at)
    return Agreement(row.method, tuple(row.hours), row.leave_message, row.placeholder, words, *times)


async def save(connection: AsyncConnection, conversation: UUID, agreement: Agreement, desk_key: Key) -> None:
    """What was agreed last counts."""
    sealed = desk_key.seal(f"words:{conversation}", json.dumps(agreement.words)) if agreement.words else None
    values = {
        "method": agreement.method,
        "placeholder": agreement.placeholder,
        "hours": list(agreement.hours),
        "leave_message": agreement.leave_message,
        "sealed_words": sealed,
        "made_at": func.now(),
    }
    await connection.execute(
        insert(agreements)
        .values(conversation_id=conversation, confirmed_at=func.now(), **values)
        .on_conflict_do_update(index_elements=["conversation_id"], set_={**values, "confirmed_at": func.now()})
    )


async def asked(connection: AsyncConnection, conversation: UUID) -> None:
    """The question whether it is safe was put."""
    await _note(connection, conversation, "asked_at")


async def not_asked(connection: AsyncConnection, conversation: UUID, asked_at: datetime | None) -> None:
    """The last question never went out: that of `asked_at` counts; None when there was no other."""
    await connection.execute(update(agreements).where(agreements.c.conversation_id == conversation).values(asked_at=asked_at))


async def confirmed(connection: AsyncConnection, conversation: UUID) -> None:
    """It was answered with yes."""
    await _note(connection, conversation, "confirmed_at")


async def refused(connection: AsyncConnection, conversation: UUID) -> None:
    """It was answered with no."""
    await _note(connection, conversation, "refused_at")


async def forget(connection: AsyncConnection, conversation: UUID) -> None:
    """Nothing is agreed any more."""
    await connection.execute(delete(agreements).where(agreements.c.conversation_id == conversation))


async def _note(connection: AsyncConnection, conversation: UUID, column: str) -> None:
    await connection.execute(update(agreements).where(agreements.c.conversation_id == conversation).values({column: func.now()}))
