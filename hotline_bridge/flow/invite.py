"""invite: how somebody comes to have an account or sets its factors anew. No e-mail: a link is handed over.

The link is shown once, to whoever invites; of it only a hash is kept. It works once, for 72 hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.accounts import invitations, passwords, people, recovery, second_factor, sessions
from hotline_bridge.accounts.invitations import Invitation
from hotline_bridge.accounts.people import Account, Role
from hotline_bridge.errors import AccountRefused
from hotline_bridge.flow import trail
from hotline_bridge.flow.factors import recovery_hashes, totp_key
from hotline_bridge.flow.stations import AtDesk
from hotline_bridge.store.engine import transaction

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """An invitation as its page shows it, with the secret for the code's app. login: None where one must be chosen."""

    invitation: Invitation
    secret: str
    login: str | None


@dataclass(frozen=True, slots=True)
class Taken:
    """Who has an account now, and the recovery codes, which are shown this once."""

    account: Account
    codes: list[str]


async def invite(stations: AtDesk, name: str, role: Role, languages: Sequence[str], by: UUID | None) -> str:
    """The token of a one-time link for a new account. by: None for the command line. Raises AccountRefused("name")."""
    name = " ".join(name.split())
    if not 0 < len(name) <= people.LONGEST_NAME:
        raise AccountRefused("name")
    async with transaction(stations.store.engine) as connection:
        token = await new_link(stations, connection, name, role, languages, by)
        await trail.note(stations, connection, by, "invited", role=role)
    log.info("invited", role=role, by=str(by))
    return token


async def open_invitation(stations: AtDesk, token: str) -> Opened:
    """What the page of a link shows; nothing is used up. Raises AccountRefused("link")."""
    async with transaction(stations.store.engine) as connection:
        found = await invitations.find(connection, token, stations.clock())
        return await _opened(stations, connection, found)


async def accept(stations: AtDesk, token: str, login: str, password: str, code: str, *, interface_language: str = "en") -> Taken:
    """The account is made or renewed, if the code shows that the app has the secret.

    Raises AccountRefused: link, login, login_taken, code, or what passwords.fault names.
    """
    opened = await open_invitation(stations, token)
    login = people.normal_login(opened.login or login)
    if not _is_login(login):
        raise AccountRefused("login")
    if fault := passwords.fault(password, login):
        raise AccountRefused(fault)
    step = second_factor.step_of(opened.secret, code, stations.clock())
    if step is None:
        raise AccountRefused("code")
    password_hash = await passwords.hashed(password)
    codes = second_factor.new_recovery_codes()
    account = Account(
        opened.invitation.account or uuid4(),
        opened.invitation.name,
        opened.invitation.role,
        opened.invitation.languages,
        interface_language,
    )
    hashes = await recovery_hashes(stations, account.id, codes)
    now = stations.clock()
    async with transaction(stations.store.engine) as connection:
        found = await invitations.find(connection, token, now, lock=True)
        if found is None or not await invitations.use_up(connection, found.id, now):
            raise AccountRefused("link")
        await _store(stations, connection, account, opened, login, password_hash)
        await people.use_step(connection, account.id, step)
        await recovery.replace(connection, account.id, hashes)
        await trail.note(stations, connection, account.id, "invitation_taken_up", account.id, role=account.role)
    log.info("invitation taken up", account=str(account.id), role=account.role)
    return Taken(account, codes)


async def withdraw(stations: AtDesk, invitation: UUID, by: UUID) -> None:
    """The link works no more."""
    async with transaction(stations.store.engine) as connection:
        if await invitations.use_up(connection, invitation, stations.clock()):
            await trail.note(stations, connection, by, "invitation_withdrawn")
    log.info("invitation withdrawn", by=str(by))


async def new_link(
    stations: AtDesk,
    connection: AsyncConnection,
    name: str,
    role: Role,
    languages: Sequence[str],
    by: UUID | None,
    account: UUID | None = None,
) -> str:
    """The token of a new invitation, in the caller's transaction. account: whose factors it sets anew; None for a new one.

    The secret for the second factor is made now, so that the page may be opened twice.
    """
    token, id, now = sessions.new_token(), uuid4(), stations.clock()
    sealed = totp_key(stations).seal(f"totp:{id}", second_factor.new_secret())
    one = Invitation(id, name, role, tuple(languages), now + invitations.LASTS, account, by, sealed)
    await invitations.add(connection, one, token, now)
    return token


async def _opened(stations: AtDesk, connection: AsyncConnection, found: Invitation | None) -> Opened:
    if found is None or found.sealed_totp is None:
        raise AccountRefused("link")
    owner = await people.credentials(connection, id=found.account) if found.account else None
    secret = totp_key(stations).open(f"totp:{found.id}", found.sealed_totp)
    return Opened(found, secret, owner.login if owner else None)


async def _store(
    stations: AtDesk, connection: AsyncConnection, account: Account, opened: Opened, login: str, password_hash: str
) -> None:
    sealed = totp_key(stations).seal(f"totp:{account.id}", opened.secret)
    if opened.invitation.account is not None:
        await people.renew(connection, account.id, password_hash, sealed)
    elif not await people.add(connection, account, login, password_hash, sealed):
        raise AccountRefused("login_taken")


def _is_login(login: str) -> bool:
    """Letters of any script, digits, and . - _ @ within."""
    return 2 <= len(login) <= people.LONGEST_LOGIN and all(c.isalnum() or c in ".-_@" for c in login)
