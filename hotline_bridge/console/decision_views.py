"""The time to decide of those who were identified as victims: on the conversation's page, and a list with reminders."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from hotline_bridge.console.guard import Account, stations_of
from hotline_bridge.console.pages import page, see_other
from hotline_bridge.console.panels import Panel
from hotline_bridge.console.queue_views import Answering, Refreshing
from hotline_bridge.console.texts import N_
from hotline_bridge.errors import DeskError
from hotline_bridge.flow import decide
from hotline_bridge.flow.look import Case
from hotline_bridge.flow.stations import today

router = APIRouter()
STAGES = {
    "running": ("taken", N_("running")),
    "soon": ("waiting", N_("ends soon")),
    "last": ("danger", N_("ends within two days")),
    "over": ("closed", N_("ended")),
}


async def panel(request: Request, account: Account, case: Case) -> dict[str, Any]:
    """The conversation's part."""
    stations = stations_of(request)
    return {"time": await decide.of(stations, case.conversation.id), "today": today(stations), "stages": STAGES}


PANEL = Panel("ticket/_decision_time.html", panel)


@router.post("/conversations/{conversation}/identified")
async def identified(request: Request, account: Answering, conversation: UUID, on: Annotated[str, Form()] = "") -> Response:
    """Note the day."""
    try:
        day = date.fromisoformat(on)
    except ValueError:
        raise DeskError("identified", "this is no day") from None
    await decide.identified(stations_of(request), account.id, conversation, day)
    return see_other(request, f"/conversations/{conversation}")


@router.post("/conversations/{conversation}/not-identified")
async def not_identified(request: Request, account: Answering, conversation: UUID) -> Response:
    """Take it back."""
    await decide.not_identified(stations_of(request), account.id, conversation)
    return see_other(request, f"/conversations/{conversation}")


@router.get("/decision-times")
async def decision_times(request: Request, account: Answering) -> Response:
    """The list, the one that ends first on top."""
    stations = stations_of(request)
    found = await decide.reminders(stations)
    return page(request, "decision_times.html", found=found, today=today(stations), stages=STAGES)


@router.get("/decision-times/soon")
async def soon(request: Request, account: Refreshing) -> Response:
    """How many end within ten days, for the navigation; nothing for none."""
    number = await decide.soon(stations_of(request))
    return page(request, "badge.html", number=number, words=N_("%(number)s end soon"))
