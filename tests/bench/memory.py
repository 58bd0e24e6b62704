"""How much memory everything together holds."""

from __future__ import annotations

import time
from collections import defaultdict

from bench import processes
from bench.figures import Figure
from bench.installation import Komek

REST = 5.0  # seconds without a message


def idle(komek: Komek) -> list[Figure]:
    """Resident memory after the load, of each process and of all."""
    komek.settle()
    time.sleep(REST)
    found: dict[str, float] = defaultdict(float)
    ways = set()
    for pid, name in komek.pids().items():
        size, way = processes.resident(pid)
        found[name] += size / processes.MIB
        ways.add(way)
    note = f"{' and '.join(sorted(ways))}; idle after the load, the database with all its processes"
    each = [Figure("memory", name, size, "MiB") for name, size in sorted(found.items())]
    return [*each, Figure("memory", "all processes together", sum(found.values()), "MiB", None, note)]
