"""The console's texts: found where they stand, carried over to the translator, and English where a translation is missing."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

from hotline_bridge.console import catalogs, texts
from hotline_bridge.errors import KnowledgeError
from hotline_bridge.settings import PROJECT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    catalogs.update(tmp_path)
    return tmp_path


def change(folder: Path, language: str, **translations: str) -> None:
    path = texts.po_path(folder, language)
    po = polib.pofile(str(path), wrapwidth=0)
    for entry in po:
        entry.msgstr = translations.get(entry.msgid.replace(" ", "_"), entry.msgstr)
    po.save()


def test_texts_of_templates_code_and_plurals_are_found() -> None:
    found = {str(m.id) for m in catalogs.template() if m.id}
    assert "Sign in" in found  # a template
    assert "Queue" in found  # N_ in code
    assert "The password is too short: use at least %(shortest)s characters." in found
    assert str(("%(count)s code is left.", "%(count)s codes are left.")) in found
    assert not [one for one in found if "\n" in one or one != one.strip()]


def test_every_language_gets_every_text_and_nothing_changes_the_second_time(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*.po*")}
    assert len(before) == 5
    catalogs.update(folder)
    assert {path: path.read_bytes() for path in before} == before


def test_a_translation_shows_and_a_missing_one_is_english(folder: Path) -> None:
    change(folder, "ru", Queue="Очередь")
    loaded = texts.load(folder)
    assert loaded["ru"].gettext("Queue") == "Очередь"
    assert loaded["ru"].gettext("Sign in") == "Sign in"
    assert loaded["kk"].gettext("Queue") == "Queue"


def test_a_fuzzy_translation_is_not_shown_and_is_complained_of(folder: Path) -> None:
    path = texts.po_path(folder, "ru")
    po = polib.pofile(str(path))
    entry = po.find("Queue")
    assert entry
    entry.msgstr = "Очередь"
    entry.flags.append("fuzzy")
    po.save()
    assert texts.load(folder)["ru"].gettext("Queue") == "Queue"
    assert any("ru/console: 'Queue' is marked fuzzy" in fault for fault in catalogs.faults(folder))


def test_what_is_missing_left_over_or_has_lost_a_placeholder_is_named(folder: Path) -> None:
    change(folder, "ru", **{"Hello,_%(name)s": "Здравствуйте"})
    path = texts.po_path(folder, "kk")
    path.write_text(path.read_text() + '\nmsgid "An old text"\nmsgstr "x"\n')
    found = catalogs.faults(folder)
    assert "locales/tg/console: 'Queue' has no translation." in found
    assert "locales/ru/console: 'Hello, %(name)s' has other placeholders than the English text." in found
    assert "locales/kk/console: 'An old text' is not in use any more." in found


def test_a_broken_file_is_named(folder: Path) -> None:
    texts.po_path(folder, "ru").write_text('msgid "x\n')
    with pytest.raises(KnowledgeError, match="ru"):
        texts.load(folder)
    assert any("cannot be read" in fault for fault in catalogs.faults(folder))


def test_every_text_of_the_console_has_its_translations_and_none_brings_markup_along() -> None:
    assert catalogs.faults(PROJECT / "locales") == []
    for language in ("kk", "ru", "uz", "tg"):
        for entry in polib.pofile(str(texts.po_path(PROJECT / "locales", language))):
            for text in (entry.msgstr, *entry.msgstr_plural.values()):
                assert "<" not in text, entry.msgid  # it would be taken as part of the page
