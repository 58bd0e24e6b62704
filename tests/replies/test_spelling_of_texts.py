"""Spelling of the translations, by Debian's hunspell dictionaries; there is none for Tajik.

What a dictionary does not know but a reader does stands in locales/<language>/accepted-words.txt, a word a line.
"""

from __future__ import annotations

import re
import subprocess
import warnings
from pathlib import Path
from typing import Any

import pytest

from hotline_bridge.replies import catalogs
from hotline_bridge.settings import PROJECT
from hotline_bridge.transliteration import into_script

HUNSPELL = Path("/usr/share/hunspell")
DICTIONARIES = {"ru": "ru_RU", "kk": "kk_KZ", "uz": "uz_UZ"}
WORD = re.compile(r"[^\W\d_]+(?:['ʻʼ‘’-][^\W\d_]+)*['ʻʼ‘’]?")
APOSTROPHES = str.maketrans(dict.fromkeys("ʻʼ‘’`", "'"))


@pytest.fixture(scope="session", autouse=True)
def _dictionaries() -> None:
    subprocess.run([str(Path(__file__).parent / "install_dictionaries.sh")], check=False, timeout=300)


def dictionary(language: str) -> Any:
    base = HUNSPELL / DICTIONARIES[language]
    if not base.with_suffix(".dic").exists():
        # install_dictionaries.sh has just tried, as in ./run.sh test; it cannot without root or without Debian's packages.
        pytest.skip(f"there is no {base}.dic here: install Debian's hunspell-{language}")
    from spylls.hunspell import Dictionary

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the library leaves its files to be closed by chance
        return Dictionary.from_files(str(base))


def accepted(language: str) -> set[str]:
    file = PROJECT / "locales" / language / "accepted-words.txt"
    if not file.exists():
        return set()
    lines = (line.partition("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
    return {line.translate(APOSTROPHES).casefold() for line in lines if line}


def words(text: str, language: str) -> list[str]:
    """The words of a translation, in the script of its dictionary: Debian's Uzbek one is Cyrillic."""
    plain = re.sub(r"\{[^}]*\}", " ", text)
    if language != "uz":
        return WORD.findall(plain)
    # What stays Latin there is a name or an address; after a number stands an ending alone.
    turned = re.sub(r"(?<=[\d}]) ?-?[а-яёўқғҳ]{1,3}\b", " ", into_script(text, "uz", "cyrl"))
    return [word for word in WORD.findall(re.sub(r"\{[^}]*\}", " ", turned)) if not word.isascii() and len(word) > 1]


def is_known(word: str, found: Any, known: set[str]) -> bool:
    """In the dictionary or accepted; of a word with a hyphen, each part that is more than an ending."""
    if word.translate(APOSTROPHES).casefold() in known or found.lookup(word):
        return True
    head, *tail = word.split("-")
    parts = [head, *(part for part in tail if len(part) > 4)]
    return bool(tail) and all(is_known(part, found, known) for part in parts)


@pytest.mark.parametrize("language", DICTIONARIES)
def test_every_word_is_in_the_dictionary_or_was_accepted_by_a_reader(language: str) -> None:
    found, known = dictionary(language), accepted(language)
    unknown: dict[str, str] = {}
    for message in catalogs.read(catalogs.po_path(PROJECT / "locales", language), language):
        for word in words(str(message.string), language) if message.id else ():
            if word not in unknown and not is_known(word, found, known):
                unknown[word] = str(message.context)
    assert unknown == {}, unknown


@pytest.mark.parametrize("language", DICTIONARIES)
def test_a_misspelt_word_is_found(language: str) -> None:
    wrong = {"ru": "превет", "kk": "көмектт", "uz": "ёрдаммм"}
    assert not dictionary(language).lookup(wrong[language])
