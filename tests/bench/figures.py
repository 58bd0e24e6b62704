"""A measured number beside its goal, and the report that they make."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Goal:
    """What a value must be under, at most, or at least."""

    sign: Literal["<", "<=", ">="]
    value: float

    def met(self, value: float) -> bool:
        if self.sign == ">=":
            return value >= self.value
        return value < self.value if self.sign == "<" else value <= self.value


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. unit: "ms", "s", "MiB", "/s", "%", "pt" (points of 100) or "x" (a ratio)."""

    part: str
    name: str
    value: float
    unit: str
    goal: Goal | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """met, missed, or nothing where there is no goal."""
        if self.goal is None:
            return ""
        return "met" if self.goal.met(self.value) else "missed"

    def line(self) -> str:
        goal = f"goal {self.goal.sign} {self.goal.value:g} {self.unit}: {self.verdict}" if self.goal else ""
        head = f"{self.part:<8} {self.name:<50} {_number(self.value):>9} {self.unit:<3} {goal}"
        return head.rstrip() + (f"\n{'':<9}({self.note})" if self.note else "")

    def record(self) -> dict[str, Any]:
        value = self.value if math.isfinite(self.value) else None
        goal = f"{self.goal.sign} {self.goal.value:g}" if self.goal else None
        rest = {"unit": self.unit, "goal": goal, "verdict": self.verdict or None, "note": self.note or None}
        return {"part": self.part, "name": self.name, "value": value, **rest}


@dataclass
class Report:
    """Prints each figure as soon as it is there."""

    machine: dict[str, str]
    figures: list[Figure] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)

    def head(self) -> str:
        return "\n".join(f"{name + ':':<13}{value}" for name, value in self.machine.items()) + "\n"

    def add(self, found: list[Figure]) -> None:
        self.figures += found
        print("\n".join(one.line() for one in found), flush=True)

    @contextmanager
    def attempt(self, part: str) -> Iterator[None]:
        """What fails inside is said and noted; the other parts can still be measured."""
        try:
            yield
        except Exception as error:
            self.failures[part] = f"{type(error).__name__}: {error}"
            print(f"{part:<8} could not be measured: {self.failures[part]}", flush=True)

    def json(self) -> str:
        figures = [one.record() for one in self.figures]
        return json.dumps({"machine": self.machine, "figures": figures, "failures": self.failures}, indent=1, ensure_ascii=False)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of them do not exceed (nearest rank). Raises ValueError for none."""
    if not values:
        raise ValueError("nothing was measured")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def percentiles(part: str, name: str, seconds: Sequence[float], goals: dict[int, Goal | None], note: str = "") -> list[Figure]:
    """One figure in milliseconds for each percentile that `goals` names; the note stands under the last."""
    made = [Figure(part, f"{name}, p{p}", 1000 * percentile(seconds, p / 100), "ms", goal) for p, goal in goals.items()]
    last = made[-1]
    return [*made[:-1], Figure(last.part, last.name, last.value, last.unit, last.goal, note)]


def _number(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}" if abs(value) < 1000 else f"{value:.0f}"
