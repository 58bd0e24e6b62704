"""The one folder that holds what must survive: database, master key. 0700, and for one instance at a time."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from pathlib import Path
from typing import IO

from hotline_bridge.errors import DataFolderBusy, SettingError


def prepare(folder: Path) -> Path:
    """Make the folder if need be and close it to others. Raises SettingError when it cannot be used."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Run as root, the embedded server is a user of its own that must pass through; without that it cannot be stopped well.
        passing = 0o011 if os.geteuid() == 0 and (folder / "postgres").exists() else 0
        folder.chmod(0o700 | (folder.stat().st_mode & passing))
    except OSError as error:
        raise SettingError(f"KOMEK_DATA names a folder that cannot be used: {error.strerror}") from None
    return folder


def claim(folder: Path) -> IO[str]:
    """Hold the folder until the returned file is closed or the process ends. Raises DataFolderBusy."""
    handle = (folder / "lock").open("a+")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.seek(0)
        owner = handle.read().strip() or "unknown"
        handle.close()
        raise DataFolderBusy(
            f"Another Komek (process {owner}) uses the data folder; stop it, or set KOMEK_DATA to another folder."
        ) from None
    handle.truncate(0)
    handle.write(str(os.getpid()))
    handle.flush()
    return handle


def token(folder: Path, name: str) -> str:
    """A random word that processes on this machine share; made on first use, readable for us only."""
    file = folder / name
    if not file.exists():
        write_once(file, secrets.token_urlsafe(32))
    return file.read_text()


def write_once(path: Path, words: str) -> None:
    """Written apart, then named: of processes that start at once one wins, and none ever reads half of it."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(words)
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()
    sync(path.parent)


def sync(folder: Path) -> None:
    """Have the names in `folder` on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
