"""The linguists' data: enough of each, none of it known from the test set, few that are nearly the same."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from bot.reading.commands import Commands
from bot.reading.concepts import Concepts
from bot.reading.danger import DangerList
from bot.reading.spelling import fold
from bot.training.corpus import LANGUAGES, Sentence, other_languages, sentences

NLU = Path(__file__).resolve().parents[2] / "nlu"
FEWEST = 40
# Sentences of one intent that share so much of their three-letter pieces are one sentence.
ALIKE, MOST_ALIKE = 0.8, 0.03


@pytest.fixture(scope="module")
def found() -> list[Sentence]:
    return sentences(NLU)


@pytest.fixture(scope="module")
def intents() -> set[str]:
    return {path.stem for path in (NLU / "training" / "ru").glob("*.yml")}


def test_there_are_fifty_intents_in_each_language(intents: set[str]) -> None:
    assert len(intents) == 50
    for language in LANGUAGES:
        assert {path.stem for path in (NLU / "training" / language).glob("*.yml")} == intents


def test_each_intent_has_enough_sentences_in_each_language(found: list[Sentence], intents: set[str]) -> None:
    counts = Counter((sentence.language, sentence.intent) for sentence in found)
    few = {key: counts[key] for key in ((lang, name) for lang in LANGUAGES for name in intents) if counts[key] < FEWEST}
    assert not few


def test_a_file_holds_its_own_intent_only(found: list[Sentence], intents: set[str]) -> None:
    assert {sentence.intent for sentence in found} == intents
    for path in (NLU / "training").glob("*/*.yml"):
        assert f"- intent: {path.stem}\n" in path.read_text(encoding="utf-8"), path.name


def test_no_sentence_of_the_test_set_is_learned(found: list[Sentence]) -> None:
    """Greetings and other messages of two words are what everybody writes; they may stand in both."""
    learned = {fold(sentence.text) for sentence in found}
    files = [*(NLU / "heldout").glob("*.jsonl"), *(NLU / "danger").glob("*.jsonl")]
    known = [text for path in files for text in _texts(path) if text in learned and len(text.split()) > 2]
    assert len(known) == 0


def test_few_sentences_are_nearly_the_same(found: list[Sentence]) -> None:
    by_intent: dict[tuple[str | None, str], list[set[str]]] = {}
    for sentence in found:
        by_intent.setdefault((sentence.language, sentence.intent), []).append(_pieces(fold(sentence.text)))
    alike = sum(_repeated(pieces) for pieces in by_intent.values())
    assert alike / len(found) <= MOST_ALIKE


def test_everything_else_of_the_linguists_can_be_read() -> None:
    assert DangerList.load(NLU / "danger").languages.keys() == set(LANGUAGES)
    assert Commands.load(NLU / "commands").words
    assert Concepts.load(NLU / "concepts").stems
    assert len(other_languages(NLU)) > 1000


def _texts(path: Path) -> list[str]:
    return [fold(json.loads(line)["text"]) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _pieces(folded: str) -> set[str]:
    return {folded[i : i + 3] for i in range(max(1, len(folded) - 2))}


def _repeated(sentences: list[set[str]]) -> int:
    """How many sentences are nearly the same as one before."""
    return sum(any(_alike(one, other) for other in sentences[:place]) for place, one in enumerate(sentences))


def _alike(one: set[str], other: set[str]) -> bool:
    # Cheap first: sets of very different sizes cannot be alike.
    if min(len(one), len(other)) < ALIKE * max(len(one), len(other)):
        return False
    return len(one & other) >= ALIKE * len(one | other)
