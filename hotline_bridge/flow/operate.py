"""operate: what an operator does with a conversation. Each step is one transaction that locks the conversation first.

From the commit of a claim on the bot is silent there (flow/conclude.py looks under the same lock); from the commit that gives
the conversation back it answers again.
"""

from __future__ import annotations

from uuid import UUID

import structlog

from hotline_bridge import transcript
from hotline_bridge.accounts import people
from hotline_bridge.errors import DeskError, TakenByAnother
from hotline_bridge.flow import trail, unnamed
from hotline_bridge.flow.holding import held_by, locked
from hotline_bridge.flow.reach import reach
from hotline_bridge.flow.reply_checks import checked, refusal
from hotline_bridge.flow.stations import AtDesk, desk_of
from hotline_bridge.store import signals
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import answering, closing, history, presence, taking
from hotline_bridge.tickets.needs import OUTCOMES

log = structlog.get_logger(__name__)


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


async def note(stations: AtDesk, account: UUID, conversation: UUID, text: str) -> None:
    """Keep a note for colleagues; who has the conversation does not matter. Raises CannotBeWritten, Identifying."""
    text = checked(text)
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
        await closing.close(connection, conversation, account, outcome)
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
        await presence.seen(connection, account)
        if await answering.flag_seen(connection, conversation, account):
            await trail.note(stations, connection, account, "flag_seen", conversation)
    log.info("flag seen", account=str(account))
