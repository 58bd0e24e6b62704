"""What an operator does with a conversation: take it, write a note, give it away, close it. Each is one step of flow/."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from hotline_bridge.console.guard import Account, signed_in, stations_of
from hotline_bridge.console.pages import is_fragment, see_other
from hotline_bridge.console.queue_views import Answering
from hotline_bridge.console.refusals import again, said_in_the_field
from hotline_bridge.console.texts import N_
from hotline_bridge.flow import let_go, operate
from hotline_bridge.flow.take_over import take_over
from hotline_bridge.retention import REOPENS
from hotline_bridge.tickets.needs import KEPT_CLOSED

router = APIRouter()
Text = Annotated[str, Form()]
CLOSED = N_("Closed. It opens again if the person writes within %(n)s days.")
CLOSED_FOR_GOOD = N_("Closed. If the person asks for an operator or writes of danger, there is a new request.")
Supervisor = Annotated[Account, Depends(signed_in("supervisor"))]


@router.post("/conversations/{conversation}/claim")
async def claim(request: Request, account: Answering, conversation: UUID) -> Response:
    """Take it; whoever was slower is told who has it (refusals.py)."""
    await operate.claim(stations_of(request), account.id, conversation)
    return see_other(request, f"/conversations/{conversation}")


@router.post("/conversations/{conversation}/take-over")
async def taken_over(request: Request, account: Supervisor, conversation: UUID) -> Response:
    """From a colleague who has it."""
    await take_over(stations_of(request), account.id, conversation)
    return see_other(request, f"/conversations/{conversation}")


@router.post("/conversations/{conversation}/flag-seen")
async def flag_seen(request: Request, account: Answering, conversation: UUID) -> Response:
    """Danger of somebody who may not be written to: nobody is called for it any more."""
    await operate.flag_seen(stations_of(request), account.id, conversation)
    return see_other(request, f"/conversations/{conversation}", say=N_("Nobody is called for this any more. It stays with you."))


@router.post("/conversations/{conversation}/hand-over")
async def hand_over(request: Request, account: Answering, conversation: UUID, to: Annotated[UUID, Form()]) -> Response:
    """To a colleague."""
    await operate.hand_over(stations_of(request), account.id, conversation, to)
    return see_other(request, "/queue", say=N_("Handed over."))


@router.post("/conversations/{conversation}/give-back")
async def give_back(request: Request, account: Answering, conversation: UUID) -> Response:
    """Into the queue."""
    await operate.give_back(stations_of(request), account.id, conversation)
    return see_other(request, "/queue", say=N_("Given back. The assistant answers until somebody takes it."))


@router.post("/conversations/{conversation}/close")
async def close(request: Request, account: Answering, conversation: UUID, outcome: Text = "") -> Response:
    """With how it ended."""
    await operate.close(stations_of(request), account.id, conversation, outcome)
    if outcome == KEPT_CLOSED:
        return see_other(request, "/queue", say=CLOSED_FOR_GOOD)
    return see_other(request, "/queue", say=CLOSED, n=REOPENS.days)


@router.post("/conversations/{conversation}/forget")
async def let_go_of(request: Request, account: Answering, conversation: UUID, reason: Text = "", sure: Text = "") -> Response:
    """Everything, for good."""
    await let_go.order(stations_of(request), account.id, conversation, reason, sure=sure == "yes")
    return see_other(request, "/queue", say=N_("This person is being forgotten."))


@router.post("/conversations/{conversation}/note")
async def note(request: Request, account: Answering, conversation: UUID, text: Text = "") -> Response:
    """For colleagues. What was typed stays in the field when it is refused."""
    inside = is_fragment(request)
    with said_in_the_field("empty", "long", "identifying", when=inside) as field:
        await operate.note(stations_of(request), account.id, conversation, text)
    if not inside:
        return see_other(request, f"/conversations/{conversation}")
    given = {"address": f"/conversations/{conversation}", "note_text": text if field.fault else "", "note_fault": field.fault}
    return again(request, "ticket/_note_form.html", field, **given)
