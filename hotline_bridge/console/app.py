"""The console's listener on the inner side: trial phones when they are on, health always."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hotline_bridge.console import trial
from hotline_bridge.flow.stations import Stations
from hotline_bridge.settings import Settings

STATIC = Path(__file__).parent / "static"
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


def app(settings: Settings, stations: Stations) -> ASGIApp:
    """Every route of the listener."""
    routes: list[BaseRoute] = [Route("/healthz", _health(settings)), Mount("/static", StaticFiles(directory=STATIC))]
    if settings.trial:
        routes += [Route("/", _to_trial), *trial.routes(stations)]
    return _Guarded(Starlette(routes=routes))


def _health(settings: Settings) -> Callable[[Request], Awaitable[Response]]:
    async def health(request: Request) -> Response:
        """200; with ?all=yes only when the assistant is up too, so that a message gets its full answer."""
        if "all" in request.query_params and not await _assistant_is_up(settings):
            return JSONResponse({"ok": False}, 503)
        return JSONResponse({"ok": True})

    return health


async def _assistant_is_up(settings: Settings) -> bool:
    try:
        async with httpx.AsyncClient(timeout=1) as client:
            return (await client.get(settings.komek_rasa_url)).status_code == 200
    except httpx.HTTPError:
        return False


async def _to_trial(request: Request) -> Response:
    return RedirectResponse("/trial")


class _Guarded:
    """Security headers on every answer."""

    def __init__(self, inside: ASGIApp) -> None:
        self._inside = inside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *((k.encode(), v.encode()) for k, v in HEADERS.items())]
            await send(message)

        await self._inside(scope, receive, guarded)
