"""The search for planted identifiers finds each of them in each form: a search that finds nothing would prove nothing."""

from __future__ import annotations

import base64
import functools
import gzip
import html
import io
import json
import os
import quopri
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus, urlencode

import psycopg
import pytest
from journeys.canaries import Plant, Search
from journeys.identifiers import PLANTED

NAME = Plant("a name", "Раззокзода")
NUMBER = Plant("a number", "7301554201")
SECRET = Plant("a secret", "kV3-x_90QmNw77", exact=True)
RAW = Plant("a key", bytes(range(40, 72)))
PLANTS = [NAME, NUMBER, SECRET, RAW]
AROUND = (b"", b"a", b"ab", os.urandom(701))


@functools.cache
def search(*plants: Plant) -> Search:
    return Search(plants)


def found(content: bytes, *plants: Plant) -> set[str]:
    return {finding.plant for finding in search(*(plants or PLANTS)).in_bytes("here", content)}


def in_json_twice(words: str) -> bytes:
    return json.dumps(json.dumps({"text": words})).encode()


WRITTEN: dict[str, Callable[[str], bytes]] = {
    "utf-8": lambda w: w.encode(),
    "utf-16-le": lambda w: w.encode("utf-16-le"),
    "utf-16-be": lambda w: w.encode("utf-16-be"),
    "utf-32": lambda w: w.encode("utf-32-le"),
    "small letters": lambda w: w.lower().encode(),
    "capital letters": lambda w: w.upper().encode("utf-16-le"),
    "base64": lambda w: base64.b64encode(w.encode()),
    "base64 behind one byte": lambda w: base64.b64encode(b"x" + w.encode() + b"yz"),
    "base64 behind two bytes": lambda w: base64.b64encode(b"xy" + w.encode() + b"z"),
    "base64 for addresses": lambda w: base64.urlsafe_b64encode(b"x" + w.encode()),
    "base64 in lines": lambda w: base64.encodebytes(b"x" * 50 + w.encode() + b"x" * 50),
    "base64 of utf-16": lambda w: base64.b64encode(w.encode("utf-16-le")),
    "base32": lambda w: base64.b32encode(w.encode()),
    "percent": lambda w: quote(w, safe="").encode(),
    "percent, small": lambda w: quote(w, safe="").lower().encode(),
    "a form": lambda w: urlencode({"Body": w}).encode(),
    "a form's value": lambda w: quote_plus(w).encode(),
    "JSON": lambda w: json.dumps({"text": w}).encode(),
    "JSON in JSON": in_json_twice,
    "HTML": lambda w: html.escape(w).encode(),
    "HTML in numbers": lambda w: "".join(f"&#{ord(c)};" for c in w).encode(),
    "HTML in hexadecimal": lambda w: w.encode("ascii", "xmlcharrefreplace"),
    "hexadecimal": lambda w: w.encode().hex().encode(),
    "hexadecimal, capital": lambda w: w.encode().hex().upper().encode(),
    "bytea": lambda w: b"\\x" + w.encode().hex().encode(),
    "octal": lambda w: "".join(f"\\{b:03o}" for b in w.encode()).encode(),
    "Python's repr": lambda w: repr(w.encode()).encode(),
    "Python's ascii": lambda w: ascii(w).encode(),
    "quoted-printable": lambda w: quopri.encodestring(w.encode()),
    "quoted-printable in lines": lambda w: quopri.encodestring(b"x" * 70 + w.encode()),
    "gzip": lambda w: gzip.compress(w.encode() * 3),
    "zlib": lambda w: zlib.compress(w.encode() * 3, 9),
    "gzip that is cut": lambda w: gzip.compress(w.encode() + os.urandom(9000))[:5000],
    "gzip of base64": lambda w: gzip.compress(base64.b64encode(w.encode())),
}


@pytest.mark.parametrize("way", WRITTEN)
def test_each_way_of_writing_is_found_wherever_it_stands(way: str) -> None:
    for plant in (NAME, NUMBER):
        for before in AROUND:
            assert found(before + WRITTEN[way](str(plant.words)) + before) == {plant.name}, (plant, len(before))


def test_every_identifier_that_is_planted_is_found() -> None:
    for plant in PLANTED:
        raw = str(plant.words).encode()
        for content in (raw, base64.b64encode(b"-" + raw), raw.hex().encode(), b"  " + raw + b"  "):
            assert plant.name in found(content, *PLANTED), plant


def test_bytes_are_found_as_they_are_in_hexadecimal_and_in_base64() -> None:
    raw = RAW.words
    assert isinstance(raw, bytes)
    for content in (raw, raw.hex().encode(), base64.b64encode(raw), base64.b64encode(b"k" + raw), base64.urlsafe_b64encode(raw)):
        assert found(b"zz" + content) == {"a key"}


def test_a_number_is_found_as_a_program_holds_it() -> None:
    number = int(str(NUMBER.words))
    assert found(b"x" + number.to_bytes(8, "little")) == {"a number"}
    assert found(b"xyz" + number.to_bytes(8, "big")) == {"a number"}


def test_a_file_in_a_zip_is_found() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner/notes.txt", f"она {NAME.words} и больше никто")
    assert found(packed.getvalue()) == {"a name"}


def test_what_is_secret_by_its_letters_is_not_found_in_other_ones() -> None:
    assert found(str(SECRET.words).encode()) == {"a secret"}
    assert found(str(SECRET.words).lower().encode()) == set()


def test_digits_within_a_longer_number_are_nobodys() -> None:
    code = Plant("a code", "47-1308", bounded=True)
    assert found(b"your number: 47-1308, keep it", code) == {"a code"}
    assert found(b"ab47-1308-4c", code) == set()


def test_nothing_is_found_where_nothing_is() -> None:
    assert (
        found(os.urandom(3 << 20) + bytes(1 << 20) + b"2026-11-30 20:34:59 \xd0\x90\xd0\xbd\xd0\xbe\xd1\x80\xd0\xb0\n" * 20_000)
        == set()
    )


@pytest.mark.parametrize("type_", ["text", "jsonb", "bytea", "numeric", "bigint", "number in jsonb"])
def test_it_is_found_in_the_files_of_a_database(database: str, type_: str) -> None:
    long = "ҳуҷҷат нест, кор ҳаст. " * 900  # compressed, and put away in TOAST
    values = {
        "text": (f"{long}{NAME.words}{long}", "a name"),
        "jsonb": (json.dumps({"text": f"{NAME.words} {long}"}, ensure_ascii=False), "a name"),
        "bytea": (f"{NAME.words}".encode(), "a name"),
        "numeric": (NUMBER.words, "a number"),
        "bigint": (NUMBER.words, "a number"),
        "number in jsonb": (json.dumps({"chat": int(str(NUMBER.words))}), "a number"),
    }
    value, name = values[type_]
    with psycopg.connect(database, autocommit=True) as connection:
        column = "jsonb" if "jsonb" in type_ else type_
        connection.execute(f"CREATE TABLE held (value {column})".encode())
        connection.execute("INSERT INTO held VALUES (%s)", [value])
        connection.execute("CHECKPOINT")
        folder = connection.execute("SHOW data_directory").fetchone()
        files = connection.execute(
            "SELECT pg_relation_filepath(c) FROM (SELECT 'held'::regclass AS c UNION "
            "SELECT reltoastrelid FROM pg_class WHERE oid = 'held'::regclass AND reltoastrelid <> 0)  AS parts"
        ).fetchall()
    assert folder
    contents = b"".join((Path(folder[0]) / file).read_bytes() for (file,) in files)
    assert found(contents) == {name}
