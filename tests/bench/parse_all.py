"""Run by the assistant's Python 3.10: the last line says how many seconds each sentence of nlu/heldout took, twice."""

from __future__ import annotations

import json
import os
import sys
import time
import warnings
from collections.abc import Callable

from bot.current_model import ROOT, current_model, is_trained

WARM_UP = 100


def main() -> None:
    model = current_model()
    if not is_trained(model):
        sys.exit("There is no model of the present data; run ./run.sh train first.")
    os.environ.update(RASA_TELEMETRY_ENABLED="false", SQLALCHEMY_SILENCE_UBER_WARNING="1")
    warnings.simplefilter("ignore")
    from bot.components import install
    from bot.reader import Reader

    install()
    reader = Reader(model, ROOT / "nlu")
    files = sorted((ROOT / "nlu" / "heldout").glob("*.jsonl"))
    texts = [json.loads(line)["text"] for file in files for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    print(json.dumps({"parse": _times(reader.parse, texts), "read": _times(reader.read, texts)}))


def _times(step: Callable[[str], object], texts: list[str]) -> list[float]:
    for text in texts[:WARM_UP]:
        step(text)
    taken = []
    for text in texts:
        begun = time.perf_counter()
        step(text)
        taken.append(time.perf_counter() - begun)
    return taken


if __name__ == "__main__":
    main()
