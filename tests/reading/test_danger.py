"""The danger list finds what it must, in any spelling, and leaves alone what is harmless."""

from __future__ import annotations

import json
import timeit
from collections import Counter
from pathlib import Path

import pytest

from bot.reading.danger import Danger, DangerList, DangerListWrong

NLU = Path(__file__).resolve().parents[2] / "nlu"
RU = """
danger_now:
  certain: ["меня бь*", "он* убь* меня", "запер*"]
  ask: ["боюсь его"]
  unless: ["убьёт меня скука", "запер* на складе товар"]
medical_emergency:
  certain: ["вызовите скор*"]
  ask: ["много крови"]
suicidal_thoughts:
  certain: ["не хочу жить"]
"""
UZ = """
danger_now:
  certain: ["meni uryapti", "o'ldir*"]
child_in_danger:
  certain: ["bolani ur*"]
"""


@pytest.fixture
def danger(tmp_path: Path) -> DangerList:
    (tmp_path / "ru.yml").write_text(RU)
    (tmp_path / "uz.yml").write_text(UZ)
    return DangerList.load(tmp_path)


@pytest.fixture(scope="module")
def in_use() -> DangerList:
    return DangerList.load(NLU / "danger")


@pytest.mark.parametrize(
    "text",
    ["меня бьют", "МЕНЯ БЬЮТ!!!", "menya byut", "меня сейчас сильно бьют", "помогите меня бьют они", "запeрли нас тут"],
)
def test_a_pattern_is_found_in_any_spelling(danger: DangerList, text: str) -> None:
    assert danger.check(text) == Danger("danger_now", "certain", "ru")


@pytest.mark.parametrize(
    "text",
    [
        "бьют меня",  # the order counts
        "меня вчера на улице опять бьют",  # more than two words between
        "меня зовут Али",
        "",
        "бь",
        "я не боюсь",
    ],
)
def test_what_is_no_pattern_is_not_found(danger: DangerList, text: str) -> None:
    assert danger.check(text) is None


def test_a_word_without_a_star_matches_whole(danger: DangerList) -> None:
    assert danger.check("не хочу жить") is not None
    assert danger.check("не хочу жительство") is None


def test_uzbek_is_found_in_both_scripts_and_with_any_apostrophe(danger: DangerList) -> None:
    for text in ("o'ldiradi", "oldiradi", "ўлдиради", "oʻldirmoqchi"):
        assert danger.check(text) == Danger("danger_now", "certain", "uz")


def test_harmless_phrases_are_cut_out_first(danger: DangerList) -> None:
    assert danger.check("он убьет меня") is not None
    assert danger.check("убьет меня скука") is None
    assert danger.check("запер на складе товар") is None
    assert danger.check("запер на складе товар а потом меня бьют") is not None


def test_what_stood_apart_does_not_come_together_when_a_phrase_is_cut_out(danger: DangerList) -> None:
    assert danger.check("меня запер на складе товар бьют") is None


def test_certain_beats_ask_and_graver_beats_lighter(danger: DangerList) -> None:
    assert danger.check("боюсь его") == Danger("danger_now", "ask", "ru")
    assert danger.check("боюсь его вызовите скорую") == Danger("medical_emergency", "certain", "ru")
    assert danger.check("не хочу жить вызовите скорую") == Danger("medical_emergency", "certain", "ru")
    assert danger.check("bolani urdi не хочу жить") == Danger("child_in_danger", "certain", "uz")
    assert danger.check("bolani urdi меня бьют") == Danger("danger_now", "certain", "ru")


def test_a_harmless_phrase_of_one_language_does_not_hide_another(danger: DangerList) -> None:
    assert danger.check("убьет меня скука meni uryapti") == Danger("danger_now", "certain", "uz")


def test_the_lists_in_use_alarm_no_more_often_without_need_and_no_less_often_with(in_use: DangerList) -> None:
    """As many as on 1 December 2026. They are the floor that works without a model, not the whole."""
    calm, cries = _found(in_use, "false_alarms"), _found(in_use, "alarms")
    assert (calm.total(), cries.total()) == (160, 300)
    assert calm["certain"] <= 3
    assert calm["certain"] + calm["ask"] <= 17
    assert cries["certain"] >= 120
    assert cries["certain"] + cries["ask"] >= 215


@pytest.mark.parametrize("text", ["меня убивает эта жара", "жара меня убивает", "убивает меня эта жара"])
def test_heat_that_kills_is_no_cry_and_a_man_who_does_in_the_heat_is(in_use: DangerList, text: str) -> None:
    assert in_use.check(text) is None
    assert in_use.check(f"{text}, а муж меня избивает") == Danger("danger_now", "certain", "ru")
    assert in_use.check("он убивает меня, на улице жара") == Danger("danger_now", "certain", "ru")


def _found(danger: DangerList, name: str) -> Counter[str]:
    rows = (NLU / "danger" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    hits = [danger.check(json.loads(row)["text"]) for row in rows if row.strip()]
    return Counter("nothing" if hit is None else hit.certainty for hit in hits)


def test_an_empty_folder_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(DangerListWrong):
        DangerList.load(tmp_path)


@pytest.mark.parametrize(
    "content",
    ["danger_maybe:\n  certain: [a]", "danger_now:\n  sure: [a]", "danger_now:\n  certain: ['?!']", "[a]", "danger_now: [a]"],
)
def test_a_wrong_list_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "ru.yml").write_text(content)
    with pytest.raises(DangerListWrong, match=r"ru\.yml"):
        DangerList.load(tmp_path)


def test_a_long_list_and_a_long_message_take_well_under_a_millisecond_each(tmp_path: Path) -> None:
    patterns = "".join(f'    - "слово{n}* другое{n}* третье{n}"\n' for n in range(2000))
    (tmp_path / "ru.yml").write_text(f"danger_now:\n  certain:\n{patterns}")
    danger = DangerList.load(tmp_path)
    text = "сегодня хозяин опять не дал денег и сказал что слово12 мы ему ещё должны за еду и за дорогу сюда"
    best = min(timeit.repeat(lambda: danger.check(text), number=20, repeat=5)) / 20
    assert best < 0.001
