"""The people who work here, for administrators: who has an account, invitations, and the end of either."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from hotline_bridge.accounts import invitations
from hotline_bridge.accounts.people import Role
from hotline_bridge.console.guard import Account, signed_in, stations_of
from hotline_bridge.console.pages import page, see_other
from hotline_bridge.console.sentences import sentence
from hotline_bridge.console.texts import N_
from hotline_bridge.errors import AccountRefused
from hotline_bridge.flow import colleagues, invite
from hotline_bridge.flow.stations import DeskStations
from hotline_bridge.messages import LANGUAGES
from hotline_bridge.replies.render import Renderer

router = APIRouter(prefix="/people")
Administrator = Annotated[Account, Depends(signed_in(Role.ADMINISTRATOR))]
Text = Annotated[str, Form()]
_DEACTIVATED = N_(
    "The account is deactivated and its sessions have ended. Its pager is removed and its conversations are back in the queue."
)
DUTIES = {
    Role.OPERATOR: N_("answers people"),
    Role.SUPERVISOR: N_("answers people, sees what waits, approves reveals"),
    Role.ADMINISTRATOR: N_("looks after accounts and settings, sees no conversations"),
    Role.AUDITOR: N_("sees figures and the audit trail, no conversations"),
}


@router.get("")
async def show(request: Request, account: Administrator) -> Response:
    """Everybody, and the invitations that are open."""
    return await _page(request)


@router.post("/invitations")
async def invite_somebody(
    request: Request,
    account: Administrator,
    name: Text = "",
    role: Annotated[Role, Form()] = Role.OPERATOR,
    chosen: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """A one-time link, shown this once."""
    languages = [one for one in LANGUAGES if one in (chosen or [])]
    try:
        token = await invite.invite(stations_of(request), name, role, languages, account.id)
    except AccountRefused as error:
        return await _page(request, error=error)
    return await _page(request, link=_link(request, token), whose=" ".join(name.split()))


@router.post("/invitations/{invitation}/withdraw")
async def withdraw(request: Request, account: Administrator, invitation: UUID) -> Response:
    """The link works no more."""
    await invite.withdraw(stations_of(request), invitation, account.id)
    return see_other(request, "/people", say=N_("The invitation is withdrawn."))


@router.post("/{person}/renew")
async def renew(request: Request, account: Administrator, person: UUID) -> Response:
    """For a lost telephone: a link to set password and second factor anew."""
    return await _with_link(request, person, account, colleagues.renew)


@router.post("/{person}/reactivate")
async def reactivate(request: Request, account: Administrator, person: UUID) -> Response:
    """Somebody comes back."""
    return await _with_link(request, person, account, colleagues.reactivate)


@router.post("/{person}/deactivate")
async def deactivate(request: Request, account: Administrator, person: UUID) -> Response:
    """Somebody may not sign in any more."""
    try:
        await colleagues.deactivate(*_here(request), person, account.id)
    except AccountRefused as error:
        return await _page(request, error=error)
    return see_other(request, "/people", say=_DEACTIVATED)


@router.post("/{person}/sign-out")
async def sign_out(request: Request, account: Administrator, person: UUID) -> Response:
    """Somebody left a session open somewhere."""
    await colleagues.end_sessions(stations_of(request), person, account.id)
    return see_other(request, "/people", say=N_("The person is signed out everywhere."))


@router.post("/{person}/role")
async def change_role(request: Request, account: Administrator, person: UUID, role: Annotated[Role, Form()]) -> Response:
    """Another role for somebody."""
    try:
        await colleagues.change_role(*_here(request), person, role, account.id)
    except AccountRefused as error:
        return await _page(request, error=error)
    return see_other(request, "/people", say=N_("The role is changed; the person signs in anew."))


async def _with_link(request: Request, person: UUID, account: Account, step: Any) -> Response:
    try:
        token = await step(*_here(request), person, account.id)
    except AccountRefused as error:
        return await _page(request, error=error)
    return await _page(request, link=_link(request, token), whose=await _name(request, person), renewed=True)


def _here(request: Request) -> tuple[DeskStations, Renderer]:
    """What the steps work with that may have to tell a pager's chat."""
    stations = stations_of(request)
    return stations, stations.renderer()


async def _name(request: Request, person: UUID) -> str:
    everybody, _ = await colleagues.overview(stations_of(request))
    return next((one.account.name for one in everybody if one.account.id == person), "")


async def _page(
    request: Request,
    *,
    error: AccountRefused | None = None,
    link: str | None = None,
    whose: str = "",
    renewed: bool = False,
) -> Response:
    everybody, open_ones = await colleagues.overview(stations_of(request))
    return page(
        request,
        "people.html",
        status=422 if error else 200,
        everybody=everybody,
        invitations=open_ones,
        duties=DUTIES,
        answered=LANGUAGES,
        link=link,
        hours=invitations.LASTS // timedelta(hours=1),
        whose=whose,
        renewed=renewed,
        fault=sentence(error) if error else None,
    )


def _link(request: Request, token: str) -> str:
    """The whole address, under the name by which this page was reached or the one in the settings."""
    return f"{request.app.state.origin or str(request.base_url).rstrip('/')}/invitation/{token}"
