"""session: know again whoever has signed in, and sign them out."""

from __future__ import annotations

import structlog

from hotline_bridge.accounts import sessions
from hotline_bridge.accounts.sessions import Session
from hotline_bridge.flow import trail
from hotline_bridge.flow.lost import give_back_all
from hotline_bridge.flow.stations import AtDesk
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import presence

log = structlog.get_logger(__name__)


async def whose(stations: AtDesk, token: str, *, counts: bool = True) -> Session | None:
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
