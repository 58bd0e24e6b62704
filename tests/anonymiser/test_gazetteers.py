"""The lists that people edit: each has its source in the README, and they do not contradict each other."""

from __future__ import annotations

import re

from hotline_bridge.anonymiser import gazetteer, names
from hotline_bridge.anonymiser.gazetteer import FOLDER


def test_every_list_is_named_in_the_readme_or_is_of_the_authors_own() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for file in sorted(FOLDER.glob("*.txt")):
        first = file.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("#"), file.name
        assert file.name in readme or "own knowledge" in first.casefold(), file.name


def test_whatever_is_not_of_the_authors_own_stands_with_its_source_and_licence() -> None:
    """A list or file that is new: name it below "Sources" in the README, or here if nobody else made it."""
    own = {
        *(f"names_{language}.txt" for language in ("kk", "ky", "ru", "tg", "uz")),
        *("places.txt", "public.txt", "streets.txt", "firms.txt"),
        *("words_likely_names.txt", "words_or_names.txt", "words_rarely_names.txt"),
        *("cues.yml", "endings.yml", "kinds.yml", "name_parts.yml", "numbers.yml", "ways.yml"),
    }
    sources = (FOLDER / "README.md").read_text(encoding="utf-8").partition("## Sources")[2]
    rows = {
        name: row for row in sources.splitlines() for name in re.findall(r"`(\w+\.txt)`", row.split("|")[1] if "|" in row else "")
    }
    assert {file.name for file in FOLDER.iterdir() if file.suffix != ".md"} == own | set(rows)
    for name, row in rows.items():
        if name != "everyday.txt":  # made from nlu/training
            assert "https://" in row, name
            assert re.search("BSD|MIT|CC BY", row), name


def test_a_name_that_is_sure_is_no_everyday_word() -> None:
    known = names.load()
    both = [name for name in known.given if known.everyday.has(name) and name not in known.words]
    assert both == []


def test_every_word_that_is_also_a_name_stands_in_one_list_only() -> None:
    lists = [
        gazetteer.folded(gazetteer.load_words(FOLDER / f"{name}.txt"))
        for name in ("words_likely_names", "words_or_names", "words_rarely_names")
    ]
    assert not lists[0] & lists[1]
    assert not lists[0] & lists[2]
    assert not lists[1] & lists[2]


def test_everyday_words_are_kept_in_folded_form() -> None:
    words = [word for file in FOLDER.glob("everyday*.txt") for word in gazetteer.load_words(file)]
    assert [word for word in words if not re.fullmatch("[a-z]+", word)] == []
