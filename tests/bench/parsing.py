"""How long it takes to understand a message, in the assistant's own environment and without anything around it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from journeys.system import BOT_PYTHON

from bench.figures import Figure, Goal, percentiles
from hotline_bridge.settings import PROJECT

SCRIPT = Path(__file__).parent / "parse_all.py"


def measure() -> list[Figure]:
    """Every sentence of nlu/heldout once: Rasa's components alone, and everything that reads a message."""
    env = {**os.environ, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run([BOT_PYTHON, str(SCRIPT)], env=env, cwd=PROJECT, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise RuntimeError((done.stderr.strip() or "it ended without a word").splitlines()[-1])
    taken = json.loads(done.stdout.splitlines()[-1])
    goals = {50: Goal("<", 0.5), 95: Goal("<", 1), 99: None}
    count = f"{len(taken['parse'])} sentences of nlu/heldout, one after the other"
    parsed = percentiles("parse", "Rasa's components", taken["parse"], goals, count)
    whole = "the same with language, danger list and orders"
    return [*parsed, *percentiles("parse", whole, taken["read"], {50: None, 95: None, 99: None})]
