"""The texts of the pages that people read who work here or with us: English in templates and code, other languages from
locales/*/LC_MESSAGES/console.po.

Where a translation is missing or fuzzy the English shows. A text that is known only at run time is marked by `N_` where it
stands and translated where it is shown. Texts in console/, serve/ and here are collected (console/catalogs.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from babel.support import NullTranslations

from hotline_bridge import catalog_files

DOMAIN = "console"
LANGUAGES = {"en": "English", "ru": "Русский", "kk": "Қазақша", "uz": "O‘zbekcha", "tg": "Тоҷикӣ"}

Catalogs = Mapping[str, NullTranslations]


def N_(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


def po_path(folder: Path, language: str) -> Path:
    """locales/<language>/LC_MESSAGES/console.po"""
    return catalog_files.path(folder, language, DOMAIN)


def load(folder: Path) -> Catalogs:
    """All interface languages; one without a file is English. Raises KnowledgeError naming a file that cannot be read."""
    return {language: load_one(folder, language) for language in LANGUAGES}


def load_one(folder: Path, language: str) -> NullTranslations:
    """One of them; it takes a moment."""
    path = po_path(folder, language)
    if language == "en" or not path.exists():
        return NullTranslations()
    return catalog_files.translations(catalog_files.read(path, language, DOMAIN), DOMAIN)


def accepted(header: str) -> str:
    """Of an Accept-Language header: the first of the browser's languages that we have, as the browser ranks them."""
    ranked = []
    for place, part in enumerate(header[:200].split(",")):
        name, _, weight = part.partition(";q=")
        try:
            ranked.append((-float(weight or 1), place, name.strip().split("-")[0].lower()))
        except ValueError:
            continue
    return next((name for _, _, name in sorted(ranked) if name in LANGUAGES), "en")
