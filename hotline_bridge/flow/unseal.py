"""unseal: the worker's part of a reveal. It opens what was granted, seals it anew for the desk, and looks at the rules again.

Safety: the console is trusted to ask, not to decide. What it may have written wrongly, or somebody in its place, is refused here
(tests/flow/test_reveal.py).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import conversations, reveals
from hotline_bridge.anonymiser import placeholders
from hotline_bridge.errors import Forgotten
from hotline_bridge.flow import trail
from hotline_bridge.flow.stations import Stations, desk_of
from hotline_bridge.reveals import ADDRESS, Reveal
from hotline_bridge.store import signals
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets.danger import in_danger

log = structlog.get_logger(__name__)


async def unseal(stations: Stations, conversation: UUID) -> int:
    """Open everything of this conversation that waits to be opened; how many. One transaction: all of it, or none and again."""
    async with transaction(stations.store.engine) as connection:
        row = await conversations.load(connection, conversation, lock=True)
        found = await reveals.opening(connection, conversation)
        done = [await _one(stations, connection, one, row.operator_id if row else None) for one in found]
        if found:
            await signals.send(connection, "reveal", conversation)
        for one, why in zip(found, done, strict=True):
            facts: dict[str, Any] = {"reveal": one.id, "what": one.what} | ({"why": why} if why else {})
            await trail.note(stations, connection, None, "reveal_failed" if why else "reveal_opened", conversation, **facts)
    for one, why in zip(found, done, strict=True):
        (log.error if why in ("not_allowed", "too_many") else log.info)("reveal", reveal=str(one.id), failed=why)
    return len(found)


async def _one(stations: Stations, connection: AsyncConnection, one: Reveal, holder: UUID | None) -> str | None:
    """Open one; why not, if not."""
    why = await _against(stations, connection, one, holder)
    value = None if why else await _value(stations, connection, one)
    if value is None:
        why = why or "unknown"
        await reveals.change(connection, one.id, "failed", why=why)
        return why
    assert one.conversation is not None
    key = await desk_of(stations).find_or_make(connection, one.conversation)
    now = stations.clock()
    sealed = key.seal(f"value:{one.id}", value)
    await reveals.change(connection, one.id, "opened", sealed_value=sealed, opened_at=now, erase_at=now + reveals.READABLE_FOR)
    return None


async def _against(stations: Stations, connection: AsyncConnection, one: Reveal, holder: UUID | None) -> str | None:
    """What speaks against opening it; None: nothing does."""
    if one.asked_by != holder:
        return "not_yours"
    assert one.conversation is not None
    by_another = one.decided_by is not None and one.decided_by != one.asked_by
    if not by_another and not await in_danger(connection, one.conversation):
        return "not_allowed"
    if await reveals.opened_since(connection, stations.clock() - timedelta(hours=1)) >= reveals.MOST_AN_HOUR:
        return "too_many"
    return None


async def _value(stations: Stations, connection: AsyncConnection, one: Reveal) -> str | None:
    """What it stands for; None when there is no such thing, or no more."""
    assert one.conversation is not None
    try:
        key = await stations.vault.key(connection, one.conversation)
        if one.what == ADDRESS:
            return await stations.vault.address(connection, one.conversation, key)
        return await placeholders.opened(connection, one.conversation, key, one.what)
    except Forgotten:
        return None
