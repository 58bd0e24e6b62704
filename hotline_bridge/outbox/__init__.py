"""What is to be said, in order, until a provider has taken it. The words are sealed; a message is JSON before sealing.

A message is written, waits (or is held until the person says that it is safe), and then something becomes of it. Of the question
whether it is safe, `question` tells what became of the last one.
"""

from hotline_bridge.outbox.held import (
    CLOSED,
    UNSAID,
    has_held,
    held_since,
    hold,
    is_taken_back,
    release,
    take_back,
    with_held,
)
from hotline_bridge.outbox.outcome import forget, never, references, report, took, withdraw
from hotline_bridge.outbox.waiting import STEP_ASIDE_AFTER, Due, has_waiting, later, next_due, place, step_aside
from hotline_bridge.outbox.writing import add, opened

__all__ = [
    "CLOSED",
    "STEP_ASIDE_AFTER",
    "UNSAID",
    "Due",
    "add",
    "forget",
    "has_held",
    "has_waiting",
    "held_since",
    "hold",
    "is_taken_back",
    "later",
    "never",
    "next_due",
    "opened",
    "place",
    "references",
    "release",
    "report",
    "step_aside",
    "take_back",
    "took",
    "with_held",
    "withdraw",
]
