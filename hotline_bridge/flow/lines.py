"""What conclude writes down for the desk: the lines an operator may read, the counts, and whether a closed ticket opens again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import tallies, tickets, transcript
from hotline_bridge.conversations import Conversation
from hotline_bridge.flow.stations import Stations
from hotline_bridge.flow.turn import Answer, Heard
from hotline_bridge.messages import Reply
from hotline_bridge.store import signals
from hotline_bridge.tickets import reopening
from hotline_bridge.vault.sealing import Key

MOST_TOPICS = 12
# What says goodbye does not ask for anything.
FAREWELLS = frozenset({"thank", "goodbye", "affirm", "deny", "stop_messages", "chat_cleared", "clear_sms", "delete_done"})
UNANSWERED = frozenset({"fallback_offer", "operator_offer", "assistant_down", "topic_withheld"})


@dataclass(slots=True)
class Lines:
    """Writes one turn down, unless it is private (the self-check) or its writer asked to be forgotten."""

    stations: Stations
    connection: AsyncConnection
    conversation: UUID
    turn: Heard
    found: Answer
    _key: Key | None = None

    async def heard(self) -> None:
        """What the person wrote, anonymised."""
        if self._silent:
            return
        await transcript.add(
            self.connection,
            self.conversation,
            await self._desk_key(),
            speaker="person",
            kind=self.turn.kind,
            text=self.found.said,
            danger=self.found.danger,
        )
        await signals.send(self.connection, "said", self.conversation)

    async def said(self, reply: Reply, text: str, outbox_id: UUID) -> None:
        """What the bot answered."""
        if self._silent:
            return
        await transcript.add(
            self.connection,
            self.conversation,
            await self._desk_key(),
            speaker="bot",
            key=key_of(reply, sms=self.found.conversation.channel.is_sms),
            text=text,
            outbox_id=outbox_id,
        )

    @property
    def _silent(self) -> bool:
        return self.stations.desk is None or self.found.private or self.found.forget

    async def _desk_key(self) -> Key:
        assert self.stations.desk is not None
        if self._key is None:
            self._key = await self.stations.desk.find_or_make(self.connection, self.conversation)
        return self._key


def key_of(reply: Reply, *, sms: bool) -> str:
    """By which the line is shown in another language (Renderer.gloss): by SMS an answer comes page by page."""
    if reply.topic is None or reply.key not in ("topic", "source"):
        return f"reply/{reply.key}"
    return f"{reply.key}/{reply.topic}" + (f"/{reply.page}" if sms and reply.key == "topic" else "")


async def counted(connection: AsyncConnection, after: Conversation, found: Answer, day: date) -> Conversation:
    """Count the contact, once a conversation and day, each topic once a conversation, and what could not be answered.

    Safety: were a topic counted at every answer, a large number could be one person (tests/figures/test_counting.py).
    """
    if found.forget or found.pager:
        return after
    place = tallies.Place(after.channel, after.language, after.region)
    if after.counted_on != day:
        await tallies.add(connection, day, "contact", place)
        after = replace(after, counted_on=day)
    for reply in found.replies:
        if reply.topic and reply.page == 0 and reply.topic not in after.topics:
            await tallies.add(connection, day, "topic", place, reply.topic)
        if reply.key in UNANSWERED:
            await tallies.add(connection, day, "unanswered", place)
    topics = [*after.topics, *(r.topic for r in found.replies if r.topic and r.topic not in after.topics)]
    return replace(after, topics=tuple(topics[-MOST_TOPICS:]))


async def reopen_if_needed(connection: AsyncConnection, conversation: UUID, found: Answer, today: date) -> None:
    """Somebody whose ticket was closed lately and who writes more than a farewell is heard by a human again.

    The answer to "is it safe now?" lets out a last reply, and asks for nothing. Safety: to what nothing is said, somebody reads,
    however long ago the last ticket was closed (tests/flow/test_contact.py).
    """
    if found.forget or found.pager or (found.contact and not found.needs and not found.for_a_human):
        return
    if found.replies and all(reply.key in FAREWELLS for reply in found.replies):
        return
    again = await reopening.reopen(connection, conversation, today)
    if found.for_a_human and not again and await tickets.longest_waiting(connection, conversation) is None:
        await tickets.open_once(connection, conversation=conversation, turn=None, need="assistant_silent")
