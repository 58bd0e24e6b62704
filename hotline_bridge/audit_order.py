"""`./run.sh audit verify`: prove the audit trail, or say where somebody has touched it."""

from __future__ import annotations

import argparse
import asyncio
import re

from hotline_bridge import bootstrap
from hotline_bridge.audit import Verdict
from hotline_bridge.errors import SettingError
from hotline_bridge.flow.trail import verify
from hotline_bridge.flow.unlock import unlock
from hotline_bridge.settings import Settings

WHAT_HAPPENED = {
    "changed": "Row {row} was changed.",
    "removed": "Row {row} was removed, perhaps others after it.",
    "moved": "Row {row} is not where it was written: rows were moved.",
    "added": "Row {row} was not written by the bridge: it was added.",
    "head": "The count of the rows was changed or removed: rows may be missing at the end.",
    "broken": "Before row {row} the end of the trail was touched; the bridge noticed it when it wrote that row.",
    "checkpoint": "What says that the rows up to {row} were removed by age was not written by the bridge.",
}


def run(settings: Settings, given: argparse.Namespace) -> int:
    """Print what was found; 0 when the trail holds, 1 when it does not. Raises SettingError for a mark that is none."""
    for one in given.seen:
        if not re.fullmatch(r"\d+-[0-9a-f]{16}", one):
            raise SettingError("A mark looks like 1234-0123456789abcdef; copy it as this command printed it.")
    with bootstrap.reachable_database(settings) as url:
        verdict = asyncio.run(_verdict(settings, url, given.seen))
    print("\n".join(told(verdict)))
    return 0 if verdict.fault is None else 1


async def _verdict(settings: Settings, url: str, seen: list[str]) -> Verdict:
    stations = bootstrap.for_orders(settings, url)
    try:
        await unlock(stations.store.engine, stations.desk)
        return await verify(stations, None, seen=seen)
    finally:
        await stations.store.engine.dispose()


def told(verdict: Verdict) -> list[str]:
    """The lines that are printed."""
    if verdict.fault is None and verdict.last == 0:
        return ["Nothing has been written to the audit trail yet."]
    reach = f"It holds up to row {verdict.last}: {verdict.mark}" if verdict.last else "No row before it holds."
    if verdict.fault is None:
        first = verdict.last - verdict.rows
        since = [f"It begins with row {first + 1}: the {first} before were dropped by age, and a sealed mark stands for them."]
        return [
            f"The audit trail holds: {verdict.rows} rows.",
            reach,
            *(since if first else ()),
            "Note this mark outside of this machine; --seen MARK proves later that the trail still passes through it.",
        ]
    return [f"THE AUDIT TRAIL DOES NOT HOLD. {WHAT_HAPPENED[verdict.fault].format(row=verdict.row)}", reach, *_advice(verdict)]


def _advice(verdict: Verdict) -> list[str]:
    if verdict.fault == "changed" and verdict.last == 0:
        return ["If the very first row does not hold, look first whether KOMEK_DESK_KEY is the key of this database."]
    return ["Do not delete anything. Compare with a backup, and with who could write to the database."]
