"""Which keys somebody has copied to a place apart, so that a lost key can be warned of before it is lost.

Only ids and days are noted, in the data folder.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from hotline_bridge.errors import NotNow
from hotline_bridge.vault.master import encode
from hotline_bridge.vault.ring import Ring

NOTE = "keys.copied"


def export(rings: Mapping[str, Ring], to: Path, folder: Path, today: date) -> None:
    """Write each ring to a new file <name>.key in `to`, readable for us only, and note it in the data folder.

    Raises NotNow; a file that is there is never written over.
    """
    if to.resolve().is_relative_to(folder.resolve()):
        raise NotNow("A copy inside the data folder is lost with it: name a folder in another place, on a stick or another disk.")
    files = {to / f"{name}.key": ring for name, ring in rings.items() if ring.newest}
    for file in files:
        if file.exists():
            raise NotNow(f"{file} is there already; name another folder.")
    try:
        to.mkdir(parents=True, exist_ok=True)
        for file, ring in files.items():
            _write(file, "".join(f"{encode(k)}\n" for k in ring.keys))
    except OSError as error:
        raise NotNow(f"{to} cannot be written: {error.strerror}") from None
    with (folder / NOTE).open("a") as note:
        note.write("".join(f"{k.id} {today.isoformat()}\n" for ring in files.values() for k in ring.keys))


def noted(folder: Path) -> dict[str, str]:
    """Key ids that were copied, and the day of the latest copy."""
    file = folder / NOTE
    return dict(line.split() for line in file.read_text().splitlines()) if file.exists() else {}


def warnings(rings: Mapping[str, Ring], folder: Path) -> list[str]:
    """What whoever runs this must know before it is too late; empty when all is well."""
    copied = noted(folder)
    alone = [ring for ring in rings.values() if _within(ring, folder) and ring.newest.id not in copied]
    if not alone:
        return []
    files = " and ".join(str(ring.file) for ring in alone)
    return [
        f"No copy is noted of the keys in {files}. If they are lost, nothing that was written can be read again, by anybody; "
        "and whoever takes the whole folder can read everything. Put a copy in a place apart now: ./run.sh keys export FOLDER"
    ]


def _within(ring: Ring, folder: Path) -> bool:
    return ring.file is not None and bool(ring.keys) and ring.file.resolve().is_relative_to(folder.resolve())


def _write(file: Path, words: str) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as written:
        written.write(words)
        written.flush()
        os.fsync(handle)
