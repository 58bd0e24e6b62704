"""erase: what lies at a provider goes, too: records of messages (Twilio), messages on both screens (Telegram), trial phones.

It is written down in the transaction that makes it necessary and done by the worker, with pauses, until the provider says so.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import erasures, inbox, outbox
from hotline_bridge.conversations import Conversation
from hotline_bridge.errors import Forgotten, Gone, NeverAgain, SendError
from hotline_bridge.flow.stations import Stations
from hotline_bridge.messages import Channel
from hotline_bridge.outbox import Due
from hotline_bridge.retention import REMOVABLE
from hotline_bridge.store.engine import transaction
from hotline_bridge.vault import marks
from hotline_bridge.vault.sealing import Key

log = structlog.get_logger(__name__)
SETTLED = timedelta(minutes=1)  # a message that came in: its webhook is answered by then
NO_STATUS = timedelta(hours=24)  # a message that went out, where no final status ever comes
TRIED_FOR = timedelta(days=30)


async def came_in(stations: Stations, connection: AsyncConnection, channel: Channel, reference: str) -> None:
    """The provider keeps a record of a message that was just stored: erase that record."""
    await _record(stations, connection, channel, reference, SETTLED)


async def went_out(stations: Stations, connection: AsyncConnection, channel: Channel, reference: str) -> None:
    """The provider keeps a record of what it took from us: erase it when its final status is there, or after a day."""
    await _record(stations, connection, channel, reference, NO_STATUS)


async def is_final(stations: Stations, connection: AsyncConnection, reference_hash: bytes) -> None:
    """Nothing more is to be learnt of the message."""
    await erasures.is_final(connection, reference_hash, stations.clock())


async def from_screens(stations: Stations, connection: AsyncConnection, row: Conversation, *, taken_back: bool) -> None:
    """Before a conversation is forgotten: what both sides wrote in the last 48 hours (retention.REMOVABLE) leaves the screens.

    taken_back: its writer asked, and it went with the last line, which stays. Older messages nobody can remove
    (https://core.telegram.org/bots/api#deletemessages).
    """
    if not row.channel.is_trial and (taken_back or not row.channel.can_clear):
        return
    try:
        key = await stations.vault.key(connection, row.id)
        address = await stations.vault.address(connection, row.id, key)
        found = () if taken_back else await on_screens(connection, row.id, key)
    except Forgotten:
        return
    if found or row.channel.is_trial:
        await _take_back(stations, connection, row.channel, address, found)


async def instead_of(stations: Stations, connection: AsyncConnection, due: Due) -> None:
    """What a message that is not sent would have taken from both screens goes without it."""
    try:
        key = await stations.vault.key(connection, due.conversation)
        address = await stations.vault.address(connection, due.conversation, key)
        references = outbox.opened(due.sealed_message, due.id, key).take_back
    except Forgotten:
        return
    if references:
        await _take_back(stations, connection, due.channel, address, references)


async def on_screens(connection: AsyncConnection, conversation: UUID, key: Key) -> tuple[str, ...]:
    """What both sides wrote and can still be removed, as the channel knows it, newest first."""
    theirs = await inbox.references(connection, conversation)
    ours = await outbox.references(connection, conversation)
    return tuple(
        [key.open(f"reference:{i}", sealed) for i, sealed in theirs] + [key.open(f"sent:{i}", sealed) for i, sealed in ours]
    )


async def erase(stations: Stations) -> int:
    """One round; how many were erased."""
    async with transaction(stations.store.engine) as connection:
        due = await erasures.due(connection, _key(stations), stations.clock())
        given_up = await erasures.give_up(connection, stations.clock())
    if given_up:
        log.error("providers did not erase in time", records=given_up)
    return sum([await _one(stations, erasure) for erasure in due])


async def _one(stations: Stations, erasure: erasures.Erasure) -> bool:
    channel = stations.channels.get(erasure.channel)
    if channel is None:
        log.error("channel not configured", channel=erasure.channel)
        return False
    try:
        await channel.erase(erasure.address, erasure.references)
    except SendError as error:
        log.warning("not erased", channel=erasure.channel, code=error.code, kind=type(error).__name__)
        if not isinstance(error, Gone | NeverAgain):
            return False
    async with transaction(stations.store.engine, durable=False) as connection:
        await erasures.done(connection, erasure.id)
    return True


async def _take_back(
    stations: Stations, connection: AsyncConnection, channel: Channel, address: str, references: tuple[str, ...]
) -> None:
    now, until = stations.clock(), stations.clock() + REMOVABLE
    await erasures.add(connection, _key(stations), channel, address=address, references=references, due_at=now, until=until)


async def _record(stations: Stations, connection: AsyncConnection, channel: Channel, reference: str, after: timedelta) -> None:
    if not (adapter := stations.channels.get(channel)) or not adapter.keeps_records:
        return
    now = stations.clock()
    await erasures.add(
        connection,
        _key(stations),
        channel,
        references=(reference,),
        reference_hash=marks.of_reference(stations.vault.root, channel, reference),
        due_at=now + after,
        until=now + TRIED_FOR,
    )


def _key(stations: Stations) -> Key:
    return Key(stations.vault.derive(erasures.KEY))
