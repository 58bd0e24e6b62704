"""What somebody sees when a page cannot be had: a sentence that says what to do, in their language."""

from __future__ import annotations

import contextlib
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from hotline_bridge.console.guard import NotSignedIn, signed_in
from hotline_bridge.console.pages import here, is_fragment, page
from hotline_bridge.console.texts import N_

log = structlog.get_logger(__name__)
SENTENCES = {
    400: (N_("This could not be read"), N_("Go back, look at what you entered and send it again.")),
    403: (N_("This is not open to you"), N_("Your role does not include this page. Ask an administrator if you need it.")),
    404: (N_("There is no such page"), N_("It may have been moved or removed. Start again from the first page.")),
    405: (N_("This cannot be done here"), N_("Start again from the first page.")),
    413: (N_("That is too much at once"), N_("Shorten what you entered and send it again.")),
    500: (N_("Something went wrong on our side"), N_("Nothing you entered was kept. Wait a moment and try again.")),
    503: (N_("The console cannot reach its database"), N_("Wait a moment and try again.")),
}
NOT_OURS = (
    N_("This form is not valid any more"),
    N_("You signed in or out in another window, or the page was open too long. Open the page again and repeat what you did."),
)


def register(app: FastAPI) -> None:
    """Answers for everything that is raised."""
    app.add_exception_handler(NotSignedIn, _to_sign_in)
    app.add_exception_handler(HTTPException, _problem)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(DataError, _unfit)
    for error in (OperationalError, InterfaceError, PoolTimeout):
        app.add_exception_handler(error, _no_database)
    app.add_exception_handler(Exception, _broken)


async def _to_sign_in(request: Request, error: Exception) -> Response:
    """To the sign-in and back here. A link on another site brings no cookie along: ask again from our own page, which does."""
    if wants_json(request):
        return JSONResponse({"error": "not signed in"}, 401)
    back = here(request)
    if request.method == "GET" and request.headers.get("sec-fetch-site") == "cross-site":
        return page(request, "again.html", address=back)
    target = "/sign-in" if back in ("/", "/sign-in") else f"/sign-in?next={quote(back, safe='/')}"
    if is_fragment(request):
        return Response(status_code=401, headers={"hx-redirect": target})
    return Response(status_code=303, headers={"location": target})


async def _problem(request: Request, error: Any) -> Response:
    headers = getattr(error, "headers", None)
    if wants_json(request):
        return JSONResponse({"error": str(error.detail)}, error.status_code, headers)
    if error.status_code < 500:
        await _recognise(request)
    title, sentence = SENTENCES.get(error.status_code, SENTENCES[400])
    if error.status_code == 403 and error.detail in ("form", "origin"):
        title, sentence = NOT_OURS
    made = page(request, _template(request), status=error.status_code, title=title, sentence=sentence)
    made.headers.update(headers or {})
    return made


async def _unreadable(request: Request, error: Exception) -> Response:
    """A field is missing or of the wrong form. What was entered is not repeated."""
    return await _problem(request, HTTPException(400))


async def _unfit(request: Request, error: Any) -> Response:
    """The database refuses a field, one that holds NUL for example. Or we are at fault: so it is told by its kind."""
    log.warning("the database refuses a value", route=_route(request), error=type(error.orig).__name__)
    return await _unreadable(request, error)


async def _no_database(request: Request, error: Exception) -> Response:
    """The database is away; it comes back without anybody doing something here."""
    log.error("the database does not answer", error=type(error).__name__)
    return await _problem(request, HTTPException(503, headers={"retry-after": "5"}))


async def _broken(request: Request, error: Exception) -> Response:
    log.error("a page failed", route=_route(request), error=type(error).__name__)
    return await _problem(request, HTTPException(500))


def _route(request: Request) -> str | None:
    """The address's pattern, which holds no id and no word."""
    return getattr(request.scope.get("route"), "path", None)


async def _recognise(request: Request) -> None:
    """Show the navigation to whoever is signed in."""
    if not hasattr(request.state, "session"):
        with contextlib.suppress(NotSignedIn):
            await signed_in(counts=False)(request)


def wants_json(request: Request) -> bool:
    """Whether a program asks, not a browser's page."""
    accepted = request.headers.get("accept", "")
    return "application/json" in accepted and "text/html" not in accepted


def _template(request: Request) -> str:
    return "problem_fragment.html" if is_fragment(request) else "problem.html"
