"""The accepted figures, nlu/accepted.json: what the present ones are compared with, and when a change must not pass."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

FILE = "accepted.json"
INTENTS, SAFETY, LANGUAGE, TOLD = "intents", "safety recall", "language told right", "language told"
# Shares in percent. Below the accepted figure by more than this, a change does not pass; safety may not fall at all.
ALLOWED = {INTENTS: 1.0, SAFETY: 0.0, LANGUAGE: 1.0, TOLD: 1.0}
# A difference that is worth a line: one sentence of an intent's forty and more.
WORTH_A_LINE = 0.05

Figures = Mapping[str, float]


def load(nlu: Path) -> dict[str, float] | None:
    """The accepted figures; None when none have been accepted yet."""
    path = nlu / FILE
    if not path.exists():
        return None
    return {name: float(share) for name, share in json.loads(path.read_text(encoding="utf-8"))["figures"].items()}


def accept(nlu: Path, figures: Figures, today: date, made_from: str) -> None:
    """Writes the figures as the accepted ones, with the commit of the code and the data that they were made from."""
    content = {"accepted_on": today.isoformat(), "made_from": made_from, "figures": dict(figures)}
    (nlu / FILE).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def difference(figures: Figures, accepted: Figures) -> list[str]:
    """A line for each figure that is not the accepted one, the largest loss first."""
    changed = {name: figures[name] - accepted[name] for name in figures if name in accepted}
    worth = {name: change for name, change in changed.items() if abs(change) >= WORTH_A_LINE}
    rows = [f"{name:<34}{accepted[name]:>7.1f} -> {figures[name]:>5.1f}  {change:+.1f}" for name, change in _sorted(worth)]
    return rows or ["Nothing has changed since the accepted figures."]


def fallen(figures: Figures, accepted: Figures) -> list[str]:
    """What is worse than may be, as sentences; empty when the change may pass."""
    return [
        f"{name}: {figures.get(name, 0.0):.1f} %, accepted were {accepted[name]:.1f} %"
        for name, loss in ALLOWED.items()
        if name in accepted and figures.get(name, 0.0) < accepted[name] - loss - 1e-9
    ]


def _sorted(changes: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(changes.items(), key=lambda entry: (entry[1], entry[0]))
