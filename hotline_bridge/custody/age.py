"""When keys were copied last, so that a copy that outlives its days is warned of: only the next backup lets go of it.

People are told for how many days copies can be opened at least (knowledge/replies/control.yml). Noted in the data folder, because
no other process sees the folder of the copies.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

NOTE = "keys.backed-up"


def note(data: Path, now: datetime) -> None:
    """A copy of the keys was made."""
    (data / NOTE).write_text(f"{now.isoformat(timespec='seconds')}\n", encoding="utf-8")


def warnings(data: Path, keep: timedelta, now: datetime) -> list[str]:
    """What whoever runs this must know; empty when no copy was made, or the last one is not past its days."""
    file = data / NOTE
    made = datetime.fromisoformat(file.read_text(encoding="utf-8").strip()) if file.exists() else now
    if now - made <= keep:
        return []
    return [
        f"The last copy of the keys is of {made:%Y-%m-%d} and older than {keep.days} days: it may bring back who was forgotten "
        "since, and only a newer one takes its place. ./run.sh backup FOLDER, or delete it by hand."
    ]
