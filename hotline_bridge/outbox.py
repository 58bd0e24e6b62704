"""What is to be said, in order, until a provider has taken it. The words are sealed; a message is JSON before sealing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.messages import Channel, Message, Option
from hotline_bridge.retention import REMOVABLE
from hotline_bridge.store.places import next_place
from hotline_bridge.store.tables import outbox
from hotline_bridge.vault.sealing import Key

# After so many tries a message no longer holds up the ones behind it.
STEP_ASIDE_AFTER = 4
# In `error`, why a reply that was held is not sent: the request was closed; the person's word has not come for too long.
CLOSED, UNSAID = "closed", "unsaid"
# In `error`, of what waits: the person has written something that is to be read first.
UNREAD = "unread"
PLACED = "placed"  # in `error`: not_before is a moment in the channel's line, taken for this message


@dataclass(frozen=True, slots=True)
class Due:
    """A message that waits to be sent. not_before: None, or the moment before which it must not be tried.

    placed: that moment is its own in the channel's line, so it asks for no other when it has come.
    urgent: somebody may be in danger: it goes before what else waits for this person, and stands in no line.
    sealed_by: whose key opens it: the conversation's own, or the desk's for what an operator wrote.
    turn: the message that it answers, and author: the operator who wrote it; neither for what Komek says by itself.
    """

    id: UUID
    conversation: UUID
    channel: Channel
    sealed_message: bytes
    attempts: int
    not_before: datetime | None
    created_at: datetime
    placed: bool = False
    urgent: bool = False
    sealed_by: str = "conversation"
    turn: UUID | None = None
    author: UUID | None = None

    @property
    def is_question(self) -> bool:
        """Whether it is the question "is it safe now?": the one thing of Komek's own under the conversation's key."""
        return self.turn is None and self.author is None and self.sealed_by == "conversation"


def pack(message: Message) -> str:
    """A message as text to be sealed."""
    options = [[o.label, o.choice] for o in message.options]
    return json.dumps([message.text, options, list(message.take_back), message.loud], ensure_ascii=False)


def unpack(packed: str) -> Message:
    """The message again."""
    text, options, take_back, *loud = json.loads(packed)
    return Message(text, tuple(Option(label, choice) for label, choice in options), tuple(take_back), loud=loud == [True])


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
            sealed_message=key.seal(f"outbox:{made}", pack(message)),
            urgent=urgent,
            sealed_by=sealed_by,
            author=author,
            status="held" if held else "waiting",
        )
    )
    return made


async def next_due(connection: AsyncConnection, conversation: UUID) -> Due | None:
    """The first message to try now, or the one that everything waits for (see its `not_before`).

    Order is the order of writing, except that a safety reply goes first, and a message tried too often, or that waits until
    what was written is read, steps aside.
    """
    names = ("id", "channel", "sealed_message", "attempts", "not_before", "created_at", "error", "urgent", "sealed_by")
    columns = [outbox.c[name] for name in (*names, "inbox_id", "author")]
    waiting = (outbox.c.conversation_id == conversation, outbox.c.status == "waiting")
    ready = or_(outbox.c.not_before.is_(None), outbox.c.not_before <= func.now())
    stuck = (outbox.c.attempts >= STEP_ASIDE_AFTER) | outbox.c.error.is_not_distinct_from(UNREAD)
    query = select(*columns).where(*waiting, or_(~stuck, ready)).order_by(outbox.c.urgent.desc(), outbox.c.position).limit(1)
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    return Due(
        row.id,
        conversation,
        Channel(row.channel),
        row.sealed_message,
        row.attempts,
        row.not_before,
        row.created_at,
        placed=row.error == PLACED,
        urgent=row.urgent,
        sealed_by=row.sealed_by,
        turn=row.inbox_id,
        author=row.author,
    )


async def has_waiting(connection: AsyncConnection, conversation: UUID) -> bool:
    """Whether anything is still to be said, now or later."""
    query = select(outbox.c.id).where(outbox.c.conversation_id == conversation, outbox.c.status == "waiting").limit(1)
    return (await connection.execute(query)).first() is not None


async def took(
    connection: AsyncConnection, message: UUID, *, reference_hash: bytes | None, sealed_reference: bytes | None, final: bool
) -> None:
    """The provider has it."""
    await connection.execute(
        update(outbox)
        .where(outbox.c.id == message)
        .values(
            status="delivered" if final else "sent",
            sent_at=func.now(),
            attempts=outbox.c.attempts + 1,
            not_before=None,
            error=None,
            reference_hash=reference_hash,
            sealed_reference=sealed_reference,
        )
    )


async def later(connection: AsyncConnection, message: UUID, code: str, at: datetime) -> None:
    """Not now: again at `at`."""
    await connection.execute(
        update(outbox).where(outbox.c.id == message).values(attempts=outbox.c.attempts + 1, not_before=at, error=code)
    )


async def place(connection: AsyncConnection, message: UUID, at: datetime) -> None:
    """Its place in the channel's line is at `at`. Not a failed attempt."""
    await connection.execute(update(outbox).where(outbox.c.id == message).values(not_before=at, error=PLACED))


async def step_aside(connection: AsyncConnection, message: UUID, at: datetime) -> None:
    """Not before what the person wrote is read, which is looked at again at `at`. Not a failed attempt."""
    await connection.execute(update(outbox).where(outbox.c.id == message).values(not_before=at, error=UNREAD))


async def hold(connection: AsyncConnection, message: UUID) -> None:
    """What was to go out waits for the person's word after all (see `release`)."""
    await connection.execute(
        update(outbox)
        .where(outbox.c.id == message, outbox.c.status == "waiting")
        .values(status="held", attempts=0, not_before=None, error=None)
    )


async def release(connection: AsyncConnection, conversation: UUID) -> int:
    """What was held goes out now; how many. The caller defers the job."""
    done = await connection.execute(
        update(outbox)
        .where(outbox.c.conversation_id == conversation, outbox.c.status == "held")
        .values(status="waiting", created_at=func.now())
    )
    return done.rowcount


async def take_back(connection: AsyncConnection, conversation: UUID, code: str, *, before: datetime | None = None) -> int:
    """What is held is not said any more; with `before` only what was written before. How many that were. See `is_taken_back`."""
    older = (outbox.c.created_at < before,) if before else ()
    done = await connection.execute(
        update(outbox)
        .where(outbox.c.conversation_id == conversation, outbox.c.status == "held", *older)
        .values(status="failed", error=code)
    )
    return done.rowcount


async def is_taken_back(connection: AsyncConnection, conversation: UUID) -> bool:
    """Whether a reply was held here until it was taken back."""
    mine = (outbox.c.conversation_id == conversation, outbox.c.status == "failed", outbox.c.error.in_((CLOSED, UNSAID)))
    return (await connection.execute(select(outbox.c.id).where(*mine).limit(1))).first() is not None


async def withdraw(connection: AsyncConnection, conversation: UUID, *, of_operators: bool = False) -> int:
    """Nothing that still waits or is held is sent any more; with `of_operators` only what operators wrote. How many that were."""
    mine = (outbox.c.author.is_not(None),) if of_operators else ()
    done = await connection.execute(
        update(outbox)
        .where(outbox.c.conversation_id == conversation, outbox.c.status.in_(("waiting", "held")), *mine)
        .values(status="failed", not_before=None, error="withdrawn")
    )
    return done.rowcount


async def held_since(connection: AsyncConnection, conversation: UUID) -> datetime | None:
    """When the last of the replies that are held was written; None when there is none."""
    held = (outbox.c.conversation_id == conversation, outbox.c.status == "held")
    found: datetime | None = (await connection.execute(select(func.max(outbox.c.created_at)).where(*held))).scalar()
    return found


async def has_held(connection: AsyncConnection, conversation: UUID) -> bool:
    """Whether a reply waits for the person's word that it is safe."""
    return await held_since(connection, conversation) is not None


async def with_held(connection: AsyncConnection, *, most: int = 500) -> list[UUID]:
    """Conversations in which a reply waits for the person's word that it is safe."""
    query = select(outbox.c.conversation_id).where(outbox.c.status == "held").distinct().limit(most)
    return list((await connection.execute(query)).scalars())


async def never(connection: AsyncConnection, message: UUID, code: str) -> None:
    """It cannot be delivered."""
    await connection.execute(
        update(outbox)
        .where(outbox.c.id == message)
        .values(status="failed", attempts=outbox.c.attempts + 1, not_before=None, error=code)
    )


async def report(connection: AsyncConnection, reference_hash: bytes, state: str, code: str) -> UUID | None:
    """A provider's later word. Returns the conversation when a message of ours was meant."""
    row = (
        await connection.execute(
            update(outbox)
            .where(outbox.c.reference_hash == reference_hash, outbox.c.status.in_(("sent", "delivered")))
            .values(status=state, error=code or None)
            .returning(outbox.c.conversation_id)
        )
    ).first()
    return None if row is None else row.conversation_id


async def references(connection: AsyncConnection, conversation: UUID) -> list[tuple[UUID, bytes]]:
    """Id and sealed provider reference of what we sent and can still be removed, newest first."""
    rows = await connection.execute(
        select(outbox.c.id, outbox.c.sealed_reference)
        .where(
            outbox.c.conversation_id == conversation,
            outbox.c.sealed_reference.is_not(None),
            outbox.c.sent_at > func.now() - REMOVABLE,
        )
        .order_by(outbox.c.position.desc())
    )
    return [(row.id, row.sealed_reference) for row in rows]


async def forget(connection: AsyncConnection, conversation: UUID) -> None:
    """Nothing that was said is left, and nothing that waits is sent."""
    await connection.execute(delete(outbox).where(outbox.c.conversation_id == conversation))
