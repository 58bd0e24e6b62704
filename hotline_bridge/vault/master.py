"""The master key: from KOMEK_MASTER_KEY, from a file, or made on first start. It wraps the keys of the conversations."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from hotline_bridge.errors import SettingError
from hotline_bridge.vault.sealing import KEY_BYTES, Key, new_key

_WRONG = "is not right: it must be 32 random bytes, in base64 or hexadecimal"


@dataclass(frozen=True, slots=True)
class MasterKey:
    """32 bytes and what is derived from them, each use under a name of its own."""

    raw: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """A short name by which rows say which master key wrapped them; tells nothing about it."""
        return self.derive("id")[:6].hex()

    def derive(self, use: str) -> bytes:
        """32 bytes for one use (HMAC-SHA256 as a key derivation, NIST SP 800-108)."""
        return hmac.digest(self.raw, f"komek:{use}".encode(), hashlib.sha256)

    def wrap(self, conversation: UUID, key: Key) -> bytes:
        """A conversation's key, sealed for that conversation."""
        return Key(self.derive("wrap")).seal(f"key:{conversation}", base64.b64encode(key.raw).decode())

    def unwrap(self, conversation: UUID, wrapped: bytes) -> Key:
        """The conversation's key again. Raises Forgotten when this master key did not wrap it."""
        return Key(base64.b64decode(Key(self.derive("wrap")).open(f"key:{conversation}", wrapped)))

    def fingerprint(self, use: str, words: str) -> bytes:
        """32 bytes by which `words` are found again without being kept; worthless without this key."""
        return hmac.digest(self.derive(f"fingerprint:{use}"), words.encode("utf-8", "surrogatepass"), hashlib.sha256)


def load(
    value: str | None, file: Path | None, folder: Path, *, setting: str = "KOMEK_MASTER_KEY", own: str = "master.key"
) -> MasterKey:
    """The key from `value` (base64 or hex of 32 bytes), else from `file`, else from `folder`/`own`, made if missing.

    Raises SettingError naming the setting.
    """
    if value:
        return MasterKey(_decode(value, setting))
    if file:
        try:
            return MasterKey(_decode(file.read_text(), f"{setting}_FILE"))
        except OSError as error:
            raise SettingError(f"{setting}_FILE names a file that cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise SettingError(f"{setting}_FILE {_WRONG}") from None
    path = folder / own
    if not path.exists():
        _write_once(path, base64.b64encode(new_key()).decode() + "\n")
    return MasterKey(_decode(path.read_text(), f"{own} in the data folder"))


def _write_once(path: Path, words: str) -> None:
    """Written apart, then named: of processes that start at once one wins, and none ever reads half a key."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(words)
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()


def _decode(value: str, setting: str) -> bytes:
    value = value.strip()
    for decode in (bytes.fromhex, lambda v: base64.b64decode(v, validate=True)):
        try:
            raw = decode(value)
        except ValueError:
            continue
        if len(raw) == KEY_BYTES:
            return bytes(raw)
    raise SettingError(f"{setting} {_WRONG}")
