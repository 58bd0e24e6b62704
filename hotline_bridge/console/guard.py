"""Who may ask for a page, and whether a form is ours. Every page's route says by `signed_in` who may have it."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import structlog
from fastapi import HTTPException, Request

from hotline_bridge.accounts.people import Account, Role
from hotline_bridge.accounts.sessions import form_token
from hotline_bridge.console import cookies
from hotline_bridge.flow.session import whose
from hotline_bridge.flow.stations import DeskStations

__all__ = ["Account", "NotSignedIn", "form_is_ours", "signed_in", "still_signed_in"]
log = structlog.get_logger(__name__)
FORM_FIELD = "csrf"
FORM_HEADER = "x-csrf-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class NotSignedIn(Exception):
    """There is no session, or no more."""


def signed_in(*roles: str, counts: bool = True) -> Callable[[Request], Awaitable[Account]]:
    """A dependency that gives the Account of whoever asks, if they have one of `roles`; without roles, any.

    With counts=False the request does not keep the session from ending: for event streams and what refreshes by itself.
    Nobody is sent to the sign-in; another role gets 403.
    """
    allowed = {Role(role) for role in roles} or set(Role)

    async def who(request: Request) -> Account:
        token = cookies.jar(request).get(request, cookies.SESSION)
        found = await whose(stations_of(request), token, counts=counts) if token else None
        if found is None:
            raise NotSignedIn
        request.state.session = found
        if found.account.role not in allowed:
            log.warning("not open to this role", account=str(found.account.id), role=found.account.role, route=_route(request))
            raise HTTPException(403)
        return found.account

    return who


async def still_signed_in(request: Request) -> Account | None:
    """The account as it is now, if the session of a long answer (an event stream) still holds; asking does not keep it alive."""
    token = cookies.jar(request).get(request, cookies.SESSION)
    found = await whose(stations_of(request), token, counts=False) if token else None
    if found is None:
        return None
    request.state.session = found  # what is drawn from now on is in the account's language of now
    return found.account


async def form_is_ours(request: Request) -> None:
    """403 unless what changes something comes from our own page: right origin, and the token of this browser's session.

    The token stands in the form's hidden field, or in the header that htmx sends (base.html).
    """
    if request.method in SAFE:
        return
    if not _is_our_origin(request):
        raise _not_ours(request, "origin")
    secret = form_secret(request)
    given = request.headers.get(FORM_HEADER)
    if given is None:
        given = (await request.form()).get(FORM_FIELD)  # type: ignore[assignment]
    if not secret or not isinstance(given, str) or not hmac.compare_digest(given.encode(), form_token(secret).encode()):
        raise _not_ours(request, "form")


def _not_ours(request: Request, why: str) -> HTTPException:
    log.warning("a form was refused", why=why, route=_route(request))
    return HTTPException(403, why)


def _route(request: Request) -> str:
    """The route's pattern: an address itself may hold a link's token or a conversation's id."""
    return str(getattr(request.scope.get("route"), "path", ""))


def form_secret(request: Request) -> str | None:
    """What this browser's forms are tied to: its session, or before the sign-in a cookie for that."""
    jar = cookies.jar(request)
    renewed: str | None = getattr(request.state, "renewed", None)  # a session that begins with this very answer
    return renewed or jar.get(request, cookies.SESSION) or jar.get(request, cookies.FORM)


def stations_of(request: Request) -> DeskStations:
    """What the steps work with."""
    found: DeskStations = request.app.state.stations
    return found


def _is_our_origin(request: Request) -> bool:
    """Browsers say where a form comes from. Without a word of it, as from a program, the token decides alone."""
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
    ours: str | None = request.app.state.origin
    if ours is not None:
        return origin == ours
    return urlsplit(origin).netloc == request.headers.get("host") and origin.startswith(("http://", "https://"))
