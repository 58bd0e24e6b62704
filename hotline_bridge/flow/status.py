"""status: what is added to "your request waits" from the plan of the shifts. Nothing, where nothing is planned."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.conversations import Conversation
from hotline_bridge.flow.stations import Stations
from hotline_bridge.local_time import ZONE
from hotline_bridge.messages import Reply
from hotline_bridge.shifts import next_on_duty


async def with_duty(stations: Stations, connection: AsyncConnection, conversation: Conversation, reply: Reply) -> Reply:
    """The reply, with when somebody who speaks the person's language is there if that is known."""
    if reply.key not in ("ticket_status_waiting", "ticket_status_again"):
        return reply
    now = stations.clock()
    at = await next_on_duty(connection, conversation.voice.language, now)
    if at is None or (at <= now and reply.key == "ticket_status_again"):
        return reply
    if at <= now:
        return replace(reply, key="ticket_status_on_duty")
    when = f"{at.astimezone(ZONE):%d.%m %H:%M}"
    return replace(reply, key="ticket_status_later", values={**reply.values, "when": when})
