"""Presidio is used without what it brings along and nobody here needs."""

from __future__ import annotations

import json
import subprocess
import sys

PROGRAM = """
import json, sys
def resident(): return int(open("/proc/self/statm").read().split()[1]) * 4096 // 2**20 if sys.platform == "linux" else 0
import hotline_bridge.vault.sealing, phonenumbers, yaml
before = resident()
from hotline_bridge.anonymiser.anonymiser import Anonymiser
found = Anonymiser().spans("меня зовут Дилноза, 87011234567")
left = [name for name in ("spacy", "thinc", "tldextract", "torch", "transformers", "stanza") if name in sys.modules]
print(json.dumps({"labels": [s.label for s in found], "loaded": left, "grown": resident() - before}))
"""


def seen(program: str) -> dict[str, object]:
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True)
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def test_a_process_that_hides_identifiers_loads_no_language_model() -> None:
    answer = seen(PROGRAM)
    assert answer["labels"] == ["PERSON", "PHONE"]
    assert answer["loaded"] == []


def test_it_costs_a_process_less_than_fifty_megabytes() -> None:
    assert seen(PROGRAM)["grown"] < 50  # type: ignore[operator]


def test_where_spacy_was_loaded_before_it_is_used_and_stays() -> None:
    program = "import spacy\n" + PROGRAM
    assert "spacy" in seen(program)["loaded"]  # type: ignore[operator]
