"""Measures how well messages are understood: `python -m bot.evaluate [FILE.jsonl ...] [--misses] [--predictions OUT]`.

Without a file it also prints what has changed since the accepted figures; --accept makes the present ones the accepted
ones, --guard fails when they have fallen too far, --confusion draws nlu/confusion.svg. --unseen leaves out what stands
in training word for word, or nearly.

A line is {"text", "lang", "style", "intents": [best, other acceptable, ...]}. Without a file all of nlu/heldout is
read, and the danger list is measured by itself on nlu/danger/alarms.jsonl and false_alarms.jsonl.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot import accepted, confusion
from bot.current_model import ROOT, current_model, is_trained
from bot.known import Known
from bot.measures import Line, Result, figures, lines_of, percent, percentile, prediction, report
from bot.reading.danger import DangerList
from bot.training.corpus import sentences

if TYPE_CHECKING:
    from bot.reader import Reader


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
            certain = percent(hit is not None and hit.certainty == "certain" for hit in found)
            together = percent(reader.read(text).safety for text in texts)
            alone = percent(hit is not None for hit in found)
            rows.append(f"{name}: danger list alone {alone} of {len(texts)} (certain {certain}), with the classifier {together}")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.evaluate", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="default: all of nlu/heldout")
    parser.add_argument("--model", type=Path, help="default: the model of the present data")
    parser.add_argument("--nlu", type=Path, default=ROOT / "nlu")
    parser.add_argument("--unseen", action="store_true", help="leave out what the model has read, or nearly")
    parser.add_argument("--misses", action="store_true", help="also list what went wrong")
    parser.add_argument("--predictions", type=Path, help="write a JSON line for each message")
    parser.add_argument("--accept", action="store_true", help="make the present figures the accepted ones")
    parser.add_argument("--guard", action="store_true", help="fail when the figures have fallen too far")
    parser.add_argument("--confusion", action="store_true", help="draw nlu/confusion.svg")
    chosen = parser.parse_args()
    if (chosen.files or chosen.unseen) and (chosen.accept or chosen.guard or chosen.confusion):
        parser.error("figures are accepted and guarded on all of nlu/heldout, without a file and without --unseen")
    model = chosen.model or current_model(chosen.nlu)
    if not is_trained(model):
        sys.exit("There is no model of the present data; run python -m bot.train first.")
    files = chosen.files or sorted((chosen.nlu / "heldout").glob("*.jsonl"))
    reader = _reader(model, chosen.nlu)
    lines = [line for path in files for line in lines_of(path)]
    if chosen.unseen:
        lines = unseen(lines, chosen.nlu)
    results = [Result(line, reader.read(line.text)) for line in lines]
    if not results:
        sys.exit("There are no lines to read.")
    print(report(results))
    print(_times(reader, [r.line.text for r in results]))
    if not chosen.files and not chosen.unseen:
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


def unseen(lines: Sequence[Line], nlu: Path) -> list[Line]:
    """The messages that no training sentence is, nor nearly is."""
    known = Known(sentence.text for sentence in sentences(nlu))
    left = [line for line in lines if not known.same(line.text) and not known.nearly(line.text)]
    print(f"{len(lines) - len(left)} of {len(lines)} messages left out: in training word for word, or nearly")
    return left


def _compare(results: Sequence[Result], nlu: Path, *, accept: bool) -> None:
    known = accepted.load(nlu)
    if known is not None:
        print("\nSince the accepted figures:", *accepted.difference(figures(results), known), sep="\n")
    if accept:
        accepted.accept(nlu, figures(results), date.today(), _commit(nlu))


def _commit(nlu: Path) -> str:
    """The commit that is checked out, with `-dirty` when something has been changed since; "unknown" without git."""
    command = ["git", "-C", str(nlu), "describe", "--always", "--exclude=*", "--dirty"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


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
