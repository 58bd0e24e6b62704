"""One conversation: what was said, what is known, who has it. It refreshes itself; what somebody types is left alone."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from fastapi import APIRouter, HTTPException
from starlette.requests import Request
from starlette.responses import Response

from hotline_bridge import transcript
from hotline_bridge.console import case_page, decision_views, panels, referral_views, reveal_views
from hotline_bridge.console.guard import Account, stations_of
from hotline_bridge.console.pages import page, see_other
from hotline_bridge.console.panels import Panel
from hotline_bridge.console.queue_views import Answering, Refreshing
from hotline_bridge.console.reply_box import EMPTY, Box
from hotline_bridge.console.texts import N_
from hotline_bridge.flow import drafts, look

router = APIRouter()

# Parts of the page that other modules bring: one line each.
PANELS: tuple[Panel, ...] = (reveal_views.PANEL, referral_views.PANEL, decision_views.PANEL)


@router.get("/conversations/{conversation}")
async def conversation(request: Request, account: Answering, conversation: UUID, lines: int = transcript.LATEST) -> Response:
    """The page, with so many of the latest lines."""
    return await case_at(request, account, conversation, latest=lines)


@router.get("/conversations/{conversation}/now")
async def now(
    request: Request, account: Refreshing, conversation: UUID, writing: str = "", lines: int = transcript.LATEST
) -> Response:
    """What changes on it by itself: lines, holder, facts, notes and events, and never a field that somebody types in."""
    latest = _allowed(lines)
    case = await look.at_case(stations_of(request), conversation, latest)
    if case is None:
        return see_other(request, "/queue", say=N_("This person asked to be forgotten. Nothing is left of it."), kind="bad")
    context = await case_page.shown(request, case, writing=writing == "yes", latest=latest)
    return page(request, "ticket/_now.html", **context)


async def case_at(
    request: Request,
    account: Account,
    conversation: UUID,
    *,
    box: Box = EMPTY,
    status: int = 200,
    latest: int = transcript.LATEST,
) -> Response:
    """The whole page; 404 for a conversation without a ticket."""
    stations = stations_of(request)
    latest = _allowed(latest)
    case = await look.at_case(stations, conversation, latest)
    if case is None:
        raise HTTPException(404)
    mine = case.conversation.operator_id == account.id
    context: dict[str, Any] = await case_page.shown(request, case, writing=mine, box=box, latest=latest)
    context["colleagues"] = await look.at_colleagues(stations, account.id) if mine else []
    key = await drafts.key_of(stations, account.id, case) if mine else None
    context["draft"] = base64.b64encode(key).decode() if key else None
    context["ready"] = context["wording"].ready(case.conversation.voice) if mine else []
    context["panels"] = await panels.load(PANELS, request, account, case)
    return page(request, "ticket.html", status=status, **context)


def _allowed(lines: int) -> int:
    """How many lines a page shows when so many are asked for."""
    return min(max(lines, transcript.LATEST), transcript.MOST)
