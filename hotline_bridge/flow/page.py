"""page: danger that nobody claims goes up, from those on shift to everybody, until somebody claims it. Run every few seconds.

A page says that something waits, and nothing else. Level and pages are stored in one transaction, so a crash repeats or loses
none; of two workers one pages. The person in danger is told the truth, once for each time it waits, unless that would put them at
risk.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import conversations, metrics, outbox, pagers, shifts
from hotline_bridge.conversations import Conversation
from hotline_bridge.errors import KomekError
from hotline_bridge.flow import say
from hotline_bridge.flow.reach import reach
from hotline_bridge.flow.say import Said
from hotline_bridge.flow.stations import Stations, desk_of
from hotline_bridge.messages import Message, Reply
from hotline_bridge.pagers import Pager
from hotline_bridge.store import signals
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import events, paging
from hotline_bridge.tickets.paging import AGAIN, EVERYBODY, ON_SHIFT, Patience, Unclaimed

log = structlog.get_logger(__name__)
AT_ONCE = 200  # people in one round; the others are in the next one, seconds later


async def page(stations: Stations, patience: Patience) -> int:
    """Page for all that is due, tell those who wait, whatever became of the paging; how many pagers were called."""
    try:
        return await _page(stations, patience)
    finally:
        await _tell_those_who_wait(stations)


async def _page(stations: Stations, patience: Patience) -> int:
    now = stations.clock()
    async with transaction(stations.store.engine) as connection:
        due = [one.conversation for one in await paging.waiting(connection) if one.is_due(now, patience)][:AT_ONCE]
        if not due or not await paging.alone(connection):
            return 0
        # Read again under the locks: what was claimed or paged meanwhile is not due any more.
        held = await paging.waiting(connection, await paging.hold(connection, due))
        raised = [one for one in held if one.is_due(now, patience)]
        if not raised:
            return 0
        reachable = [one for one in await pagers.everybody(connection) if await _can_be_called(stations, connection, one)]
        on_duty = {one.account for one in await shifts.on_duty(connection, now)}
        calls: dict[UUID, tuple[Pager, bool]] = {}
        for level, ids, called in _by_level(raised, reachable, on_duty):
            await paging.raise_to(connection, level, ids, now)
            for conversation in ids:
                await events.note(connection, conversation, None, "paged", level=str(level), pagers=str(len(called)))
                await signals.send(connection, "paged", conversation)
            for pager in called:
                first = level < AGAIN or (pager.account in calls and calls[pager.account][1])
                calls[pager.account] = (pager, first)
            metrics.pages.labels(str(level)).inc(len(called))
            log.warning("danger is unclaimed", level=level, people=len(ids), pagers=len(called))
        for pager, first in calls.values():
            await _call(stations, connection, pager, "page" if first else "page_again")
    if not calls:
        log.error("nobody can be paged: no operator, supervisor or administrator has a pager that works")
    return len(calls)


def recipients(level: int, one: Unclaimed, everybody: Collection[Pager], on_duty: Collection[UUID]) -> list[Pager]:
    """Who is paged at this level. Pure. Those on shift who speak the person's language first; the others a level later."""
    if level >= EVERYBODY:
        return list(everybody)
    there = [pager for pager in everybody if pager.account in on_duty]
    if level == ON_SHIFT:
        speaking = [pager for pager in there if one.language is None or one.language in pager.spoken]
        return [pager for pager in everybody if pager.account == one.holder or pager in (speaking or there)]
    return [pager for pager in everybody if pager in there or pager.role == "supervisor" or pager.account == one.holder]


def call_for(one: Unclaimed, everybody: Collection[Pager], on_duty: Collection[UUID]) -> tuple[int, list[Pager]]:
    """The level to go to, and whom it calls. Pure. A level at which there is nobody is passed over at once."""
    level = one.next_level
    while not (called := recipients(level, one, everybody, on_duty)) and level < EVERYBODY:
        level += 1
    return level, called


def _by_level(
    raised: Iterable[Unclaimed], everybody: Collection[Pager], on_duty: Collection[UUID]
) -> list[tuple[int, list[UUID], list[Pager]]]:
    """What goes to which level, with everybody who is called for any of it, once."""
    found: dict[int, tuple[list[UUID], dict[UUID, Pager]]] = {}
    for one in raised:
        level, called = call_for(one, everybody, on_duty)
        ids, pagers_of_level = found.setdefault(level, ([], {}))
        ids.append(one.conversation)
        pagers_of_level.update({pager.account: pager for pager in called})
    return [(level, ids, list(called.values())) for level, (ids, called) in found.items()]


async def _can_be_called(stations: Stations, connection: AsyncConnection, pager: Pager) -> bool:
    """Whether its chat is there and its key opens. One that cannot be called must not silence all the others."""
    if pager.broken:
        return False
    try:
        await desk_of(stations).find_or_make(connection, pager.conversation)
    except KomekError as error:
        log.error("pager cannot be called", account=str(pager.account), error=type(error).__name__)
        return False
    return True


async def _call(stations: Stations, connection: AsyncConnection, pager: Pager, key: str) -> None:
    """One page. One that still waits for its next try gives way to this one, which is tried at once."""
    await outbox.withdraw(connection, pager.conversation)
    await say.to_pager(stations, stations.renderer, connection, pager, key, urgent=True)


async def _tell_those_who_wait(stations: Stations) -> None:
    async with transaction(stations.store.engine) as connection:
        untold = await paging.untold(connection)
    for conversation in untold:
        try:
            await _tell(stations, conversation)
        except KomekError as error:
            # One conversation that cannot be read must not keep the others from hearing the truth.
            log.error("cannot be told", error=type(error).__name__)


async def _tell(stations: Stations, conversation: UUID) -> None:
    """Tell the person that it waits, or waits again. Locked first, as everywhere: a claim is either seen here or comes after."""
    async with transaction(stations.store.engine) as connection:
        row = await conversations.load(connection, conversation, lock=True)
        if row is None or not await paging.untold(connection, conversation) or not await _may_be_told(stations, connection, row):
            return
        key = "danger_waiting_again" if await paging.was_taken(connection, conversation) else "danger_waiting"
        words = say.rendered(stations, stations.renderer, Reply(key), row.voice, row.channel).message.text
        await say.to_person(stations, connection, row, Said(Message(words), key=f"reply/{key}", urgent=True))
        await paging.told(connection, conversation)
    log.warning("told that it waits")


async def _may_be_told(stations: Stations, connection: AsyncConnection, row: Conversation) -> bool:
    """Safety: not while somebody may be watching, not after STOP, not against the agreement, and not to a phone that may be in
    other hands by now (tests/flow/test_page.py)."""
    if row.silence is not None or row.unreachable is not None or row.operator_id is not None:
        return False
    return (await reach(stations, connection, row.id)).by_itself
