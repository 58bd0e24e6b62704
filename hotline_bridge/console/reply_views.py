"""Writing to the person."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from hotline_bridge.console import names
from hotline_bridge.console.case_page import Reply
from hotline_bridge.console.guard import Account, stations_of
from hotline_bridge.console.pages import page, see_other
from hotline_bridge.console.queue_views import AtDesk
from hotline_bridge.console.texts import N_
from hotline_bridge.console.ticket_views import case_at
from hotline_bridge.errors import DeskError, NotYours
from hotline_bridge.flow import operate

router = APIRouter()
SENT = N_("It is on its way.")
HELD = N_("It is kept until the person says that it is safe.")


@router.post("/conversations/{conversation}/reply")
async def reply(request: Request, account: AtDesk, conversation: UUID, text: Annotated[str, Form()] = "") -> Response:
    """Send it. What was typed comes back in the box when it is refused."""
    try:
        done = await operate.reply(stations_of(request), account.id, conversation, text)
    except DeskError as error:
        if "hx-request" not in request.headers and isinstance(error, NotYours):
            raise  # the whole page would have no box to put the words into
        return await _box(request, account, conversation, Reply(text, fault=names.REFUSALS.get(error.reason, str(error))), 422)
    if "hx-request" not in request.headers:
        return see_other(request, f"/conversations/{conversation}", say=HELD if done.held else SENT)
    return await _box(request, account, conversation, Reply(done=HELD if done.held else SENT))


async def _box(request: Request, account: Account, conversation: UUID, state: Reply, status: int = 200) -> Response:
    """The box alone for htmx, else the whole page around it."""
    if "hx-request" not in request.headers:
        return await case_at(request, account, conversation, reply=state, status=status)
    return page(request, "ticket/_reply.html", status=status, address=f"/conversations/{conversation}", reply=state)
