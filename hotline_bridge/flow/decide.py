"""decide: note the day on which somebody was identified as a victim, and remind of the time to decide that runs from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hotline_bridge.accounts import people
from hotline_bridge.errors import DeskError
from hotline_bridge.flow import trail
from hotline_bridge.flow.holding import held_by
from hotline_bridge.flow.stations import AtDesk, today
from hotline_bridge.store import signals
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import deciding, events
from hotline_bridge.tickets.deciding import DecisionTime


@dataclass(frozen=True, slots=True)
class Reminders:
    """names: of the operators that stand in the rows."""

    rows: Sequence[DecisionTime]
    names: dict[UUID, str]


async def identified(stations: AtDesk, account: UUID, conversation: UUID, on: date) -> None:
    """The person was identified as a victim on this day. Raises NotYours; DeskError for a day that cannot be."""
    if not deciding.may_be(on, today(stations)):
        raise DeskError("identified", "give the day of the identification: not after today, and not more than a year ago")
    async with transaction(stations.store.engine) as connection:
        await held_by(connection, conversation, account)
        await deciding.note(connection, conversation, on, account)
        await events.note(connection, conversation, account, "identified", on=on.isoformat())
        await signals.send(connection, "taken", conversation)
        await trail.note(stations, connection, account, "identified", conversation, on=on)


async def not_identified(stations: AtDesk, account: UUID, conversation: UUID) -> None:
    """It was noted by mistake. Raises NotYours."""
    async with transaction(stations.store.engine) as connection:
        await held_by(connection, conversation, account)
        if not await deciding.forget(connection, conversation):
            return
        await events.note(connection, conversation, account, "not_identified")
        await signals.send(connection, "taken", conversation)
        await trail.note(stations, connection, account, "not_identified", conversation)


async def of(stations: AtDesk, conversation: UUID) -> DecisionTime | None:
    """The conversation's time to decide."""
    async with transaction(stations.store.engine, durable=False) as connection:
        return await deciding.of(connection, conversation)


async def reminders(stations: AtDesk) -> Reminders:
    """All that run or ended not long ago."""
    async with transaction(stations.store.engine, durable=False) as connection:
        rows = await deciding.shown(connection, today(stations))
        names = await people.names(connection, {row.operator for row in rows if row.operator})
    return Reminders(rows, names)


async def soon(stations: AtDesk) -> int:
    """How many end within ten days."""
    async with transaction(stations.store.engine, durable=False) as connection:
        return await deciding.soon(connection, today(stations))
