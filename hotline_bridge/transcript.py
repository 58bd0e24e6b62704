"""What was said, as an operator may read it: anonymised, in order, sealed under the conversation's desk key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.places import next_place
from hotline_bridge.store.tables import notes, outbox, transcript
from hotline_bridge.vault.sealing import Key

LATEST = 200  # lines that a page shows at first
MOST = 5000  # and at most, when earlier ones are asked for


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was said. speaker: person, bot or operator. kind: messages.Kind of the person's, else "reply".

    key: the bot's reply or topic, so that it can be shown in the operator's language. status: of its delivery, for ours.
    """

    id: UUID
    speaker: str
    kind: str
    text: str
    at: datetime
    author: UUID | None = None
    key: str | None = None
    danger: bool = False
    status: str | None = None
    error: str | None = None

    @property
    def is_sentence(self) -> bool:
        """Whether it is in the person's own words, and no picture, button or command."""
        return self.speaker == "person" and self.kind == "text"


@dataclass(frozen=True, slots=True)
class Note:
    """What operators tell each other about a conversation; the person never sees it."""

    author: UUID
    text: str
    at: datetime


async def add(
    connection: AsyncConnection,
    conversation: UUID,
    desk_key: Key,
    *,
    speaker: str,
    text: str,
    kind: str = "reply",
    key: str | None = None,
    author: UUID | None = None,
    outbox_id: UUID | None = None,
    danger: bool = False,
) -> None:
    """Write one line down. `text` is anonymised already. The caller tells the desk (store.signals), where somebody looks."""
    made = uuid4()
    await connection.execute(
        insert(transcript).values(
            id=made,
            conversation_id=conversation,
            position=next_place(transcript, conversation),
            speaker=speaker,
            kind=kind,
            key=key,
            author=author,
            outbox_id=outbox_id,
            danger=danger,
            sealed_text=desk_key.seal(f"transcript:{made}", text),
        )
    )


async def read(connection: AsyncConnection, conversation: UUID, desk_key: Key, *, latest: int = LATEST) -> list[Line]:
    """The latest lines, oldest first."""
    columns = [c for c in transcript.c if c.name not in ("conversation_id",)]
    query = (
        select(*columns, outbox.c.status.label("status"), outbox.c.error.label("error"))
        .outerjoin(outbox, outbox.c.id == transcript.c.outbox_id)
        .where(transcript.c.conversation_id == conversation)
        .order_by(transcript.c.position.desc())
        .limit(latest)
    )
    rows = (await connection.execute(query)).all()
    return [
        Line(
            row.id,
            row.speaker,
            row.kind,
            desk_key.open(f"transcript:{row.id}", row.sealed_text),
            row.at,
            row.author,
            row.key,
            row.danger,
            row.status,
            row.error,
        )
        for row in reversed(rows)
    ]


async def add_note(connection: AsyncConnection, conversation: UUID, desk_key: Key, author: UUID, text: str) -> None:
    """Keep a note."""
    made = uuid4()
    await connection.execute(
        insert(notes).values(
            id=made, conversation_id=conversation, author=author, sealed_text=desk_key.seal(f"note:{made}", text)
        )
    )


async def read_notes(connection: AsyncConnection, conversation: UUID, desk_key: Key) -> list[Note]:
    """All notes, oldest first."""
    query = select(notes).where(notes.c.conversation_id == conversation).order_by(notes.c.at)
    rows = await connection.execute(query)
    return [Note(row.author, desk_key.open(f"note:{row.id}", row.sealed_text), row.at) for row in rows]


async def erase(connection: AsyncConnection, conversation: UUID) -> None:
    """Everything that was written down of a conversation."""
    await connection.execute(delete(transcript).where(transcript.c.conversation_id == conversation))
    await connection.execute(delete(notes).where(notes.c.conversation_id == conversation))
