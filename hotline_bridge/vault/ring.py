"""The master keys of an installation, newest first, and the place that they come from.

While a rotation is under way two keys are in force. Which one wraps what is new is said by the database (rotation.py), so
that processes that were started with the keys in another order, or before the newest was made, still agree.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from hotline_bridge import datafolder
from hotline_bridge.errors import SettingError
from hotline_bridge.vault.master import MasterKey, decode, encode
from hotline_bridge.vault.sealing import new_key

_BY_HAND = (
    "Make one with `openssl rand -base64 32`, put it before the old one in {place} (a space or a new line between them), "
    "start the processes again one after another, and run this once more."
)


@dataclass(slots=True)
class Ring:
    """place: where the keys are from, in a person's words. file: read again when a key is missing; None: keys by environment.

    own: the file is the data folder's, and is made on the first start.
    """

    place: str
    keys: tuple[MasterKey, ...] = field(repr=False)
    file: Path | None = None
    own: bool = False

    @property
    def newest(self) -> MasterKey:
        """The key that wraps from the next rotation on. Raises SettingError when there is none yet."""
        if not self.keys:
            raise SettingError(f"{self.place} is missing")
        return self.keys[0]

    def find(self, master: str) -> MasterKey | None:
        """The key of that id; the file is read again for one that was added since."""
        found = self._held(master)
        if found is None:
            self.read_again()
            found = self._held(master)
        return found

    def read_again(self) -> None:
        """Take in what another process has changed in the file."""
        if self.file is not None and self.file.exists():
            self.keys = _read(self.file, self.place)

    def add(self) -> MasterKey:
        """Make a new key and keep it before the others, on disk before it is used. Raises SettingError when that is not ours."""
        made = MasterKey(new_key())
        self._write((made, *self.keys))
        return made

    def drop(self, masters: Collection[str]) -> None:
        """Let go of these keys: what they wrapped cannot be read again. Raises SettingError when that is not ours."""
        self._write(tuple(k for k in self.keys if k.id not in masters))

    def make(self) -> None:
        """The first key of a new installation; of processes that start at once one wins. Raises SettingError unless `own`."""
        if self.file is None or not self.own:
            raise SettingError(f"{self.place} is missing")
        datafolder.write_once(self.file, encode(MasterKey(new_key())) + "\n")
        self.keys = _read(self.file, self.place)

    def _held(self, master: str) -> MasterKey | None:
        return next((k for k in self.keys if k.id == master), None)

    def _write(self, keys: tuple[MasterKey, ...]) -> None:
        if self.file is None:
            raise SettingError(f"A new key cannot be put into {self.place} from here. {_BY_HAND.format(place=self.place)}")
        draft = self.file.with_name(f"{self.file.name}.{secrets.token_hex(4)}")
        try:
            _replace(self.file, draft, "".join(f"{encode(k)}\n" for k in keys))
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise SettingError(
                f"{self.place} cannot be written from here ({error.strerror}). {_BY_HAND.format(place=self.place)}"
            ) from None
        self.keys = keys


def load(value: str | None, file: Path | None, folder: Path, setting: str, own: str) -> Ring:
    """The keys from `value` (of `setting`), else from `file` (of `setting`_FILE), else from `folder`/`own`.

    One key or several, newest first; in a new folder there are none yet. Raises SettingError naming the setting.
    """
    if value:
        return Ring(setting, _parse(value, setting))
    if file:
        place = f"{setting}_FILE"
        return Ring(place, _read(file, place), file)
    path, place = folder / own, f"{own} in the data folder"
    return Ring(place, _read(path, place) if path.exists() else (), path, own=True)


def _read(file: Path, place: str) -> tuple[MasterKey, ...]:
    try:
        return _parse(file.read_text(), place)
    except OSError as error:
        raise SettingError(f"{place} names a file that cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        return _parse("?", place)


def _parse(value: str, place: str) -> tuple[MasterKey, ...]:
    """Keys apart by spaces, commas or new lines; nothing at all is one wrong key."""
    return tuple(dict.fromkeys(decode(one, place) for one in value.replace(",", " ").split() or ["?"]))


def _replace(file: Path, draft: Path, words: str) -> None:
    """All or nothing, with the owner and the rights of the file that was there."""
    before = file.stat()
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as written:
        os.fchown(handle, before.st_uid, before.st_gid)
        os.fchmod(handle, before.st_mode & 0o777)
        written.write(words)
        written.flush()
        os.fsync(handle)
    draft.replace(file)
    datafolder.sync(file.parent)
