"""The console's texts as the translator gets them: from templates and code into locales/console.pot and the four .po files.

The English text itself is the key, so a changed text is a new one; gettext's own guess at the old translation is kept as fuzzy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from hotline_bridge.console.texts import DOMAIN, po_path
from hotline_bridge.errors import KnowledgeError
from hotline_bridge.messages import LANGUAGES
from hotline_bridge.replies.catalogs import read

HERE = Path(__file__).parent
# Where else texts stand: the page of a referral, and what both it and the console call things.
BESIDE = ("interface", "serve")
_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
_OPTIONS = {"templates/**.html": {"trimmed": "true", "silent": "false", "newstyle_gettext": "true", "trim_blocks": "true"}}
_KEYWORDS = {"_": None, "N_": None, "gettext": None, "words": (2,), "ngettext": (1, 2)}
_MADE = datetime(2026, 1, 1, tzinfo=UTC)  # fixed: a file changes when a text does, and not with every run
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


def template(folder: Path = HERE) -> Catalog:
    """Every text of the console, with the places where it stands."""
    made = Catalog(
        domain=DOMAIN,
        project="Komek",
        msgid_bugs_address="",
        copyright_holder="the Komek project",
        creation_date=_MADE,
        fuzzy=False,
    )
    found = extract_from_dir(folder, _METHODS, _OPTIONS, keywords=_KEYWORDS, comment_tags=("Translators:",))
    for place, line, text, comments, context in found:
        made.add(text, locations=[(place, line)], auto_comments=comments, context=context)
    for beside in BESIDE if folder == HERE else ():
        found = extract_from_dir(HERE.parent / beside, _METHODS, _OPTIONS, keywords=_KEYWORDS, comment_tags=("Translators:",))
        for place, line, text, comments, context in found:
            made.add(text, locations=[(f"{beside}/{place}", line)], auto_comments=comments, context=context)
    return made


def update(folder: Path) -> None:
    """Write the template and bring the four catalogs up to it."""
    _write(folder / f"{DOMAIN}.pot", template())
    for language in LANGUAGES:
        path = po_path(folder, language)
        new = Catalog(locale=language, domain=DOMAIN, project="Komek", creation_date=_MADE, fuzzy=False)
        own = read(path, language) if path.exists() else new
        own.update(template(), update_creation_date=False)
        own.obsolete.clear()
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, own)


def _write(path: Path, catalog: Catalog) -> None:
    """With the file where each text stands, but no line: the catalog changes when a text does, not when one moves."""
    with path.open("wb") as file:
        write_po(file, catalog, width=100, include_lineno=False, include_previous=False, ignore_obsolete=True)


def faults(folder: Path) -> list[str]:
    """What keeps the four catalogs from being complete, a sentence each; texts that stand in no page any more too."""
    source = template()
    found = []
    for language in LANGUAGES:
        try:
            own = read(po_path(folder, language), language)
        except KnowledgeError as error:
            found.append(f"{error}.")
            continue
        found += [f"locales/{language}/console: {fault}." for fault in _faults(source, own)]
    return found


def _faults(source: Catalog, own: Catalog) -> list[str]:
    found = []
    for message in source:
        if not message.id:
            continue
        translated = own.get(message.id, message.context)
        name = repr(_strings(message.id)[0][:60])
        if translated is None or not all(_strings(translated.string)):
            found.append(f"{name} has no translation")
        elif translated.fuzzy:
            found.append(f"{name} is marked fuzzy: look at it and take the mark away")
        elif any(_placeholders(one) != _placeholders(_strings(message.id)[-1]) for one in _strings(translated.string)):
            found.append(f"{name} has other placeholders than the English text")
    known = {(_strings(m.id)[0], m.context) for m in source if m.id}
    found += [
        f"{_strings(m.id)[0][:60]!r} is not in use any more" for m in own if m.id and (_strings(m.id)[0], m.context) not in known
    ]
    return found


def _strings(given: str | Sequence[str] | None) -> list[str]:
    """A text, or the forms of one that depends on a number."""
    return [given or ""] if given is None or isinstance(given, str) else list(given)


def _placeholders(text: str) -> list[str]:
    return sorted({a or b for a, b in _PLACEHOLDER.findall(text)})
