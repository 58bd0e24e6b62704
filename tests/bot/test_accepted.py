"""Understanding may not fall: compared with the accepted figures, and guarded."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from bot import accepted, confusion
from bot.accepted import INTENTS, LANGUAGE, SAFETY, TOLD
from bot.current_model import current_model, is_trained
from bot.reading.language import LanguageReader

ACCEPTED = {INTENTS: 93.0, SAFETY: 99.0, "intent greet": 98.0}


def test_what_is_accepted_is_loaded(tmp_path: Path) -> None:
    assert accepted.load(tmp_path) is None
    accepted.accept(tmp_path, ACCEPTED, date(2026, 11, 21), "1a2b3c4")
    assert accepted.load(tmp_path) == ACCEPTED
    written = json.loads((tmp_path / accepted.FILE).read_text())
    assert (written["accepted_on"], written["made_from"]) == ("2026-11-21", "1a2b3c4")


@pytest.mark.parametrize(
    ("intents", "safety", "fell"),
    [(93.0, 99.0, 0), (92.0, 99.0, 0), (91.9, 99.0, 1), (95.0, 98.9, 1), (90.0, 90.0, 2)],
)
def test_intents_may_fall_by_a_point_and_safety_not_at_all(intents: float, safety: float, fell: int) -> None:
    assert len(accepted.fallen({INTENTS: intents, SAFETY: safety}, ACCEPTED)) == fell


@pytest.mark.parametrize(("right", "told", "fell"), [(97.0, 94.0, 0), (96.0, 93.0, 0), (95.9, 94.0, 1), (100.0, 92.9, 1)])
def test_language_may_fall_by_a_point_and_silence_does_not_hide_it(right: float, told: float, fell: int) -> None:
    assert len(accepted.fallen({LANGUAGE: right, TOLD: told}, {LANGUAGE: 97.0, TOLD: 94.0})) == fell


def test_a_missing_figure_has_fallen() -> None:
    assert accepted.fallen({INTENTS: 93.0}, ACCEPTED)


def test_the_largest_loss_is_named_first() -> None:
    rows = accepted.difference({INTENTS: 93.5, SAFETY: 99.0, "intent greet": 95.0}, ACCEPTED)
    assert [row.split("  ")[0] for row in rows] == ["intent greet", INTENTS]
    assert rows[0].endswith("-3.0")
    assert accepted.difference(ACCEPTED, ACCEPTED) == ["Nothing has changed since the accepted figures."]


def test_the_picture_has_a_row_and_a_column_for_each_intent() -> None:
    drawn = confusion.picture([("greet", "greet"), ("greet", "thank")])
    assert drawn.count(">greet<") == drawn.count(">thank<") == 2
    assert drawn.count("#c62828") == 1


@pytest.fixture(scope="module")
def languages() -> LanguageReader:
    """As the model of the present data tells them."""
    if not is_trained(current_model()):
        # ./run.sh test trains it first; a run of these tests alone, after a change of nlu/, may have none.
        pytest.skip("there is no model of the present data; ./run.sh train makes it")
    return LanguageReader.load(current_model())


@pytest.mark.parametrize(
    "text",
    [
        "кожоюн паспортумду алып койду, кантип кайтарып алам",
        "мага жардам керек, эч жакка чыга албай жатам",
        "үч айдан бери айлыгымды бербей жатышат",
        "балам менен кайда барсам болот, түнөгөнгө жер жок",
        "эмне кыларымды билбейм, сиз менен сүйлөшсөм болобу",
    ],
)
def test_kyrgyz_is_not_taken_for_kazakh(languages: LanguageReader, text: str) -> None:
    assert languages.read(text).language == "other"


@pytest.mark.parametrize(
    "text",
    [
        "хӯҷаин паспорт-и маро гирифт ва намедиҳад",
        "зарплатаи маро се моҳ боз намедиҳанд",
        "ман дар общежитие зиндагӣ мекунам, намегузоранд берун равам",
        "ба ман адвокат лозим аст, вале пул надорам",
        "регистрация надорам, маро депортация мекунанд ё не",
    ],
)
def test_a_russian_word_does_not_turn_tajik_into_russian(languages: LanguageReader, text: str) -> None:
    assert languages.read(text).language == "tg"


def test_understanding_has_not_fallen(root: Path) -> None:
    """Reads all of nlu/heldout with the model of the present data, which run.sh trains before the tests."""
    if not is_trained(current_model()):
        # ./run.sh test trains it first; a run of these tests alone, after a change of nlu/, may have none.
        pytest.skip("there is no model of the present data; ./run.sh train makes it")
    done = subprocess.run([sys.executable, "-m", "bot.evaluate", "--guard"], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
