"""What makes two spellings the same value, so that the same person keeps the same number within a conversation."""

from __future__ import annotations

import itertools
import re

from bot.reading.spelling import fold
from hotline_bridge.anonymiser import accounts, phones
from hotline_bridge.anonymiser.honours import Honours
from hotline_bridge.anonymiser.names import Names
from hotline_bridge.anonymiser.spoken import Spoken
from hotline_bridge.anonymiser.words import LONGEST, read

MOST_FORMS = 8
_LOOKALIKES = str.maketrans("АВЕКМНОРСТУХавекмнорстух", "ABEKMHOPCTYXabekmhopctyx")
_LEAST = 4  # letters of a word whose ending is cut although no list knows it


def forms(label: str, value: str, names: Names, spoken: Spoken, honours: Honours) -> tuple[str, ...]:
    """Forms of a value that are equal for equal values, the likeliest first; a name with a case ending may come from several."""
    if label == "PHONE":
        return (phones.digits_of(value, spoken),)
    if label == "PERSON":
        return _of_person(value, names, honours)
    if label in ("HANDLE", "EMAIL"):
        return (accounts.same(value),)
    if label in ("PASSPORT", "PLATE", "IBAN"):
        return (re.sub(r"[\W_]", "", value.translate(_LOOKALIKES)).casefold(),)
    if label in ("CARD", "IIN", "DOB"):
        return (re.sub(r"\D", "", value) or fold(value),)
    return (" ".join(fold(word[:LONGEST]) for word in value.split()),)


def _of_person(value: str, names: Names, honours: Honours) -> tuple[str, ...]:
    said = honours.bare(tuple(word.folded for word in read(value).words if word.folded))
    words = [_bases(word, names) for word in said]
    if not words:
        return (value.strip().casefold(),)
    made = itertools.islice(itertools.product(*words), MOST_FORMS)
    return tuple(dict.fromkeys(" ".join(sorted(parts)) for parts in made))


def _bases(word: str, names: Names) -> tuple[str, ...]:
    found = names.find(word)
    return found.bases[:3] if found else (_cut(word, names),)


def _cut(word: str, names: Names) -> str:
    """An unknown name without any ending that could be one: the same stem whatever its case."""
    for length in range(min(names.longest, len(word) - _LEAST), 0, -1):
        if word[-length:] in names.endings:
            return _cut(word[:-length], names)
    return word
