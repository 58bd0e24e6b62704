"""How many numbers of requests were tried: by one conversation, and by all together. No number is kept, right or wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.tables import code_guesses

EACH, EACH_WITHIN = 5, timedelta(days=1)
ALL, ALL_WITHIN = 60, timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Tried:
    """Numbers tried so far, this one included. each: by the conversation within a day; all: by everybody within an hour."""

    each: int
    all: int

    @property
    def too_many(self) -> bool:
        """Whether the answer must not depend on the number any more."""
        return self.each > EACH or self.too_many_of_all

    @property
    def too_many_of_all(self) -> bool:
        """Whether somebody is trying numbers from many telephones."""
        return self.all > ALL


async def count(connection: AsyncConnection, conversation: UUID, turn: UUID) -> Tried:
    """Count the number that `turn` tries; a turn that is worked on again counts once. What is older than a day goes."""
    await connection.execute(delete(code_guesses).where(code_guesses.c.at < func.now() - EACH_WITHIN))
    await connection.execute(insert(code_guesses).values(turn_id=turn, conversation_id=conversation).on_conflict_do_nothing())
    own = select(func.count()).where(code_guesses.c.conversation_id == conversation)
    of_all = select(func.count()).where(code_guesses.c.at > func.now() - ALL_WITHIN)
    row = (await connection.execute(select(own.scalar_subquery().label("each"), of_all.scalar_subquery().label("all")))).one()
    return Tried(row.each, row.all)
