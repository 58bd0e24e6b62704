"""The replies, translated, straight from the .po files: a fuzzy entry counts as missing, as gettext itself would have it."""

from __future__ import annotations

import string
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.support import Translations

from hotline_bridge import catalog_files
from hotline_bridge.knowledge import Knowledge
from hotline_bridge.messages import LANGUAGES

DOMAIN = "replies"


def po_path(folder: Path, language: str) -> Path:
    """locales/<language>/LC_MESSAGES/replies.po"""
    return catalog_files.path(folder, language, DOMAIN)


def template(knowledge: Knowledge) -> Catalog:
    """The catalog of source strings, one message context for each text, so that equal English may be told apart."""
    made = catalog_files.new(DOMAIN)
    for text in knowledge.texts():
        comments = [text.note] if text.note else []
        made.add(text.text, context=text.context, auto_comments=comments)
    return made


def read(path: Path, language: str) -> Catalog:
    """A .po file. Raises KnowledgeError naming it."""
    return catalog_files.read(path, language, DOMAIN)


def load(folder: Path) -> dict[str, Translations]:
    """All four languages."""
    return {language: catalog_files.translations(read(po_path(folder, language), language), DOMAIN) for language in LANGUAGES}


def faults(source: Catalog, translated: Catalog) -> list[str]:
    """What keeps a catalog from being complete; each text goes by its context."""
    return catalog_files.faults(source, translated, name=lambda message: str(message.context), placeholders=_placeholders)


def _placeholders(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def update(folder: Path, knowledge: Knowledge) -> None:
    """Write the template and bring the four catalogs up to it; a changed English text turns its translation fuzzy."""
    catalog_files.update(folder, DOMAIN, lambda: template(knowledge), _carry_over)


def _carry_over(own: Catalog, source: Catalog) -> None:
    """Contexts are unique, so a text whose English changed is known by its context: keep its translation, marked fuzzy."""
    before = {m.context: m for m in own if m.id}
    own.update(source, no_fuzzy_matching=True)
    for message in own:
        earlier = before.get(message.context)
        if message.id and not message.string and earlier is not None and earlier.string:
            message.string = earlier.string
            message.flags.add("fuzzy")
