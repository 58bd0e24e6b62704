"""let_go: an operator has somebody forgotten. The console holds no key of the vault: it orders, and the worker forgets.

Safety: whoever has just written is read first, and whoever writes before the worker comes is kept. Somebody in danger would
be lost for good, their paging too: a supervisor alone orders it, and only because the person asked (tests/flow/test_let_go.py).
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import audit, conversations, inbox
from hotline_bridge.accounts import people
from hotline_bridge.errors import CannotBeWritten, DeskError
from hotline_bridge.flow import trail
from hotline_bridge.flow.forget import forget
from hotline_bridge.flow.holding import held_by
from hotline_bridge.flow.stations import AtDesk, Stations
from hotline_bridge.store import jobs, signals
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets.danger import in_danger

log = structlog.get_logger(__name__)
REASONS = ("person", "endangers", "test", "not_ours")
MOST_AN_HOUR = 10  # orders of the whole house: it is rare, and a stolen console gets no further


async def order(stations: AtDesk, account: UUID, conversation: UUID, reason: str, *, sure: bool) -> None:
    """Everything of this conversation is to go, the person's address included. Raises NotYours, and DeskError when it may not."""
    if reason not in REASONS or not sure:
        raise DeskError("why_forget", "say why, and confirm it")
    async with transaction(stations.store.engine) as connection:
        if (await held_by(connection, conversation, account)).silence == "unsafe":
            # Whoever watches the phone may write: the silence must outlive the order.
            raise CannotBeWritten("unsafe", "somebody may be watching this phone")
        if await in_danger(connection, conversation):
            asked = reason == "person" and await people.is_supervisor(connection, account)
            if not asked:
                raise DeskError("in_danger", "somebody in danger is forgotten by a supervisor, if they asked for it")
        if await inbox.has_waiting(connection, conversation):
            raise DeskError("just_wrote", "the person has just written; read it first")
        await conversations.is_let_go(connection, conversation)
        await jobs.defer(stations.store.queue, connection, jobs.FORGET, conversation)
        await signals.send(connection, "taken", conversation)
        await trail.note(stations, connection, account, "forget_ordered", conversation, reason=reason)
        await _within_the_limit(stations, connection)
    log.info("to be forgotten", account=str(account))


async def _within_the_limit(stations: AtDesk, connection: AsyncConnection) -> None:
    """Counted when this order is in the trail, where one stands behind the other: two at once cannot both be the tenth."""
    lately = audit.Wanted(actions=("forget_ordered",), since=stations.clock() - timedelta(hours=1))
    if len((await audit.read(connection, lately, most=MOST_AN_HOUR + 1)).rows) > MOST_AN_HOUR:
        log.error("very many people are to be forgotten", within_an_hour=MOST_AN_HOUR)
        raise DeskError("forgets_too_many", "too many were forgotten within the hour")


async def carry_out(stations: Stations, conversation: UUID) -> int:
    """The worker's part; 1 when it was done, 0 when its writer came back meanwhile, or it was done before."""
    async with transaction(stations.store.engine, durable=False) as connection:
        row = await conversations.load(connection, conversation)
    if row is None or row.silence != conversations.LET_GO:
        return 0
    return int(await forget(stations, conversation, unless_waiting=True, why="operator"))
