"""What is packed in other bytes: gzip, zlib and zip, and values that PostgreSQL has compressed (pglz) in pages or in its log."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

import numpy as np

MOST = 64 << 20  # bytes of one unpacked thing
SMALLEST = 256  # bytes of a value that PostgreSQL finds worth compressing; its own threshold is a row of 2000
_PAGE = 8192
_PIECE = 4096


def unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Everything in `content` that can be unpacked, even in part; PostgreSQL's values all together, they are many."""
    for name, magic, bits in (
        ("gzip", b"\x1f\x8b\x08", 31), ("zlib", b"\x78\x01", 15), ("zlib", b"\x78\x9c", 15), ("zlib", b"\x78\xda", 15),
    ):  # fmt: skip
        for at in _everywhere(content, magic):
            if inner := _inflated(content, at, bits):
                yield f"{name} at {at}", inner
    if b"PK\x03\x04" in content:
        yield from _zipped(content)
    if values := [_pglz(content, at) for at in _compressed_values(content)]:
        yield "pglz", b"\0".join(values)


def _everywhere(content: bytes, magic: bytes) -> Iterator[int]:
    at = content.find(magic)
    while at >= 0:
        yield at
        at = content.find(magic, at + 1)


def _inflated(content: bytes, at: int, bits: int) -> bytes:
    """As much as makes sense: a file that is cut, or followed by others, still tells what it begins with."""
    stream, out = zlib.decompressobj(bits), bytearray()
    try:
        while at < len(content) and not stream.eof and len(out) < MOST:
            out += stream.decompress(content[at : at + _PIECE])
            at += _PIECE
    except zlib.error:
        pass
    return bytes(out)


def _zipped(content: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield f"zip's {name}", archive.read(name)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError, ValueError):
        return


def _compressed_values(content: bytes) -> Iterator[int]:
    """Where the compressed bytes of a value may begin: behind its whole length, whose two highest bits say pglz (varatt.h).

    In a row a word with this value's length stands before it, marked 2 in its lowest bits; in a TOAST chunk there is none.
    """
    for shift in range(4):
        words = np.frombuffer(content[shift : shift + (len(content) - shift) // 4 * 4], dtype="<u4")
        if len(words) < 3:
            continue
        size, whole = words[:-1] >> np.uint32(2), words[1:]
        plausible = (size > 24) & (size < 2 * _PAGE) & (whole > SMALLEST) & (whole > size) & (whole < 100 * size)
        for index in np.flatnonzero(plausible & ((words[:-1] & np.uint32(1)) == 0)).tolist():
            at = shift + index * 4 + 8
            if at < len(content) and not content[at] & 1:  # there is nothing yet that the first piece could repeat
                yield at


def _pglz(content: bytes, at: int) -> bytes:
    """PostgreSQL's own compression (common/pg_lzcompress.c), as far as it makes sense from `at` on."""
    whole = int.from_bytes(content[at - 4 : at], "little")
    end = min(len(content), at + 2 * _PAGE)
    out = bytearray()
    while at < end and len(out) < whole:
        control = content[at]
        at += 1
        for bit in range(8):
            if at >= end or len(out) >= whole:
                break
            if not control >> bit & 1:
                out.append(content[at])
                at += 1
                continue
            if at + 2 >= end:
                return bytes(out)
            length, back = (content[at] & 0x0F) + 3, (content[at] & 0xF0) << 4 | content[at + 1]
            at += 2
            if length == 18:
                length += content[at]
                at += 1
            if not 0 < back <= len(out):
                return bytes(out)
            for _ in range(length):
                out.append(out[-back])
    return bytes(out)
