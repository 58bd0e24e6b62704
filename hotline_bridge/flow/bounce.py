"""bounce: what a provider took and reports lost afterwards has answered nobody. Its reports reach the listener, which may not
say of a ticket what this says; so the sweep looks.

Safety: whoever waits for help by SMS would count as helped while their telephone is off (tests/flow/test_bounce.py).
"""

from __future__ import annotations

import structlog

from hotline_bridge import conversations
from hotline_bridge.flow.stations import AtDesk
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import answering

log = structlog.get_logger(__name__)


async def wait_on(stations: AtDesk) -> int:
    """Whoever was answered by lost words alone waits on, danger with the time of a claim; how many. Run by the sweep."""
    async with transaction(stations.store.engine, durable=False) as connection:
        found = await answering.by_lost_words(connection)
    for one in found:
        async with transaction(stations.store.engine) as connection:
            await conversations.load(connection, one, lock=True)
            await answering.not_answered(connection, one)
    if found:
        log.warning("answers were lost on the way", conversations=len(found))
    return len(found)
