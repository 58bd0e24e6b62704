"""deliver: hand what waits in one conversation to its channel, in order. At least once at the provider, once in the store.

The provider is called between two transactions. After a crash in between the message is sent once more: hearing a line
twice is harmless, missing it is not. What nobody has just asked for is held against the agreement at every try (last_look).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import conversations, metrics, outbox, pace, pagers, tickets
from hotline_bridge.channels.base import ChannelAdapter
from hotline_bridge.errors import Forgotten, Gone, NeverAgain, OutOfOrder, SendError, SlowDown, TryAgain
from hotline_bridge.flow import contact, erase, last_look
from hotline_bridge.flow.forget import forget
from hotline_bridge.flow.retries import LIFETIME, next_try
from hotline_bridge.flow.stations import Stations
from hotline_bridge.messages import Message, Receipt
from hotline_bridge.outbox import Due
from hotline_bridge.store import jobs, signals
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import answering
from hotline_bridge.vault import marks
from hotline_bridge.vault.sealing import Key

log = structlog.get_logger(__name__)
WAIT_HERE = 1.5  # seconds of pace worth waiting for; a longer wait goes back into the queue


@dataclass(frozen=True, slots=True)
class _Letter:
    due: Due
    key: Key
    address: str
    message: Message
    wait: float


async def deliver(stations: Stations, conversation: UUID) -> int:
    """Send what is due; how many messages the provider took."""
    taken = 0
    while (letter := await _next(stations, conversation)) is not None:
        if letter.wait:
            await asyncio.sleep(letter.wait)
        channel = stations.channels[letter.due.channel]
        try:
            receipt = await channel.send(letter.address, letter.message)
        except SendError as error:
            await _failed(stations, letter, error)
            continue
        except Exception as error:
            # A fault of ours in one channel: the row is marked as after any other failure, and does not block the rest.
            log.error("send broke", message=str(letter.due.id), channel=letter.due.channel, error=type(error).__name__)
            await _failed(stations, letter, TryAgain("unexpected"))
            continue
        taken += 1
        if await _took(stations, letter, receipt):
            return taken
    await _finish_forgetting(stations, conversation)
    return taken


async def _next(stations: Stations, conversation: UUID) -> _Letter | None:
    async with transaction(stations.store.engine, durable=False) as connection:
        due = await last_look.next_due(stations, connection, conversation)
        if due is None:
            return None
        if due.not_before and due.not_before > stations.clock():
            await _defer(stations, connection, due, due.not_before)
            return None
        channel = stations.channels.get(due.channel)
        if channel is None:
            # Its settings were taken away: wait for them, and say so.
            log.error("channel not configured", channel=due.channel)
            await _put_off(stations, connection, due, "not_configured")
            return None
        try:
            key = await stations.vault.key(connection, conversation)
            address = await stations.vault.address(connection, conversation, key)
            words = key if due.sealed_by == "conversation" else await _desk_key(stations, connection, conversation)
            message = outbox.opened(due.sealed_message, due.id, words)
        except Forgotten:
            await outbox.never(connection, due.id, "forgotten")
            return None
        wait = 0.0 if due.placed else await _pace(stations, connection, channel, due)
        if wait > WAIT_HERE:
            return None
    return _Letter(due, key, address, message, wait)


async def _desk_key(stations: Stations, connection: AsyncConnection, conversation: UUID) -> Key:
    """What an operator wrote is sealed under the desk's key: the console holds no other."""
    assert stations.desk is not None
    return await stations.desk.key(connection, conversation)


async def _pace(stations: Stations, connection: AsyncConnection, channel: ChannelAdapter, due: Due) -> float:
    """Seconds to wait; when that is too long to wait here, the message goes back into the queue."""
    if due.urgent:
        # Safety: a safety reply takes a place in the line, but does not stand in it (tests/flow/test_deliver.py).
        await pace.reserve(connection, channel.name, channel.pace.overall, credit=channel.pace.credit)
        return 0.0
    own = await pace.reserve(connection, str(due.conversation), channel.pace.each, within=WAIT_HERE)
    if own > WAIT_HERE:
        # Held back for this person alone: do not take a place in the common line.
        await _defer(stations, connection, due, stations.clock() + timedelta(seconds=own))
        return own
    wait = max(own, await pace.reserve(connection, channel.name, channel.pace.overall, credit=channel.pace.credit))
    if wait > WAIT_HERE:
        # The place is kept: who asks again each time goes to the end of the line each time, and nobody is ever served.
        at = stations.clock() + timedelta(seconds=wait)
        await outbox.place(connection, due.id, at)
        await _defer(stations, connection, due, at)
    return wait


async def _took(stations: Stations, letter: _Letter, receipt: Receipt) -> bool:
    """Note that the provider has it; whether that was all there is to do in this conversation."""
    due, digest, sealed = letter.due, None, None
    if receipt.reference:
        digest = marks.of_reference(stations.vault.root, due.channel, receipt.reference)
        sealed = letter.key.seal(f"sent:{due.id}", receipt.reference)
    async with transaction(stations.store.engine, durable=False) as connection:
        if receipt.reference:
            await erase.went_out(stations, connection, due.channel, receipt.reference)
        await outbox.took(connection, due.id, reference_hash=digest, sealed_reference=sealed, final=receipt.final)
        if due.sealed_by == "desk":
            await signals.send(connection, "sent", due.conversation)
        left = await outbox.has_waiting(connection, due.conversation)
        left = left or await conversations.is_to_be_forgotten(connection, due.conversation)
    metrics.sent.labels(due.channel).inc()
    log.info("sent", message=str(due.id), channel=due.channel)
    return not left


async def _failed(stations: Stations, letter: _Letter, error: SendError) -> None:
    due = letter.due
    async with transaction(stations.store.engine) as connection:
        if isinstance(error, Gone | NeverAgain):
            if isinstance(error, Gone):
                await conversations.is_unreachable(connection, due.conversation, error.code)
            await _give_up(connection, due, error.code)
        elif isinstance(error, SlowDown):
            await pace.hold(connection, str(due.conversation), error.seconds)
            at = stations.clock() + timedelta(seconds=error.seconds)
            if at > due.created_at + LIFETIME:
                await _give_up(connection, due, error.code)
            else:
                await outbox.later(connection, due.id, error.code, at)
                await _defer(stations, connection, due, at)
        else:
            await _put_off(stations, connection, due, error.code)
    metrics.send_failures.labels(due.channel, error.code).inc()
    level = log.error if isinstance(error, OutOfOrder) else log.warning
    level("not sent", message=str(due.id), channel=due.channel, code=error.code, kind=type(error).__name__)


async def _put_off(stations: Stations, connection: AsyncConnection, due: Due, code: str) -> None:
    at = next_try(due.attempts + 1, due.created_at, stations.clock())
    if at is None:
        await _give_up(connection, due, code)
        return
    await outbox.later(connection, due.id, code, at)
    await _defer(stations, connection, due, at)


async def _give_up(connection: AsyncConnection, due: Due, code: str) -> None:
    """Nobody can be reached: an operator learns that there was something to say. That a pager is silent, its owner sees."""
    await outbox.never(connection, due.id, code)
    if await pagers.is_one(connection, due.conversation):
        return
    if due.is_question:
        await contact.not_asked(connection, due.conversation)
    await answering.not_answered(connection, due.conversation)
    await tickets.open_once(connection, conversation=due.conversation, turn=None, need="undeliverable")


async def _defer(stations: Stations, connection: AsyncConnection, due: Due, at: datetime) -> None:
    await jobs.defer(stations.store.queue, connection, jobs.DELIVER, due.conversation, at=at)


async def _finish_forgetting(stations: Stations, conversation: UUID) -> None:
    """After the last line: shred. Somebody who wrote again meanwhile stays."""
    async with transaction(stations.store.engine) as connection:
        over = await conversations.is_to_be_forgotten(connection, conversation)
        over = over and not await outbox.has_waiting(connection, conversation)
    if over:
        await forget(stations, conversation, unless_waiting=True)
