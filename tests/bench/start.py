"""From ./run.sh serve to the first answer on the trial phone: once more on a machine that knows Komek, and from nothing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
from journeys.system import free_ports

from bench.figures import Figure, Goal
from hotline_bridge.settings import PROJECT

LEFT_OUT = (".build", ".git", "var", ".env", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".rasa")
QUESTION = "не платят зарплату третий месяц"
WARM, COLD = 180.0, 3600.0  # seconds after which it is given up
OURS = ("KOMEK", "TELEGRAM", "TWILIO", "KANNEL", "DATABASE", "PYTHON", "VIRTUAL_ENV")
MILESTONES = ("trained in", "Ready after")


class NotStarted(Exception):
    """serve ended, or did not answer in time; its last lines say why."""


@dataclass
class Start:
    """One start. lines: what serve said, each with its second."""

    ready: float = 0.0
    answered: float = 0.0
    lines: list[tuple[float, str]] = field(default_factory=list)


def again() -> list[Figure]:
    """The second start of an installation that has everything."""
    with tempfile.TemporaryDirectory(prefix="komek-") as folder:
        copy = _copy(Path(folder))
        (copy / ".build").symlink_to((PROJECT / ".build").resolve())
        _serve(copy, Path(folder) / "d", {}, WARM)
        second = _serve(copy, Path(folder) / "d", {}, WARM)
    return [
        Figure("start", "a second ./run.sh serve is ready", second.ready, "s", Goal("<", 15)),
        Figure("start", "and the trial phone has an answer", second.answered, "s"),
    ]


def from_nothing() -> list[Figure]:
    """An empty folder, an empty .build, an empty cache of downloads, an empty data folder."""
    with tempfile.TemporaryDirectory(prefix="komek-") as folder:
        empty = {"UV_CACHE_DIR": f"{folder}/uv", "PIP_NO_CACHE_DIR": "1"}
        first = _serve(_copy(Path(folder)), Path(folder) / "d", empty, COLD)
    said = [(at, line) for at, line in first.lines if line.endswith("…") or line.startswith(MILESTONES)]
    steps = [f"{at:.0f} s {line.partition(':')[0]}" for at, line in said if at < first.answered]
    note = f"everything downloaded, nothing cached; Pythons as this machine has them. {'; '.join(steps)}"
    return [Figure("start", "from nothing to the first answer on the trial phone", first.answered, "s", None, note)]


def _copy(folder: Path) -> Path:
    """The working tree as a clean clone would be, without anybody's settings."""
    made = folder / "k"
    shutil.copytree(PROJECT, made, ignore=shutil.ignore_patterns(*LEFT_OUT))
    return made


def _serve(copy: Path, data: Path, more: dict[str, str], limit: float) -> Start:
    """Start, ask on the trial phone, stop."""
    web, inner, console, rasa, actions = free_ports(5)
    env = {name: value for name, value in os.environ.items() if not name.startswith(OURS)} | more
    env |= {
        "KOMEK_DATA": str(data),
        "KOMEK_PORT": str(web),
        "KOMEK_INNER_PORT": str(inner),
        "KOMEK_CONSOLE_PORT": str(console),
        "KOMEK_RASA_URL": f"http://127.0.0.1:{rasa}",
        "KOMEK_ACTIONS_URL": f"http://127.0.0.1:{actions}/webhook",
    }
    began, start = time.monotonic(), Start()
    with _process(copy, env, data) as process:
        reader = threading.Thread(target=_read, args=(process, began, start), daemon=True)
        reader.start()
        while not start.ready:
            if process.poll() is not None or time.monotonic() - began > limit:
                raise NotStarted(" / ".join(line for _, line in start.lines[-4:]) or "it said nothing")
            time.sleep(0.02)
        _ask(f"http://127.0.0.1:{console}/trial/chat/{uuid4()}")
        start.answered = time.monotonic() - began
    reader.join(5)
    return start


@contextmanager
def _process(copy: Path, env: dict[str, str], data: Path) -> Iterator[subprocess.Popen[str]]:
    """./run.sh serve in a group of its own, so that whatever it has started can be ended with it."""
    command = ["bash", "run.sh", "serve"]
    process = subprocess.Popen(
        command, cwd=copy, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(60)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        # Only there when it was not stopped in order.
        with suppress(OSError, ValueError, IndexError):
            os.kill(int((data / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)


def _read(process: subprocess.Popen[str], began: float, start: Start) -> None:
    assert process.stdout
    for line in process.stdout:
        start.lines.append((time.monotonic() - began, line.strip()))
        if line.startswith("Ready after"):
            start.ready = start.lines[-1][0]


def _ask(phone: str) -> None:
    """Write on the trial phone and wait for the bubble with the answer."""
    with httpx.Client(timeout=30, trust_env=False) as client:
        client.post(phone, json={"text": QUESTION}).raise_for_status()
        with client.stream("GET", f"{phone}/events") as events:
            for line in events.iter_lines():
                if line.startswith("data: ") and json.loads(line[6:]).get("from") == "komek":
                    return
    raise NotStarted("the trial phone got no answer")
