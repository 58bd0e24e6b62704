"""The console's own texts: English in templates and code, other languages from locales/*/LC_MESSAGES/console.po.

Where a translation is missing or fuzzy the English shows. A text that is known only at run time is marked by `N_` where it
stands and translated where it is shown.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.support import NullTranslations, Translations
from starlette.requests import Request

from hotline_bridge.accounts.people import Role
from hotline_bridge.console import cookies
from hotline_bridge.errors import KnowledgeError

DOMAIN = "console"
LANGUAGES = {"en": "English", "ru": "Русский", "kk": "Қазақша", "uz": "O‘zbekcha", "tg": "Тоҷикӣ"}

Catalogs = Mapping[str, NullTranslations]


def N_(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


# The languages in which people write, as colleagues read of them.
SPOKEN = {"kk": N_("Kazakh"), "ru": N_("Russian"), "uz": N_("Uzbek"), "tg": N_("Tajik")}

ROLES = {
    Role.OPERATOR: N_("Operator"),
    Role.SUPERVISOR: N_("Supervisor"),
    Role.ADMINISTRATOR: N_("Administrator"),
    Role.AUDITOR: N_("Auditor"),
}


def po_path(folder: Path, language: str) -> Path:
    """locales/<language>/LC_MESSAGES/console.po"""
    return folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def load(folder: Path) -> Catalogs:
    """All interface languages; one without a file is English. Raises KnowledgeError naming a file that cannot be read."""
    return {language: _load(po_path(folder, language), language) for language in LANGUAGES}


def _load(path: Path, language: str) -> NullTranslations:
    if language == "en" or not path.exists():
        return NullTranslations()
    try:
        with path.open("rb") as file:
            catalog = read_po(file, locale=language, domain=DOMAIN, abort_invalid=True)
    except (OSError, ValueError, PoFileError) as error:
        raise KnowledgeError(f"{language}/{path.name} cannot be read: {error}") from None
    compiled = io.BytesIO()
    write_mo(compiled, catalog, use_fuzzy=False)
    compiled.seek(0)
    return Translations(compiled, domain=DOMAIN)


def language_of(request: Request) -> str:
    """The language of this page: the account's, else the one chosen here, else one that the browser asks for, else English."""
    session = getattr(request.state, "session", None)
    if session is not None and session.account.interface_language in LANGUAGES:
        return str(session.account.interface_language)
    chosen = cookies.jar(request).get(request, cookies.LANGUAGE)
    return chosen if chosen in LANGUAGES else _accepted(request.headers.get("accept-language", ""))


def _accepted(header: str) -> str:
    """The first of the browser's languages that we have, as the browser ranks them."""
    ranked = []
    for place, part in enumerate(header[:200].split(",")):
        name, _, weight = part.partition(";q=")
        try:
            ranked.append((-float(weight or 1), place, name.strip().split("-")[0].lower()))
        except ValueError:
            continue
    return next((name for _, _, name in sorted(ranked) if name in LANGUAGES), "en")


def words(request: Request, text: str) -> str:
    """`text` in the language of this page."""
    catalogs: Catalogs = request.app.state.templates.catalogs
    return str(catalogs[language_of(request)].gettext(text))
