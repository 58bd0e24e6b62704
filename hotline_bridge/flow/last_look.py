"""last_look: whether what was decided to go out may still go out, at the moment at which it does.

Safety: a provider can be down for hours, and an evening's reply must not light up a screen at night (tests/flow/test_deliver.py).
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import outbox, pagers, tickets
from hotline_bridge.flow import contact, erase
from hotline_bridge.flow.reach import Reach, reach
from hotline_bridge.flow.stations import Stations
from hotline_bridge.outbox import Due
from hotline_bridge.safe_contact import PRESENT
from hotline_bridge.store import jobs, signals
from hotline_bridge.tickets import answering, paging

log = structlog.get_logger(__name__)
READ_WITHIN = timedelta(seconds=5)  # then it is looked whether what was written is read


async def next_due(stations: Stations, connection: AsyncConnection, conversation: UUID) -> Due | None:
    """The next message to send, or the one that everything waits for. What may not go out any more is put aside on the way."""
    while (due := await outbox.next_due(connection, conversation)) is not None:
        waits = due.not_before is not None and due.not_before > stations.clock()
        if waits or await _may_still_go(stations, connection, due):
            break
    return due


async def _may_still_go(stations: Stations, connection: AsyncConnection, due: Due) -> bool:
    """Decide again by the agreement. What may not go any more is held if an operator wrote it, and else never said."""
    if due.turn is not None and stations.clock() - due.created_at < PRESENT:
        return True  # the answer to whoever has just asked
    by_komek = due.author is None and due.sealed_by == "desk"
    if by_komek and (not due.urgent or await pagers.is_one(connection, due.conversation)):
        return True  # to an operator's pager, or that it is none any more
    found = await reach(stations, connection, due.conversation)
    if found.unread and (due.turn is not None or due.is_question):
        await _step_aside(stations, connection, due)
        return False
    if await _may_go(connection, due, found):
        return True
    await _put_aside(stations, connection, due)
    await signals.send(connection, "said", due.conversation)
    log.info("not sent any more", message=str(due.id), why=found.now.what, unread=found.unread)
    return False


async def _step_aside(stations: Stations, connection: AsyncConnection, due: Due) -> None:
    """Until what was just written is read, which takes seconds: it may withdraw this. What answers it does not wait for this.

    Safety: "I cannot talk" may stand there (tests/flow/test_unread.py).
    """
    at = stations.clock() + READ_WITHIN
    await outbox.step_aside(connection, due.id, at)
    await jobs.defer(stations.store.queue, connection, jobs.DELIVER, due.conversation, at=at)


async def _may_go(connection: AsyncConnection, due: Due, found: Reach) -> bool:
    """An answer that comes late is said as if nobody had asked. That it waits is said only while it does.

    The question whether it is safe may be put where nothing else may be said, but only within the hours and for what is held.
    """
    if due.author is not None or due.turn is not None:
        return found.now.what == "send"
    if due.sealed_by == "desk":
        return found.by_itself and await paging.is_open(connection, due.conversation)
    return found.now.what in ("send", "ask") and await outbox.has_held(connection, due.conversation)


async def _put_aside(stations: Stations, connection: AsyncConnection, due: Due) -> None:
    """A reply waits for the person's word, the question is put again on another day, and flow/page.py looks again.

    An answer that is lost is an operator's to give. Messages that it would have taken from the screen go all the same.
    """
    if due.author is not None:
        await outbox.hold(connection, due.id)
        await answering.not_answered(connection, due.conversation)
        return
    await outbox.never(connection, due.id, "late")
    if due.turn is not None:
        await erase.instead_of(stations, connection, due)
        await tickets.open_once(connection, conversation=due.conversation, turn=None, need="undeliverable")
    elif due.sealed_by == "desk":
        await paging.not_told(connection, due.conversation)
    else:
        await contact.not_asked(connection, due.conversation)
