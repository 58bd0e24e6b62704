"""Tokens of other case systems. Shown once; of each only a hash is kept. On the caller's transaction."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.tables import api_tokens

# What a token may be for. There is no taking of tickets and no word by it: a human answers.
SCOPES = ("tickets:read", "tickets:write", "figures:read", "webhooks:manage")
_MARK = "komek_"  # by which a leaked token is recognised, in a log or by a scanner
_SHOWN = len(_MARK) + 6  # letters of it that are kept in clear


@dataclass(frozen=True, slots=True)
class Token:
    """One that was made. prefix: its beginning."""

    id: UUID
    name: str
    prefix: str
    scopes: tuple[str, ...]
    made_at: datetime
    expires_at: datetime
    last_used_on: date | None
    withdrawn_at: datetime | None

    def works(self, now: datetime) -> bool:
        """Neither expired nor withdrawn."""
        return self.withdrawn_at is None and now < self.expires_at


async def make(
    connection: AsyncConnection, name: str, scopes: Sequence[str], made_by: UUID, now: datetime, until: datetime
) -> tuple[UUID, str]:
    """Its id, and the token itself, which nobody sees again."""
    token, made = _MARK + secrets.token_urlsafe(32), uuid4()
    await connection.execute(
        insert(api_tokens).values(
            id=made,
            name=name,
            prefix=token[:_SHOWN],
            token_hash=_hash(token),
            scopes=list(scopes),
            made_by=made_by,
            made_at=now,
            expires_at=until,
        )
    )
    return made, token


async def find(connection: AsyncConnection, token: str) -> Token | None:
    """The row of a token, whether it still works or not."""
    if not token.startswith(_MARK):
        return None
    row = (await connection.execute(select(api_tokens).where(api_tokens.c.token_hash == _hash(token)))).first()
    return None if row is None else _token(row)


async def used(connection: AsyncConnection, token: UUID, today: date) -> None:
    """Note the day, once a day."""
    column = api_tokens.c.last_used_on
    await connection.execute(
        update(api_tokens).where(api_tokens.c.id == token, func.coalesce(column, date.min) < today).values(last_used_on=today)
    )


async def everything(connection: AsyncConnection) -> list[Token]:
    """All of them, the newest first."""
    return [_token(row) for row in await connection.execute(select(api_tokens).order_by(api_tokens.c.made_at.desc()))]


async def withdraw(connection: AsyncConnection, token: UUID, now: datetime) -> bool:
    """It works no more; False when there is none that did."""
    done = await connection.execute(
        update(api_tokens)
        .where(api_tokens.c.id == token, api_tokens.c.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
        .returning(api_tokens.c.id)
    )
    return done.first() is not None


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _token(row: Row[Any]) -> Token:
    return Token(row.id, row.name, row.prefix, tuple(row.scopes), row.made_at, row.expires_at, row.last_used_on, row.withdrawn_at)
