"""The figures of ./run.sh evaluate anonymiser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hotline_bridge.anonymiser import evaluate
from hotline_bridge.anonymiser.anonymiser import Anonymiser, Span

LINES = [
    {"text": "мой номер 87011234567", "lang": "ru", "spans": [{"start": 10, "end": 21, "label": "PHONE"}]},
    {"text": "менің атым Айгүл", "lang": "kk", "spans": [{"start": 11, "end": 16, "label": "PERSON"}]},
    {"text": "слово", "lang": "ru", "spans": [{"start": 0, "end": 5, "label": "PERSON"}]},
    {"text": "зарплата 150000 тенге", "lang": "ru", "spans": []},
    {"text": "спросите Нурлана", "lang": "ru", "spans": []},
]


def test_what_is_gone_and_what_was_touched_is_counted(anonymiser: Anonymiser) -> None:
    counted = evaluate.measure(anonymiser, LINES)
    assert counted.share("PHONE") == 100
    assert (counted.share("PERSON"), counted.share("PERSON kk"), counted.share("PERSON ru")) == (50, 100, 0)
    assert (counted.clean, counted.touched) == (2, 1)
    assert len(counted.times) == len(LINES)
    assert len(counted.misses) == 2


@pytest.mark.parametrize(("hidden", "gone"), [((0, 10), True), ((0, 9), False), ((2, 3), False)])
def test_a_span_counts_when_nine_tenths_of_its_letters_and_digits_are_gone(hidden: tuple[int, int], gone: bool) -> None:
    assert evaluate.is_gone("8701 123456 x", {"start": 0, "end": 11}, [Span(*hidden, "PHONE")]) is gone


def test_the_table_and_the_predictions_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, predictions = tmp_path / "some.jsonl", tmp_path / "predictions.jsonl"
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in LINES), encoding="utf-8")
    assert evaluate.run(str(file), str(predictions), misses=True) == 0
    shown = capsys.readouterr().out
    assert "5 messages of some.jsonl" in shown
    assert "PHONE          1 of     1 gone  100.0 %  goal 98 %: met" in shown
    assert "goal 3 %: MISSED" in shown
    assert "touched: ['Нурлана']" in shown
    written = [json.loads(line) for line in predictions.read_text(encoding="utf-8").splitlines()]
    assert written[0] == {"text": "мой номер 87011234567", "anonymised": "мой номер [PHONE_1]"}
