"""A file that is sealed piece by piece, so that it may be larger than memory and a piece missing, moved or changed is an error.

AES-256-GCM in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): the nonce is the piece's number and whether
it is the last. The key of a file is derived from the given one and a salt of its own, so no nonce is ever used twice.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hotline_bridge.errors import NotNow

MAGIC = b"KOMEK copy 1\n"
PIECE = 1 << 20
_SALT, _TAG = 16, 16


def seal(key: bytes, name: str, pieces: Iterable[bytes], to: BinaryIO) -> None:
    """Write `pieces` (of any size) to `to`, readable again under `key` and `name` only."""
    salt = os.urandom(_SALT)
    cipher = _cipher(key, salt)
    to.write(MAGIC + salt)
    held, number = b"", 0
    for piece in pieces:
        held += piece
        while len(held) > PIECE:
            to.write(cipher.encrypt(_nonce(number, last=False), held[:PIECE], name.encode()))
            held, number = held[PIECE:], number + 1
    to.write(cipher.encrypt(_nonce(number, last=True), held, name.encode()))


def unseal(key: bytes, name: str, given: BinaryIO) -> Iterator[bytes]:
    """The pieces again, each proven before it is given out. Raises NotNow at the first that is not what was written."""
    if given.read(len(MAGIC)) != MAGIC:
        raise NotNow("This is no copy that Komek made.")
    cipher = _cipher(key, given.read(_SALT))
    number, piece = 0, given.read(PIECE + _TAG)
    last = False
    while not last:
        following = given.read(PIECE + _TAG)
        last = not following
        try:
            clear = cipher.decrypt(_nonce(number, last=last), piece, name.encode())
        except (InvalidTag, ValueError):
            raise NotNow("The copy does not open: it was changed, cut off, or made under another key.") from None
        yield clear
        number, piece = number + 1, following


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(hmac.digest(key, b"komek:file:" + salt, hashlib.sha256))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11) + bytes([last])
