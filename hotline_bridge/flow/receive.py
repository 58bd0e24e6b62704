"""receive: from a provider's call to a stored row and a job, in one transaction. After it the provider may forget."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import structlog

from hotline_bridge import conversations, crowding, inbox, outbox, pagers, tickets
from hotline_bridge.channels.base import Parsed
from hotline_bridge.flow import erase, listen
from hotline_bridge.flow.stations import Stations
from hotline_bridge.messages import Inbound, Kind, StatusReport
from hotline_bridge.store import jobs
from hotline_bridge.store.engine import transaction
from hotline_bridge.vault import marks

log = structlog.get_logger(__name__)
# A provider may report before the worker has noted that it took the message (seconds between looks).
EARLY_REPORTS = (0.0, 0.2, 0.8, 2.0)
MAX_LETTERS = 20_000  # more than any provider lets through


async def receive(stations: Stations, parsed: Parsed) -> int:
    """Store everything in `parsed`; how many messages were new.

    Raises what the database raises: then nothing may be acknowledged.
    """
    new = 0
    for one in parsed.inbound:
        new += await _store(stations, one)
    for status in parsed.statuses:
        await _note(stations, status)
    return new


async def _store(stations: Stations, one: Inbound) -> bool:
    dedup = marks.of_arrival(stations.vault.root, one.channel, one.provider_id)
    turn = uuid4()
    async with transaction(stations.store.engine) as connection:
        known = await stations.vault.find_or_make(connection, one.channel, one.address)
        await conversations.touch(connection, known.conversation, one.channel)
        added = await inbox.add(
            connection,
            turn=turn,
            conversation=known.conversation,
            channel=one.channel,
            kind=one.kind,
            dedup=dedup,
            sealed_text=known.key.seal(f"inbox:{turn}", one.text[:MAX_LETTERS]),
            sealed_reference=known.key.seal(f"reference:{turn}", one.reference) if one.reference else None,
        )
        if added:
            await erase.came_in(stations, connection, one.channel, one.provider_id)
            urgent = _is_urgent(stations, one)
            from_there = marks.of_writer(stations.vault.root, one.channel, one.address)
            if not await crowding.has_room(connection, from_there, known.conversation) and not urgent:
                await inbox.is_crowded(connection, turn)
            await jobs.defer(stations.store.queue, connection, jobs.ANSWER, known.conversation, urgent=urgent)
    log.info("received", channel=one.channel, kind=one.kind, turn=str(turn) if added else None, duplicate=not added)
    return added


def _is_urgent(stations: Stations, one: Inbound) -> bool:
    """Words of danger go before the others, however many wait (tests/flow/test_receive.py). What is found is not kept."""
    if stations.alarm is None or one.kind is not Kind.TEXT:
        return False
    text = listen.clean(one.text[: listen.READ_LETTERS])
    return listen.cries(stations.alarm.commands, text) or stations.alarm.danger.check(text) is not None


async def _note(stations: Stations, status: StatusReport) -> None:
    digest = marks.of_reference(stations.vault.root, status.channel, status.reference)
    conversation = None
    for pause in EARLY_REPORTS:
        await asyncio.sleep(pause)
        async with transaction(stations.store.engine) as connection:
            await erase.is_final(stations, connection, digest)
            conversation = await outbox.report(connection, digest, status.state, status.code)
            if conversation and status.state == "failed" and not await pagers.is_one(connection, conversation):
                await tickets.open_once(connection, conversation=conversation, turn=None, need="undeliverable")
        if conversation:
            break
    log.info("status", channel=status.channel, state=status.state, code=status.code, known=conversation is not None)
