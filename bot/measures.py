"""What is measured of how messages are understood: sentences, what was understood of each, and the figures over all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import accepted
from bot.reading.confidence import SAFETY

if TYPE_CHECKING:
    from bot.reader import Understanding

OTHER = "other"
# The language of shorter messages is measured apart.
FEWEST_WORDS = 3


@dataclass(frozen=True)
class Line:
    """A message with what an honest human would understand by it."""

    text: str
    lang: str
    style: str
    intents: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    line: Line
    read: Understanding

    @property
    def right(self) -> bool:
        return self.read.intent in self.line.intents

    @property
    def in_three(self) -> bool:
        return any(name in self.line.intents for name, _ in self.read.ranking[:3])

    @property
    def language_right(self) -> bool | None:
        """None when the language was not told, so that the conversation's would be kept."""
        return None if self.read.language is None else self.read.language == self.line.lang

    @property
    def must_alarm(self) -> bool:
        return self.line.intents[0] in SAFETY

    @property
    def must_not_alarm(self) -> bool:
        return not set(self.line.intents) & set(SAFETY)


def lines_of(path: Path) -> Iterator[Line]:
    for row in map(json.loads, filter(str.strip, path.read_text(encoding="utf-8").splitlines())):
        yield Line(row["text"], row.get("lang", "?"), row.get("style", "?"), tuple(row["intents"]))


def prediction(result: Result) -> dict[str, Any]:
    read = result.read
    return {
        "text": result.line.text,
        "intent": read.intent,
        "confidence": round(read.confidence, 4),
        "ranking": [name for name, _ in read.ranking[:3]],
        "language": read.language,
        "script": read.script,
        "safety": read.safety,
        "decision": read.decision,
    }


def report(results: Sequence[Result]) -> str:
    """The figures as text, shares in percent."""
    rows = [_row("all", results)]
    rows += [_row(lang, [r for r in results if r.line.lang == lang]) for lang in _values(results, "lang")]
    rows += [_row(f"  {style}", [r for r in results if r.line.style == style]) for style in _values(results, "style")]
    head = f"{'':<20}{'lines':>7}{'intent':>8}{'top 3':>8}{'language':>10}{'untold':>8}"
    return "\n".join([head, *rows, "", *_safety(results), *_decisions(results), *_languages(results)])


def figures(results: Sequence[Result]) -> dict[str, float]:
    """What is compared with the accepted figures: shares in percent by name, rounded to a hundredth."""
    alarms, calm = [r for r in results if r.must_alarm], [r for r in results if r.must_not_alarm]
    found = {
        accepted.INTENTS: _share(r.right for r in results),
        "in the first three": _share(r.in_three for r in results),
        accepted.SAFETY: _share(r.read.safety for r in alarms),
        "not taken for danger": _share(not r.read.safety for r in calm),
        accepted.LANGUAGE: _share(r.language_right for r in results if r.language_right is not None),
        accepted.TOLD: _share(r.language_right is not None for r in results),
    }
    for lang in _values(results, "lang"):
        found[f"intents, {lang}"] = _share(r.right for r in results if r.line.lang == lang)
    for name in sorted({r.line.intents[0] for r in results}):
        found[f"intent {name}"] = _share(r.right for r in results if r.line.intents[0] == name)
    return found


def calibration_error(results: Sequence[Result], bins: int = 10) -> float:
    """The mean distance between confidence and share of right answers, over equal bins of confidence."""
    total = 0.0
    for number in range(bins):
        low, high = number / bins, (number + 1) / bins
        inside = [r for r in results if low < r.read.confidence <= high or (number == 0 and not r.read.confidence)]
        if inside:
            gap = sum(r.read.confidence for r in inside) - sum(r.right for r in inside)
            total += abs(gap)
    return total / max(1, len(results))


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _row(name: str, results: Sequence[Result]) -> str:
    told = [r for r in results if r.language_right is not None]
    language = percent(r.language_right for r in told)
    untold = percent(r.language_right is None for r in results)
    intent, three = percent(r.right for r in results), percent(r.in_three for r in results)
    return f"{name:<20}{len(results):>7}{intent:>8}{three:>8}{language:>10}{untold:>8}"


def _safety(results: Sequence[Result]) -> list[str]:
    alarms = [r for r in results if r.must_alarm]
    calm = [r for r in results if r.must_not_alarm]
    each = [f"{name} {percent(r.read.safety for r in alarms if r.line.intents[0] == name)}" for name in SAFETY]
    return [
        f"safety recall {percent(r.read.safety for r in alarms)} of {len(alarms)} ({', '.join(each)})",
        f"false alarms {percent(r.read.safety for r in calm)} of {len(calm)}",
    ]


def _languages(results: Sequence[Result]) -> list[str]:
    """How well the language of a message is told, short ones apart: of two words it is often anybody's."""
    ours = [r for r in results if r.line.lang != OTHER and len(r.line.text.split()) >= FEWEST_WORDS]
    others = [r for r in results if r.line.lang == OTHER]
    kinds = {
        "clean": [r for r in ours if r.line.style == "clean"],
        "as typed": [r for r in ours if r.line.style not in ("clean", "mixed")],
        "mixed": [r for r in ours if r.line.style == "mixed"],
    }
    told = [
        f"{name} {percent(r.language_right for r in found if r.language_right is not None)}"
        f" and {percent(r.language_right is None for r in found)} not told"
        for name, found in kinds.items()
    ]
    known = percent(bool(r.language_right) or r.right for r in others)
    return [
        f"language told right, {FEWEST_WORDS} words and more: {'; '.join(told)}",
        f"other languages and nonsense: {percent(bool(r.language_right) for r in others)} told by the language, "
        f"{percent(r.right for r in others)} by the intent, {known} by either",
    ]


def _decisions(results: Sequence[Result]) -> list[str]:
    rows = []
    for decision in ("answer", "offer", "operator"):
        taken = [r for r in results if r.read.decision == decision]
        right = percent(r.right for r in taken)
        three = percent(r.in_three for r in taken)
        rows.append(f"{decision:<9} {percent(r.read.decision == decision for r in results):>6}, right {right}, top 3 {three}")
    return [*rows, f"calibration error {100 * calibration_error(results):.1f}"]


def percent(hits: Iterable[bool | None]) -> str:
    counted = list(hits)
    return f"{_share(counted):.1f}" if counted else "-"


def _share(hits: Iterable[bool | None]) -> float:
    counted = [bool(hit) for hit in hits]
    return round(100 * sum(counted) / len(counted), 2) if counted else 0.0


def _values(results: Sequence[Result], name: str) -> list[str]:
    return sorted({getattr(r.line, name) for r in results})
