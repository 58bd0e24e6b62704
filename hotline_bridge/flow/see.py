"""see: have what was granted opened, and see it or give it on, each time with a line in the audit trail;
and end what is over.

Safety: the console cannot open anything itself; it can only put a job for the worker, which looks at the rules again
(flow/unseal.py, tests/flow/test_reveal.py).
"""

from __future__ import annotations

from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import reveals
from hotline_bridge.errors import DeskError, NotYours
from hotline_bridge.flow import trail
from hotline_bridge.flow.holding import held_by
from hotline_bridge.flow.reveal import within_hours
from hotline_bridge.flow.stations import AtDesk, desk_of
from hotline_bridge.reveals import Reveal
from hotline_bridge.store import jobs, signals
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets.danger import in_danger

log = structlog.get_logger(__name__)


async def open_(stations: AtDesk, account: UUID, reveal: UUID) -> None:
    """The asker wants it now: the worker is told to open it. Raises NotYours and DeskError("over")."""
    async with transaction(stations.store.engine) as connection:
        one = await _mine(stations, connection, account, reveal)
        if one.state == "opening":
            return
        if one.state != "granted" or one.is_over(stations.clock()):
            raise _over()
        assert one.conversation is not None
        await reveals.change(connection, reveal, "opening")
        await jobs.defer(stations.store.queue, connection, jobs.REVEAL, one.conversation, urgent=True)
        await trail.note(stations, connection, account, "reveal_opening", one.conversation, reveal=reveal, what=one.what)


async def show(stations: AtDesk, account: UUID, reveal: UUID, *, knowing: bool = False) -> str:
    """The value, for this one display, which is audited. Raises NotYours, DeskError("over"), DeskError("hours").

    knowing: that it is outside the agreed hours, as for reveal.ask.
    """
    async with transaction(stations.store.engine) as connection:
        one, value = await value_of(stations, connection, account, reveal)
        row = await held_by(connection, one.conversation, account)
        if not (knowing or await in_danger(connection, row.id)):
            await within_hours(stations, connection, row, one.what)  # they may have ended since it was asked for
        times = one.shown + 1
        await reveals.change(connection, reveal, "opened", shown=times)
        await signals.send(connection, "reveal", one.conversation)
        await trail.note(
            stations, connection, account, "reveal_shown", one.conversation, reveal=reveal, what=one.what, times=times
        )
    log.info("reveal shown", reveal=str(reveal), account=str(account), times=times)
    return value


async def value_of(stations: AtDesk, connection: AsyncConnection, account: UUID, reveal: UUID) -> tuple[Reveal, str]:
    """An opened value for a step that gives it on and audits that itself. Raises NotYours and DeskError("over")."""
    one = await _mine(stations, connection, account, reveal)
    if one.state != "opened" or one.is_over(stations.clock()):
        raise _over()
    assert one.conversation is not None
    value = await reveals.sealed(connection, reveal, "value", await desk_of(stations).key(connection, one.conversation))
    if value is None:
        raise _over()
    return one, value


async def end_what_is_over(stations: AtDesk) -> int:
    """Unused wishes expire, opened values are erased; how many. Run by the sweep, which may die anywhere in it."""
    async with transaction(stations.store.engine, durable=False) as connection:
        found = await reveals.over(connection, stations.clock())
    return sum([await _end(stations, one.id) for one in found])


async def _end(stations: AtDesk, reveal: UUID) -> bool:
    """End one; False when somebody has meanwhile."""
    async with transaction(stations.store.engine) as connection:
        one = await reveals.load(connection, reveal, lock=True)
        if one is None or not one.is_over(stations.clock()):
            return False
        state = "erased" if one.state == "opened" else "expired"
        await reveals.change(connection, reveal, state, sealed_value=None)
        await signals.send(connection, "reveal", one.conversation)
        await trail.note(stations, connection, None, f"reveal_{state}", one.conversation, reveal=reveal, what=one.what)
    return True


async def _mine(stations: AtDesk, connection: AsyncConnection, account: UUID, reveal: UUID) -> Reveal:
    await held_by(connection, await reveals.conversation_of(connection, reveal), account)
    one = await reveals.load(connection, reveal, lock=True)
    if one is None or one.asked_by != account:
        raise NotYours()
    return one


def _over() -> DeskError:
    return DeskError("over", "the time for this is over; ask for it again if it is still needed")
