"""The console's listener on the inner side: pages for those who sign in, trial phones when they are on, health always."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import httpx
from fastapi import APIRouter, Depends, FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from hotline_bridge import bootstrap
from hotline_bridge.console import (
    account_views,
    api,
    api_access_views,
    audit_views,
    decision_views,
    figures_views,
    guide_views,
    invitation_views,
    list_views,
    live_views,
    navigation,
    people_views,
    preference_views,
    problems,
    queue_views,
    referral_views,
    refusals,
    reply_views,
    reveal_views,
    shift_views,
    sign_in_views,
    suggestion_views,
    templates,
    ticket_actions,
    ticket_views,
    trial,
)
from hotline_bridge.console.board import Board
from hotline_bridge.console.cookies import Jar
from hotline_bridge.console.guard import form_is_ours
from hotline_bridge.console.headers import HEADERS, Guarded
from hotline_bridge.console.live import Live
from hotline_bridge.console.queue_drawing import Drawing
from hotline_bridge.console.templates import STATIC
from hotline_bridge.flow.stations import DeskStations
from hotline_bridge.settings import Settings

__all__ = ["HEADERS", "app"]
MAX_BODY = 256 * 1024  # bytes

# Every page of the console: one line each. Their forms are checked by guard.form_is_ours.
PAGES: tuple[APIRouter, ...] = (
    sign_in_views.router,
    invitation_views.router,
    preference_views.router,
    account_views.router,
    api_access_views.router,
    people_views.router,
    queue_views.router,
    live_views.router,
    ticket_views.router,
    ticket_actions.router,
    reply_views.router,
    reveal_views.router,
    referral_views.router,
    suggestion_views.router,
    decision_views.router,
    audit_views.router,
    figures_views.router,
    shift_views.router,
    list_views.router,
    guide_views.router,
)


def app(settings: Settings, stations: DeskStations) -> FastAPI:
    """Every route of the listener."""
    https = settings.console_url.startswith("https://")
    made = _Console(https=https)
    made.state.stations = stations
    made.state.settings = settings
    made.state.live = Live(stations.store.engine)
    made.state.board = Board(made.state.live)
    made.state.jar = Jar(secure=https)
    made.state.origin = _origin(settings)
    made.state.templates = templates.ours()
    made.state.drawing = Drawing(made.state.templates)
    made.router.routes += [Route("/healthz", _health(settings)), Mount("/static", StaticFiles(directory=STATIC))]
    if stations.phones is not None:
        made.router.routes += trial.routes(stations.phones, bootstrap.trial_token(settings))
    made.router.routes += _pages()
    made.mount(api.PATH, api.api(stations, private_webhooks=settings.webhooks_inside))
    made.state.paths = navigation.paths_of(made.routes)
    problems.register(made)
    refusals.register(made)
    return made


@functools.cache
def _pages() -> tuple[BaseRoute, ...]:
    """The routes of all pages. Once for a process, because building them takes a moment."""
    together = APIRouter()
    for router in PAGES:
        together.include_router(router, dependencies=[Depends(form_is_ours)])
    return tuple(together.routes)


class _Console(FastAPI):
    """Without pages of documentation; with security headers on whatever leaves, errors included."""

    def __init__(self, *, https: bool) -> None:
        super().__init__(docs_url=None, redoc_url=None, openapi_url=None, max_body_size=MAX_BODY)
        self.router.redirect_slashes = False
        self._https = https

    def build_middleware_stack(self) -> ASGIApp:
        """The usual one, and the headers outermost."""
        return Guarded(super().build_middleware_stack(), https=self._https)


def _origin(settings: Settings) -> str | None:
    """What browsers must name as a form's origin; None when only this machine reaches the console, by whatever name."""
    if settings.komek_console_url is None:
        return None
    parts = urlsplit(settings.console_url)
    return f"{parts.scheme}://{parts.netloc}"


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
