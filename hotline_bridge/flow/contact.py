"""contact: a reply that waits for the person's word that it is safe: the question, its answer, and what goes out then.

Safety: the question is harmless on a locked screen, put within the agreed hours, once a day; only a yes lets a reply out
(tests/flow/test_contact.py). What is decided and what is stored about it share one transaction.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import conversations, outbox, safe_contact, tickets
from hotline_bridge.conversations import Conversation
from hotline_bridge.errors import Forgotten, KomekError
from hotline_bridge.flow import agree, say
from hotline_bridge.flow.reach import Reach, reach
from hotline_bridge.flow.say import Said
from hotline_bridge.flow.stations import Stations
from hotline_bridge.flow.turn import Answer
from hotline_bridge.local_time import day_of
from hotline_bridge.messages import Reply
from hotline_bridge.outbox import question
from hotline_bridge.safe_contact import Agreement
from hotline_bridge.store import jobs, signals
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import answering, events

log = structlog.get_logger(__name__)


async def agreement(stations: Stations, connection: AsyncConnection, conversation: UUID) -> Agreement | None:
    """How the person may be reached, with the words; without them where the desk's key is missing."""
    found = await safe_contact.load(connection, conversation)
    if found is None or stations.desk is None:
        return found
    try:
        return await safe_contact.load(connection, conversation, await stations.desk.key(connection, conversation))
    except Forgotten:
        return found


async def is_awaited(stations: Stations, connection: AsyncConnection, conversation: UUID, agreed: Agreement | None) -> bool:
    """Whether a reply is held for the person's word, or was until lately.

    Safety: once it was asked whether it is safe, whoever writes may be somebody else, though nothing is left to let out.
    """
    if agreed is None or await outbox.has_held(connection, conversation):
        return agreed is not None
    lately = agreed.asked_at is not None and stations.clock() - agreed.asked_at < safe_contact.AWAITED
    return lately and await outbox.is_taken_back(connection, conversation)


async def heard(stations: Stations, connection: AsyncConnection, conversation: UUID, found: Answer) -> Answer:
    """What a turn means for how its writer is reached: kept in the turn's own transaction. The answer as it is after that."""
    if found.agreement is not None and stations.desk is not None:
        key = await stations.desk.find_or_make(connection, conversation)
        await safe_contact.save(connection, conversation, found.agreement, key)
        await events.note(connection, conversation, None, "agreed", method=found.agreement.method)
    if found.alarm:
        await tickets.flag(connection, conversation, "alarm")
    if found.contact == "yes":
        await safe_contact.confirmed(connection, conversation)
        if not await outbox.has_held(connection, conversation):
            return replace(found, for_a_human=True)  # what there was to say was taken back: somebody has to say it anew
        await _let_out(stations, connection, conversation, "safe_now")
    elif found.contact == "no":
        await safe_contact.refused(connection, conversation)
        await events.note(connection, conversation, None, "not_safe_now")
        await signals.send(connection, "said", conversation)
    return found


async def ask_who_waits(stations: Stations) -> int:
    """Ask, or let out, wherever a reply is held; how many conversations were asked or got their reply. Run every few seconds."""
    async with transaction(stations.store.engine, durable=False) as connection:
        waiting = await outbox.with_held(connection)
    done = 0
    for conversation in waiting:
        try:
            async with transaction(stations.store.engine) as connection:
                done += await _look_after(stations, connection, conversation)
        except KomekError as error:
            # One conversation that cannot be read must not keep the others' replies.
            log.error("held reply cannot be looked after", conversation=str(conversation), error=type(error).__name__)
    return done


async def not_asked(connection: AsyncConnection, conversation: UUID) -> None:
    """The question ended and never went out: the one before it counts, if there was one.

    Safety: whoever read no question is not to be kept waiting for its yes (tests/flow/test_contact.py).
    """
    await safe_contact.load(connection, conversation, lock=True)  # a new question may be put at this very moment
    await safe_contact.not_asked(connection, conversation, await question.asked_at(connection, conversation))


async def _look_after(stations: Stations, connection: AsyncConnection, conversation: UUID) -> bool:
    row = await conversations.load(connection, conversation, lock=True)
    await _take_back(connection, conversation, outbox.UNSAID, before=stations.clock() - safe_contact.AWAITED)
    if row is None or row.silence is not None or row.unreachable is not None:
        return False
    found = await reach(stations, connection, conversation)
    if found.unread or not await outbox.has_held(connection, conversation):
        return False  # what was just written may be a no, or the sign of alarm
    if found.decision.what == "send":
        await _let_out(stations, connection, conversation, "let_out")
        return True
    if await tickets.longest_waiting(connection, conversation) is None:
        await _take_back(connection, conversation, outbox.CLOSED)  # nobody would read what is answered to the question
        return False
    if found.decision.what != "ask" or not await _may_ask(stations, connection, conversation, found):
        return False
    await _ask(stations, connection, row, await agreement(stations, connection, conversation))
    return True


async def _may_ask(stations: Stations, connection: AsyncConnection, conversation: UUID, found: Reach) -> bool:
    """A question that the provider would not take is put again on another day: not anew every few seconds."""
    now = stations.clock()
    if found.agreement is None or not safe_contact.may_ask(found.agreement, now, found.heard_at):
        return False
    failed_at = await question.failed_at(connection, conversation)
    return failed_at is None or day_of(failed_at) < day_of(now)


async def _take_back(connection: AsyncConnection, conversation: UUID, why: str, *, before: datetime | None = None) -> None:
    """A reply that nobody said yes to: it must not come out weeks later, when it is true no longer."""
    if taken := await outbox.take_back(connection, conversation, why, before=before):
        await events.note(connection, conversation, None, "taken_back")
        await signals.send(connection, "said", conversation)
        log.info("held replies are not sent", messages=taken, why=why)


async def _let_out(stations: Stations, connection: AsyncConnection, conversation: UUID, why: str) -> None:
    if written := await outbox.held_since(connection, conversation):
        await answering.answered(connection, conversation, written)
    released = await outbox.release(connection, conversation)
    await events.note(connection, conversation, None, why)
    await signals.send(connection, "said", conversation)
    await jobs.defer(stations.store.queue, connection, jobs.DELIVER, conversation)
    log.info("held replies go out", messages=released, why=why)


async def _ask(stations: Stations, connection: AsyncConnection, row: Conversation, agreed: Agreement | None) -> None:
    key = await stations.vault.key(connection, row.id)
    word = agree.shown(row, agreed.words[0]).capitalize() if agreed and agreed.words else ""
    reply = Reply("contact_check", values={"known": word}) if word else Reply("contact_check_plain")
    rendered = say.rendered(stations, stations.renderer, reply, row.voice, row.channel)
    made = await say.to_person(stations, connection, row, Said(rendered.message, key=f"reply/{reply.key}", own=key))
    await safe_contact.asked(connection, row.id)
    await conversations.save(connection, replace(row, offered=rendered.offered, confirming=None))  # a yes is now to this
    await events.note(connection, row.id, None, "asked_if_safe")
    log.info("asked whether it is safe", message=str(made))
