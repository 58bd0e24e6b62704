"""Sealed values that somebody asked to see: what may be asked for and how long it lasts. Decisions are pure; rows at the end.

asked → granted → opening → opened → erased; or refused, expired, failed, forgotten. The console asks and shows; the worker alone
opens, because it alone holds the vault's key (flow/unseal.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.tables import reveals
from hotline_bridge.vault.sealing import Key

ADDRESS = "address"  # the person's own number, or their chat
USE_WITHIN = timedelta(minutes=30)  # an ask that nobody decides and a grant that nobody uses end then
READABLE_FOR = timedelta(minutes=10)
MOST_AN_HOUR = 40  # openings of the whole house; a stolen console gets no further
SHORTEST_REASON, LONGEST_REASON = 10, 500  # letters; characters
OPEN = ("asked", "granted", "opening", "opened")
PLACEHOLDER = re.compile(r"\[([A-Z]{2,12}_\d{1,4})\]")  # as it stands in a text; the group is its name


@dataclass(frozen=True, slots=True)
class Reveal:
    """One row without what is sealed. conversation: None when it was forgotten. decided_by: None when danger decided."""

    id: UUID
    conversation: UUID | None
    what: str
    state: str
    danger: bool
    asked_by: UUID
    asked_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    expires_at: datetime
    opened_at: datetime | None
    erase_at: datetime | None
    shown: int
    why: str | None

    def is_over(self, now: datetime) -> bool:
        """Whether its time has run out, even if the sweep has not come by yet."""
        if self.state in ("asked", "granted"):
            return now >= self.expires_at
        return self.state == "opened" and (self.erase_at is None or now >= self.erase_at)


def can_be_asked_for(what: str) -> bool:
    """Whether it is a placeholder's name or the person's own address."""
    return what == ADDRESS or PLACEHOLDER.fullmatch(f"[{what}]") is not None


def rings(what: str, *, sms: bool) -> bool:
    """Whether it is a telephone number, so that somebody may be called; sms: whether the person writes by SMS."""
    return what.startswith("PHONE_") or (what == ADDRESS and sms)


def placeholders_in(said: str) -> list[str]:
    """The placeholders that a text holds, without their brackets, each once."""
    return list(dict.fromkeys(PLACEHOLDER.findall(said)))


def says_enough(reason: str) -> bool:
    """Whether a reason has at least SHORTEST_REASON letters and is not endless."""
    return sum(c.isalpha() for c in reason) >= SHORTEST_REASON and len(reason) <= LONGEST_REASON


async def add(connection: AsyncConnection, one: Reveal, desk_key: Key, reason: str) -> None:
    """A new row, with its reason sealed."""
    values = {name: getattr(one, name) for name in _NAMES} | {"conversation_id": one.conversation}
    await connection.execute(insert(reveals).values(**values, sealed_reason=desk_key.seal(f"reason:{one.id}", reason)))


async def change(connection: AsyncConnection, reveal: UUID, state: str, **values: Any) -> None:
    """Its next state, and what goes with it."""
    await connection.execute(update(reveals).where(reveals.c.id == reveal).values(state=state, **values))


async def load(connection: AsyncConnection, reveal: UUID, *, lock: bool = False) -> Reveal | None:
    """One row. With `lock` nobody else changes it until the transaction ends."""
    query = _SELECT.where(reveals.c.id == reveal)
    row = (await connection.execute(query.with_for_update() if lock else query)).first()
    return _reveal(row) if row is not None else None


async def conversation_of(connection: AsyncConnection, reveal: UUID) -> UUID | None:
    """Whose it is; the conversation is always locked before its reveals."""
    found: UUID | None = (await connection.execute(select(reveals.c.conversation_id).where(reveals.c.id == reveal))).scalar()
    return found


async def of(connection: AsyncConnection, conversation: UUID) -> list[Reveal]:
    """All of a conversation, newest first."""
    query = _SELECT.where(reveals.c.conversation_id == conversation).order_by(reveals.c.asked_at.desc())
    return [_reveal(row) for row in await connection.execute(query)]


async def opening(connection: AsyncConnection, conversation: UUID) -> list[Reveal]:
    """Those that the worker is to open now, locked."""
    query = _SELECT.where(reveals.c.conversation_id == conversation, reveals.c.state == "opening").with_for_update()
    return [_reveal(row) for row in await connection.execute(query)]


async def newest(connection: AsyncConnection, *, before: datetime | None = None, most: int = 50) -> list[Reveal]:
    """Of everybody, those that wait for a decision first."""
    query = _SELECT.order_by((reveals.c.state == "asked").desc(), reveals.c.asked_at.desc()).limit(most)
    return [
        _reveal(row) for row in await connection.execute(query if before is None else query.where(reveals.c.asked_at < before))
    ]


async def waiting(connection: AsyncConnection, account: UUID, now: datetime) -> int:
    """How many this supervisor is to look at: others' that wait for a decision, and those of danger that none has seen."""
    to_decide = (reveals.c.state == "asked") & (reveals.c.expires_at > now) & (reveals.c.asked_by != account)
    query = select(func.count()).select_from(reveals).where(to_decide | _unseen(account))
    return (await connection.execute(query)).scalar_one()


async def mark_seen(connection: AsyncConnection, account: UUID, ids: Iterable[UUID], now: datetime) -> None:
    """A supervisor has these in front of them. Their own stay unseen: it is somebody else who must look."""
    await connection.execute(update(reveals).where(reveals.c.id.in_(list(ids)), _unseen(account)).values(seen_at=now))


async def opened_since(connection: AsyncConnection, since: datetime) -> int:
    """How many were opened in the whole house."""
    query = select(func.count()).select_from(reveals).where(reveals.c.opened_at >= since)
    return (await connection.execute(query)).scalar_one()


async def over(connection: AsyncConnection, now: datetime, *, most: int = 100) -> list[Reveal]:
    """Those whose time has run out."""
    unused = reveals.c.state.in_(("asked", "granted")) & (reveals.c.expires_at <= now)
    readable = (reveals.c.state == "opened") & (reveals.c.erase_at <= now)
    return [_reveal(row) for row in await connection.execute(_SELECT.where(unused | readable).limit(most))]


async def without_job(connection: AsyncConnection) -> list[UUID]:
    """Conversations with something to be opened of which no job says so."""
    return list((await connection.execute(_WITHOUT_JOB)).scalars())


async def sealed(connection: AsyncConnection, reveal: UUID, column: str, desk_key: Key) -> str | None:
    """What is sealed in `column` (reason, answer or value); None when there is nothing, or no more."""
    found = (await connection.execute(select(reveals.c[f"sealed_{column}"]).where(reveals.c.id == reveal))).scalar()
    return None if found is None else desk_key.open(f"{column}:{reveal}", found)


async def forget(connection: AsyncConnection, conversation: UUID) -> None:
    """Nothing sealed is left; what was still open ends."""
    mine = reveals.c.conversation_id == conversation
    await connection.execute(update(reveals).where(mine).values(sealed_reason=None, sealed_answer=None, sealed_value=None))
    await connection.execute(update(reveals).where(mine, reveals.c.state.in_(OPEN)).values(state="forgotten"))


_NAMES = (
    "id", "what", "state", "danger", "asked_by", "asked_at", "decided_by", "decided_at", "expires_at", "opened_at", "erase_at",
    "shown", "why",
)  # fmt: skip
_SELECT: Select[Any] = select(reveals.c.conversation_id, *(reveals.c[name] for name in _NAMES))
_WITHOUT_JOB = text(
    """
    SELECT DISTINCT conversation_id FROM reveals AS r
    WHERE state = 'opening' AND decided_at < now() - interval '10 seconds' AND NOT EXISTS (
      SELECT 1 FROM procrastinate_jobs WHERE lock = 'reveal:' || r.conversation_id::text AND status IN ('todo', 'doing'))
    LIMIT 100
    """
)


def _unseen(account: UUID) -> ColumnElement[bool]:
    return reveals.c.danger & reveals.c.seen_at.is_(None) & (reveals.c.asked_by != account)


def _reveal(row: Any) -> Reveal:
    return Reveal(conversation=row.conversation_id, **{name: getattr(row, name) for name in _NAMES})
