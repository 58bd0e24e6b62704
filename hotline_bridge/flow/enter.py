"""enter: sign in with password and second factor, know a session again, sign out.

Whoever fails hears the same and waits as long, whether the login, the password or the code was wrong, so that nobody can find
out who works here. Passwords are checked between two transactions, in a thread.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network
from uuid import UUID, uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.accounts import passwords, people, recovery, second_factor, sessions, throttle
from hotline_bridge.accounts.people import Account, Credentials
from hotline_bridge.accounts.sessions import Session
from hotline_bridge.accounts.throttle import Limit
from hotline_bridge.errors import AccountRefused, Forgotten, TooSoon
from hotline_bridge.flow import trail
from hotline_bridge.flow.lost import give_back_all
from hotline_bridge.flow.stations import AtDesk, desk_of
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import presence
from hotline_bridge.vault.sealing import Key

log = structlog.get_logger(__name__)
FREE, LONGEST_WAIT = 5, 300.0  # failures and seconds, for a login or a known browser
SOURCE_FREE, SOURCE_LONGEST_WAIT = 30, 900.0  # an office shares one address


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
    limits = _limits(stations, attempt)
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


async def session(stations: AtDesk, token: str, *, counts: bool = True) -> Session | None:
    """Whose session this is, or None. With counts=False nobody has done anything: for pages that refresh by themselves.

    What counts keeps the session from ending and what its operator has from going back (flow/lost.py).
    """
    now = stations.clock()
    async with transaction(stations.store.engine) as connection:
        found = await sessions.find(connection, token, now)
    if found and counts and now - found.last_seen_at >= sessions.NOTED:
        async with transaction(stations.store.engine, durable=False) as connection:
            await sessions.touch(connection, token, now)
            await presence.seen(connection, found.account.id)
    return found


async def sign_out(stations: AtDesk, token: str) -> int:
    """From now on the token is worth nothing, whoever has it; whom its account had are in the queue again. How many these are.

    Safety: until they were missed, fifteen minutes later, neither an operator nor the bot would answer them.
    """
    now, given_back = stations.clock(), 0
    async with transaction(stations.store.engine) as connection:
        found = await sessions.find(connection, token, now)
        await sessions.end(connection, token, now)
        if found is not None:
            account = found.account.id
            given_back = await give_back_all(stations, connection, account, "given_back", by=account)
            await trail.note(stations, connection, account, "signed_out", account)
    log.info("signed out", given_back=given_back)
    return given_back


def totp_key(stations: AtDesk) -> Key:
    """The key under which second factors are sealed: from the desk's root, and good for nothing else."""
    return Key(desk_of(stations).derive("totp"))


async def recovery_hashes(stations: AtDesk, account: UUID, codes: list[str]) -> list[bytes]:
    """What is stored of recovery codes: as dear to guess as passwords, under a salt that the database does not hold."""
    salt = desk_of(stations).fingerprint("recovery", str(account))[:16]
    return [await passwords.stretched(second_factor.normal_recovery_code(code), salt) for code in codes]


def device_for(stations: AtDesk, login: str) -> str:
    """A cookie that says: somebody signed in as `login` here. It opens nothing."""
    nonce = sessions.new_token()
    return f"{nonce}.{_device_proof(stations, login, nonce)}"


def _device_proof(stations: AtDesk, login: str, nonce: str) -> str:
    return desk_of(stations).fingerprint("device", f"{people.normal_login(login)}\0{nonce}").hex()


def _limits(stations: AtDesk, attempt: Attempt) -> list[Limit]:
    """Who is counted: a browser that was here before alone, else the login and the source together."""
    desk = desk_of(stations)
    nonce, _, proof = (attempt.device or "").partition(".")
    if nonce and hmac.compare_digest(proof.encode("utf-8", "replace"), _device_proof(stations, attempt.login, nonce).encode()):
        return [Limit(desk.fingerprint("throttle:device", nonce), FREE, LONGEST_WAIT)]
    login = people.normal_login(attempt.login)
    return [
        Limit(desk.fingerprint("throttle:login", login), FREE, LONGEST_WAIT),
        Limit(desk.fingerprint("throttle:source", _network(attempt.source)), SOURCE_FREE, SOURCE_LONGEST_WAIT),
    ]


def _network(source: str) -> str:
    """Who is counted as one source: an IPv4 address, or the /64 of IPv6 addresses that a household has to itself."""
    try:
        address = ip_address(source)
    except ValueError:
        return source
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


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
