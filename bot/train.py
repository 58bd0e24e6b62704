"""Trains everything that reads and answers: `python -m bot.train [--data nlu] [--out FOLDER]`.

Without --out the folder is .build/models/<digest of all that the model is made from>; when it is there already,
nothing is done. Lines on stdout say what is under way; no sentence of the data is printed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bot.current_model import DONE, RASA_MODEL, ROOT, current_model, is_trained
from bot.reading.model_file import record

BOT = ROOT / "bot"


def train(nlu: Path, out: Path) -> Path:
    """Writes language.npz, the Rasa model and a manifest of both into the folder, whole or not at all."""
    started = time.monotonic()
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix="unfinished-") as unfinished:
        folder = Path(unfinished) / "model"
        folder.mkdir()
        # Beside the intents, in a process of its own: on two cores that is the shorter half.
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as beside:
            languages = beside.submit(_train_language, nlu, folder)
            _train_rasa(nlu, folder)
            languages.result()
        record(folder / RASA_MODEL)
        (folder / DONE).touch()
        shutil.rmtree(out, ignore_errors=True)
        folder.rename(out)
    _say(f"trained in {time.monotonic() - started:.0f} s: {out}")
    return out


def _train_language(nlu: Path, folder: Path) -> None:
    from bot.reading import language, network
    from bot.training import language_model
    from bot.training.corpus import other_languages, sentences

    found, others = sentences(nlu), other_languages(nlu)
    _say(f"{len(found)} sentences, {len(others)} in other languages")
    model = language_model.train(found, others, lambda line: _say(f"languages: {line}"))
    network.save(model, folder, language.NAME)


def _train_rasa(nlu: Path, folder: Path) -> None:
    from bot import quick_messages
    from bot.components import install

    install()
    quick_messages.install()
    from rasa.model_training import train as rasa_train

    _say("rules and intents")
    result = rasa_train(
        domain=str(BOT / "domain"),
        config=str(BOT / "config.yml"),
        training_files=[str(BOT / "rules"), str(nlu)],
        output=str(folder),
        force_training=True,
        fixed_model_name=RASA_MODEL.removesuffix(".tar.gz"),
    )
    if result.code or not (folder / RASA_MODEL).exists():
        sys.exit("Rasa did not train; the lines above say why.")


def _say(line: str) -> None:
    print(line, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.train", description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / "nlu", help="the linguists' folder (default: nlu)")
    parser.add_argument("--out", type=Path, help="the model's folder (default: by digest, in .build/models)")
    parser.add_argument("--force", action="store_true", help="train also when nothing has changed")
    chosen = parser.parse_args()
    out = chosen.out or current_model(chosen.data)
    if chosen.out is None and is_trained(out) and not chosen.force:
        _say(f"nothing has changed: {out}")
        return
    _quiet()
    train(chosen.data, out)
    if chosen.out is None and current_model(chosen.data) != out:
        _say("The data changed meanwhile; run it again.")


def _quiet() -> None:
    """No reports to Rasa's makers, no cache (it keeps sentences), no page of progress bars and deprecations."""
    os.environ.update(
        RASA_TELEMETRY_ENABLED="false",
        RASA_MAX_CACHE_SIZE="0",
        SQLALCHEMY_SILENCE_UBER_WARNING="1",
        LOG_LEVEL="WARNING",
    )
    warnings.simplefilter("ignore")
    # A rule that names an unknown intent or action must stop the training, not scroll by.
    warnings.filterwarnings("error", message="(?s).*Issue found in")


if __name__ == "__main__":
    main()
