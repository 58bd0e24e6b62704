"""last_look: whether what was decided to go out may still go out, at the moment at which it does.

Safety: a provider can be down for hours, and an evening's reply must not light up a screen at night (tests/flow/test_deliver.py).
"""

from __future__ import annotations

from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import outbox
from hotline_bridge.flow.reach import reach
from hotline_bridge.flow.stations import Stations
from hotline_bridge.outbox import Due
from hotline_bridge.store import signals
from hotline_bridge.tickets import paging, taking

log = structlog.get_logger(__name__)


async def next_due(stations: Stations, connection: AsyncConnection, conversation: UUID) -> Due | None:
    """The next message to send, or the one that everything waits for. What may not go out any more is put aside on the way."""
    while (due := await outbox.next_due(connection, conversation)) is not None:
        waits = due.not_before is not None and due.not_before > stations.clock()
        if waits or await _may_still_go(stations, connection, due):
            break
    return due


async def _may_still_go(stations: Stations, connection: AsyncConnection, due: Due) -> bool:
    """Decide again by the agreement. What may not go any more is held if an operator wrote it, and else never said.

    An answer goes to whoever has just asked. The question whether it is safe may be put where nothing else may be said, but only
    within the hours; it is put again on another day. That nobody has come may be true no longer: flow/page.py looks again.
    """
    if due.turn is not None:
        return True
    decision = (await reach(stations, connection, due.conversation)).now
    asks = due.author is None and due.sealed_by == "conversation"
    if decision.what == "send" or (asks and decision.what == "ask"):
        return True
    if due.author is not None:
        await outbox.hold(connection, due.id)
        await taking.not_answered(connection, due.conversation)
    else:
        await outbox.never(connection, due.id, "withdrawn")
        if not asks:
            await paging.not_told(connection, due.conversation)
    await signals.send(connection, "said", due.conversation)
    log.info("not sent any more", message=str(due.id), why=decision.what)
    return False
