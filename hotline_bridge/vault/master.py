"""A master key: 32 bytes that wrap the keys of the conversations and the root secret. Where they are kept: ring.py."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field

from hotline_bridge.errors import SettingError
from hotline_bridge.vault.sealing import KEY_BYTES, Key

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
        """32 bytes for one use (HMAC-SHA256 as a key derivation, NIST SP 800-108). What must outlive a rotation is the root's."""
        return hmac.digest(self.raw, f"komek:{use}".encode(), hashlib.sha256)

    def wrap(self, name: str, key: bytes) -> bytes:
        """A key, sealed as `name` (such as "key:<conversation>")."""
        return Key(self.derive("wrap")).seal(name, base64.b64encode(key).decode())

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """The key again. Raises Forgotten when this master key did not wrap it as `name`."""
        return base64.b64decode(Key(self.derive("wrap")).open(name, wrapped))


def decode(value: str, setting: str) -> MasterKey:
    """The key in `value`, base64 or hexadecimal. Raises SettingError, which names `setting` and never shows the value."""
    value = value.strip()
    for read in (bytes.fromhex, lambda v: base64.b64decode(v, validate=True)):
        try:
            raw = read(value)
        except ValueError:
            continue
        if len(raw) == KEY_BYTES:
            return MasterKey(bytes(raw))
    raise SettingError(f"{setting} {_WRONG}")


def encode(key: MasterKey) -> str:
    """The key as it stands in a file."""
    return base64.b64encode(key.raw).decode()
