"""Accounts and sessions for tests, made without the sign-in."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from hotline_bridge.accounts import people, sessions
from hotline_bridge.accounts.people import Account, Role
from hotline_bridge.flow.factors import totp_key
from hotline_bridge.flow.stations import DeskStations
from hotline_bridge.store.engine import transaction

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # every account's second factor in these tests


async def add_account(
    stations: DeskStations,
    role: str = "operator",
    *,
    login: str | None = None,
    password_hash: str = "unusable",
    languages: Sequence[str] = ("ru",),
    name: str | None = None,
) -> Account:
    """An account with the second factor of these tests."""
    account = Account(uuid4(), name or f"{role.title()} {login or ''}".strip(), Role(role), tuple(languages), "en")
    sealed = totp_key(stations).seal(f"totp:{account.id}", SECRET)
    async with transaction(stations.store.engine) as connection:
        assert await people.add(connection, account, login or f"{role}-{account.id.hex[:8]}", password_hash, sealed)
    return account


async def open_session(stations: DeskStations, account: Account) -> str:
    """The token of a new session."""
    async with transaction(stations.store.engine) as connection:
        return await sessions.begin(connection, account.id, stations.clock())
