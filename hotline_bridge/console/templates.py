"""The templates: Jinja2, everything escaped, an environment of its own for each language."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import Any

import jinja2

from hotline_bridge.accounts.sessions import IDLE, LONGEST
from hotline_bridge.console import moments, names, texts
from hotline_bridge.console.pieces import pieces
from hotline_bridge.console.texts import LANGUAGES, ROLES, SPOKEN, Catalogs
from hotline_bridge.flow.lost import LOST_AFTER
from hotline_bridge.settings import PROJECT

HERE = Path(__file__).parent
STATIC = HERE / "static"


class Templates:
    """All pages in all languages. Made once; a page's first use compiles it."""

    def __init__(self, catalogs: Catalogs) -> None:
        self.catalogs = catalogs
        self._versions = {path.relative_to(STATIC).as_posix(): _version(path) for path in STATIC.rglob("*") if path.is_file()}
        self._environments = {language: self._environment(language) for language in LANGUAGES}

    def render(self, language: str, name: str, context: dict[str, Any]) -> str:
        """The page `name` in `language`."""
        return self._environments[language].get_template(name).render(context)

    def static(self, name: str) -> str:
        """The address of a file, which changes with its content, so that browsers may keep it."""
        return f"/static/{name}?v={self._versions[name]}"

    def _environment(self, language: str) -> jinja2.Environment:
        made = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            auto_reload=False,  # no look at the disk for each page
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        made.policies["ext.i18n.trimmed"] = True
        made.install_gettext_translations(self.catalogs[language], newstyle=True)  # type: ignore[attr-defined]
        made.globals |= {
            "static": self.static,
            "LANGUAGES": LANGUAGES,
            "SPOKEN": SPOKEN,
            "ROLES": ROLES,
            "names": names,
            "pieces": pieces,
            "IDLE": int(IDLE.total_seconds()),
            "LONGEST": int(LONGEST.total_seconds()),
            "LOST_AFTER": int(LOST_AFTER.total_seconds()),
        }
        for shown in (moments.moment, moments.clock, moments.day, moments.date, moments.date_of_year, moments.span):
            made.filters[shown.__name__] = functools.partial(shown, language=language)
        return made


@functools.cache
def ours() -> Templates:
    """This project's pages in its languages: once for a process, because reading the catalogs takes a moment.

    Raises KnowledgeError naming a catalog that cannot be read.
    """
    return Templates(texts.load(PROJECT / "locales"))


def _version(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
