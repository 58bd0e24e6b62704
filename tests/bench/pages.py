"""The console's pages in Debian's Chromium as Lighthouse (from npm) judges them, signed in, on a desk's screen."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import psycopg
from console.chromium import CHROMIUM, FLAGS, Ready, ready_console

from bench.desk import CLOSED, WAITING
from bench.figures import Figure, Goal
from bench.installation import postgres
from hotline_bridge.console import cookies
from hotline_bridge.store import migrate, roles

LIGHTHOUSE = "lighthouse@12.8.2"
ROUNDS = 3  # the figure is their median
SECONDS = 180
UNTOLD = "NO_NAVSTART"
PAGES = {
    "queue": ("operator", "/queue?tab=all&language=all"),
    "conversation": ("operator", "/conversations/{conversation}"),
    "figures": ("supervisor", "/figures"),
}
GOALS = {"accessibility": 100, "best-practices": 95, "performance": 95}


class NoLighthouse(Exception):
    """Lighthouse could not be had, or said nothing."""


def measure() -> list[Figure]:
    """Points from 0 to 100 for each page, with 100,000 tickets stored and a full queue."""
    if not (CHROMIUM and shutil.which("npx")):
        raise NoLighthouse("Lighthouse needs Chromium and npm (Debian: chromium, npm).")
    with postgres() as (url, _):
        migrate.upgrade(url)
        roles.apply(url)
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in (CLOSED, WAITING, "ANALYZE"):
                connection.execute(statement.encode())
        with ready_console(url) as ready:
            return [figure for name in PAGES for figure in _figures(name, [_judged(ready, *PAGES[name]) for _ in range(ROUNDS)])]


def _figures(name: str, rounds: list[dict[str, float]]) -> list[Figure]:
    note = f"median of {ROUNDS}: {'; '.join(' '.join(f'{one[part]:.0f}' for part in GOALS) for one in rounds)}"
    return [
        Figure("pages", f"{name}, {part}", statistics.median(one[part] for one in rounds), "pt", Goal(">=", goal), note)
        for part, goal in GOALS.items()
    ]


def _judged(ready: Ready, role: str, path: str) -> dict[str, float]:
    """By category, the points of one round. Raises NoLighthouse."""
    with tempfile.TemporaryDirectory(prefix="komek-") as folder:
        report, headers = Path(folder, "report.json"), Path(folder, "headers.json")
        headers.write_text(json.dumps({"Cookie": f"{cookies.SESSION}={ready.sessions[role]}"}), encoding="utf-8")
        command = [
            "npx", "--yes", LIGHTHOUSE, ready.url + path.format(conversation=ready.conversation), "--preset=desktop", "--quiet",
            f"--only-categories={','.join(GOALS)}", "--output=json", f"--output-path={report}", f"--extra-headers={headers}",
            f"--chrome-flags={FLAGS}",
        ]  # fmt: skip
        ended = ran(command)
        if ended.returncode or not report.exists():
            raise NoLighthouse(f"{LIGHTHOUSE} ended with {ended.returncode}: {ended.stderr[-500:]}")
        said: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    if not said["finalDisplayedUrl"].startswith(ready.url + path.partition("?")[0].format(conversation=ready.conversation)):
        raise NoLighthouse(f"{path} led elsewhere: was the session refused?")
    return {part: 100 * (said["categories"][part]["score"] or 0) for part in GOALS}


def ran(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run Lighthouse; once more when Chromium told it no beginning of the page's load, which says nothing about the page."""
    for _ in range(2):
        ended = subprocess.run(command, env=_environment(), capture_output=True, text=True, timeout=SECONDS, check=False)
        if UNTOLD not in ended.stdout + ended.stderr:
            break
    return ended


def _environment() -> dict[str, str]:
    return {**os.environ, "CHROME_PATH": str(CHROMIUM)}
