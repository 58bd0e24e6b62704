"""lost: operators who are gone. Whom they had goes back to the queue, where the bot answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.flow import trail
from hotline_bridge.flow.stations import AtDesk
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import presence, taking

log = structlog.get_logger(__name__)
LOST_AFTER = timedelta(minutes=15)  # of an operator who does nothing


async def give_back_lost(stations: AtDesk, silent_for: timedelta = LOST_AFTER) -> int:
    """Conversations of operators who are gone without a word return to the queue; how many. Run by the sweep."""
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


async def give_back_all(
    stations: AtDesk, connection: AsyncConnection, account: UUID, kind: Literal["given_back", "lost"], by: UUID
) -> int:
    """Everybody whom `account` has returns to the queue; how many. kind: by themselves, or because `by` has shut them out."""
    held = await presence.all_of(connection, account)
    for conversation in held:
        await taking.give_back(connection, conversation, account if kind == "given_back" else None, kind=kind)
    for conversation in held:
        await trail.note(stations, connection, by, kind, conversation)
    return len(held)
