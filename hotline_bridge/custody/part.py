"""A copy on the disk: its file, and beside it a manifest that says what it is. Words and keys lie in folders of their own."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from hotline_bridge import datafolder
from hotline_bridge.errors import NotNow

WORDS, KEYS = "words", "keys"
_STAMP = "%Y-%m-%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Part:
    """part: words or keys. made: UTC. revision: of the tables. key: the id of what opens the file: a master key, or the root."""

    part: str
    made: str
    revision: str
    key: str
    file: str
    size: int
    sha256: str

    @property
    def moment(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.made)


def write(folder: Path, part: str, now: datetime, revision: str, key: str, fill: Callable[[BinaryIO], None]) -> Part:
    """A new copy in `folder`/`part`: whole and on the disk, or not there at all. Raises NotNow."""
    place = folder / part
    name = f"{part}-{now.strftime(_STAMP)}.komek"
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = place / f".{name}"
        handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w+b") as file:
            try:
                fill(file)
                file.flush()
                os.fsync(handle)
                size = file.tell()
            except BaseException:
                draft.unlink()
                raise
        made = Part(part, now.isoformat(timespec="seconds"), revision, key, name, size, _sha256(draft))
        draft.rename(place / name)
        _write_manifest(place, made)
    except OSError as error:
        raise NotNow(f"The copy cannot be written to {place}: {error.strerror}") from None
    return made


def listed(folder: Path, part: str) -> list[Part]:
    """The copies in `folder`/`part`, oldest first. Raises NotNow for a manifest that cannot be read."""
    found = []
    for manifest in sorted((folder / part).glob(f"{part}-*.json")):
        try:
            found.append(Part(**json.loads(manifest.read_text())))
        except (OSError, ValueError, TypeError):
            raise NotNow(f"{manifest} cannot be read: it is no manifest that Komek wrote.") from None
    return sorted(found, key=lambda one: one.moment)


def check(folder: Path, part: Part) -> Path:
    """The copy's file, after it was compared with its manifest. Raises NotNow."""
    file = folder / part.part / part.file
    if not file.exists() or file.stat().st_size != part.size or _sha256(file) != part.sha256:
        raise NotNow(f"{file} is not what its manifest says: it is missing, cut off or changed. Choose another copy.")
    return file


def prune(folder: Path, part: str, keep: timedelta, now: datetime) -> list[str]:
    """Delete copies that are older than `keep`, but never the newest; their files' names."""
    old = [one for one in listed(folder, part)[:-1] if one.moment < now - keep]
    for one in old:
        # The manifest last: a file without one would be seen by nobody and stay for ever.
        (folder / part / one.file).unlink(missing_ok=True)
        _manifest(folder / part, one).unlink(missing_ok=True)
    return [one.file for one in old]


def _write_manifest(place: Path, part: Part) -> None:
    datafolder.write_once(_manifest(place, part), json.dumps(asdict(part), indent=1) + "\n")


def _manifest(place: Path, part: Part) -> Path:
    return place / f"{part.file.removesuffix('.komek')}.json"


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
