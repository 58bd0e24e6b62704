"""notify: send other case systems what was written down for them. At least once; by its id a receiver knows a repetition.

No transaction is open while a receiver is waited for, no redirect is followed, and no answer is read.
"""

from __future__ import annotations

import asyncio
import functools
import ssl
from dataclasses import dataclass

import httpx
import structlog

from hotline_bridge.errors import Forgotten, PartnerRefused
from hotline_bridge.flow.partner_access import webhook_key
from hotline_bridge.flow.stations import AtDesk
from hotline_bridge.partners import addresses, hooks, signing
from hotline_bridge.partners.hooks import Delivery
from hotline_bridge.store.engine import transaction

log = structlog.get_logger(__name__)
WITHIN = 15.0  # seconds for the whole attempt; shorter than the first pause
_TIMEOUT = httpx.Timeout(10.0, connect=5.0)


@dataclass(frozen=True, slots=True)
class Outlet:
    """How the outside is reached. private: also what is inside our network, and http (tests only)."""

    private: bool = False
    trust: ssl.SSLContext | None = None  # None: the system's certificates


async def notify(stations: AtDesk, outlet: Outlet) -> int:
    """One round: everything that is due, each webhook beside the others; how many were taken."""
    async with transaction(stations.store.engine) as connection:
        found = await hooks.due(connection)
    if not found:
        return 0
    trust = outlet.trust if outlet.trust is not None else await asyncio.to_thread(_system_trust)
    async with httpx.AsyncClient(verify=trust, follow_redirects=False, trust_env=False, timeout=_TIMEOUT) as client:
        done = await asyncio.gather(*(_deliver(stations, outlet, client, delivery) for delivery in found))
    return sum(done)


@functools.cache
def _system_trust() -> ssl.SSLContext:
    return ssl.create_default_context()


async def give_up(stations: AtDesk) -> int:
    """What nobody took for a day has failed, and is shown in the console."""
    async with transaction(stations.store.engine) as connection:
        failed = await hooks.give_up(connection)
    if failed:
        log.error("webhook deliveries were given up", deliveries=failed)
    return failed


async def _deliver(stations: AtDesk, outlet: Outlet, client: httpx.AsyncClient, delivery: Delivery) -> bool:
    answer = await _attempt(stations, outlet, client, delivery)
    taken = answer.startswith("2") and len(answer) == 3
    async with transaction(stations.store.engine) as connection:
        if taken:
            await hooks.sent(connection, delivery.id, answer)
        elif answer == "410":
            await hooks.stop(connection, delivery, answer)
        else:
            await hooks.missed(connection, delivery.id, answer)
    log.info("webhook", webhook=str(delivery.webhook), delivery=str(delivery.id), answer=answer)
    return taken


async def _attempt(stations: AtDesk, outlet: Outlet, client: httpx.AsyncClient, delivery: Delivery) -> str:
    """The status, or a short name of what went wrong. Neither names the receiver."""
    try:
        async with asyncio.timeout(WITHIN):
            secret = delivery.secret(webhook_key(stations))
            url = addresses.checked(delivery.url, private=outlet.private)
            target = await addresses.resolved(url, private=outlet.private)
            return await _post(client, target, signing.headers(secret, delivery.id, stations.clock(), delivery.body), delivery)
    except PartnerRefused as error:
        return error.reason
    except Forgotten:
        return "secret"  # sealed under another desk key: the webhook must be made anew
    except (TimeoutError, httpx.TimeoutException):
        return "timeout"
    except httpx.ConnectError as error:
        return "certificate" if "CERTIFICATE" in str(error).upper() else "unreachable"
    except (httpx.HTTPError, OSError, UnicodeError):
        return "unreachable"


async def _post(client: httpx.AsyncClient, target: addresses.Target, headers: dict[str, str], delivery: Delivery) -> str:
    """To the very address that was looked at: a name that is asked again may answer differently (DNS rebinding)."""
    request = client.build_request(
        "POST",
        target.url.copy_with(host=target.address),
        content=delivery.body.encode(),
        headers={**headers, "host": target.url.netloc.decode(), "user-agent": "Webhooks/1"},
        extensions={"sni_hostname": target.url.host},
    )
    response = await client.send(request, stream=True)
    await response.aclose()
    return str(response.status_code)
