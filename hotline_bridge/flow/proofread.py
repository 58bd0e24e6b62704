"""proofread: an operator's reply is read before it goes out. Nothing is stored and nothing logged."""

from __future__ import annotations

import asyncio
from uuid import UUID

from hotline_bridge import conversations, inbox, safe_contact
from hotline_bridge.errors import CannotBeWritten
from hotline_bridge.flow.reply_checks import LONGEST, Draft, Finding, To, check
from hotline_bridge.flow.stations import DeskStations
from hotline_bridge.store.engine import transaction


async def proofread(stations: DeskStations, conversation: UUID, text: str) -> tuple[Finding, ...]:
    """What is noticed in `text` for this person, as things stand now. Raises CannotBeWritten("forgotten")."""
    async with transaction(stations.store.engine, durable=False) as connection:
        row = await conversations.load(connection, conversation)
        if row is None or row.is_going:
            raise CannotBeWritten("forgotten", "this person asked to be forgotten; nothing of the conversation is left")
        agreement = await safe_contact.load(connection, conversation)
        heard_at = await inbox.heard_at(connection, conversation)
    draft = await asyncio.to_thread(_read, stations, text[: LONGEST + 1])
    decision = safe_contact.decide(agreement, stations.clock(), heard_at)
    return check(draft, To(row.channel, row.voice, row.language, row.silence, row.unreachable, decision))


def _read(stations: DeskStations, text: str) -> Draft:
    """In a thread: the readers are made at their first use, which takes seconds."""
    return Draft(text, stations.language().read(text), stations.anonymiser().spans(text) if text.strip() else ())
