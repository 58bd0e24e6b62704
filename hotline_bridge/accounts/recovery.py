"""Recovery codes as rows: keyed hashes, each good for one sign-in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.tables.console import recovery_codes


async def replace(connection: AsyncConnection, account: UUID, hashes: Iterable[bytes]) -> None:
    """New codes; the old ones are worthless from now on."""
    await connection.execute(delete(recovery_codes).where(recovery_codes.c.account_id == account))
    rows = [{"account_id": account, "code_hash": code} for code in hashes]
    if rows:
        await connection.execute(insert(recovery_codes), rows)


async def use(connection: AsyncConnection, account: UUID, code_hash: bytes, now: datetime) -> bool:
    """Use a code up; False when there is no such code or it was used before."""
    statement = (
        update(recovery_codes)
        .where(
            recovery_codes.c.account_id == account, recovery_codes.c.code_hash == code_hash, recovery_codes.c.used_at.is_(None)
        )
        .values(used_at=now)
    )
    return (await connection.execute(statement)).rowcount == 1


async def unused(connection: AsyncConnection, account: UUID) -> set[bytes]:
    """The hashes of the codes that are still good."""
    query = select(recovery_codes.c.code_hash).where(recovery_codes.c.account_id == account, recovery_codes.c.used_at.is_(None))
    return {bytes(row.code_hash) for row in await connection.execute(query)}
