"""answer: everything that waits in one conversation, in the order in which it came. Exactly one answer a message.

Two short transactions with the assistant between them. After a crash in between the message still waits, and the same turn
asked again gets the same answer; after the second commit it is answered, and asking again changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.reading.confidence import SAFETY
from hotline_bridge import conversations, dialogue, inbox, outbox, pagers, tickets
from hotline_bridge.anonymiser import placeholders
from hotline_bridge.conversations import Conversation
from hotline_bridge.errors import Forgotten
from hotline_bridge.flow import contact, cries, elsewhere, erase, forget, listen, pager, resume, say
from hotline_bridge.flow.compose import compose
from hotline_bridge.flow.lines import Lines, counted, reopen_if_needed
from hotline_bridge.flow.stations import Stations, today
from hotline_bridge.flow.status import with_duty
from hotline_bridge.flow.turn import CODE_OF, Answer, Heard, Wanted
from hotline_bridge.inbox import Waiting
from hotline_bridge.messages import Kind, Message, Reply
from hotline_bridge.replies.render import Rendered
from hotline_bridge.store import jobs
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import answering, presence
from hotline_bridge.tickets.needs import WATCHED
from hotline_bridge.vault.sealing import Key

log = structlog.get_logger(__name__)
MOST_NUMBERS = 100  # with half of all six digits in use, each is free with a half
HAND_OVER_AFTER = 6  # attempts that ended in a fault of ours; then nothing is said, but those behind it are answered


async def answer(stations: Stations, conversation: UUID) -> int:
    """Answer what waits; how many messages that was."""
    done, more = 0, True
    while more and (opened := await _open(stations, conversation)) is not None:
        more = await _answer_one(stations, *opened)
        done += 1
    return done


async def _answer_one(stations: Stations, before: Conversation, heard: Heard) -> bool:
    """Answer one message; whether more of the conversation waits."""
    try:
        return await _store(stations, before, heard, await _think(stations, before, heard))
    except Exception as error:
        if heard.attempts <= HAND_OVER_AFTER:
            raise
        # Safety: what cannot be answered must not keep the next message, perhaps of danger, waiting for ever.
        log.error("cannot be answered", turn=str(heard.turn), error=type(error).__name__)
        return await _give_to_a_person(stations, before, heard)


async def _give_to_a_person(stations: Stations, before: Conversation, heard: Heard) -> bool:
    """What cannot be answered is a human's, in danger as danger. If even the fixed reply is at fault, it is not said."""
    assert stations.reading is not None
    kept = before if before.silence == "unsafe" else replace(before, silence=None)
    found = Answer(kept, pager="keep") if heard.pager else cries.unanswerable(stations.reading, kept, heard)
    if found.replies:
        try:
            return await _store(stations, before, heard, found)
        except Exception as error:
            log.error("not even the fixed reply", turn=str(heard.turn), error=type(error).__name__)
    return await _store(stations, before, heard, replace(found, replies=()))


async def _think(stations: Stations, before: Conversation, heard: Heard) -> Answer:
    assert stations.reading is not None
    return pager.answer_of(stations.reading, before, heard) or await compose(stations, before, heard)


async def _open(stations: Stations, conversation: UUID) -> tuple[Conversation, Heard] | None:
    async with transaction(stations.store.engine, durable=False) as connection:
        # Locked first: of two workers (one was taken for dead) the second reads what the first has stored.
        row = await conversations.load(connection, conversation, lock=True)
        if row is not None and row.dialogue_over and row.operator_id is None:
            # A form that was open when an operator came must not take the first message after for its answer.
            await dialogue.forget(connection, conversation)
            await conversations.dialogue_begins_anew(connection, conversation)
        while row is not None and (waiting := await inbox.next_waiting(connection, conversation)) is not None:
            try:
                key = await stations.vault.key(connection, conversation)
                text = key.open(f"inbox:{waiting.id}", waiting.sealed_text or b"")
            except Forgotten:
                log.error("words cannot be read", turn=str(waiting.id))
                await inbox.finish(connection, waiting.id, "refused")
                continue
            return row, await _heard(stations, connection, waiting, text, key)
    return None


async def _heard(stations: Stations, connection: AsyncConnection, waiting: Waiting, text: str, key: Key) -> Heard:
    """The message with what is known beside it."""
    conversation = waiting.conversation
    written = listen.clean(text[: listen.READ_LETTERS]) if waiting.kind is Kind.TEXT else ""
    agreed = await contact.agreement(stations, connection, conversation)
    return Heard(
        waiting.id,
        waiting.kind,
        text,
        waiting.attempts,
        key,
        await placeholders.known(connection, conversation),
        pager=await pagers.of_conversation(connection, conversation),
        agreement=agreed,
        elsewhere=await elsewhere.words(stations, connection, conversation),
        held=await contact.is_awaited(stations, connection, conversation, agreed),
        crowded=await _crowded(connection, waiting),
        code=await resume.look_up(stations, connection, conversation, waiting.id, written) if written else None,
    )


async def _crowded(connection: AsyncConnection, waiting: Waiting) -> Literal["", "tell", "told"]:
    if not waiting.crowded:
        return ""
    return "told" if await inbox.was_told_of_crowding(connection, waiting.conversation) else "tell"


async def _store(stations: Stations, before: Conversation, heard: Heard, found: Answer) -> bool:
    """Store the answer and its job; whether more of the conversation waits."""
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
        codes = await _open_tickets(stations, connection, before, heard.turn, found)
        await placeholders.keep(connection, before.id, heard.key, found.new)
        take_back = await erase.on_screens(connection, before.id, heard.key) if found.clear else ()
        if found.private:
            await inbox.erase(connection, heard.turn)  # the self-check says: we do not keep the answers
        if found.forget:
            await forget.words(stations, connection, before.id)
        after = _fresh(found)
        if found.clear or found.alarm or (after.silence == "unsafe" and before.silence != "unsafe"):
            # Safety: an earlier answer that is not out yet must not appear on a cleared or a watched screen.
            await _withdraw(connection, before.id)
        elif after.silence == "stopped":
            await _withdraw(connection, before.id, of_operators=True)
        if not found.forget:
            found = await contact.heard(stations, connection, before.id, found)
        lines = Lines(stations, connection, before.id, heard, found)
        await lines.heard()
        for ordinal, reply in enumerate(found.replies):
            reply = await with_duty(stations, connection, after, _with_code(reply, codes))
            rendered = say.rendered(stations, stations.renderer, reply, found.voice or after.voice, after.channel)
            if rendered.withheld:
                await tickets.open_once(connection, conversation=before.id, turn=heard.turn, need="withheld")
            if take_back and ordinal == 0:
                rendered = replace(rendered, message=replace(rendered.message, take_back=take_back))
            posted = await _post(connection, after, rendered.message, heard, ordinal, urgent=bool(found.needs))
            said = Reply("topic_withheld") if rendered.withheld else reply
            await lines.said(said, rendered.message.text, posted)
            after = _remember(after, rendered)
        if found.offer:
            after = replace(after, offered=found.offer)
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


async def _withdraw(connection: AsyncConnection, conversation: UUID, *, of_operators: bool = False) -> None:
    """What waits is not sent any more, and a reply that was among it has answered nobody."""
    await outbox.withdraw(connection, conversation, of_operators=of_operators)
    await answering.not_answered(connection, conversation)


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


async def _open_tickets(
    stations: Stations, connection: AsyncConnection, before: Conversation, turn: UUID, found: Answer
) -> dict[str, str]:
    """Open what is needed; need -> the code that the person may be told.

    Whoever has the person is called when they may not be alone, unless they are silent for it already
    (tests/flow/test_watched.py).
    """
    codes, conversation = {}, before.id
    for wanted in (*(Wanted(need) for need in found.needs), *found.wanted):
        need, rings = wanted.need, wanted.need == WATCHED and before.silence != "unsafe"
        ticket = await tickets.open_once(
            connection, conversation=conversation, turn=turn, need=need, facts=wanted.facts, rings=rings
        )
        codes[CODE_OF + need] = await _told_code(stations, connection, ticket.id)
    if found.resumes:
        ticket = await resume.take_up(connection, conversation, turn, found.resumes)
        codes[CODE_OF + ticket.need] = await _told_code(stations, connection, ticket.id)
    for reply in found.replies:
        code = reply.values.get("code", "")
        if len(code) == 36:  # the action server names the ticket by its id; only here is it turned into what is said
            ticket_id = UUID(code)
            if not await tickets.is_of(connection, ticket_id, conversation):
                # Safety: a stolen assistant would hand one person another's number, or one of nobody's request, which no human
                # reads (tests/flow/test_answer.py).
                log.error("the assistant named a ticket that is not this person's")
                own = await tickets.open_once(connection, conversation=conversation, turn=turn, need="assistant_silent")
                ticket_id = own.id
            codes[code] = await _told_code(stations, connection, ticket_id)
    return codes


async def _told_code(stations: Stations, connection: AsyncConnection, ticket: UUID) -> str:
    """The number that the person is told; from now on the ticket is found by it, from another phone too.

    The first of the ticket's numbers that no other ticket has; told again it is the same (tests/flow/test_answer.py).
    """
    for further in range(MOST_NUMBERS):
        code = ticket_code(stations, str(ticket), further)
        if await tickets.keep_code(connection, ticket, stations.vault.fingerprint("code", code)):
            return code
    log.error("every number of a ticket belongs to another", ticket=str(ticket))
    return code


def ticket_code(stations: Stations, ticket: str, further: int = 0) -> str:
    """The number that the person is told for this ticket, or a further one where another ticket has that."""
    return tickets.code(stations.vault.fingerprint("ticket", f"{ticket}\0{further}" if further else ticket))


def _with_code(reply: Reply, codes: dict[str, str]) -> Reply:
    code = reply.values.get("code")
    return replace(reply, values={**reply.values, "code": codes[code]}) if code in codes else reply


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
