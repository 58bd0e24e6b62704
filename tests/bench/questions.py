"""What the people of the benchmark write: sentences of nlu/heldout, which no model was trained on."""

from __future__ import annotations

import json
import random
from functools import cache

from hotline_bridge.settings import PROJECT

LANGUAGES = ("kk", "ru", "uz", "tg")
# After these somebody hears nothing more, or their rows are erased: what follows could not be timed.
ENDING = frozenset({"unsafe_to_talk", "stop_messages", "delete_my_data"})


@cache
def _lines() -> list[dict[str, object]]:
    files = sorted((PROJECT / "nlu" / "heldout").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


@cache
def mixed(language: str) -> tuple[str, ...]:
    """Everything that people of one language write, clean and not, in an order that is the same each time."""
    found = [str(one["text"]) for one in _lines() if one["lang"] == language and one["intents"][0] not in ENDING]  # type: ignore[index]
    random.Random(7).shuffle(found)
    return tuple(found)


@cache
def about_rights(language: str) -> tuple[str, ...]:
    """Clean questions about rights: each has one answer, whatever was said before."""
    found = [
        str(one["text"])
        for one in _lines()
        if one["lang"] == language and one["style"] == "clean" and str(one["intents"][0]).startswith("ask_")  # type: ignore[index]
    ]
    random.Random(7).shuffle(found)
    return tuple(found)


def of_person(number: int, turn: int) -> str:
    """What person `number` writes as their message `turn`: always in one language, each person something else."""
    texts = mixed(LANGUAGES[number % len(LANGUAGES)])
    return texts[(number * 17 + turn) % len(texts)]
