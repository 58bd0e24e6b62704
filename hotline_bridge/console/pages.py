"""Pages: a template in the reader's language, with who is signed in, the navigation and the form's token."""

from __future__ import annotations

import base64
import hmac
import json
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from hotline_bridge.accounts.sessions import Session, form_token, new_token
from hotline_bridge.console import cookies, guard, navigation
from hotline_bridge.console.texts import language_of

THEMES = ("auto", "light", "dark")
_OF_PATHS = ":/%#?=@[]!$&'()*+,;"  # as starlette's RedirectResponse leaves them


def page(request: Request, name: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """The template `name` as an answer. Every template has `account` (or None), `language`, `theme`, `csrf` and `path`."""
    session: Session | None = getattr(request.state, "session", None)
    jar = cookies.jar(request)
    secret = guard.form_secret(request)
    fresh = None if secret else new_token()
    said = _said(request)
    role = session.account.role if session else None
    given = {
        "request": request,
        "account": session.account if session else None,
        "session": session,
        "language": language_of(request),
        "theme": _theme(request),
        "csrf": form_token(secret or fresh or ""),
        "path": request.url.path,
        "here": here(request),
        "navigation": navigation.entries(role, request.app.state.paths) if role else [],
        "said": said,
        **context,
    }
    made = HTMLResponse(request.app.state.templates.render(given["language"], name, given), status)
    if fresh:
        jar.put(made, cookies.FORM, fresh)
    if said:
        jar.drop(made, cookies.SAID)
    return made


def is_fragment(request: Request) -> bool:
    """Whether htmx asks, which puts the answer into the page that is there; else it is a page of its own, as without script."""
    return request.headers.get("hx-request") == "true"


def see_other(request: Request, path: str, *, say: str | None = None, kind: str = "good", **facts: int) -> Response:
    """Go to `path` by GET, with or without htmx; `say`, a text marked by N_, is shown there once. kind: good or bad.

    facts: what the text names.
    """
    if is_fragment(request):
        made = Response(status_code=204, headers={"hx-redirect": quote(path, safe=_OF_PATHS)})
    else:
        made = RedirectResponse(path, 303)
    if say:
        words = base64.urlsafe_b64encode(json.dumps([kind, say, facts]).encode()).decode()
        cookies.jar(request).put(made, cookies.SAID, f"{words}.{_proof(request, words)}")
    return made


def local_path(wanted: str | None, otherwise: str = "/") -> str:
    """`wanted` if it is a path of this console: no link may lead elsewhere after the sign-in."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return otherwise
    return otherwise if any(ord(c) <= 32 or c == "\\" for c in wanted) else wanted


def _said(request: Request) -> tuple[str, str, dict[str, int]] | None:
    """The line that the page before left, if it is ours."""
    words, _, proof = (cookies.jar(request).get(request, cookies.SAID) or "").partition(".")
    if not words or not hmac.compare_digest(proof.encode(), _proof(request, words).encode()):
        return None
    kind, text, *facts = json.loads(base64.urlsafe_b64decode(words))
    return kind, text, facts[0] if facts else {}


def _proof(request: Request, words: str) -> str:
    return guard.stations_of(request).desk.fingerprint("said", words).hex()


def here(request: Request) -> str:
    """Where to come back to by GET: this page, or the one whose form or part this is."""
    if request.method == "GET" and not is_fragment(request):
        return local_path(request.url.path + (f"?{request.url.query}" if request.url.query else ""))
    before = urlsplit(request.headers.get("hx-current-url") or request.headers.get("referer", ""))
    return local_path(before.path) if before.netloc == request.url.netloc else "/"


def _theme(request: Request) -> str:
    chosen = cookies.jar(request).get(request, cookies.THEME)
    return chosen if chosen in THEMES else "auto"
