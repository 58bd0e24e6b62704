"""The door for other case systems, under /api/v1: by token, without cookies, people or words (docs/api.md)."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from hotline_bridge.console.api import figures, problems, tickets, webhooks
from hotline_bridge.console.api.access import Limits, anybody
from hotline_bridge.flow.stations import DeskStations

PATH = "/api/v1"
_ABOUT = """
Tickets and figures for case management systems. No answer holds who wrote, what was said, or which operator answered. Times are
the hour in which something happened, in UTC. Every refusal is a problem document (RFC 9457) whose `detail` is a sentence.
"""


def api(stations: DeskStations, *, private_webhooks: bool = False) -> FastAPI:
    """The application that is mounted at PATH."""
    made = FastAPI(
        title="Komek for case systems",
        version="1",
        description=_ABOUT.strip(),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        servers=[{"url": PATH}],
        responses={"4XX": problems.DOCUMENTED, "5XX": problems.DOCUMENTED},
    )
    made.router.redirect_slashes = False
    made.state.stations = stations
    made.state.limits = Limits()
    made.state.private_webhooks = private_webhooks
    for router in (tickets.router, figures.router, webhooks.router):
        made.include_router(router)

    @made.get("/openapi.json", include_in_schema=False, dependencies=[anybody])
    async def description() -> dict[str, Any]:
        """This description, for whoever has a token."""
        return made.openapi()

    problems.register(made)
    return made
