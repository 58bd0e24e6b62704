"""enter: sign in with password and second factor.

Whoever fails hears the same and waits as long, whether the login, the password or the code was wrong, so that nobody can find
out who works here. Passwords are checked between two transactions, in a thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.accounts import passwords, people, recovery, second_factor, sessions, throttle
from hotline_bridge.accounts.people import Account, Credentials
from hotline_bridge.accounts.throttle import Limit
from hotline_bridge.errors import AccountRefused, Forgotten, TooSoon
from hotline_bridge.flow import trail
from hotline_bridge.flow.factors import recovery_hashes, totp_key
from hotline_bridge.flow.guessers import device_for, limits_at_the_door
from hotline_bridge.flow.stations import AtDesk
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import presence

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody gave at the door. source: their network address; device: the cookie of a browser that was here before."""

    login: str
    password: str
    code: str
    source: str
    device: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who it is, the session's token, and the cookie by which this browser is known next time."""

    account: Account
    token: str
    device: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What was found under a login; for an unknown one as much that never fits."""

    found: Credentials | None
    secret: str
    recovery: set[bytes]


async def sign_in(stations: AtDesk, attempt: Attempt, *, instead_of: str | None = None) -> SignedIn:
    """A new session; the one of token `instead_of` ends. Raises AccountRefused("wrong") and TooSoon."""
    now = stations.clock()
    limits = limits_at_the_door(stations, attempt.login, attempt.source, attempt.device)
    async with transaction(stations.store.engine) as connection:
        wait = await throttle.take(connection, limits, now)
        found = await people.credentials(connection, login=attempt.login)
        spare = await recovery.unused(connection, found.account.id if found else uuid4())
    if wait > 0:
        log.warning("sign-in refused", why="too_soon", account=str(found.account.id) if found else None)
        raise TooSoon(wait)
    known = _Known(found, _secret(stations, found), spare)
    right_password = await passwords.fits(found.password_hash if found else None, attempt.password)
    step, code = await _second_factor(stations, known, attempt, now)
    if found is None or not found.active or not right_password or (step is None and code is None):
        raise await _refused(stations, found, "wrong")
    return await _begin(stations, found, attempt, limits, step, code, instead_of)


def _secret(stations: AtDesk, found: Credentials | None) -> str:
    """The account's second factor; another one where there is none, which is tried all the same."""
    if found is not None and found.sealed_totp is not None:
        try:
            return totp_key(stations).open(f"totp:{found.account.id}", found.sealed_totp)
        except Forgotten:
            log.error("a second factor was sealed under another master key", account=str(found.account.id))
    return second_factor.new_secret()


async def _second_factor(stations: AtDesk, known: _Known, attempt: Attempt, now: datetime) -> tuple[int | None, bytes | None]:
    """The step of the six digits, or the hash of the recovery code; (None, None) when neither fits."""
    if not second_factor.looks_like_recovery_code(attempt.code):
        return second_factor.step_of(known.secret, attempt.code, now), None
    (digest,) = await recovery_hashes(stations, known.found.account.id if known.found else uuid4(), [attempt.code])
    return None, digest if digest in known.recovery else None


async def _begin(
    stations: AtDesk,
    found: Credentials,
    attempt: Attempt,
    limits: list[Limit],
    step: int | None,
    code: bytes | None,
    instead_of: str | None,
) -> SignedIn:
    """Use the code up and open the session, in one transaction: each code counts once, even in two browsers at once."""
    now, account, token = stations.clock(), found.account, ""
    by = "code" if step is not None else "recovery_code"
    async with transaction(stations.store.engine) as connection:
        present = await people.credentials(connection, id=account.id, lock=True)
        unchanged = present is not None and present.active and present.password_hash == found.password_hash
        used = unchanged and (
            await people.use_step(connection, account.id, step)
            if step is not None
            else await recovery.use(connection, account.id, code or b"", now)
        )
        if used:
            token = await _open(stations, connection, account, limits, instead_of)
            await trail.note(stations, connection, account.id, "signed_in", account.id, by=by)
    if not used:
        raise await _refused(stations, found, "used_before")
    log.info("signed in", account=str(account.id), by=by)
    async with transaction(stations.store.engine, durable=False) as connection:  # of its own: the account is locked above
        await presence.seen(connection, account.id)
    await _rehash(stations, found, attempt.password)
    return SignedIn(account, token, device_for(stations, found.login))


async def _open(
    stations: AtDesk, connection: AsyncConnection, account: Account, limits: list[Limit], instead_of: str | None
) -> str:
    now = stations.clock()
    if instead_of is not None:
        await sessions.end(connection, instead_of, now)
    token = await sessions.begin(connection, account.id, now)
    who, *others = limits
    await throttle.forgive(connection, who.key)
    for other in others:
        await throttle.take_back(connection, other.key, now)
    return token


async def _refused(stations: AtDesk, found: Credentials | None, why: str) -> AccountRefused:
    """What is raised. It is written down for unknown logins too, without them: no difference of time tells them apart."""
    account = found.account.id if found else None
    async with transaction(stations.store.engine) as connection:
        await trail.note(stations, connection, None, "sign_in_failed", account, why=why)
    log.warning("sign-in refused", why=why, account=str(account))
    return AccountRefused("wrong")


async def _rehash(stations: AtDesk, found: Credentials, password: str) -> None:
    """Keep the password under today's parameters; only now do we have it in clear."""
    if found.password_hash is not None and passwords.is_outdated(found.password_hash):
        anew = await passwords.hashed(password)
        async with transaction(stations.store.engine) as connection:
            await people.set_password(connection, found.account.id, anew)
