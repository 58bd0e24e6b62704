"""Accounts: who works in the console, in which role and languages. A name is what colleagues see; nobody else ever does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.tables.console import accounts

LONGEST_NAME = 80
LONGEST_LOGIN = 64


class Role(StrEnum):
    """What somebody may do. The value is stored and must not change."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


ANSWERING = (Role.OPERATOR, Role.SUPERVISOR)  # who may see conversations and answer in them


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who is signed in. languages: those they answer people in; interface_language: that of their console."""

    id: UUID
    name: str
    role: Role
    languages: tuple[str, ...]
    interface_language: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """An account as the administrator's list shows it. ready: has password and second factor."""

    account: Account
    login: str
    active: bool
    ready: bool


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a sign-in is checked against. password_hash is None while the account waits to be renewed."""

    account: Account
    login: str
    password_hash: str | None
    sealed_totp: bytes | None
    active: bool


_ACCOUNT = (accounts.c.id, accounts.c.name, accounts.c.role, accounts.c.languages, accounts.c.interface_language)


def normal_login(login: str) -> str:
    """A login as it is stored and compared: without spaces around it, in lower case."""
    return login.strip().lower()


def account_of(row: RowMapping) -> Account:
    """An account from a row that holds its columns."""
    return Account(row["id"], row["name"], Role(row["role"]), tuple(row["languages"]), row["interface_language"])


async def add(connection: AsyncConnection, account: Account, login: str, password_hash: str, sealed_totp: bytes) -> bool:
    """A new account; False when the login is taken."""
    statement = (
        insert(accounts)
        .values(
            id=account.id,
            login=normal_login(login),
            name=account.name,
            role=account.role,
            languages=list(account.languages),
            interface_language=account.interface_language,
            password_hash=password_hash,
            sealed_totp=sealed_totp,
        )
        .on_conflict_do_nothing(index_elements=["login"])
        .returning(accounts.c.id)
    )
    return (await connection.execute(statement)).first() is not None


async def credentials(
    connection: AsyncConnection, *, login: str | None = None, id: UUID | None = None, lock: bool = False
) -> Credentials | None:
    """What is needed to check who somebody is, by login or id. With `lock` it stays so until the transaction ends."""
    query = select(accounts).where(accounts.c.id == id if login is None else accounts.c.login == normal_login(login))
    row = (await connection.execute(query.with_for_update() if lock else query)).mappings().first()
    if row is None:
        return None
    return Credentials(account_of(row), row["login"], row["password_hash"], row["sealed_totp"], row["active"])


async def everybody(connection: AsyncConnection) -> list[Colleague]:
    """All accounts, those in use first, then by name."""
    query = select(accounts).order_by(accounts.c.active.desc(), func.lower(accounts.c.name), accounts.c.id)
    rows = (await connection.execute(query)).mappings()
    return [Colleague(account_of(row), row["login"], row["active"], row["password_hash"] is not None) for row in rows]


async def names(connection: AsyncConnection, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What colleagues read for each of `ids`."""
    query = select(accounts.c.id, accounts.c.name).where(accounts.c.id.in_(set(ids)))
    return {row.id: row.name for row in await connection.execute(query)}


async def may_answer(connection: AsyncConnection, account: UUID) -> bool:
    """Whether somebody may have conversations: active, and in a role for it."""
    query = select(accounts.c.id).where(accounts.c.id == account, accounts.c.active, accounts.c.role.in_(ANSWERING))
    return (await connection.execute(query)).first() is not None


async def is_supervisor(connection: AsyncConnection, account: UUID) -> bool:
    """Whether somebody decides where one operator alone may not: active, and a supervisor."""
    query = select(accounts.c.id).where(accounts.c.id == account, accounts.c.active, accounts.c.role == Role.SUPERVISOR)
    return (await connection.execute(query)).first() is not None


async def renew(connection: AsyncConnection, account: UUID, password_hash: str, sealed_totp: bytes) -> None:
    """Password and second factor anew, by an invitation."""
    await _set(connection, account, password_hash=password_hash, sealed_totp=sealed_totp, totp_step=None)


async def close_until_renewed(connection: AsyncConnection, account: UUID) -> None:
    """Take password and second factor away: whoever found the lost telephone cannot use them."""
    await _set(connection, account, password_hash=None, sealed_totp=None, totp_step=None)


async def set_password(connection: AsyncConnection, account: UUID, password_hash: str) -> None:
    """Another password."""
    await _set(connection, account, password_hash=password_hash)


async def set_languages(connection: AsyncConnection, account: UUID, languages: Sequence[str]) -> None:
    """The languages somebody answers in."""
    await _set(connection, account, languages=list(languages))


async def set_interface_language(connection: AsyncConnection, account: UUID, language: str) -> None:
    """The language of somebody's console."""
    await _set(connection, account, interface_language=language)


async def set_active(connection: AsyncConnection, account: UUID, active: bool) -> None:
    """Whether somebody may sign in."""
    await _set(connection, account, active=active)


async def set_role(connection: AsyncConnection, account: UUID, role: Role) -> None:
    """What somebody may do."""
    await _set(connection, account, role=role)


async def use_step(connection: AsyncConnection, account: UUID, step: int) -> bool:
    """Note that the code of this TOTP step was used; False when it, or a later one, was used before."""
    statement = (
        update(accounts)
        .where(accounts.c.id == account, (accounts.c.totp_step.is_(None)) | (accounts.c.totp_step < step))
        .values(totp_step=step)
    )
    return (await connection.execute(statement)).rowcount == 1


async def lock_administrators(connection: AsyncConnection) -> set[UUID]:
    """The administrators who can sign in; nobody else changes that before the transaction ends."""
    query = select(accounts.c.id).where(accounts.c.role == Role.ADMINISTRATOR, accounts.c.active).with_for_update()
    return {row.id for row in await connection.execute(query)}


async def _set(connection: AsyncConnection, account: UUID, **values: Any) -> None:
    await connection.execute(update(accounts).where(accounts.c.id == account).values(**values))
