"""The rows of the copy of the keys: a line of JSON each. By name, so that a later version of the tables can take them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from sqlalchemy import LargeBinary, Table, Uuid

from hotline_bridge.errors import NotNow
from hotline_bridge.store.tables import metadata, parts

Row = dict[str, Any]


def read(connection: psycopg.Connection[Any]) -> Iterator[bytes]:
    """Every row of the tables of keys, as lines."""
    for name in parts.KEYS:
        table = metadata.tables[name]
        columns = sql.SQL(", ").join(sql.Identifier(c.name) for c in table.columns)
        query = sql.SQL("SELECT {} FROM {}").format(columns, sql.Identifier(*name.split(".")))
        with connection.cursor(f"copy_{table.name}") as cursor:
            for values in cursor.execute(query):
                row = {c.name: _told(v) for c, v in zip(table.columns, values, strict=True)}
                yield json.dumps([name, row]).encode() + b"\n"


def parse(pieces: Iterable[bytes]) -> dict[str, list[Row]]:
    """The rows by table. Raises NotNow for a table or column that this version does not know."""
    found: dict[str, list[Row]] = {name: [] for name in parts.KEYS}
    for line in b"".join(pieces).splitlines():
        name, row = json.loads(line)
        table = metadata.tables.get(name)
        if table is None or name not in found or not row.keys() <= set(table.columns.keys()):
            raise NotNow("This copy of the keys is from a newer Komek: restore it with that one.")
        found[name].append({column: _meant(table, column, value) for column, value in row.items()})
    return found


def write(connection: psycopg.Connection[Any], name: str, rows: list[Row]) -> None:
    """Insert rows of one table."""
    if not rows:
        return
    columns = list(rows[0])
    query = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(*name.split(".")),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL(", ").join(sql.Placeholder(c) for c in columns),
    )
    with connection.cursor() as cursor:
        cursor.executemany(query, rows)


def _told(value: object) -> str | None:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return None if value is None else str(value)


def _meant(table: Table, column: str, value: str | None) -> object:
    kind = table.columns[column].type
    if value is None:
        return None
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    return UUID(value) if isinstance(kind, Uuid) else value
