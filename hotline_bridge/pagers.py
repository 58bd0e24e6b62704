"""Pagers: the chat in which an operator is told that something waits. An account has at most one, and a chat is of one account.

A pager's conversation is no person who asks for help: it is not forgotten for idleness, never counted and opens no ticket.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.messages import Channel, Voice
from hotline_bridge.store.tables import accounts, conversations, pager_codes, pagers

ROLES = ("operator", "supervisor", "administrator")  # an auditor answers for nothing that waits


@dataclass(frozen=True, slots=True)
class Pager:
    """language: of the account's console, en included; spoken: those the account answers in. broken: the provider refused."""

    account: UUID
    conversation: UUID
    channel: Channel
    role: str
    language: str
    spoken: tuple[str, ...]
    broken: bool
    made_at: datetime

    @property
    def voice(self) -> Voice:
        """A page is written in the language of its owner's console, English included."""
        return Voice.usual(self.language)


async def everybody(connection: AsyncConnection) -> list[Pager]:
    """Every pager whose owner may be called."""
    query = _all().where(accounts.c.active, accounts.c.role.in_(ROLES)).order_by(pagers.c.made_at)
    return [_pager(row) for row in await connection.execute(query)]


async def of_account(connection: AsyncConnection, account: UUID) -> Pager | None:
    """Somebody's pager."""
    row = (await connection.execute(_all().where(pagers.c.account_id == account))).first()
    return None if row is None else _pager(row)


async def of_conversation(connection: AsyncConnection, conversation: UUID) -> Pager | None:
    """The pager that this chat is, if it is one."""
    row = (await connection.execute(_all().where(pagers.c.conversation_id == conversation))).first()
    return None if row is None else _pager(row)


async def is_one(connection: AsyncConnection, conversation: UUID) -> bool:
    """Whether this chat is a pager, for a process that may not know whose."""
    query = select(pagers.c.conversation_id).where(pagers.c.conversation_id == conversation)
    return (await connection.execute(query)).first() is not None


async def offer(connection: AsyncConnection, account: UUID, code_hash: bytes, expires_at: datetime) -> None:
    """A code for `account`; an earlier one works no more."""
    await connection.execute(delete(pager_codes).where(pager_codes.c.account_id == account))
    await connection.execute(insert(pager_codes).values(code_hash=code_hash, account_id=account, expires_at=expires_at))


async def take_up(connection: AsyncConnection, code_hash: bytes, now: datetime) -> UUID | None:
    """Use a code up; whose it is. None when there is no such code, it is too old or was used, or its owner may not be called."""
    gone = (
        delete(pager_codes)
        .where(pager_codes.c.code_hash == code_hash)
        .returning(pager_codes.c.account_id, pager_codes.c.expires_at)
    )
    row = (await connection.execute(gone)).first()
    if row is None or row.expires_at <= now:
        return None
    may = select(accounts.c.id).where(accounts.c.id == row.account_id, accounts.c.active, accounts.c.role.in_(ROLES))
    found: UUID | None = (await connection.execute(may)).scalar()
    return found


async def put(connection: AsyncConnection, account: UUID, conversation: UUID, now: datetime) -> None:
    """This chat is the account's pager from now on, instead of any other."""
    await remove(connection, account)
    await remove_chat(connection, conversation)
    await connection.execute(insert(pagers).values(account_id=account, conversation_id=conversation, made_at=now))


async def remove(connection: AsyncConnection, account: UUID) -> None:
    """The account has no pager any more, and no code that is still good."""
    await connection.execute(delete(pagers).where(pagers.c.account_id == account))
    await connection.execute(delete(pager_codes).where(pager_codes.c.account_id == account))


async def remove_chat(connection: AsyncConnection, conversation: UUID) -> None:
    """This chat is nobody's pager any more."""
    await connection.execute(delete(pagers).where(pagers.c.conversation_id == conversation))


def _all() -> Select[Any]:
    return (
        select(
            pagers.c.account_id,
            pagers.c.conversation_id,
            pagers.c.made_at,
            conversations.c.channel,
            conversations.c.unreachable,
            accounts.c.role,
            accounts.c.interface_language,
            accounts.c.languages,
        )
        .join(conversations, conversations.c.id == pagers.c.conversation_id)
        .join(accounts, accounts.c.id == pagers.c.account_id)
    )


def _pager(row: Row[Any]) -> Pager:
    return Pager(
        row.account_id,
        row.conversation_id,
        Channel(row.channel),
        row.role,
        row.interface_language,
        tuple(row.languages),
        row.unreachable is not None,
        row.made_at,
    )
