"""Which language a page is in, and what roles and languages are called. The texts themselves: see interface/."""

from __future__ import annotations

from starlette.requests import Request

from hotline_bridge.accounts.people import Role
from hotline_bridge.console import cookies
from hotline_bridge.interface import DOMAIN, LANGUAGES, N_, Catalogs, accepted, load, po_path

__all__ = ["DOMAIN", "LANGUAGES", "N_", "ROLES", "SPOKEN", "Catalogs", "language_of", "load", "po_path", "words"]

# The languages in which people write, as colleagues read of them.
SPOKEN = {"kk": N_("Kazakh"), "ru": N_("Russian"), "uz": N_("Uzbek"), "tg": N_("Tajik")}

ROLES = {
    Role.OPERATOR: N_("Operator"),
    Role.SUPERVISOR: N_("Supervisor"),
    Role.ADMINISTRATOR: N_("Administrator"),
    Role.AUDITOR: N_("Auditor"),
}


def language_of(request: Request) -> str:
    """The language of this page: the account's, else the one chosen here, else one that the browser asks for, else English."""
    session = getattr(request.state, "session", None)
    if session is not None and session.account.interface_language in LANGUAGES:
        return str(session.account.interface_language)
    chosen = cookies.jar(request).get(request, cookies.LANGUAGE)
    return chosen if chosen in LANGUAGES else accepted(request.headers.get("accept-language", ""))


def words(request: Request, text: str) -> str:
    """`text` in the language of this page."""
    catalogs: Catalogs = request.app.state.templates.catalogs
    return str(catalogs[language_of(request)].gettext(text))
