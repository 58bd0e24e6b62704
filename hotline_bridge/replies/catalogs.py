"""The translations, read straight from the .po files: a fuzzy entry counts as missing, as gettext itself would have it."""

from __future__ import annotations

import io
import string
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po
from babel.support import Translations

from hotline_bridge.errors import KnowledgeError
from hotline_bridge.knowledge import Knowledge
from hotline_bridge.messages import LANGUAGES

DOMAIN = "replies"


def po_path(folder: Path, language: str, domain: str = DOMAIN) -> Path:
    """locales/<language>/LC_MESSAGES/<domain>.po"""
    return folder / language / "LC_MESSAGES" / f"{domain}.po"


def template(knowledge: Knowledge) -> Catalog:
    """The catalog of source strings, one message context for each text, so that equal English may be told apart."""
    made = Catalog(
        domain=DOMAIN,
        project="Komek",
        msgid_bugs_address="",
        copyright_holder="the Komek project",
        # A fixed date: the template changes when a text does, and not with every run.
        creation_date=datetime(2026, 1, 1, tzinfo=UTC),
        fuzzy=False,
    )
    for text in knowledge.texts():
        comments = [text.note] if text.note else []
        made.add(text.text, context=text.context, auto_comments=comments)
    return made


def read(path: Path, language: str) -> Catalog:
    """A .po file. Raises KnowledgeError naming it."""
    try:
        with path.open("rb") as file:
            return read_po(file, locale=language, domain=DOMAIN, abort_invalid=True)
    except (OSError, ValueError, PoFileError) as error:
        raise KnowledgeError(f"{path.parent.parent.name}/{path.name} cannot be read: {error}") from None


def translations(catalog: Catalog) -> Translations:
    """The catalog as gettext's object, compiled in memory, without its fuzzy entries."""
    buffer = io.BytesIO()
    write_mo(buffer, catalog, use_fuzzy=False)
    buffer.seek(0)
    return Translations(buffer, domain=DOMAIN)


def load(folder: Path) -> dict[str, Translations]:
    """All four languages."""
    return {language: translations(read(po_path(folder, language), language)) for language in LANGUAGES}


def faults(source: Catalog, translated: Catalog) -> list[str]:
    """What keeps a catalog from being complete: missing, fuzzy, obsolete entries, placeholders that differ."""
    found = []
    for message in source:
        if not message.id:
            continue
        own = translated.get(message.id, message.context)
        if own is None or not own.string:
            found.append(f"{message.context} has no translation")
        elif own.fuzzy:
            found.append(f"{message.context} is marked fuzzy: its English changed, look at it and take the mark away")
        elif _placeholders(str(message.id)) != _placeholders(str(own.string)):
            found.append(f"{message.context} has other placeholders in braces than the English text")
    known = {(m.context, m.id) for m in source if m.id}
    found += [f"{m.context} is not in use any more" for m in translated if m.id and (m.context, m.id) not in known]
    return found


def _placeholders(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def update(folder: Path, knowledge: Knowledge) -> None:
    """Write the template and bring the four catalogs up to it; a changed English text turns its translation fuzzy."""
    source = template(knowledge)
    write_catalog(folder / f"{DOMAIN}.pot", source)
    for language in LANGUAGES:
        path = po_path(folder, language)
        own = read(path, language) if path.exists() else Catalog(locale=language, domain=DOMAIN, project="Komek", fuzzy=False)
        # A template of its own for each: Babel puts the template's very entries into the catalog.
        _carry_over(own, template(knowledge))
        path.parent.mkdir(parents=True, exist_ok=True)
        write_catalog(path, own)


def _carry_over(own: Catalog, source: Catalog) -> None:
    """Contexts are unique, so a text whose English changed is known by its context: keep its translation, marked fuzzy."""
    before = {m.context: m for m in own if m.id}
    own.update(source, no_fuzzy_matching=True)
    for message in own:
        earlier = before.get(message.context)
        if message.id and not message.string and earlier is not None and earlier.string:
            message.string = earlier.string
            message.flags.add("fuzzy")
    own.obsolete.clear()


def write_catalog(path: Path, catalog: Catalog) -> None:
    """Write a .po or .pot file, sorted by nothing but the order of knowledge/, without line numbers."""
    with path.open("wb") as file:
        write_po(file, catalog, width=100, no_location=True, include_previous=False, ignore_obsolete=True)
