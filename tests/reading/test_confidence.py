"""When to answer, when to offer, when to call a person, when to ask about danger."""

from __future__ import annotations

import pytest

from bot.reading.confidence import Thresholds, decide, may_be_danger

T = Thresholds(answer=0.5, clear=0.3, lead=0.2, offer=0.1, ask_about_danger=0.1)


@pytest.mark.parametrize(
    ("confidences", "decision"),
    [
        ([0.6, 0.3], "answer"),
        ([0.5, 0.45], "answer"),
        ([0.4, 0.1], "answer"),
        ([0.4, 0.3], "offer"),
        ([0.2, 0.0], "offer"),
        ([0.09, 0.0], "operator"),
        ([0.35], "answer"),
        ([], "operator"),
    ],
)
def test_decision(confidences: list[float], decision: str) -> None:
    assert decide([(f"topic{n}", p) for n, p in enumerate(confidences)], T) == decision


@pytest.mark.parametrize(
    ("ranking", "asks"),
    [
        ([("ask_shelter", 0.8), ("danger_now", 0.15)], True),
        ([("ask_shelter", 0.8), ("danger_now", 0.05)], False),
        ([("ask_shelter", 0.5), ("greet", 0.2), ("child_in_danger", 0.12)], True),
        ([("ask_shelter", 0.4), ("greet", 0.2), ("thank", 0.15), ("danger_now", 0.12)], True),
        ([("ask_shelter", 0.8), ("danger_now", 0.06), ("child_in_danger", 0.06)], True),  # together likely enough
        ([("danger_now", 0.9), ("greet", 0.05)], False),  # believed: no question, the reply
        ([("danger_now", 0.25), ("greet", 0.2)], True),  # first, but not believed
        ([("ask_shelter", 0.9)], False),
        ([], False),
    ],
)
def test_danger_is_asked_about_when_it_is_likely_but_not_clear(ranking: list[tuple[str, float]], asks: bool) -> None:
    assert may_be_danger(ranking, T) is asks
