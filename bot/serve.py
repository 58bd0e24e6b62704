"""Runs the assistant: `python -m bot.serve [--port 5005] [--interface 127.0.0.1] [--model FOLDER]`.

It is `rasa run` with our changes put in first. Rasa's HTTP API stays off; the webhook alone answers.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
from pathlib import Path
from urllib.parse import quote

from bot.current_model import RASA_MODEL, ROOT, current_model, is_trained
from bot.reading.model_file import ModelDamaged, check

NEEDED = ("KOMEK_ACTIONS_URL", "KOMEK_DIALOGUE_URL")


def command(model: Path, port: int, interface: str) -> list[str]:
    """The command line given to Rasa."""
    bot = ROOT / "bot"
    return [
        "rasa", "run", "--model", str(model / RASA_MODEL), "--port", str(port), "--interface", interface,
        "--endpoints", str(bot / "endpoints.yml"), "--credentials", str(bot / "credentials.yml"),
    ]  # fmt: skip


def environment() -> None:
    """No reports, no uncertainty about the log level, one worker. Ends with a sentence naming what is missing."""
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        sys.exit(f"Set {' and '.join(missing)} before the assistant is started.")
    if file := os.environ.get("KOMEK_DIALOGUE_PASSWORD_FILE"):
        os.environ["KOMEK_DIALOGUE_URL"] = with_password(os.environ["KOMEK_DIALOGUE_URL"], Path(file).read_text().strip())
    os.environ.update(RASA_TELEMETRY_ENABLED="false", SQLALCHEMY_SILENCE_UBER_WARNING="1", LOG_LEVEL="INFO")


def with_password(url: str, password: str) -> str:
    """The database's address with a password that stands in no environment."""
    scheme, _, rest = url.partition("://")
    user, _, place = rest.partition("@")
    return f"{scheme}://{user.partition(':')[0]}:{quote(password, safe='')}@{place}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.serve", description=__doc__)
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--interface", default="127.0.0.1")
    parser.add_argument("--model", type=Path, help="a folder made by bot.train (default: of the present data)")
    chosen = parser.parse_args()
    model = chosen.model or current_model()
    if not is_trained(model):
        sys.exit("There is no model of the present data; run python -m bot.train first.")
    try:
        check(model / RASA_MODEL)
    except ModelDamaged as damage:
        sys.exit(f"The model is not as it was trained: {damage}")
    environment()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what a crash would leave in a file holds what people wrote
    from bot.components import install

    install()
    # Rasa would silently keep conversations in memory if it could not import these.
    from rasa.__main__ import main as rasa_main

    import bot.components.rest
    import bot.tracker_store  # noqa: F401

    sys.argv = command(model, chosen.port, chosen.interface)
    rasa_main()


if __name__ == "__main__":
    main()
