"""Measures how well messages are understood: `python -m bot.evaluate [FILE.jsonl ...] [--misses] [--predictions OUT]`.

Without a file it also prints what has changed since the accepted figures; --accept makes the present ones the accepted
ones, --guard fails when they have fallen too far, --confusion draws nlu/confusion.svg.

A line is {"text", "lang", "style", "intents": [best, other acceptable, ...]}. Without a file all of nlu/heldout is
read, and the danger list is measured by itself on nlu/danger/alarms.jsonl and false_alarms.jsonl.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import time
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import accepted, confusion
from bot.current_model import ROOT, current_model, is_trained
from bot.reading.confidence import SAFETY
from bot.reading.danger import DangerList

if TYPE_CHECKING:
    from bot.reader import Reader, Understanding


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
    return "\n".join([head, *rows, "", *_safety(results), *_decisions(results)])


def figures(results: Sequence[Result]) -> dict[str, float]:
    """What is compared with the accepted figures: shares in percent by name, rounded to a hundredth."""
    alarms, calm = [r for r in results if r.must_alarm], [r for r in results if r.must_not_alarm]
    found = {
        accepted.INTENTS: _share(r.right for r in results),
        "in the first three": _share(r.in_three for r in results),
        accepted.SAFETY: _share(r.read.safety for r in alarms),
        "not taken for danger": _share(not r.read.safety for r in calm),
        "language told right": _share(r.language_right for r in results if r.language_right is not None),
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
    language = _percent(r.language_right for r in told)
    untold = _percent(r.language_right is None for r in results)
    intent, three = _percent(r.right for r in results), _percent(r.in_three for r in results)
    return f"{name:<20}{len(results):>7}{intent:>8}{three:>8}{language:>10}{untold:>8}"


def _safety(results: Sequence[Result]) -> list[str]:
    alarms = [r for r in results if r.must_alarm]
    calm = [r for r in results if r.must_not_alarm]
    each = [f"{name} {_percent(r.read.safety for r in alarms if r.line.intents[0] == name)}" for name in SAFETY]
    return [
        f"safety recall {_percent(r.read.safety for r in alarms)} of {len(alarms)} ({', '.join(each)})",
        f"false alarms {_percent(r.read.safety for r in calm)} of {len(calm)}",
    ]


def _decisions(results: Sequence[Result]) -> list[str]:
    rows = []
    for decision in ("answer", "offer", "operator"):
        taken = [r for r in results if r.read.decision == decision]
        right = _percent(r.right for r in taken)
        three = _percent(r.in_three for r in taken)
        rows.append(f"{decision:<9} {_percent(r.read.decision == decision for r in results):>6}, right {right}, top 3 {three}")
    return [*rows, f"calibration error {100 * calibration_error(results):.1f}"]


def _percent(hits: Iterable[bool | None]) -> str:
    counted = list(hits)
    return f"{_share(counted):.1f}" if counted else "-"


def _share(hits: Iterable[bool | None]) -> float:
    counted = [bool(hit) for hit in hits]
    return round(100 * sum(counted) / len(counted), 2) if counted else 0.0


def _values(results: Sequence[Result], name: str) -> list[str]:
    return sorted({getattr(r.line, name) for r in results})


def _times(reader: Reader, texts: Sequence[str]) -> str:
    taken = []
    for text in texts[:1000]:
        begun = time.perf_counter()
        reader.parse(text)
        taken.append((time.perf_counter() - begun) * 1000)
    return f"parse p50 {percentile(taken, 0.5):.2f} ms, p95 {percentile(taken, 0.95):.2f} ms"


def alarms(reader: Reader, nlu: Path) -> list[str]:
    """The frightened and the harmless messages of nlu/danger: what the list finds by itself, and with the classifier."""
    danger = DangerList.load(nlu / "danger")
    rows = []
    for name in ("alarms", "false_alarms"):
        path = nlu / "danger" / f"{name}.jsonl"
        if path.exists():
            texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
            found = [danger.check(text) for text in texts]
            certain = _percent(hit is not None and hit.certainty == "certain" for hit in found)
            together = _percent(reader.read(text).safety for text in texts)
            alone = _percent(hit is not None for hit in found)
            rows.append(f"{name}: danger list alone {alone} of {len(texts)} (certain {certain}), with the classifier {together}")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.evaluate", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="default: all of nlu/heldout")
    parser.add_argument("--model", type=Path, help="default: the model of the present data")
    parser.add_argument("--nlu", type=Path, default=ROOT / "nlu")
    parser.add_argument("--misses", action="store_true", help="also list what went wrong")
    parser.add_argument("--predictions", type=Path, help="write a JSON line for each message")
    parser.add_argument("--accept", action="store_true", help="make the present figures the accepted ones")
    parser.add_argument("--guard", action="store_true", help="fail when the figures have fallen too far")
    parser.add_argument("--confusion", action="store_true", help="draw nlu/confusion.svg")
    chosen = parser.parse_args()
    if chosen.files and (chosen.accept or chosen.guard or chosen.confusion):
        parser.error("figures are accepted and guarded on all of nlu/heldout, without a file")
    model = chosen.model or current_model(chosen.nlu)
    if not is_trained(model):
        sys.exit("There is no model of the present data; run python -m bot.train first.")
    files = chosen.files or sorted((chosen.nlu / "heldout").glob("*.jsonl"))
    reader = _reader(model, chosen.nlu)
    results = [Result(line, reader.read(line.text)) for path in files for line in lines_of(path)]
    if not results:
        sys.exit("There are no lines to read.")
    print(report(results))
    print(_times(reader, [r.line.text for r in results]))
    if not chosen.files:
        print("\n".join(alarms(reader, chosen.nlu)))
        _compare(results, chosen.nlu, accept=chosen.accept)
    if chosen.confusion:
        pairs = [(r.line.intents[0], r.line.intents[0] if r.right else r.read.intent) for r in results]
        (chosen.nlu / "confusion.svg").write_text(confusion.picture(pairs), encoding="utf-8")
    if chosen.misses:
        _print_misses(results)
    if chosen.predictions:
        rows = (json.dumps(prediction(result), ensure_ascii=False) for result in results)
        chosen.predictions.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    if chosen.guard:
        sys.exit("\n".join(accepted.fallen(figures(results), accepted.load(chosen.nlu) or {})) or 0)


def _compare(results: Sequence[Result], nlu: Path, *, accept: bool) -> None:
    known = accepted.load(nlu)
    if known is not None:
        print("\nSince the accepted figures:", *accepted.difference(figures(results), known), sep="\n")
    if accept:
        accepted.accept(nlu, figures(results), date.today())


def _reader(model: Path, nlu: Path) -> Reader:
    os.environ.update(RASA_TELEMETRY_ENABLED="false", SQLALCHEMY_SILENCE_UBER_WARNING="1")
    warnings.simplefilter("ignore")
    from bot.components import install
    from bot.reader import Reader

    install()
    logging.getLogger("rasa").setLevel(logging.WARNING)
    return Reader(model, nlu)


def _print_misses(results: Sequence[Result]) -> None:
    print("\nMisses: language, style, wanted, understood (confidence), text")
    for r in results:
        missed_alarm = r.must_alarm and not r.read.safety
        false_alarm = r.must_not_alarm and r.read.safety
        if not r.right or missed_alarm or false_alarm:
            mark = "MISSED ALARM " if missed_alarm else "false alarm " if false_alarm else ""
            seen = f"{r.read.intent} ({r.read.confidence:.2f})"
            print(f"{r.line.lang} {r.line.style} {'|'.join(r.line.intents)} -> {seen} {mark}: {r.line.text}")


if __name__ == "__main__":
    main()
