"""Writing to the person: the box, what is noticed while somebody types, and the press of the button."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from hotline_bridge.console import names
from hotline_bridge.console.guard import Account, stations_of
from hotline_bridge.console.pages import is_fragment, page, see_other
from hotline_bridge.console.queue_views import Answering
from hotline_bridge.console.reply_box import Box, pressed
from hotline_bridge.console.texts import N_
from hotline_bridge.console.ticket_views import case_at
from hotline_bridge.errors import DeskError, NotYours
from hotline_bridge.flow.proofread import proofread
from hotline_bridge.flow.reply import reply as write

router = APIRouter()
Text = Annotated[str, Form()]
SENT = N_("It is on its way.")
HELD = N_("It is held until the person says that it is safe, or until what they have just written is read.")


@router.post("/conversations/{conversation}/check")
async def check(request: Request, account: Answering, conversation: UUID, text: Text = "") -> Response:
    """What is noticed in the words so far. A POST, because what is typed must not stand in any address."""
    proof = await proofread(stations_of(request), conversation, text)
    return page(request, "ticket/_findings.html", box=Box(text, proof.findings))


@router.post("/conversations/{conversation}/reply")
async def reply(request: Request, account: Answering, conversation: UUID, text: Text = "", confirmed: Text = "") -> Response:
    """Send it. What was typed comes back in the box when it is refused, or when it must be looked at once more."""
    stations = stations_of(request)
    try:
        proof = await proofread(stations, conversation, text)
        asked = pressed(text, proof.findings, confirmed)
        if asked is not None:
            return await _box(request, account, conversation, asked, 422)
        done = await write(stations, account.id, conversation, text, looked=proof.looked)
    except DeskError as error:
        if not is_fragment(request) and isinstance(error, NotYours):
            raise  # the whole page would have no box to put the words into
        refused = Box(text, fault=names.REFUSALS.get(error.reason, str(error)))
        return await _box(request, account, conversation, refused, 409 if isinstance(error, NotYours) else 422)
    if not is_fragment(request):
        return see_other(request, f"/conversations/{conversation}", say=HELD if done.held else SENT)
    return await _box(request, account, conversation, Box(done=HELD if done.held else SENT))


async def _box(request: Request, account: Account, conversation: UUID, box: Box, status: int = 200) -> Response:
    """The box alone for htmx, else the whole page around it."""
    if not is_fragment(request):
        return await case_at(request, account, conversation, box=box, status=status)
    context: dict[str, Any] = {"address": f"/conversations/{conversation}", "box": box}
    return page(request, "ticket/_box.html", status=status, **context)
