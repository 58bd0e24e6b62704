"""The measuring reads through the very parts that serve, and its figures add up."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.evaluate import unseen
from bot.measures import Line, Result, calibration_error, lines_of, percentile, prediction, report
from bot.reader import Reader, Understanding

DANGER = "danger_now:\n  certain: ['заперли']\n  ask: ['боюсь']\n"
COMMANDS = "stop: [стоп]\nyes: [ага]\nmore: [дальше]\n"


@pytest.fixture(scope="module")
def nlu(small_nlu: Path) -> Path:
    for folder, content in (("danger", DANGER), ("commands", COMMANDS)):
        (small_nlu / folder).mkdir()
        (small_nlu / folder / "ru.yml").write_text(content)
    return small_nlu


@pytest.fixture(scope="module")
def reader(small_model: Path, nlu: Path) -> Reader:
    return Reader(small_model, nlu)


def understood(intent: str, confidence: float, *, safety: bool = False) -> Understanding:
    return Understanding(intent, ((intent, confidence), ("greet", 1 - confidence)), "ru", "cyrl", safety, "answer")


def result(wanted: str, intent: str, confidence: float, *, safety: bool = False) -> Result:
    return Result(Line("x", "ru", "clean", (wanted,)), understood(intent, confidence, safety=safety))


def test_a_message_is_read_as_in_serving(reader: Reader) -> None:
    read = reader.read("мне негде ночевать")
    assert (read.intent, read.script, read.safety) == ("ask_shelter", "cyrl", False)


def test_the_danger_list_comes_before_the_classifier(reader: Reader) -> None:
    read = reader.read("негде ночевать, заперли")
    assert (read.intent, read.safety, read.decision) == ("danger_now", True, "answer")
    assert reader.read("боюсь, негде ночевать").safety


def test_a_command_is_understood_as_its_intent(reader: Reader) -> None:
    assert reader.read("СТОП!").intent == "stop_messages"
    assert reader.read("ага").intent == "affirm"


def test_a_message_cannot_name_an_intent_itself(reader: Reader) -> None:
    assert reader.read("/danger_now").safety is False


def test_what_nobody_can_read_calls_a_person(reader: Reader) -> None:
    assert reader.read("😀").decision == "operator"
    assert reader.read("").intent == "out_of_scope"


def test_figures() -> None:
    results = [
        result("danger_now", "danger_now", 0.9, safety=True),
        result("danger_now", "ask_shelter", 0.6),
        result("ask_shelter", "ask_shelter", 0.8, safety=True),
        result("ask_shelter", "ask_legal_aid", 0.7),
    ]
    text = report(results)
    assert "safety recall 50.0 of 2" in text
    assert "false alarms 50.0 of 2" in text
    assert calibration_error([result("a", "a", 1.0), result("a", "b", 1.0)]) == 0.5
    assert calibration_error([result("a", "a", 1.0)]) == 0.0
    assert (percentile([3, 1, 2], 0.5), percentile([1], 0.95)) == (2, 1)


def test_a_prediction_has_the_agreed_fields() -> None:
    assert prediction(result("a", "ask_shelter", 0.8)) == {
        "text": "x",
        "intent": "ask_shelter",
        "confidence": 0.8,
        "ranking": ["ask_shelter", "greet"],
        "language": "ru",
        "script": "cyrl",
        "safety": False,
        "decision": "answer",
    }


def test_the_command_prints_figures_misses_and_predictions(small_model: Path, nlu: Path, tmp_path: Path, root: Path) -> None:
    lines = tmp_path / "lines.jsonl"
    rows = [
        {"text": "мне негде ночевать", "lang": "ru", "style": "clean", "intents": ["ask_shelter"]},
        {"text": "какая погода завтра", "lang": "ru", "style": "clean", "intents": ["danger_now"]},
    ]
    lines.write_text("\n".join(json.dumps(row) for row in rows))
    assert [line.text for line in lines_of(lines)] == [row["text"] for row in rows]
    out = tmp_path / "out.jsonl"
    command = [sys.executable, "-m", "bot.evaluate", str(lines), "--misses", "--predictions", str(out)]
    command += ["--model", str(small_model), "--nlu", str(nlu)]
    environment = {**os.environ, "LOG_LEVEL": "DEBUG"}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True)
    assert "parse p50" in done.stdout
    assert "MISSED ALARM" in done.stdout
    assert "негде" not in done.stdout + done.stderr, "only misses are printed"
    assert [json.loads(line)["text"] for line in out.read_text().splitlines()] == [row["text"] for row in rows]


def test_the_language_is_measured_apart_where_words_are_few_languages_mixed_or_not_ours() -> None:
    told = understood("greet", 0.9)  # in Russian
    lines = [
        Line("a b c", "ru", "clean", ("greet",)),
        Line("a b", "uz", "clean", ("greet",)),
        Line("a b c", "uz", "latin", ("greet",)),
        Line("a b c", "kk", "mixed", ("greet",)),
        Line("a", "other", "english", ("greet",)),
    ]
    text = report([Result(line, told) for line in lines])
    assert "3 words and more: clean 100.0 and 0.0 not told; as typed 0.0 and 0.0 not told; mixed 0.0" in text
    assert "nonsense: 0.0 told by the language, 100.0 by the intent, 100.0 by either" in text


def test_what_was_learned_is_left_out(nlu: Path) -> None:
    texts = ["мне негде ночевать", "MNE NEGDE NOCHEVAT", "мне негде ночевать!!", "куда мне идти сегодня"]
    lines = [Line(text, "ru", "clean", ("ask_shelter",)) for text in texts]
    assert unseen(lines, nlu) == lines[-1:]


def test_figures_are_accepted_and_guarded(small_model: Path, nlu: Path, tmp_path: Path, root: Path) -> None:
    folder = tmp_path / "nlu"
    shutil.copytree(nlu, folder)
    (folder / "heldout").mkdir()
    held = folder / "heldout" / "ru.jsonl"
    row = {"text": "мне негде ночевать", "lang": "ru", "style": "clean", "intents": ["ask_shelter"]}
    held.write_text(json.dumps(row) + "\n")
    command = [sys.executable, "-m", "bot.evaluate", "--model", str(small_model), "--nlu", str(folder)]
    accepted = subprocess.run([*command, "--accept", "--confusion"], cwd=root, capture_output=True, text=True)
    assert accepted.returncode == 0, accepted.stderr
    assert json.loads((folder / "accepted.json").read_text())["figures"]["intents"] == 100.0
    assert "ask_shelter" in (folder / "confusion.svg").read_text()
    held.write_text(json.dumps({**row, "intents": ["ask_cost"]}) + "\n")
    fallen = subprocess.run([*command, "--guard"], cwd=root, capture_output=True, text=True)
    assert fallen.returncode == 1
    assert "intents: 0.0 %, accepted were 100.0 %" in fallen.stderr
    assert "-100.0" in fallen.stdout
