"""The console's texts as the translator gets them: from templates and code into locales/console.pot and the four .po files.

The English text itself is the key, so a changed text is a new one; gettext's own guess at the old translation is kept as fuzzy.
"""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir

from hotline_bridge import catalog_files
from hotline_bridge.console.texts import DOMAIN, po_path
from hotline_bridge.errors import KnowledgeError
from hotline_bridge.messages import LANGUAGES

HERE = Path(__file__).parent
# Where else texts stand: the page of a referral, and what both it and the console call things.
BESIDE = ("interface", "serve")
_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
_OPTIONS = {"templates/**.html": {"trimmed": "true", "silent": "false", "newstyle_gettext": "true", "trim_blocks": "true"}}
_KEYWORDS = {"_": None, "N_": None, "gettext": None, "words": (2,), "ngettext": (1, 2)}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


def template(folder: Path = HERE) -> Catalog:
    """Every text of the console, with the places where it stands."""
    made = catalog_files.new(DOMAIN)
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
    catalog_files.update(folder, DOMAIN, template, lambda own, source: own.update(source, update_creation_date=False))


def faults(folder: Path) -> list[str]:
    """What keeps the four catalogs from being complete, a sentence each; texts that stand in no page any more too."""
    source = template()
    found = []
    for language in LANGUAGES:
        try:
            own = catalog_files.read(po_path(folder, language), language, DOMAIN)
        except KnowledgeError as error:
            found.append(f"{error}.")
            continue
        wrong = catalog_files.faults(source, own, name=_name, placeholders=_placeholders)
        found += [f"locales/{language}/console: {fault}." for fault in wrong]
    return found


def _name(message: Message) -> str:
    return repr(catalog_files.strings(message.id)[0][:60])


def _placeholders(text: str) -> list[str]:
    return sorted({a or b for a, b in _PLACEHOLDER.findall(text)})
