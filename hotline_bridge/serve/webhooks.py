"""The internet's listener: what providers call, and the page of a referral (letter.py).

Whatever is not one of its routes is 404, and nothing says what this is.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping

import structlog
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.datastructures import MutableHeaders
from starlette.requests import Request as HttpRequest
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hotline_bridge import metrics
from hotline_bridge.channels.base import ChannelAdapter, Parsed, Request
from hotline_bridge.errors import Forged, Refused
from hotline_bridge.flow.receive import receive
from hotline_bridge.flow.stations import Stations
from hotline_bridge.messages import Channel
from hotline_bridge.serve import letter
from hotline_bridge.serve.gate import Gate

log = structlog.get_logger(__name__)
MAX_BODY = 64 * 1024  # bytes
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'

# On every answer, errors included. The page of a referral has a policy of its own (letter.py).
HEADERS = {
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
HSTS = {"strict-transport-security": "max-age=31536000; includeSubDomains"}

# route -> channel, methods, what a stored message is acknowledged with
ROUTES: dict[str, tuple[Channel, tuple[str, ...], tuple[str, str]]] = {
    "/telegram": (Channel.TELEGRAM, ("POST",), ("", "text/plain")),
    "/sms/twilio": (Channel.TWILIO, ("POST",), (EMPTY_TWIML, "application/xml; charset=utf-8")),
    "/sms/twilio/status": (Channel.TWILIO, ("POST",), ("", "text/plain")),
    "/sms/kannel": (Channel.KANNEL, ("GET", "POST"), ("", "text/plain")),
    "/sms/kannel/status": (Channel.KANNEL, ("GET", "POST"), ("", "text/plain")),
}


# Forged calls a minute, from one source and from all, that are answered in full and logged. Genuine calls are not counted and
# never turned away, wherever they come from: a proxy in front may be the source of all (tests/serve/test_webhooks.py).
EACH, ALL = 60, 600


def app(stations: Stations, gate: Gate | None = None, *, https: bool = False) -> ASGIApp:
    """The listener for the channels that are configured. https: whether the internet reaches it by that alone."""
    refusals = gate or Gate(EACH, ALL)
    routes = [
        Route(path, _route(stations, stations.channels[channel], path, reply, refusals), methods=list(methods))
        for path, (channel, methods, reply) in ROUTES.items()
        if channel in stations.channels
    ]
    routes.append(Route(letter.PATH, letter.page(stations), methods=["GET", "POST"]))
    made = Starlette(routes=routes, exception_handlers={404: _nothing_here, 405: _nothing_here})
    made.router.redirect_slashes = False
    return _with_headers(made, HEADERS | (HSTS if https else {}))


def _with_headers(inside: ASGIApp, headers: Mapping[str, str]) -> ASGIApp:
    async def outside(scope: Scope, receive: Receive, send: Send) -> None:
        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = MutableHeaders(scope=message)
                for name, value in headers.items():
                    given.setdefault(name, value)
            await send(message)

        await inside(scope, receive, add)

    return outside


async def _nothing_here(request: HttpRequest, error: Exception) -> Response:
    """A wrong method or a slash too many tells a stranger no more than a wrong path."""
    return PlainTextResponse("", 404)


def _route(
    stations: Stations, channel: ChannelAdapter, path: str, reply: tuple[str, str], refusals: Gate
) -> Callable[[HttpRequest], Awaitable[Response]]:
    async def handle(http: HttpRequest) -> Response:
        began = time.perf_counter()
        body = await _body(http)
        if body is None:
            metrics.refused.labels(path, "too_large").inc()
            return PlainTextResponse("", 413)
        try:
            parsed = channel.parse(_request(http, path, body))
        except Refused as error:
            metrics.refused.labels(path, type(error).__name__.lower()).inc()
            if isinstance(error, Forged) and not refusals.lets_in(http.client.host if http.client else ""):
                return PlainTextResponse("", 429, headers={"Retry-After": "60"})
            log.warning("refused", route=path, why=type(error).__name__)
            return PlainTextResponse("", error.status)
        try:
            await receive(stations, parsed)
        except Exception as error:
            # Not acknowledged, so that the provider sends it again. The error's text may quote a row: its type is enough.
            metrics.refused.labels(path, "not_stored").inc()
            log.error("not stored", route=path, error=type(error).__name__)
            return PlainTextResponse("", 503, headers={"Retry-After": "5"})
        metrics.stored.labels(path).observe(time.perf_counter() - began)
        return Response(reply[0], media_type=reply[1], background=BackgroundTask(_after, channel, parsed))

    return handle


async def _after(channel: ChannelAdapter, parsed: Parsed) -> None:
    for inbound in parsed.inbound:
        await channel.acknowledge(inbound)
    for address in parsed.leave:
        await channel.leave(address)


async def _body(http: HttpRequest) -> bytes | None:
    """The body, or None as soon as it is larger than allowed, whatever its header says."""
    collected = bytearray()
    async for chunk in http.stream():
        collected += chunk
        if len(collected) > MAX_BODY:
            return None
    return bytes(collected)


def _request(http: HttpRequest, path: str, body: bytes) -> Request:
    headers = {k.lower(): v for k, v in http.headers.items()}
    return Request(http.method, path, headers, http.url.query, body)
