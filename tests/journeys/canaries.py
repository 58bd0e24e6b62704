"""What must never be found in clear, and the search for it in any bytes, in every form in which a program may have written it."""

from __future__ import annotations

import base64
import html
import json
import quopri
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

import numpy as np
from journeys.packed import unpacked

SHORTEST = 6  # bytes of a form that is looked for: anything shorter would be met by chance
_BITS = 20
_CHUNK = 1 << 20
_ESCAPE, _POINT = re.compile("[%=][0-9A-F]{2}"), re.compile(r"\\u([0-9a-f]{4})")


@dataclass(frozen=True)
class Plant:
    """name: what it is, for whoever reads the finding. words: looked for in small and capital letters too, unless `exact`.

    bounded: digits that UUIDs and moments could hold by chance count only when nothing hexadecimal stands beside them.
    """

    name: str
    words: str | bytes
    exact: bool = False
    bounded: bool = False


@dataclass(frozen=True)
class Finding:
    """Where something was found in clear. around: what stands there, for a human."""

    place: str
    plant: str
    form: str
    around: bytes

    def __str__(self) -> str:
        return f"{self.place}: {self.plant} as {self.form}: {self.around!r}"


def forms(plant: Plant) -> Iterator[tuple[str, bytes]]:
    """Every way in which the plant may have been written, by name."""
    if isinstance(plant.words, bytes):
        yield "bytes", plant.words
        yield from _of_bytes("bytes", plant.words)
        return
    spellings = {plant.words: "as it is"}
    if not plant.exact:
        for name, spelling in (("small", plant.words.lower()), ("capital", plant.words.upper())):
            spellings.setdefault(spelling, name)
    for words, spelling in spellings.items():
        for name, found in _of_words(words):
            yield f"{name}, {spelling}", found
    if plant.words.isdecimal() and 10 <= len(plant.words) <= 18:  # shorter ones, as bytes, are met by chance
        yield from _of_number(int(plant.words))


def _of_words(words: str) -> Iterator[tuple[str, bytes]]:
    for codec in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "cp1251"):
        try:
            raw = words.encode(codec)
        except UnicodeEncodeError:  # Kazakh and Tajik letters are not in cp1251
            continue
        yield codec, raw
        if codec in ("utf-8", "utf-16-le", "utf-16-be"):
            yield from _of_bytes(codec, raw)
    yield "percent", quote(words, safe="").encode()
    yield "percent, small", _ESCAPE.sub(lambda found: found[0].lower(), quote(words, safe="")).encode()
    yield "percent, form", quote_plus(words).encode()
    yield "percent, whole", "".join(f"%{b:02X}" for b in words.encode()).encode()
    escaped = json.dumps(words)[1:-1]
    yield "JSON", escaped.encode()
    yield "JSON, capital", _POINT.sub(lambda found: "\\u" + found[1].upper(), escaped).encode()
    yield "JSON in JSON", json.dumps(escaped)[1:-1].encode()
    yield "JSON, braces", "".join(f"\\u{{{ord(c):x}}}" for c in words).encode()
    yield "Python", ascii(words)[1:-1].encode()
    yield "HTML", html.escape(words).encode()
    yield "HTML, decimal", "".join(c if c.isascii() else f"&#{ord(c)};" for c in words).encode()
    yield "HTML, hexadecimal", "".join(c if c.isascii() else f"&#x{ord(c):x};" for c in words).encode()
    yield "HTML, whole", "".join(f"&#{ord(c)};" for c in words).encode()


def _of_bytes(name: str, raw: bytes) -> Iterator[tuple[str, bytes]]:
    yield f"{name}, hexadecimal", raw.hex().encode()
    yield f"{name}, hexadecimal, capital", raw.hex().upper().encode()
    for skipped in range(3):  # what stands before it decides at which of three places it begins
        coded = base64.b64encode(bytes(skipped) + raw)
        middle = coded[(0, 2, 3)[skipped] : (len(raw) + skipped) * 8 // 6]
        yield f"{name}, base64 at {skipped}", middle
        yield f"{name}, base64 at {skipped}, for addresses", middle.translate(bytes.maketrans(b"+/", b"-_"))
    yield f"{name}, base32", base64.b32encode(raw).rstrip(b"=")[: len(raw) * 8 // 5]
    yield f"{name}, Python", repr(raw)[2:-1].encode()
    yield f"{name}, octal", "".join(f"\\{b:03o}" for b in raw).encode()
    quoted = quopri.encodestring(raw).replace(b"=\n", b"").decode("latin-1")
    yield f"{name}, quoted-printable", quoted.encode("latin-1")
    yield f"{name}, quoted-printable, small", _ESCAPE.sub(lambda found: found[0].lower(), quoted).encode("latin-1")


def _of_number(number: int) -> Iterator[tuple[str, bytes]]:
    """As a column of PostgreSQL or a program holds it: 64 bits, and digits to the base of 10000 (numeric, and in jsonb)."""
    yield "64 bits", number.to_bytes(8, "little")
    yield "64 bits, big end", number.to_bytes(8, "big")
    digits, rest = [], number
    while rest:
        rest, digit = divmod(rest, 10_000)
        digits.append(digit)
    yield "numeric", b"".join(d.to_bytes(2, "little") for d in reversed(digits))
    yield "numeric, sent", b"".join(d.to_bytes(2, "big") for d in reversed(digits))


class Search:
    """Finds plants in bytes; 100 MB in some seconds, however many plants there are.

    Each form has a window of four bytes; a table says which windows can be one, and only there the whole form is compared.
    """

    def __init__(self, plants: Iterable[Plant]) -> None:
        self._bounded: set[str] = set()
        self._by_window: dict[int, list[tuple[bytes, int, str, str]]] = defaultdict(list)
        self._table = np.zeros(1 << _BITS, dtype=bool)
        seen: set[bytes] = set()
        for plant in plants:
            if plant.bounded:
                self._bounded.add(plant.name)
            for form, raw in forms(plant):
                if len(raw) >= SHORTEST and raw not in seen:
                    seen.add(raw)
                    self._add(raw, plant.name, form)
        assert not self._table[0], "a window must not look like the empty pages of a database"

    def _add(self, raw: bytes, plant: str, form: str) -> None:
        # Four different bytes, none of them 0: a database's pages are full of others.
        starts = range(len(raw) - 3)
        at = next((i for i in starts if len({*raw[i : i + 4], 0}) == 5 and _slot(raw[i : i + 4])), None)
        if at is None:
            at = max(starts, key=lambda i: (_slot(raw[i : i + 4]) != 0, len({*raw[i : i + 4]} - {0})))
        self._by_window[int.from_bytes(raw[at : at + 4], "little")].append((raw, at, plant, form))
        self._table[_slot(raw[at : at + 4])] = True

    def in_bytes(self, place: str, content: bytes, depth: int = 3) -> Iterator[Finding]:
        """Everything found in `content`, in what is packed in it, and in its lines put together."""
        yield from self._plain(place, content)
        if b"\n" in content:
            joined = content.replace(b"=\r\n", b"").replace(b"=\n", b"").replace(b"\r", b"").replace(b"\n", b"")
            yield from self._plain(f"{place}, lines joined", joined)
        if depth:
            for name, inner in unpacked(content):
                yield from self.in_bytes(f"{place}, {name}", inner, depth - 1)

    def _plain(self, place: str, content: bytes) -> Iterator[Finding]:
        for at in self._candidates(content):
            for raw, offset, plant, form in self._by_window.get(int.from_bytes(content[at : at + 4], "little"), ()):
                begin = at - offset
                if begin >= 0 and content[begin : begin + len(raw)] == raw and self._counts(content, begin, len(raw), plant):
                    yield Finding(place, plant, form, content[max(0, begin - 60) : begin + len(raw) + 40])

    def _candidates(self, content: bytes) -> Iterator[int]:
        if not content.strip(b"\0"):
            return
        for begin in range(0, max(0, len(content) - 3), _CHUNK):
            part = np.frombuffer(content[begin : begin + _CHUNK + 3], dtype=np.uint8)
            for shift in range(4):
                words = part[shift : shift + (len(part) - shift) // 4 * 4].view("<u4")
                hit = np.flatnonzero(self._table[(words * np.uint32(2654435761)) >> np.uint32(32 - _BITS)])
                for index in hit.tolist():
                    if index * 4 + shift < _CHUNK:
                        yield begin + index * 4 + shift

    def _counts(self, content: bytes, begin: int, length: int, plant: str) -> bool:
        if plant not in self._bounded:
            return True
        beside = content[max(0, begin - 1) : begin] + content[begin + length : begin + length + 1]
        return not any(chr(b) in "0123456789abcdefABCDEF-:." for b in beside)


def _slot(window: bytes) -> int:
    return (int.from_bytes(window, "little") * 2654435761 & 0xFFFFFFFF) >> (32 - _BITS)
