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


def test_a_list_from_elsewhere_names_its_source() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for file in (*FOLDER.glob("names_public_*.txt"), *FOLDER.glob("names_likely_*.txt"), FOLDER / "everyday_tg.txt"):
        source = re.search(r"Source: (\w+)", file.read_text(encoding="utf-8").splitlines()[0])
        assert source is not None
        assert source[1] in readme


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
