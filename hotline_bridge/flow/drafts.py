"""drafts: the key for what an operator types and has not sent. Their browser keeps that sealed, beyond the end of a session.

Safety: what is typed may hold identifiers. Its key is one account's, for one person, while one request is open: nobody else is
given it, and nobody at all once the request is closed or the person forgotten (tests/flow/test_drafts.py).
"""

from __future__ import annotations

from uuid import UUID

from hotline_bridge.errors import Forgotten
from hotline_bridge.flow.look import Case
from hotline_bridge.flow.stations import AtDesk, desk_of
from hotline_bridge.store.engine import transaction


async def key_of(stations: AtDesk, account: UUID, case: Case) -> bytes | None:
    """16 bytes; None where nothing is open, and where nothing is sealed for this person yet."""
    if not case.open:
        return None
    first = min(case.open, key=lambda one: (one.opened_at, one.id))
    try:
        async with transaction(stations.store.engine, durable=False) as connection:
            key = await desk_of(stations).key(connection, case.conversation.id)
    except Forgotten:
        return None
    return key.digest("draft", f"{account}\0{first.id}\0{first.reopened}")
