"""Whether to answer, to offer the likeliest topics, or to call a person: one decision, for serving and measuring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Decision = Literal["answer", "offer", "operator"]
Ranking = Sequence[tuple[str, float]]
SAFETY = ("danger_now", "child_in_danger", "medical_emergency", "suicidal_thoughts", "unsafe_to_talk")


@dataclass(frozen=True)
class Thresholds:
    """Probabilities, 0.0 to 1.0; their values are data in bot/config.yml."""

    answer: float = 0.5  # the first intent alone is believed
    clear: float = 0.35  # or it is this likely and
    lead: float = 0.2  # this far before the second
    offer: float = 0.08  # below this not even the topics are worth offering
    ask_about_danger: float = 0.2  # all safety intents together: ask whether there is danger


def decide(ranking: Ranking, thresholds: Thresholds) -> Decision:
    """What to do with a message whose intents are ranked, likeliest first. An empty ranking calls a person."""
    if not ranking:
        return "operator"
    first = ranking[0][1]
    second = ranking[1][1] if len(ranking) > 1 else 0.0
    if first >= thresholds.answer or (first >= thresholds.clear and first - second >= thresholds.lead):
        return "answer"
    return "offer" if first >= thresholds.offer else "operator"


def may_be_danger(ranking: Ranking, thresholds: Thresholds) -> bool:
    """Whether to ask gently about danger: the safety intents together are likely enough, and none of them is believed."""
    if not ranking:
        return False
    if ranking[0][0] in SAFETY and decide(ranking, thresholds) == "answer":
        return False
    return sum(p for name, p in ranking if name in SAFETY) >= thresholds.ask_about_danger
