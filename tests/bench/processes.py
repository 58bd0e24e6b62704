"""What the operating system says about processes: family, memory, time on the processor. From /proc where there is one."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
MIB = 2**20
ROLES = {"bot.serve": "rasa", "actions": "actions", "web": "web", "worker": "worker", "console": "console", "all": "supervisor"}


def below(pid: int) -> set[int]:
    """All processes under `pid`, itself left out."""
    parents = _parents()
    found: set[int] = set()
    level = {pid}
    while level:
        level = {child for child, parent in parents.items() if parent in level} - found
        found |= level
    return found


def role(pid: int) -> str:
    """Which of Komek's processes it is, by its command line; "other" for strangers and for one that has ended."""
    file = PROC / str(pid) / "cmdline"
    words: list[str] = []
    with suppress(OSError):
        words = file.read_text(errors="replace").split("\0") if PROC.exists() else _ps("args", pid).split()
    return next((ROLES[word] for word in reversed(words) if word in ROLES), "other")


def resident(pid: int) -> tuple[int, str]:
    """Bytes of memory and how they were counted: PSS (a shared page is divided among its users), else RSS. 0 when it ended."""
    with suppress(OSError):
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024, "PSS"
    return int(_ps("rss", pid) or 0) * 1024, "RSS"


def worked(pid: int) -> float | None:
    """Seconds of processor time so far; None where the system does not tell."""
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else None


def _parents() -> dict[int, int]:
    if PROC.exists():
        found = {int(one.name): _stat(int(one.name)) for one in PROC.iterdir() if one.name.isdigit()}
        return {pid: int(fields[1]) for pid, fields in found.items() if fields}
    rows = subprocess.run(["ps", "-axo", "pid=,ppid="], capture_output=True, text=True, timeout=20).stdout.splitlines()
    return {int(child): int(parent) for child, parent in map(str.split, rows)}


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the state on; none when the process has ended."""
    try:
        return (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _ps(column: str, pid: int) -> str:
    command = ["ps", "-o", f"{column}=", "-p", str(pid)]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=20).stdout.strip()
    except OSError:
        return ""
