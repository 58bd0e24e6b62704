"""The translator's files, .pot and .po: how a template begins, how the four catalogs follow it, and what one of them lacks.

Which texts stand in them say replies/catalogs.py (knowledge/) and console/catalogs.py (pages and code).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po
from babel.support import Translations

from hotline_bridge.errors import KnowledgeError
from hotline_bridge.messages import LANGUAGES

_PROJECT = "Komek"
_MADE = datetime(2026, 1, 1, tzinfo=UTC)  # fixed: a file changes when a text does, and not with every run


def path(folder: Path, language: str, domain: str) -> Path:
    """locales/<language>/LC_MESSAGES/<domain>.po"""
    return folder / language / "LC_MESSAGES" / f"{domain}.po"


def new(domain: str) -> Catalog:
    """A template without texts."""
    return Catalog(
        domain=domain,
        project=_PROJECT,
        msgid_bugs_address="",
        copyright_holder="the Komek project",
        creation_date=_MADE,
        fuzzy=False,
    )


def read(path: Path, language: str, domain: str) -> Catalog:
    """A .po file. Raises KnowledgeError naming it."""
    try:
        with path.open("rb") as file:
            return read_po(file, locale=language, domain=domain, abort_invalid=True)
    except (OSError, ValueError, PoFileError) as error:
        raise KnowledgeError(f"{path.parent.parent.name}/{path.name} cannot be read: {error}") from None


def translations(catalog: Catalog, domain: str) -> Translations:
    """The catalog as gettext's object, compiled in memory, without its fuzzy entries."""
    buffer = io.BytesIO()
    write_mo(buffer, catalog, use_fuzzy=False)
    buffer.seek(0)
    return Translations(buffer, domain=domain)


def update(folder: Path, domain: str, template: Callable[[], Catalog], follow: Callable[[Catalog, Catalog], None]) -> None:
    """Write the template and bring the four catalogs up to it. follow: changes its first catalog to have the second's texts."""
    write(folder / f"{domain}.pot", template())
    for language in LANGUAGES:
        file = path(folder, language, domain)
        empty = Catalog(locale=language, domain=domain, project=_PROJECT, creation_date=_MADE, fuzzy=False)
        own = read(file, language, domain) if file.exists() else empty
        # A template of its own for each: Babel puts the template's very entries into the catalog.
        follow(own, template())
        own.obsolete.clear()
        file.parent.mkdir(parents=True, exist_ok=True)
        write(file, own)


def write(path: Path, catalog: Catalog) -> None:
    """A .po or .pot file in its catalog's order.

    With the file where a text stands, but no line: the catalog changes when a text does, not when one moves.
    """
    with path.open("wb") as file:
        write_po(file, catalog, width=100, include_lineno=False, include_previous=False, ignore_obsolete=True)


def faults(
    source: Catalog, own: Catalog, *, name: Callable[[Message], str], placeholders: Callable[[str], Sequence[str]]
) -> list[str]:
    """What keeps a catalog from being complete: missing, fuzzy, obsolete entries, placeholders that differ.

    name: what an entry is called here. placeholders: those of a text, in an order that does not depend on its words.
    """
    found = []
    for message in source:
        if not message.id:
            continue
        translated = own.get(message.id, message.context)
        if translated is None or not all(strings(translated.string)):
            found.append(f"{name(message)} has no translation")
        elif translated.fuzzy:
            found.append(f"{name(message)} is marked fuzzy: its English is new or changed, look at it and take the mark away")
        elif any(placeholders(one) != placeholders(strings(message.id)[-1]) for one in strings(translated.string)):
            found.append(f"{name(message)} has other placeholders than the English text")
    known = {(strings(m.id)[0], m.context) for m in source if m.id}
    return found + [f"{name(m)} is not in use any more" for m in own if m.id and (strings(m.id)[0], m.context) not in known]


def strings(given: str | Sequence[str] | None) -> list[str]:
    """A text, or the forms of one that depends on a number."""
    return [given or ""] if given is None or isinstance(given, str) else list(given)
