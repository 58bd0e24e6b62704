"""Sign in, sign out, stay signed in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hotline_bridge.console import cookies, navigation
from hotline_bridge.console.guard import Account, NotSignedIn, signed_in, stations_of
from hotline_bridge.console.pages import local_path, page, see_other
from hotline_bridge.console.sentences import sentence
from hotline_bridge.console.texts import N_
from hotline_bridge.errors import AccountRefused, TooSoon
from hotline_bridge.flow import enter, session

router = APIRouter()
Anybody = Annotated[Account, Depends(signed_in())]
Text = Annotated[str, Form()]


@router.get("/")
async def start(request: Request, account: Anybody) -> Response:
    """To where this role begins its work."""
    return RedirectResponse(navigation.home(account.role, request.app.state.paths), 303)


@router.get("/sign-in")
async def form(request: Request, next: str = "/") -> Response:
    """The form, or on to the console for whoever is signed in."""
    try:
        await signed_in()(request)
    except NotSignedIn:
        return page(request, "sign_in.html", next=local_path(next), login="", fault=None)
    return RedirectResponse(local_path(next), 303)


@router.post("/sign-in")
async def enter_console(request: Request, login: Text = "", password: Text = "", code: Text = "", next: Text = "/") -> Response:
    """A new session, or the same sentence for everything that may be wrong."""
    jar = cookies.jar(request)
    source = request.client.host if request.client else ""
    attempt = enter.Attempt(login[:200], password[:200], code[:40], source, jar.get(request, cookies.DEVICE))
    try:
        done = await enter.sign_in(stations_of(request), attempt, instead_of=jar.get(request, cookies.SESSION))
    except AccountRefused as error:
        return _refused(request, error, login[:200], next)
    made = RedirectResponse(local_path(next), 303)
    jar.put(made, cookies.SESSION, done.token)
    jar.put(made, cookies.DEVICE, done.device)
    jar.drop(made, cookies.FORM)
    return made


def _refused(request: Request, error: AccountRefused, login: str, next: str) -> Response:
    context: dict[str, Any] = {"next": local_path(next), "login": login, "fault": sentence(error)}
    if not isinstance(error, TooSoon):
        return page(request, "sign_in.html", status=422, **context)
    made = page(request, "sign_in.html", status=429, **context)
    made.headers["retry-after"] = str(int(error.seconds) + 1)
    return made


@router.post("/sign-out")
async def leave(request: Request) -> Response:
    """The session ends for whoever holds its token, whom they had wait again, and the browser forgets the pages it kept."""
    jar, given_back = cookies.jar(request), 0
    if token := jar.get(request, cookies.SESSION):
        given_back = await session.sign_out(stations_of(request), token)
    say = (
        N_("You are signed out. People you had who wait in the queue again: %(number)s.")
        if given_back
        else N_("You are signed out.")
    )
    made = see_other(request, "/sign-in", say=say, number=given_back)
    jar.drop(made, cookies.SESSION)
    made.headers["clear-site-data"] = '"cache", "storage"'
    return made


@router.post("/session")
async def stay(request: Request, account: Anybody) -> Response:
    """Somebody is here and works, though they ask for no page: typing a long answer, or reading."""
    return Response(status_code=204)
