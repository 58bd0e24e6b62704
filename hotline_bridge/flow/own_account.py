"""own_account: what somebody changes about themselves. Whatever guards the account asks for the password and a fresh code.

Whoever has given both gets a new session in place of the one that asked: a copy of its cookie is worth nothing from then on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from hotline_bridge.accounts import passwords, people, recovery, second_factor, sessions, throttle
from hotline_bridge.accounts.people import Credentials
from hotline_bridge.accounts.throttle import Limit
from hotline_bridge.errors import AccountRefused, TooSoon
from hotline_bridge.flow import trail
from hotline_bridge.flow.factors import recovery_hashes, totp_key
from hotline_bridge.flow.guessers import FREE, LONGEST_WAIT
from hotline_bridge.flow.stations import AtDesk, desk_of
from hotline_bridge.store import signals
from hotline_bridge.store.engine import transaction

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that is open. this: the one that asks."""

    began: datetime
    last_seen: datetime
    this: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """codes: how many recovery codes are still good."""

    codes: int
    sessions: tuple[OpenSession, ...]


@dataclass(frozen=True, slots=True)
class NewCodes:
    """Ten recovery codes, shown this once, and the new session's token."""

    codes: list[str]
    session: str


async def change_password(stations: AtDesk, account: UUID, old: str, code: str, new: str) -> str:
    """Another password; all sessions of the account end, and a new one begins, whose token this is.

    Raises AccountRefused: wrong, or what passwords.fault names.
    """
    found = await _proven(stations, account, old, code)
    if fault := passwords.fault(new, found.login):
        raise AccountRefused(fault)
    anew = await passwords.hashed(new)
    async with transaction(stations.store.engine) as connection:
        await people.set_password(connection, account, anew)
        await sessions.end_all(connection, account, stations.clock())
        session = await sessions.begin(connection, account, stations.clock())
        await trail.note(stations, connection, account, "password_changed", account)
    log.info("password changed", account=str(account))
    return session


async def new_recovery_codes(stations: AtDesk, account: UUID, password: str, code: str, *, session: str) -> NewCodes:
    """Ten new codes; the old ones are worthless. Raises AccountRefused("wrong")."""
    await _proven(stations, account, password, code)
    codes = second_factor.new_recovery_codes()
    hashes = await recovery_hashes(stations, account, codes)
    async with transaction(stations.store.engine) as connection:
        await recovery.replace(connection, account, hashes)
        await sessions.end(connection, session, stations.clock())
        anew = await sessions.begin(connection, account, stations.clock())
        await trail.note(stations, connection, account, "recovery_codes_renewed", account)
    log.info("recovery codes renewed", account=str(account))
    return NewCodes(codes, anew)


async def end_other_sessions(stations: AtDesk, account: UUID, password: str, code: str) -> str:
    """Only this browser stays signed in, by a new session, whose token this is. Raises AccountRefused("wrong")."""
    await _proven(stations, account, password, code)
    async with transaction(stations.store.engine) as connection:
        await sessions.end_all(connection, account, stations.clock())
        session = await sessions.begin(connection, account, stations.clock())
        await trail.note(stations, connection, account, "signed_out", account)
    log.info("other sessions ended", account=str(account))
    return session


async def overview(stations: AtDesk, account: UUID, *, session: str) -> Overview:
    """What somebody may want to know of their account."""
    async with transaction(stations.store.engine) as connection:
        codes = await recovery.unused(connection, account)
        opened = await sessions.open_of(connection, account, stations.clock())
    own = sessions.fingerprint(session)
    return Overview(len(codes), tuple(OpenSession(began, seen, mark == own) for mark, began, seen in opened))


async def set_languages(stations: AtDesk, account: UUID, languages: Sequence[str]) -> None:
    """The languages somebody answers in."""
    async with transaction(stations.store.engine) as connection:
        await people.set_languages(connection, account, languages)
        await signals.send(connection, "account")


async def set_interface_language(stations: AtDesk, account: UUID, language: str) -> None:
    """The language of somebody's console."""
    async with transaction(stations.store.engine) as connection:
        await people.set_interface_language(connection, account, language)
        await signals.send(connection, "account")


async def _proven(stations: AtDesk, account: UUID, password: str, code: str) -> Credentials:
    """The account, if password and code are right now; guesses are slowed down as at the door."""
    now = stations.clock()
    limit = Limit(desk_of(stations).fingerprint("throttle:own", str(account)), FREE, LONGEST_WAIT)
    async with transaction(stations.store.engine) as connection:
        wait = await throttle.take(connection, [limit], now)
        found = await people.credentials(connection, id=account)
    if wait > 0:
        raise TooSoon(wait)
    if found is None or found.sealed_totp is None or not await passwords.fits(found.password_hash, password):
        raise AccountRefused("wrong")
    step = second_factor.step_of(totp_key(stations).open(f"totp:{account}", found.sealed_totp), code, now)
    async with transaction(stations.store.engine) as connection:
        if step is None or not await people.use_step(connection, account, step):
            raise AccountRefused("wrong")
        await throttle.forgive(connection, limit.key)
    return found
