"""How long the anonymiser takes over texts made to take long: whoever waits behind one of them waits for that."""

from __future__ import annotations

import time

from anonymiser.odd import ODD

from bench.figures import Figure, Goal, percentiles
from hotline_bridge.anonymiser.anonymiser import Anonymiser

ROUNDS = 3


def measure() -> list[Figure]:
    """Each odd text by the processor's time, the best of a few rounds, after one round that loads what is loaded once."""
    anonymiser = Anonymiser()
    for text in ODD:
        anonymiser.spans(text)
    taken = [min(_seconds(anonymiser, text) for _ in range(ROUNDS)) for text in ODD]
    note = f"{len(ODD)} texts of tests/anonymiser/odd.py, up to 4,000 letters"
    return percentiles("hostile", "anonymiser, processor time", taken, {50: None, 100: Goal("<", 500)}, note)


def _seconds(anonymiser: Anonymiser, text: str) -> float:
    began = time.thread_time()
    anonymiser.spans(text)
    return time.thread_time() - began
