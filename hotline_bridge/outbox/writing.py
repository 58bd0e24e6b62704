"""How a message enters the outbox: its words and buttons as JSON, sealed under its id."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.messages import Channel, Message, Option
from hotline_bridge.store.places import next_place
from hotline_bridge.store.tables import outbox
from hotline_bridge.vault.sealing import Key


def _sealed(message: Message, id: UUID, key: Key) -> bytes:
    """The message as it is stored under this id."""
    return key.seal(f"outbox:{id}", _packed(message))


def opened(stored: bytes, id: UUID, key: Key) -> Message:
    """The message again. Raises Forgotten for another key or id."""
    return _unpacked(key.open(f"outbox:{id}", stored))


async def add(
    connection: AsyncConnection,
    *,
    conversation: UUID,
    channel: Channel,
    message: Message,
    key: Key,
    turn: UUID | None = None,
    ordinal: int = 0,
    urgent: bool = False,
    sealed_by: str = "conversation",
    author: UUID | None = None,
    held: bool = False,
) -> UUID:
    """Store a message to send; the caller defers the job in the same transaction.

    held: it waits for the person's word that it is safe (see `release`), and is no work for deliver until then.
    """
    made = uuid4()
    await connection.execute(
        insert(outbox).values(
            id=made,
            conversation_id=conversation,
            position=next_place(outbox, conversation),
            inbox_id=turn,
            ordinal=ordinal,
            channel=channel,
            sealed_message=_sealed(message, made, key),
            urgent=urgent,
            sealed_by=sealed_by,
            author=author,
            status="held" if held else "waiting",
        )
    )
    return made


def _packed(message: Message) -> str:
    options = [[o.label, o.choice] for o in message.options]
    return json.dumps([message.text, options, list(message.take_back), message.loud], ensure_ascii=False)


def _unpacked(packed: str) -> Message:
    text, options, take_back, *loud = json.loads(packed)
    return Message(text, tuple(Option(label, choice) for label, choice in options), tuple(take_back), loud=loud == [True])
