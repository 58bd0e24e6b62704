"""partner_access: how another case system comes to have a token or a webhook, and loses it. For administrators.

Tokens and secrets are shown once, to whoever makes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.errors import PartnerRefused
from hotline_bridge.flow import trail
from hotline_bridge.flow.stations import AtDesk, desk_of
from hotline_bridge.partners import addresses, hooks, signing, tokens
from hotline_bridge.partners.hooks import Webhook
from hotline_bridge.partners.tokens import SCOPES, Token
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets.changes import EVENTS
from hotline_bridge.vault.sealing import Key

log = structlog.get_logger(__name__)
LONGEST_NAME = 80
DAYS = (30, 90, 180, 365)
MOST_WEBHOOKS = 20


def webhook_key(stations: AtDesk) -> Key:
    """What seals the webhooks' secrets."""
    return Key(desk_of(stations).derive("webhook"))


async def make_token(stations: AtDesk, by: UUID, name: str, scopes: Sequence[str], days: int) -> str:
    """A token for `days` days. Raises PartnerRefused: name, scopes, days."""
    name = " ".join(name.split())
    chosen = [scope for scope in SCOPES if scope in scopes]
    if not 0 < len(name) <= LONGEST_NAME:
        raise PartnerRefused("name", "give the system a name by which colleagues know it")
    if not chosen or set(scopes) - set(SCOPES):
        raise PartnerRefused("scopes", "choose what the token may be used for")
    if days not in DAYS:
        raise PartnerRefused("days", "choose for how long the token works")
    now = stations.clock()
    async with transaction(stations.store.engine) as connection:
        made, token = await tokens.make(connection, name, chosen, by, now, now + timedelta(days=days))
        for scope in chosen:
            await trail.note(stations, connection, by, "token_made", token=made, scope=scope.replace(":", "_"))
    log.info("token made", token=str(made), by=str(by), scopes=chosen)
    return token


async def withdraw_token(stations: AtDesk, by: UUID, token: UUID) -> None:
    """It works no more from the commit on."""
    async with transaction(stations.store.engine) as connection:
        if await tokens.withdraw(connection, token, stations.clock()):
            await trail.note(stations, connection, by, "token_withdrawn", token=token)
    log.info("token withdrawn", token=str(token), by=str(by))


async def add_webhook(
    stations: AtDesk, by: UUID | Token, url: str, events: Sequence[str], *, private: bool = False
) -> tuple[UUID, str]:
    """Its id and its secret. by: an account, or a token that may. Raises PartnerRefused: url, private, events, many."""
    found = addresses.checked(url, private=private)
    chosen = [event for event in EVENTS if event in events]
    if not chosen or set(events) - set(EVENTS):
        raise PartnerRefused("events", "choose of what the other system is told")
    secret = signing.new_secret()
    async with transaction(stations.store.engine) as connection:
        if len(await hooks.everything(connection)) >= MOST_WEBHOOKS:
            raise PartnerRefused("many", f"there are {MOST_WEBHOOKS} webhooks already; remove one that is not needed", 409)
        made = await hooks.add(connection, webhook_key(stations), str(found), chosen, secret)
        await _note(stations, connection, by, "webhook_made", made)
    log.info("webhook made", webhook=str(made))
    return made, secret


async def remove_webhook(stations: AtDesk, by: UUID | Token, webhook: UUID) -> bool:
    """Nothing is sent there any more; False when there is none."""
    async with transaction(stations.store.engine) as connection:
        done = await hooks.remove(connection, webhook)
        if done:
            await _note(stations, connection, by, "webhook_withdrawn", webhook)
    return done


async def try_again(stations: AtDesk, webhook: UUID) -> int:
    """What was given up is sent for another day; how many."""
    async with transaction(stations.store.engine) as connection:
        return await hooks.try_again(connection, webhook)


async def overview(stations: AtDesk) -> tuple[list[Token], list[Webhook]]:
    """Everything that was made."""
    async with transaction(stations.store.engine) as connection:
        return await tokens.everything(connection), await hooks.everything(connection)


async def webhooks(stations: AtDesk) -> list[Webhook]:
    """The webhooks alone."""
    async with transaction(stations.store.engine) as connection:
        return await hooks.everything(connection)


async def _note(stations: AtDesk, connection: AsyncConnection, by: UUID | Token, action: str, webhook: UUID) -> None:
    if isinstance(by, Token):
        await trail.note(stations, connection, None, action, webhook=webhook, token=by.id)
    else:
        await trail.note(stations, connection, by, action, webhook=webhook)
