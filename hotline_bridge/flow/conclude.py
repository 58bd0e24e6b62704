"""conclude: store what a turn leads to in one transaction: the answer and its job, tickets, lines, counts, and what is erased.

All of it or nothing is there after a crash, and a second try of the same turn finds it done.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.reading.confidence import SAFETY
from hotline_bridge import conversations, dialogue, inbox, outbox, tickets
from hotline_bridge.anonymiser import placeholders
from hotline_bridge.conversations import Conversation
from hotline_bridge.flow import contact, erase, forget, pager, say
from hotline_bridge.flow.lines import Lines, counted, reopen_if_needed
from hotline_bridge.flow.open_tickets import open_tickets, with_codes
from hotline_bridge.flow.stations import Stations, today
from hotline_bridge.flow.status import with_duty
from hotline_bridge.flow.turn import Answer, Heard
from hotline_bridge.messages import Message, Reply
from hotline_bridge.replies.choices import Rendered
from hotline_bridge.store import jobs
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import answering, presence

log = structlog.get_logger(__name__)


async def conclude(stations: Stations, before: Conversation, heard: Heard, found: Answer) -> bool:
    """Store the answer and its job; whether more of the conversation waits. before: the conversation as it was opened."""
    async with transaction(stations.store.engine) as connection:
        # Locked before anything else, as at the desk: a claim is either seen here or waits until this is said.
        holder = await presence.holder(connection, before.id, lock=True)
        # Safety of the store: a second try of the same turn ends here and says nothing twice (tests/journeys).
        if not await inbox.finish(connection, heard.turn, "ticketed" if found.needs or holder else "answered"):
            return True
        if holder and before.operator_id is None:
            found = _not_over(found)
        if found.pager:
            found = await pager.settle(stations, connection, heard, found)
        if found.reset:
            await dialogue.forget(connection, before.id)
        codes = await open_tickets(stations, connection, before, heard.turn, found)
        found = replace(found, replies=with_codes(found.replies, codes))
        await placeholders.keep(connection, before.id, heard.key, found.new)
        take_back = await _erase(stations, connection, before.id, heard, found)
        after = _fresh(found)
        await _withdraw(connection, before, after, found)
        if not found.forget:
            found = await contact.heard(stations, connection, before.id, found)
        after = await _say(stations, connection, after, heard, found, take_back)
        after = await counted(connection, after, found, today(stations))
        await conversations.save(connection, after)
        await reopen_if_needed(connection, before.id, found, today(stations))
        if codes or (after.region and after.region != before.region):
            await tickets.complete(connection, before.id, after.language, after.region)
        if found.replies:
            await jobs.defer(stations.store.queue, connection, jobs.DELIVER, before.id, urgent=bool(found.needs))
        more = await inbox.has_waiting(connection, before.id)
    # Not with what: whoever has this log and a telephone company's list would know what a number asked about.
    log.info("answered", turn=str(heard.turn), replies=len(found.replies))
    return more


def _not_over(found: Answer) -> Answer:
    """An operator took the conversation while this was thought out: they answer. What the person ordered is still done.

    Safety: a bot that talks over a human says the wrong thing at the wrong moment (tests/flow/test_operate.py).
    """
    own_order = found.clear or found.forget or found.conversation.silence is not None
    if own_order:
        return found
    unasked = found.conversation.confirming  # "are you in danger?" is not asked any more: the operator is to see it
    needs = (*found.needs, unasked) if unasked in SAFETY else found.needs
    return replace(found, conversation=replace(found.conversation, confirming=None), replies=(), needs=needs, agreement=None)


async def _erase(
    stations: Stations, connection: AsyncConnection, conversation: UUID, heard: Heard, found: Answer
) -> tuple[str, ...]:
    """Erase the words that do not outlive the turn; what its first line takes back from both screens."""
    take_back = await erase.on_screens(connection, conversation, heard.key) if found.clear else ()
    if found.private:
        await inbox.erase(connection, heard.turn)  # the self-check says: we do not keep the answers
    if found.forget:
        await forget.words(stations, connection, conversation)
    return take_back


async def _withdraw(connection: AsyncConnection, before: Conversation, after: Conversation, found: Answer) -> None:
    """What must not come out any more is not sent, and a reply of an operator that was among it has answered nobody."""
    if found.clear or found.alarm or (after.silence == "unsafe" and before.silence != "unsafe"):
        # Safety: an earlier answer that is not out yet must not appear on a cleared or a watched screen.
        await outbox.withdraw(connection, before.id)
    elif after.silence == "stopped":
        await outbox.withdraw(connection, before.id, of_operators=True)
    else:
        return
    await answering.not_answered(connection, before.id)


async def _say(
    stations: Stations,
    connection: AsyncConnection,
    after: Conversation,
    heard: Heard,
    found: Answer,
    take_back: tuple[str, ...],
) -> Conversation:
    """Put the replies into the outbox and write the turn down; the conversation as it is when they are said."""
    lines = Lines(stations, connection, after.id, heard, found)
    await lines.heard()
    for ordinal, reply in enumerate(found.replies):
        reply = await with_duty(stations, connection, after, reply)
        rendered = say.rendered(stations, stations.renderer, reply, found.voice or after.voice, after.channel)
        if rendered.withheld:
            await tickets.open_once(connection, conversation=after.id, turn=heard.turn, need="withheld")
        if take_back and ordinal == 0:
            rendered = replace(rendered, message=replace(rendered.message, take_back=take_back))
        posted = await _post(connection, after, rendered.message, heard, ordinal, urgent=bool(found.needs))
        said = Reply("topic_withheld") if rendered.withheld else reply
        await lines.said(said, rendered.message.text, posted)
        after = _remember(after, rendered)
    return replace(after, offered=found.offer) if found.offer else after


async def _post(
    connection: AsyncConnection, conversation: Conversation, message: Message, heard: Heard, ordinal: int, *, urgent: bool
) -> UUID:
    return await outbox.add(
        connection,
        conversation=conversation.id,
        channel=conversation.channel,
        message=message,
        key=heard.key,
        turn=heard.turn,
        ordinal=ordinal,
        urgent=urgent,
    )


def _fresh(found: Answer) -> Conversation:
    """The conversation before this turn's replies are said: a number means the newest list, and the forgotten have no past."""
    after = found.conversation
    if found.forget:
        blank = replace(after, silence="forgotten", topic=None, page=0, offered=(), return_code=None, confirming=None)
        return replace(blank, topics=(), region=None)
    return replace(after, offered=()) if found.replies else after


def _remember(conversation: Conversation, rendered: Rendered) -> Conversation:
    """Numbers, "more" and "source" of the next message refer to what was said last."""
    if rendered.offered:
        conversation = replace(conversation, offered=rendered.offered)
    if rendered.topic:
        conversation = replace(conversation, topic=rendered.topic, page=rendered.page)
    return conversation
