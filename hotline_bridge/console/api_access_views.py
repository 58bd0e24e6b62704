"""Access for other case systems, for administrators: tokens, webhooks, and what could not be delivered."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from hotline_bridge.accounts.people import Role
from hotline_bridge.console.guard import Account, signed_in, stations_of
from hotline_bridge.console.pages import page, see_other
from hotline_bridge.console.texts import N_
from hotline_bridge.errors import PartnerRefused
from hotline_bridge.flow import partner_access
from hotline_bridge.partners.tokens import SCOPES
from hotline_bridge.tickets.changes import EVENTS

router = APIRouter(prefix="/api-access")
Administrator = Annotated[Account, Depends(signed_in(Role.ADMINISTRATOR))]
Text = Annotated[str, Form()]
Chosen = Annotated[list[str] | None, Form()]

SCOPE_NAMES = {
    "tickets:read": N_("Read tickets: without people, words and operators"),
    "tickets:write": N_("Close tickets that a human has answered"),
    "figures:read": N_("Read the published figures"),
    "webhooks:manage": N_("Register webhooks, to which changes of tickets are told"),
}
EVENT_NAMES = {
    "ticket.opened": N_("A ticket was opened"),
    "ticket.taken": N_("An operator took it"),
    "ticket.returned": N_("It went back to the queue"),
    "ticket.closed": N_("It was closed"),
    "ticket.reopened": N_("The person wrote again"),
}
DAYS = {30: N_("30 days"), 90: N_("90 days"), 180: N_("180 days"), 365: N_("One year")}
REFUSALS = {
    "name": N_("Give the system a name by which colleagues know it."),
    "scopes": N_("Choose what the token may be used for."),
    "days": N_("Choose for how long the token works."),
    "url": N_("A webhook's address begins with https:// and has a host, and neither a user nor a #."),
    "private": N_("This address is not one of the public internet."),
    "events": N_("Choose of what the other system is told."),
    "many": N_("There are too many webhooks. Remove one that is not needed."),
}


@router.get("")
async def show(request: Request, account: Administrator) -> Response:
    """Everything that was made."""
    return await _page(request)


@router.post("/tokens")
async def make_token(
    request: Request, account: Administrator, name: Text = "", days: Annotated[int, Form()] = 0, scopes: Chosen = None
) -> Response:
    """A token, shown this once."""
    try:
        token = await partner_access.make_token(stations_of(request), account.id, name, scopes or [], days)
    except PartnerRefused as error:
        return await _page(request, error=error)
    return await _page(request, shown=token, what="token")


@router.post("/tokens/{token}/withdraw")
async def withdraw_token(request: Request, account: Administrator, token: UUID) -> Response:
    """It works no more."""
    await partner_access.withdraw_token(stations_of(request), account.id, token)
    return see_other(request, "/api-access", say=N_("The token works no more."))


@router.post("/webhooks")
async def add_webhook(request: Request, account: Administrator, url: Text = "", events: Chosen = None) -> Response:
    """A webhook; its secret is shown this once."""
    private = request.app.state.settings.webhooks_inside
    try:
        _, secret = await partner_access.add_webhook(stations_of(request), account.id, url, events or [], private=private)
    except PartnerRefused as error:
        return await _page(request, error=error)
    return await _page(request, shown=secret, what="secret")


@router.post("/webhooks/{webhook}/remove")
async def remove_webhook(request: Request, account: Administrator, webhook: UUID) -> Response:
    """Nothing is sent there any more."""
    await partner_access.remove_webhook(stations_of(request), account.id, webhook)
    return see_other(request, "/api-access", say=N_("The webhook is removed."))


@router.post("/webhooks/{webhook}/again")
async def send_again(request: Request, account: Administrator, webhook: UUID) -> Response:
    """What nobody took is sent for another day."""
    await partner_access.try_again(stations_of(request), webhook)
    return see_other(request, "/api-access", say=N_("What was not delivered is sent again."))


async def _page(request: Request, *, error: PartnerRefused | None = None, shown: str = "", what: str = "") -> Response:
    tokens, webhooks = await partner_access.overview(stations_of(request))
    given: dict[str, Any] = {"scope_names": SCOPE_NAMES, "event_names": EVENT_NAMES, "days": DAYS}
    return page(
        request,
        "api_access.html",
        status=422 if error else 200,
        tokens=tokens,
        webhooks=webhooks,
        now=stations_of(request).clock(),
        scopes=SCOPES,
        events=EVENTS,
        shown=shown,
        what=what,
        fault=(REFUSALS[error.reason], {}) if error else None,
        **given,
    )
