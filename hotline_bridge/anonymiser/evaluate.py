"""./run.sh evaluate anonymiser FILE.jsonl: how much of the marked identifiers is gone, and how often a clean message is touched.

A line is {"text", "lang", "spans": [{"start", "end", "label"}]}. A span counts when 90 % of its letters and digits are gone.
"""

from __future__ import annotations

import json
import statistics
import time
from collections import Counter
from pathlib import Path
from typing import Any

from hotline_bridge.anonymiser.anonymiser import Anonymiser
from hotline_bridge.vault.sealing import Key, new_key

GONE = 0.9


def run(file: str, predictions: str | None) -> int:
    """Print the table; write {"text", "anonymised"} lines where asked. Always 0: figures are no verdict."""
    lines = [json.loads(line) for line in Path(file).read_text(encoding="utf-8").splitlines() if line.strip()]
    anonymiser, key = Anonymiser(), Key(new_key())
    found: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    touched, clean, times, written = 0, 0, [], []
    for line in lines:
        began = time.perf_counter()
        spans = anonymiser.spans(line["text"])
        times.append((time.perf_counter() - began) * 1000)
        marked = line.get("spans", [])
        for span in marked:
            wanted[span["label"]] += 1
            found[span["label"]] += is_gone(line["text"], span, spans)
        clean += not marked
        touched += not marked and bool(spans)
        text = anonymiser.anonymise(line["text"], key).text
        written.append(json.dumps({"text": line["text"], "anonymised": text}, ensure_ascii=False))
    if predictions:
        Path(predictions).write_text("\n".join(written) + "\n", encoding="utf-8")
    _print(found, wanted, touched, clean, times)
    return 0


def is_gone(text: str, span: dict[str, Any], hidden: list[tuple[int, int, str]]) -> bool:
    """Whether 90 % of the span's letters and digits lie in what was hidden."""
    telling = [i for i in range(span["start"], span["end"]) if text[i].isalnum()]
    covered = sum(any(start <= i < end for start, end, _ in hidden) for i in telling)
    return bool(telling) and covered >= GONE * len(telling)


def _print(found: Counter[str], wanted: Counter[str], touched: int, clean: int, times: list[float]) -> None:
    for label in sorted(wanted):
        print(f"{label:10} {found[label]:5} of {wanted[label]:5} gone  {100 * found[label] / wanted[label]:5.1f} %")
    if clean:
        print(f"messages without identifiers that were touched: {touched} of {clean}  {100 * touched / clean:.1f} %")
    if len(times) > 1:
        cuts = statistics.quantiles(times, n=20)
        print(f"time a message: p50 {statistics.median(times):.2f} ms, p95 {cuts[18]:.2f} ms")
