"""Invitations: a link that works once, for a new account or to renew one whose second factor is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.accounts.people import Role
from hotline_bridge.accounts.sessions import fingerprint
from hotline_bridge.store.tables.console import invitations

LASTS = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Invitation:
    """account: the one it renews, or None for a new one. sealed_totp: the secret that its page shows."""

    id: UUID
    name: str
    role: Role
    languages: tuple[str, ...]
    expires_at: datetime
    account: UUID | None = None
    invited_by: UUID | None = None
    sealed_totp: bytes | None = None


async def add(connection: AsyncConnection, one: Invitation, token: str, now: datetime) -> None:
    """A new invitation behind `token`."""
    await connection.execute(
        insert(invitations).values(
            id=one.id,
            token_hash=fingerprint(token),
            account_id=one.account,
            name=one.name,
            role=one.role,
            languages=list(one.languages),
            invited_by=one.invited_by,
            sealed_totp=one.sealed_totp,
            created_at=now,
            expires_at=one.expires_at,
        )
    )


async def find(connection: AsyncConnection, token: str, now: datetime, *, lock: bool = False) -> Invitation | None:
    """The invitation behind a link; None when it was used, withdrawn, has expired or never was.

    With `lock` nobody else can use it before the transaction ends.
    """
    query = select(invitations).where(
        invitations.c.token_hash == fingerprint(token), invitations.c.used_at.is_(None), invitations.c.expires_at > now
    )
    row = (await connection.execute(query.with_for_update() if lock else query)).mappings().first()
    if row is None:
        return None
    return Invitation(
        row["id"],
        row["name"],
        Role(row["role"]),
        tuple(row["languages"]),
        row["expires_at"],
        row["account_id"],
        row["invited_by"],
        row["sealed_totp"],
    )


async def open_ones(connection: AsyncConnection, now: datetime) -> list[Invitation]:
    """Those that can still be used, the newest first; without their secrets."""
    query = (
        select(invitations)
        .where(invitations.c.used_at.is_(None), invitations.c.expires_at > now)
        .order_by(invitations.c.created_at.desc())
    )
    rows = (await connection.execute(query)).mappings()
    return [
        Invitation(r["id"], r["name"], Role(r["role"]), tuple(r["languages"]), r["expires_at"], r["account_id"], r["invited_by"])
        for r in rows
    ]


async def use_up(connection: AsyncConnection, invitation: UUID, now: datetime) -> bool:
    """Taken up or withdrawn: it works no more, and its secret is gone. False when it was used before."""
    statement = (
        update(invitations)
        .where(invitations.c.id == invitation, invitations.c.used_at.is_(None))
        .values(used_at=now, sealed_totp=None)
    )
    return (await connection.execute(statement)).rowcount == 1


async def withdraw_for(connection: AsyncConnection, account: UUID, now: datetime) -> None:
    """Use up what was sent to renew this account, or by whoever is no longer trusted with it."""
    await connection.execute(
        update(invitations)
        .where(
            (invitations.c.account_id == account) | (invitations.c.invited_by == account),
            invitations.c.used_at.is_(None),
        )
        .values(used_at=now, sealed_totp=None)
    )
