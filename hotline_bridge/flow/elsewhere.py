"""elsewhere: the words that were agreed on from another phone, for whoever goes on with its request here.

Safety: who changed phones gives the sign that they know, and a bot that talks on endangers them (tests/flow/test_elsewhere.py).
Nothing of the other conversation is said here: its words are known again when they are written, and operators see them.
"""

from __future__ import annotations

from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import safe_contact
from hotline_bridge.errors import Forgotten
from hotline_bridge.flow.stations import AtDesk
from hotline_bridge.tickets import history

log = structlog.get_logger(__name__)


async def words(stations: AtDesk, connection: AsyncConnection, conversation: UUID) -> tuple[tuple[str, str], ...]:
    """The pairs of words, one a phone: by which to know each other, and that says "I am not alone"."""
    if stations.desk is None:
        return ()
    found = []
    for other in await history.behind(connection, conversation):
        try:
            agreed = await safe_contact.load(connection, other, await stations.desk.key(connection, other))
        except Forgotten:
            log.error("agreed words cannot be read", conversation=str(other))
            continue
        if agreed and agreed.words:
            found.append(agreed.words)
    return tuple(found)
