"""colleagues: what an administrator does to others' accounts: close them, renew them, change their role, sign them out.

Safety: whoever may not come in any more is out at once, and nobody who waits for a human waits for them.
"""

from __future__ import annotations

from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import pagers
from hotline_bridge.accounts import invitations, people, recovery, sessions
from hotline_bridge.accounts.invitations import Invitation
from hotline_bridge.accounts.people import Colleague, Role
from hotline_bridge.errors import AccountRefused
from hotline_bridge.flow import pager, trail
from hotline_bridge.flow.invite import new_link
from hotline_bridge.flow.lost import give_back_all
from hotline_bridge.flow.stations import AtDesk
from hotline_bridge.replies.render import Renderer
from hotline_bridge.store.engine import transaction

log = structlog.get_logger(__name__)


async def overview(stations: AtDesk) -> tuple[list[Colleague], list[Invitation]]:
    """Everybody with an account, and the invitations that are open."""
    async with transaction(stations.store.engine) as connection:
        return await people.everybody(connection), await invitations.open_ones(connection, stations.clock())


async def renew(stations: AtDesk, renderer: Renderer, account: UUID, by: UUID) -> str:
    """A link by which somebody whose second factor is lost sets password and second factor anew.

    Until then nobody can sign in to the account; sessions end and the pager goes: the lost telephone may be in wrong hands.
    Raises AccountRefused: "own" for one's own account, "unknown".
    """
    if account == by:
        raise AccountRefused("own")
    now = stations.clock()
    async with transaction(stations.store.engine) as connection:
        found = await people.credentials(connection, id=account, lock=True)
        if found is None or not found.active:
            raise AccountRefused("unknown")
        await _shut(stations, renderer, connection, account, by)
        await people.close_until_renewed(connection, account)
        await recovery.replace(connection, account, ())
        await invitations.withdraw_for(connection, account, now)
        one = found.account
        token = await new_link(stations, connection, one.name, one.role, one.languages, by, account)
        await trail.note(stations, connection, by, "account_renewed", account)
    log.info("to be renewed", account=str(account), by=str(by))
    return token


async def deactivate(stations: AtDesk, renderer: Renderer, account: UUID, by: UUID) -> None:
    """Somebody may not sign in any more; their sessions and the links they gave out end now, whom they had is back in the queue.

    Raises AccountRefused: own, last_administrator, unknown.
    """
    now = stations.clock()
    async with transaction(stations.store.engine) as connection:
        await _may_lose_role(connection, account, by)
        await people.set_active(connection, account, False)
        await people.close_until_renewed(connection, account)
        await _shut(stations, renderer, connection, account, by)
        await invitations.withdraw_for(connection, account, now)
        await trail.note(stations, connection, by, "account_deactivated", account)
    log.info("deactivated", account=str(account), by=str(by))


async def reactivate(stations: AtDesk, renderer: Renderer, account: UUID, by: UUID) -> str:
    """Somebody comes back: a link by which they set password and second factor anew."""
    async with transaction(stations.store.engine) as connection:
        if await people.credentials(connection, id=account, lock=True) is None:
            raise AccountRefused("unknown")
        await people.set_active(connection, account, True)
        await trail.note(stations, connection, by, "account_reactivated", account)
    return await renew(stations, renderer, account, by)


async def change_role(stations: AtDesk, renderer: Renderer, account: UUID, role: Role, by: UUID) -> None:
    """Another role, with a new sign-in. The pager stays where the new role has one, the conversations where it answers.

    Raises AccountRefused: own, last_administrator, unknown.
    """
    async with transaction(stations.store.engine) as connection:
        await _may_lose_role(connection, account, by)
        await people.set_role(connection, account, role)
        await sessions.end_all(connection, account, stations.clock())
        if role not in pagers.ROLES:
            await _without_pager(stations, renderer, connection, account, by)
        if role not in people.ANSWERING:
            await give_back_all(stations, connection, account, "lost", by)
        await trail.note(stations, connection, by, "role_changed", account, role=role)
    log.info("role changed", account=str(account), role=role, by=str(by))


async def end_sessions(stations: AtDesk, account: UUID, by: UUID) -> None:
    """Somebody is signed out wherever they are; they may sign in again, and are paged as before."""
    async with transaction(stations.store.engine) as connection:
        await sessions.end_all(connection, account, stations.clock())
        await trail.note(stations, connection, by, "signed_out", account)
    log.info("signed out everywhere", account=str(account), by=str(by))


async def _may_lose_role(connection: AsyncConnection, account: UUID, by: UUID) -> None:
    """Not one's own, and never the last administrator's: two who do it to each other at once leave one."""
    if account == by:
        raise AccountRefused("own")
    administrators = await people.lock_administrators(connection)
    if await people.credentials(connection, id=account, lock=True) is None:
        raise AccountRefused("unknown")
    if administrators == {account}:
        raise AccountRefused("last_administrator")


async def _shut(stations: AtDesk, renderer: Renderer, connection: AsyncConnection, account: UUID, by: UUID) -> None:
    """Sessions end, the pager goes, and nobody waits for somebody who cannot come in."""
    await sessions.end_all(connection, account, stations.clock())
    await _without_pager(stations, renderer, connection, account, by)
    await give_back_all(stations, connection, account, "lost", by)


async def _without_pager(stations: AtDesk, renderer: Renderer, connection: AsyncConnection, account: UUID, by: UUID) -> None:
    if await pager.withdraw(stations, renderer, connection, account):
        await trail.note(stations, connection, by, "pager_removed", account)
