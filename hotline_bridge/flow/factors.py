"""factors: how the second factors of accounts and their recovery codes are kept. The database alone opens neither."""

from __future__ import annotations

from uuid import UUID

from hotline_bridge.accounts import passwords, second_factor
from hotline_bridge.flow.stations import AtDesk, desk_of
from hotline_bridge.vault.sealing import Key


def totp_key(stations: AtDesk) -> Key:
    """The key under which second factors are sealed: from the desk's root, and good for nothing else."""
    return Key(desk_of(stations).derive("totp"))


async def recovery_hashes(stations: AtDesk, account: UUID, codes: list[str]) -> list[bytes]:
    """What is stored of recovery codes: as dear to guess as passwords, under a salt that the database does not hold."""
    salt = desk_of(stations).fingerprint("recovery", str(account))[:16]
    return [await passwords.stretched(second_factor.normal_recovery_code(code), salt) for code in codes]
