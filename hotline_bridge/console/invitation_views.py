"""The page behind a one-time link: choose login and password, scan the QR picture, get recovery codes."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from hotline_bridge.accounts import second_factor
from hotline_bridge.console.guard import stations_of
from hotline_bridge.console.pages import page
from hotline_bridge.console.sentences import sentence
from hotline_bridge.console.texts import language_of
from hotline_bridge.errors import AccountRefused
from hotline_bridge.flow import invite

router = APIRouter()
Text = Annotated[str, Form()]


@router.get("/invitation/{token}")
async def form(request: Request, token: str) -> Response:
    """What the link is for. Opening it uses nothing up: messengers open links by themselves."""
    return await _form(request, token)


@router.post("/invitation/{token}")
async def accept(
    request: Request, token: str, login: Text = "", password: Text = "", repeated: Text = "", code: Text = ""
) -> Response:
    """The account, and its recovery codes this once."""
    try:
        if password != repeated:
            raise AccountRefused("differs")
        taken = await invite.accept(
            stations_of(request), token, login, password, code[:40], interface_language=language_of(request)
        )
    except AccountRefused as error:
        return await _form(request, token, error, login[:200])
    return page(request, "recovery_codes.html", codes=taken.codes, onward="/sign-in", first=True)


async def _form(request: Request, token: str, error: AccountRefused | None = None, login: str = "") -> Response:
    try:
        opened = await invite.open_invitation(stations_of(request), token)
    except AccountRefused as gone:
        return page(request, "invitation_gone.html", status=410, fault=sentence(gone))
    context: dict[str, Any] = {
        "opened": opened,
        "login": opened.login or login,
        # Drawn by us from letters and digits of ours: nothing of it was typed by anybody.
        "picture": Markup(second_factor.picture(opened.secret, opened.login or opened.invitation.role)),  # noqa: S704
        "secret": second_factor.spaced(opened.secret),
        "fault": sentence(error) if error else None,
    }
    return page(request, "invitation.html", status=422 if error else 200, **context)
