"""lost: operators who are gone without a word. Whom they had goes back to the queue. Run by the sweep."""

from __future__ import annotations

from datetime import timedelta

import structlog

from hotline_bridge.flow import trail
from hotline_bridge.flow.stations import AtDesk
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import presence, taking

log = structlog.get_logger(__name__)
LOST_AFTER = timedelta(minutes=15)  # of an operator who does nothing


async def give_back_lost(stations: AtDesk, silent_for: timedelta = LOST_AFTER) -> int:
    """Conversations of operators who are gone return to the queue; how many."""
    async with transaction(stations.store.engine) as connection:
        found = await presence.lost(connection, silent_for)
    done = 0
    for conversation in found:
        async with transaction(stations.store.engine) as connection:
            await presence.holder(connection, conversation, lock=True)
            if conversation in await presence.lost(connection, silent_for):  # a sign of life may have come meanwhile
                await taking.give_back(connection, conversation, None, kind="lost")
                await trail.note(stations, connection, None, "lost", conversation)
                done += 1
    if done:
        log.warning("operators were lost", conversations=done)
    return done
