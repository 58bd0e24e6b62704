"""The root secret: what must stay the same when the master key is rotated. It stands in the database, wrapped by that key.

Addresses, provider ids and ticket numbers are found again by fingerprints under it, and other seals of the installation are
derived from it, so a rotation wraps one row anew and changes none of them.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Root:
    """32 bytes and what is derived from them, each use under a name of its own."""

    raw: bytes = field(repr=False)

    def derive(self, use: str) -> bytes:
        """32 bytes for one use (HMAC-SHA256 as a key derivation, NIST SP 800-108)."""
        return hmac.digest(self.raw, f"komek:{use}".encode(), hashlib.sha256)

    def fingerprint(self, use: str, words: str) -> bytes:
        """32 bytes by which `words` are found again without being kept; worthless without this secret."""
        return hmac.digest(self.derive(f"fingerprint:{use}"), words.encode("utf-8", "surrogatepass"), hashlib.sha256)
