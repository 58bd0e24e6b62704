"""proofread: an operator's reply is read before it goes out. Nothing is stored and nothing logged."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import UUID

from hotline_bridge import conversations
from hotline_bridge.flow import unnamed
from hotline_bridge.flow.holding import readable
from hotline_bridge.flow.reach import reach
from hotline_bridge.flow.reply_checks import LONGEST, Draft, Finding, To, check
from hotline_bridge.flow.stations import DeskStations
from hotline_bridge.flow.unnamed import Looked
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import history
from hotline_bridge.tickets.needs import WATCHED


@dataclass(frozen=True, slots=True)
class Proof:
    """findings: what is said of it; looked: what was found in it, for whoever keeps it next (flow/reply.py)."""

    findings: tuple[Finding, ...]
    looked: Looked


async def proofread(stations: DeskStations, conversation: UUID, text: str) -> Proof:
    """What is noticed in `text` for this person, as things stand now. Raises CannotBeWritten("forgotten")."""
    async with transaction(stations.store.engine, durable=False) as connection:
        row = readable(await conversations.load(connection, conversation))
        found = await reach(stations, connection, conversation)
        goes_on = await history.goes_on_elsewhere(connection, conversation)
        watched = row.confirming == WATCHED or await history.may_be_watched(connection, conversation)
    text = text.strip()[: LONGEST + 1]  # as it goes out: empty lines must push nothing out of what is looked at
    # In a thread: the reader is made at its first use, which takes seconds.
    read = await asyncio.to_thread(lambda: stations.language().read(text))
    looked = await unnamed.look(stations, text)
    reached = (found.decision, found.heard_at, goes_on, watched)
    to = To(row.channel, row.voice, row.language, row.silence, row.unreachable, *reached)
    return Proof(check(Draft(text, read, looked.spans), to), looked)
