"""Somebody who writes, for the tests of the steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from fakes_bridge import ask, inbound

from hotline_bridge import tickets
from hotline_bridge.channels.base import Parsed
from hotline_bridge.flow import operate
from hotline_bridge.flow.answer import answer
from hotline_bridge.flow.deliver import deliver
from hotline_bridge.flow.receive import receive
from hotline_bridge.flow.stations import Stations, today
from hotline_bridge.messages import Channel
from hotline_bridge.store.engine import transaction

ANNA = uuid4()  # an operator


@dataclass
class Person:
    """Somebody at one address."""

    stations: Stations
    who: str = "1001"
    channel: Channel = Channel.TELEGRAM

    async def writes(self, *texts: str, **more: Any) -> UUID:
        """Store messages; the conversation's id."""
        for one in texts:
            await receive(self.stations, Parsed((inbound(one, who=self.who, channel=self.channel, **more),)))
        return await self.conversation()

    async def conversation(self) -> UUID:
        digest = self.stations.vault.fingerprint("address", f"{self.channel}\0{self.who}")
        rows = await ask(self.stations, "SELECT conversation_id FROM vault.identities WHERE address_hash = :d", d=digest)
        found: UUID = rows[0].conversation_id
        return found

    async def is_taken_by(self, account: UUID, *texts: str) -> UUID:
        """Ask, and be taken by an operator."""
        conversation = await self.asks(*texts)
        await operate.claim(self.stations, account, conversation)
        return conversation

    async def wants_a_person(self) -> UUID:
        """Ask, and have a request for a person open."""
        conversation = await self.asks("что делать")
        async with transaction(self.stations.store.engine) as connection:
            await tickets.open_once(connection, conversation=conversation, turn=None, need="talk_to_operator")
        return conversation

    async def asks(self, *texts: str, **more: Any) -> UUID:
        """Write, be answered and get the answers delivered."""
        conversation = await self.writes(*texts, **more)
        await answer(self.stations, conversation)
        await deliver(self.stations, conversation)
        return conversation


async def idle(stations: Stations, days: int) -> None:
    """Everybody wrote last so many days ago."""
    await ask(stations, "UPDATE conversations SET last_seen_on = :day", day=today(stations) - timedelta(days=days))
