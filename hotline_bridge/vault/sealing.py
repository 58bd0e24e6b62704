"""Sealing bytes: AES-256-GCM with a fresh nonce, bound to what they are and whose.

A sealed value is nonce (12 bytes) + ciphertext + tag (16 bytes). Opened under another name or key it is an error, not garbage.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hotline_bridge.errors import Forgotten

KEY_BYTES = 32
_NONCE_BYTES = 12


def new_key() -> bytes:
    """32 random bytes."""
    return os.urandom(KEY_BYTES)


@dataclass(frozen=True, slots=True)
class Key:
    """One conversation's key. Its bytes never show in a repr, so not in a traceback either."""

    raw: bytes = field(repr=False)

    def seal(self, name: str, words: str) -> bytes:
        """`words` sealed as `name` (such as "inbox:<id>")."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(self.raw).encrypt(nonce, words.encode("utf-8", "surrogatepass"), name.encode())

    def open(self, name: str, sealed: bytes) -> str:
        """The words that were sealed as `name`. Raises Forgotten when this key does not fit."""
        try:
            clear = AESGCM(self.raw).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], name.encode())
        except (InvalidTag, ValueError):  # ValueError: shorter than a nonce
            raise Forgotten("these words were sealed with another key, or changed since") from None
        return clear.decode("utf-8", "surrogatepass")

    def digest(self, name: str, words: str) -> bytes:
        """16 bytes by which equal words are known again within this conversation, and nowhere else."""
        return hmac.digest(self.raw, f"{name}\0{words}".encode("utf-8", "surrogatepass"), hashlib.sha256)[:16]
