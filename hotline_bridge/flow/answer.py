"""answer: everything that waits in one conversation, in the order in which it came. Exactly one answer a message.

Two short transactions with the assistant between them; the second is of flow/conclude.py. After a crash in between the message
still waits, and the same turn asked again gets the same answer; after the second commit asking again changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import conversations, dialogue, inbox, pagers
from hotline_bridge.anonymiser import placeholders
from hotline_bridge.conversations import Conversation
from hotline_bridge.errors import Forgotten
from hotline_bridge.flow import contact, cries, elsewhere, listen, pager, resume
from hotline_bridge.flow.compose import compose
from hotline_bridge.flow.conclude import conclude
from hotline_bridge.flow.stations import Stations
from hotline_bridge.flow.turn import Answer, Heard
from hotline_bridge.inbox import Waiting
from hotline_bridge.messages import Kind
from hotline_bridge.store.engine import transaction
from hotline_bridge.vault.sealing import Key

log = structlog.get_logger(__name__)
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
        return await conclude(stations, before, heard, await _think(stations, before, heard))
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
            return await conclude(stations, before, heard, found)
        except Exception as error:
            log.error("not even the fixed reply", turn=str(heard.turn), error=type(error).__name__)
    return await conclude(stations, before, heard, replace(found, replies=()))


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
