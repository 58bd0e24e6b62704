"""The console's cookies: no script reads them, no other site's request carries them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

SESSION = "komek_session"  # the token; ends with the browser
FORM = "komek_form"  # what forms are tied to before anybody is signed in
DEVICE = "komek_device"  # somebody signed in here before
LANGUAGE = "komek_language"
THEME = "komek_theme"
SAID = "komek_said"  # one line for the next page

KEPT = {DEVICE: timedelta(days=180), LANGUAGE: timedelta(days=365), THEME: timedelta(days=365), SAID: timedelta(minutes=1)}


@dataclass(frozen=True, slots=True)
class Jar:
    """secure: whether the console is reached by https. Then cookies are bound to this very host (__Host-)."""

    secure: bool

    def name(self, cookie: str) -> str:
        """The name as the browser knows it."""
        return f"__Host-{cookie}" if self.secure else cookie

    def get(self, request: Request, cookie: str) -> str | None:
        """The cookie's value."""
        return request.cookies.get(self.name(cookie))

    def put(self, response: Response, cookie: str, value: str) -> None:
        """Set a cookie."""
        kept = KEPT.get(cookie)
        response.set_cookie(
            self.name(cookie),
            value,
            max_age=None if kept is None else int(kept.total_seconds()),
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="strict",
        )

    def drop(self, response: Response, cookie: str) -> None:
        """Take a cookie away."""
        response.delete_cookie(self.name(cookie), path="/", secure=self.secure, httponly=True, samesite="strict")


def jar(request: Request) -> Jar:
    """The app's own."""
    found: Jar = request.app.state.jar
    return found
