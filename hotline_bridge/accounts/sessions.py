"""Sessions: 256 random bits in a cookie, their hash in a row, and an end after idleness, after a day's work or at sign-out."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.accounts.people import Account, account_of
from hotline_bridge.store import signals
from hotline_bridge.store.tables.console import accounts, sessions

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
NOTED = timedelta(minutes=1)  # how often a session's use is written down


@dataclass(frozen=True, slots=True)
class Session:
    """A session as its row tells."""

    account: Account
    last_seen_at: datetime
    expires_at: datetime


def new_token() -> str:
    """256 random bits for a cookie or a link."""
    return secrets.token_urlsafe(32)


def fingerprint(token: str) -> bytes:
    """What is stored of a token. It is random, so an unkeyed hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def form_token(secret: str) -> str:
    """What every form of a session must hold. Made from the cookie's value, which it does not tell."""
    return hmac.new(secret.encode("utf-8", "replace"), b"komek:form", hashlib.sha256).hexdigest()


def holds(last_seen_at: datetime, expires_at: datetime, now: datetime) -> bool:
    """Whether a session that was last used then still counts."""
    return now < expires_at and now - last_seen_at < IDLE


async def begin(connection: AsyncConnection, account: UUID, now: datetime) -> str:
    """A new session; its token."""
    token = new_token()
    await connection.execute(
        insert(sessions).values(
            token_hash=fingerprint(token), account_id=account, created_at=now, last_seen_at=now, expires_at=now + LONGEST
        )
    )
    return token


async def find(connection: AsyncConnection, token: str, now: datetime) -> Session | None:
    """The session of a token; None when it ended, or its account was deactivated."""
    query = (
        select(
            accounts.c.id,
            accounts.c.name,
            accounts.c.role,
            accounts.c.languages,
            accounts.c.interface_language,
            sessions.c.last_seen_at,
            sessions.c.expires_at,
        )
        .join(accounts, accounts.c.id == sessions.c.account_id)
        .where(sessions.c.token_hash == fingerprint(token), sessions.c.ended_at.is_(None), accounts.c.active)
    )
    row = (await connection.execute(query)).mappings().first()
    if row is None or not holds(row["last_seen_at"], row["expires_at"], now):
        return None
    return Session(account_of(row), row["last_seen_at"], row["expires_at"])


async def open_of(connection: AsyncConnection, account: UUID, now: datetime) -> list[tuple[bytes, datetime, datetime]]:
    """Token hash, beginning and last use of every session that an account has open, the last used first."""
    query = (
        select(sessions.c.token_hash, sessions.c.created_at, sessions.c.last_seen_at, sessions.c.expires_at)
        .where(sessions.c.account_id == account, sessions.c.ended_at.is_(None))
        .order_by(sessions.c.last_seen_at.desc(), sessions.c.token_hash)
    )
    rows = await connection.execute(query)
    return [(bytes(r.token_hash), r.created_at, r.last_seen_at) for r in rows if holds(r.last_seen_at, r.expires_at, now)]


async def touch(connection: AsyncConnection, token: str, now: datetime) -> None:
    """Note that the session was used now."""
    await connection.execute(update(sessions).where(sessions.c.token_hash == fingerprint(token)).values(last_seen_at=now))


async def end(connection: AsyncConnection, token: str, now: datetime) -> None:
    """End one session for good. Open event streams look whether it was theirs (console/live_views.py)."""
    await connection.execute(
        update(sessions).where(sessions.c.token_hash == fingerprint(token), sessions.c.ended_at.is_(None)).values(ended_at=now)
    )
    await signals.send(connection, "account")


async def end_all(connection: AsyncConnection, account: UUID, now: datetime) -> None:
    """End every session of an account."""
    await connection.execute(
        update(sessions).where(sessions.c.account_id == account, sessions.c.ended_at.is_(None)).values(ended_at=now)
    )
    await signals.send(connection, "account")


async def here(connection: AsyncConnection, now: datetime) -> set[UUID]:
    """Accounts of which a session holds."""
    query = select(sessions.c.account_id).where(
        sessions.c.ended_at.is_(None), sessions.c.expires_at > now, sessions.c.last_seen_at > now - IDLE
    )
    return set((await connection.execute(query)).scalars())
