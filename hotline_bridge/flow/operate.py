"""operate: what an operator does with a conversation. Each step is one transaction that locks the conversation first.

From the commit of a claim on the bot is silent there (flow/answer.py looks under the same lock); from the commit that gives
the conversation back it answers again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import sms_text, transcript
from hotline_bridge.accounts import people
from hotline_bridge.conversations import Conversation
from hotline_bridge.errors import CannotBeWritten, DeskError, TakenByAnother
from hotline_bridge.flow import say, trail, unnamed
from hotline_bridge.flow.holding import held_by, locked
from hotline_bridge.flow.reach import reach
from hotline_bridge.flow.reply_checks import LONGEST, MOST_SEGMENTS, refusal
from hotline_bridge.flow.say import Said
from hotline_bridge.flow.stations import AtDesk, desk_of
from hotline_bridge.flow.unnamed import Looked
from hotline_bridge.messages import Message
from hotline_bridge.safe_contact import Decision
from hotline_bridge.store import signals
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import history, taking
from hotline_bridge.tickets.needs import OUTCOMES

log = structlog.get_logger(__name__)
LOST_AFTER = timedelta(minutes=15)  # an operator who does nothing; see give_back_lost


@dataclass(frozen=True, slots=True)
class Replied:
    """What became of a reply: on its way, or held until the person said that it is safe (until: not before then)."""

    held: bool = False
    until: datetime | None = None


async def claim(stations: AtDesk, account: UUID, conversation: UUID) -> None:
    """Take all open tickets of the conversation; taking one's own again does no harm.

    Raises TakenByAnother; DeskError("closed") where nothing is open: the bot would be silent and nobody would know of it.
    """
    async with transaction(stations.store.engine) as connection:
        holder = (await locked(connection, conversation)).operator_id
        if holder is not None and holder != account:
            raise TakenByAnother(holder)
        if holder is None:
            if not await taking.claim(connection, conversation, account):
                raise DeskError("closed", "nothing is open here; it opens again when the person writes")
            await trail.note(stations, connection, account, "claimed", conversation)
    log.info("claimed", account=str(account))


async def reply(stations: AtDesk, account: UUID, conversation: UUID, text: str, *, looked: Looked | None = None) -> Replied:
    """Write to the person. Raises NotYours, and CannotBeWritten with the reason. looked: at these very words, if somebody has.

    Safety: the agreement with the person is enforced here, whatever the operator remembers, and pages show no number and no
    address of it (tests/flow/test_operate.py).
    """
    text = _checked(text)
    if looked is None or looked.text != text:  # of other words it says nothing
        looked = await unnamed.look(stations, text)
    masked = unnamed.masked(looked)
    async with transaction(stations.store.engine) as connection:
        row = await held_by(connection, conversation, account)
        decision = await _may_write(stations, connection, row)
        held = decision.what != "send"
        message = Message(_for_sms(text) if row.channel.is_sms else text)
        shown = None if masked == text else masked
        made = await say.to_person(stations, connection, row, Said(message, shown, author=account, held=held))
        await taking.calm(connection, conversation)
        await taking.seen(connection, account)
        if not held:
            await taking.answered(connection, conversation)
    log.info("replied", account=str(account), message=str(made), held=held)
    return Replied(held, decision.until)


async def note(stations: AtDesk, account: UUID, conversation: UUID, text: str) -> None:
    """Keep a note for colleagues; who has the conversation does not matter. Raises CannotBeWritten, Identifying."""
    text = _checked(text)
    await unnamed.refuse(stations, text)
    async with transaction(stations.store.engine) as connection:
        await locked(connection, conversation)
        key = await desk_of(stations).find_or_make(connection, conversation)
        await transcript.add_note(connection, conversation, key, account, text)
        await signals.send(connection, "said", conversation)


async def hand_over(stations: AtDesk, account: UUID, conversation: UUID, to: UUID) -> None:
    """Give the conversation to another operator. Raises NotYours; DeskError for somebody who may have none."""
    async with transaction(stations.store.engine) as connection:
        await held_by(connection, conversation, account)
        if to == account or not await people.may_answer(connection, to):
            raise DeskError("colleague", "choose an operator who can sign in")
        await taking.hand_over(connection, conversation, account, to)
        await trail.note(stations, connection, account, "handed_over", conversation, to=to)


async def give_back(stations: AtDesk, account: UUID, conversation: UUID) -> None:
    """Back into the queue; the bot answers again from the commit on. Raises NotYours."""
    async with transaction(stations.store.engine) as connection:
        await held_by(connection, conversation, account)
        await taking.give_back(connection, conversation, account)
        await trail.note(stations, connection, account, "given_back", conversation)


async def close(stations: AtDesk, account: UUID, conversation: UUID, outcome: str) -> None:
    """End it with an outcome. Raises NotYours; DeskError for an outcome that is none."""
    if outcome not in OUTCOMES:
        raise DeskError("outcome", "choose how it ended")
    async with transaction(stations.store.engine) as connection:
        await held_by(connection, conversation, account)
        await taking.close(connection, conversation, account, outcome)
        await trail.note(stations, connection, account, "closed", conversation, outcome=outcome)
    log.info("closed", account=str(account), outcome=outcome)


async def flag_seen(stations: AtDesk, account: UUID, conversation: UUID) -> None:
    """Whoever has a person who may not be written to, or not now, has seen the danger: nobody is called for it any more.

    Raises NotYours; DeskError("answer_instead") where an answer is possible, which ends the calls by itself. Nobody is made to
    write to somebody who may not be alone.
    """
    async with transaction(stations.store.engine) as connection:
        row = await held_by(connection, conversation, account)
        barred = refusal(row.silence, row.unreachable, (await reach(stations, connection, row.id)).decision) is not None
        if not barred and not await history.may_be_watched(connection, row.id):
            raise DeskError("answer_instead", "this person can be written to; answer them")
        await taking.seen(connection, account)
        if await taking.flag_seen(connection, conversation, account):
            await trail.note(stations, connection, account, "flag_seen", conversation)
    log.info("flag seen", account=str(account))


async def give_back_lost(stations: AtDesk, silent_for: timedelta = LOST_AFTER) -> int:
    """Conversations of operators who are gone return to the queue; how many. Run by the sweep."""
    async with transaction(stations.store.engine) as connection:
        found = await taking.lost(connection, silent_for)
    done = 0
    for conversation in found:
        async with transaction(stations.store.engine) as connection:
            await taking.holder(connection, conversation, lock=True)
            if conversation in await taking.lost(connection, silent_for):  # a sign of life may have come meanwhile
                await taking.give_back(connection, conversation, None, kind="lost")
                await trail.note(stations, connection, None, "lost", conversation)
                done += 1
    if done:
        log.warning("operators were lost", conversations=done)
    return done


async def _may_write(stations: AtDesk, connection: AsyncConnection, row: Conversation) -> Decision:
    """Raises CannotBeWritten when nothing may be sent at all."""
    decision = (await reach(stations, connection, row.id)).now
    refused = refusal(row.silence, row.unreachable, decision)
    if refused is not None:
        raise refused
    return decision


def _for_sms(text: str) -> str:
    """With the letters an SMS has; phones put no more than so many segments together again."""
    text = sms_text.plain(text)
    if sms_text.cost(text).segments > MOST_SEGMENTS:
        raise CannotBeWritten("long_sms", f"this takes more than {MOST_SEGMENTS} SMS; write it in parts")
    return text


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise CannotBeWritten("empty", "write something first")
    if len(text) > LONGEST:
        raise CannotBeWritten("long", f"this is longer than {LONGEST} letters; write it in parts")
    return text
