"""`./run.sh backup FOLDER`: two copies of one moment, the words and the keys that open them, each sealed and in its own folder.

The keys are never in the copy of the words. Words are kept for long and are noise without keys; keys are kept for days, so
that what is forgotten is soon forgotten in every copy. Komek may run meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import psycopg

from hotline_bridge import bootstrap, datafolder
from hotline_bridge.custody import age, key_rows, part, sealed_file, tools
from hotline_bridge.custody.part import KEYS, WORDS, Part
from hotline_bridge.desk import Desk
from hotline_bridge.errors import NotNow
from hotline_bridge.flow.unlock import unlock
from hotline_bridge.settings import Settings
from hotline_bridge.store import embedded, engine, migrate
from hotline_bridge.store.engine import transaction
from hotline_bridge.store.tables import parts
from hotline_bridge.vault.identities import Vault
from hotline_bridge.vault.root import Root


def run(settings: Settings, given: argparse.Namespace) -> int:
    """Make the copies, then let go of those that are too old. Raises KomekError with a sentence."""
    data, to = datafolder.prepare(settings.komek_data), Path(given.folder)
    if to.resolve().is_relative_to(data.resolve()):
        raise NotNow("A copy inside the data folder is lost with it: name a folder in another place, on another disk.")
    keep = {WORDS: settings.komek_keep_word_copies_days, KEYS: settings.komek_keep_key_copies_days}
    wanted = [given.only] if given.only else [WORDS, KEYS]
    url = bootstrap.database_url(settings) if settings.database_url else None
    with embedded.reach(url, data) as address:
        migrate.require_current(address)
        made = copy(address, bootstrap.vault(settings), bootstrap.desk(settings), to, wanted, datetime.now(UTC))
    if KEYS in wanted:
        age.note(data, datetime.now(UTC))
    for one in made:
        print(f"{to / one.part / one.file}: {one.size // 1024 + 1} KB.")
    for name in wanted:
        for old in part.prune(to, name, timedelta(days=keep[name]), datetime.now(UTC)):
            print(f"Older than {keep[name]} days and let go of: {old}")
    return 0


def copy(url: str, vault: Vault, desk: Desk, to: Path, wanted: list[str], now: datetime) -> list[Part]:
    """The copies of `wanted` parts, all of one moment of the database at `url`.

    What a first start makes is made before, if no worker was started yet: a copy without it could not be put back.
    """
    asyncio.run(_ready(url, vault, desk))
    revision = migrate.newest()
    with _moment(url) as (connection, snapshot):
        fills: dict[str, Callable[[BinaryIO], None]] = {
            WORDS: lambda file: _seal_words(file, vault.root, tools.dump(url, parts.words(), snapshot)),
            KEYS: lambda file: sealed_file.seal(vault.ring.newest.derive(KEYS), KEYS, key_rows.read(connection), file),
        }
        names = {WORDS: root_id(vault.root), KEYS: vault.ring.newest.id}
        return [part.write(to, one, now, revision, names[one], fills[one]) for one in wanted]


def _seal_words(file: BinaryIO, root: Root, pieces: Iterator[bytes]) -> None:
    sealed_file.seal(root.derive(WORDS), WORDS, pieces, file)


def root_id(root: Root) -> str:
    """A short name of a root secret; tells nothing about it."""
    return root.derive("id")[:6].hex()


@contextmanager
def _moment(url: str) -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """A transaction that sees one moment of the database, and the name by which others see the same."""
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        yield connection, row[0]


async def _ready(url: str, vault: Vault, desk: Desk) -> None:
    made = engine.create(url, size=1)
    try:
        await unlock(made, vault)
        async with transaction(made) as connection:
            await desk.begin(connection)
    finally:
        await made.dispose()
