"""The processes of `serve`: how each is started, and what it may see of the settings."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from hotline_bridge.settings import Settings

# What rasa and actions must never see: the keys of words and desk, and the channels' accounts. Whole groups, because a group of
# settings without its secret is refused at the start.
NOT_THEIRS = ("KOMEK_MASTER_KEY", "KOMEK_DESK_KEY", "KOMEK_SECRETS", "TELEGRAM_", "TWILIO_", "KANNEL_")


@dataclass
class Child:
    """A process that is kept running."""

    name: str
    command: list[str]
    env: dict[str, str]
    process: asyncio.subprocess.Process | None = None
    deaths: list[float] = field(default_factory=list)


def children(settings: Settings, urls: Mapping[str, str], folder: Path) -> list[Child]:
    """The processes, the assistant first because it takes longest. urls: each process's own way into the database."""
    counters = folder / "metrics"
    counters.mkdir(exist_ok=True)
    for old in counters.glob("*.db"):
        old.unlink()
    base = {**os.environ, "PYTHONUNBUFFERED": "1", "KOMEK_INNER": "off"}
    ours = {**base, "PROMETHEUS_MULTIPROC_DIR": str(counters)}
    poor = {k: v for k, v in ours.items() if not k.upper().startswith(NOT_THEIRS)}
    poor |= {"KOMEK_ENV_FILE": "off", "KOMEK_ACTIONS_URL": settings.komek_actions_url}
    bridge = [sys.executable, "-m", "hotline_bridge"]
    rasa = {**poor, "KOMEK_DIALOGUE_URL": urls["rasa"], "RASA_TELEMETRY_ENABLED": "false"}
    rasa.pop("DATABASE_URL", None)
    return [
        Child("rasa", _rasa(settings), rasa),
        Child("actions", [*bridge, "actions"], {**poor, "DATABASE_URL": urls["actions"]}),
        Child("web", [*bridge, "web"], {**ours, "KOMEK_INNER": "on", "DATABASE_URL": urls["web"]}),
        Child("worker", [*bridge, "worker"], {**ours, "DATABASE_URL": urls["worker"]}),
        Child("console", [*bridge, "console"], {**ours, "DATABASE_URL": urls["console"]}),
    ]


def _rasa(settings: Settings) -> list[str]:
    where = urlsplit(settings.komek_rasa_url)
    return [
        str(settings.komek_bot_python),
        "-m",
        "bot.serve",
        "--interface",
        where.hostname or "127.0.0.1",
        "--port",
        str(where.port),
    ]
