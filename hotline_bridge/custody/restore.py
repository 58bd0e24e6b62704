"""`./run.sh restore FOLDER`: a copy of the words and a copy of the keys, put into an empty database.

With newer keys than words, whoever was forgotten between the two stays forgotten: their words are noise and go at once.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path

import procrastinate
import psycopg
from psycopg import sql

from hotline_bridge import bootstrap, datafolder, reckoning
from hotline_bridge.custody import backup, key_rows, part, sealed_file, tools
from hotline_bridge.custody.key_rows import Row
from hotline_bridge.custody.part import KEYS, WORDS, Part
from hotline_bridge.desk import Desk
from hotline_bridge.errors import NotNow
from hotline_bridge.flow.settle import Settled, settle
from hotline_bridge.flow.stations import Stations, Store
from hotline_bridge.settings import Settings
from hotline_bridge.store import embedded, engine, jobs, migrate
from hotline_bridge.store.engine import transaction
from hotline_bridge.store.tables import metadata, parts
from hotline_bridge.vault.identities import Vault
from hotline_bridge.vault.root import Root
from hotline_bridge.vault.safe import RESTORING, ROOT, Safe

ROOTS = ("vault.secrets", "desk_secrets")
_MARK = {"name": RESTORING, "wrapped": b"", "master": ""}


def run(settings: Settings, given: argparse.Namespace) -> int:
    """Put the copies back and say what came of it. Raises KomekError with a sentence."""
    folder, data = Path(given.folder), datafolder.prepare(settings.komek_data)
    words, keys = _chosen(folder, WORDS, given.words), _chosen(folder, KEYS, given.keys)
    files = part.check(folder, words), part.check(folder, keys)
    if words.revision not in migrate.revisions():
        raise NotNow("The copy of the words was made by a newer Komek: restore it with that one.")
    safes = bootstrap.vault(settings), bootstrap.desk(settings)
    rows = _keys_of(files[1], keys, safes[0])
    roots = [_root(safe, rows[str(safe.place.roots)]) for safe in safes]
    if backup.root_id(roots[0]) != words.key:
        raise NotNow("The words and the keys are not of the same installation.")
    with _database(settings, data) as url:
        _require_empty(url)
        settled, counted = _put_back(url, words, files[0], rows, safes, roots)
    print(f"Words of {words.made} and keys of {keys.made} are back: {counted} messages in the account.")
    print(f"{settled.forgotten} conversations were forgotten since, or have no key: they are gone.")
    print(f"{settled.halted} had something waiting: nothing of it is sent, an operator finds it in a ticket.")
    print("Whoever was shut out of the console since then can sign in again: look through the accounts before you start.")
    return 0


def _chosen(folder: Path, name: str, wanted: str | None) -> Part:
    listed = part.listed(folder, name)
    found = [one for one in listed if wanted in (None, one.file, Path(one.file).stem)]
    if not found:
        there = ", ".join(one.file for one in listed) or "none"
        raise NotNow(f"There is no such copy of the {name} in {folder / name}; there are: {there}. Both parts are needed.")
    return found[-1]


def _keys_of(file: Path, keys: Part, vault: Vault) -> dict[str, list[Row]]:
    master = vault.ring.find(keys.key)
    if master is None:
        raise NotNow(
            f"This copy of the keys opens with the master key {keys.key}, and {vault.ring.place} does not hold it. "
            "Put it there from the copy that you keep apart; without it the words are lost."
        )
    with file.open("rb") as opened:
        return key_rows.parse(sealed_file.unseal(master.derive(KEYS), KEYS, opened))


def _root(safe: Safe, rows: list[Row]) -> Root:
    for row in rows:
        if row["name"] == ROOT:
            master = safe.ring.find(row["master"])
            if master is None:
                raise NotNow(f"{safe.ring.place} lacks the key {row['master']}: put it there from the copy that you keep apart.")
            return Root(master.unwrap(ROOT, row["wrapped"]))
    raise NotNow("This copy of the keys holds no root secret: it was made before Komek was first started.")


@contextlib.contextmanager
def _database(settings: Settings, data: Path) -> Iterator[str]:
    """The database, and no Komek beside us as far as we can tell."""
    url = bootstrap.database_url(settings) if settings.database_url else None
    with datafolder.claim(data), embedded.reach(url, data, make=True) as address:
        yield address


def _require_empty(url: str) -> None:
    """Only a first start's secrets may stand there."""
    with psycopg.connect(url) as connection:
        for table in metadata.sorted_tables:
            name = sql.Identifier(table.schema or "public", table.name)
            made = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [name.as_string()]).fetchone() == (True,)
            if not made or str(table) in ROOTS:
                continue
            if connection.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(name)).fetchone():
                raise NotNow(
                    f"The database is not empty ({table} has rows), and nothing is written over. Set it aside first: another "
                    "database, or another name for the folder postgres in the data folder."
                )


def _put_back(
    url: str, words: Part, file: Path, rows: dict[str, list[Row]], safes: tuple[Safe, Safe], roots: list[Root]
) -> tuple[Settled, int]:
    if migrate.revision(url) is not None:
        migrate.downgrade(url, "base")
    migrate.upgrade(url, words.revision)
    with psycopg.connect(url) as connection:
        for place in ROOTS:
            key_rows.write(connection, place, [_MARK])
    with file.open("rb") as opened:
        tools.load(url, sealed_file.unseal(roots[0].derive(WORDS), WORDS, opened))
    migrate.upgrade(url)
    with psycopg.connect(url) as connection:
        known = {row[0] for row in connection.execute("SELECT id FROM conversations")}
        for name in parts.KEYS:
            wanted = [row for row in rows[name] if row.get("conversation_id") in known or "conversation_id" not in row]
            key_rows.write(connection, name, wanted)
    stations = _stations(url, safes, roots)
    result = asyncio.run(_settled(stations))
    with psycopg.connect(url) as connection:
        for place in ROOTS:
            connection.execute(sql.SQL("DELETE FROM {} WHERE name = %s").format(sql.Identifier(*place.split("."))), [RESTORING])
    return result


def _stations(url: str, safes: tuple[Safe, Safe], roots: list[Root]) -> Stations:
    queue = procrastinate.App(connector=jobs.connector(url, size=1))
    vault, desk = Vault(safes[0].ring, roots[0]), Desk(safes[1].ring, roots[1])
    return Stations(Store(engine.create(url, size=2), queue), vault, desk=desk, alarm=bootstrap.cry_lists())


async def _settled(stations: Stations) -> tuple[Settled, int]:
    try:
        settled = await settle(stations)
        async with transaction(stations.store.engine) as connection:
            return settled, (await reckoning.take(connection)).received
    finally:
        await stations.store.engine.dispose()
