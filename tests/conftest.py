"""What all tests share: one PostgreSQL from the wheel, and a database of its own for each test that wants one."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import count
from pathlib import Path

import hypothesis
import procrastinate
import psycopg
import pytest

from hotline_bridge.flow.stations import Store
from hotline_bridge.store import embedded, engine, jobs, migrate, roles

_numbers = count(1)
ROOM = 4 * 1024**3  # bytes; the servers of all workers together use a fraction of it
# How long an example takes says how busy the machine is, and nothing about the code.
# The same examples every time, so that what fails fails for whoever looks; others: pytest --hypothesis-profile=others.
hypothesis.settings.register_profile("komek", deadline=None, derandomize=True)
hypothesis.settings.register_profile("others", deadline=None)
hypothesis.settings.load_profile("komek")


# Whole installations and browsers run when the others are done: what they wait for must not wait for a busy machine.
APART = ("journeys", "kannel")
BROWSER = "chromium"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what tests/run.py must not run beside other tests."""
    for item in items:
        names: Sequence[str] = getattr(item, "fixturenames", ())
        if BROWSER in names or set(item.path.parts) & set(APART):
            item.add_marker("apart")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a running server's maintenance database."""
    # A short folder: the server's socket lies in it, and a socket's path must stay under 108 bytes.
    with tempfile.TemporaryDirectory(prefix="komek-", dir=_in_memory()) as folder:
        server = embedded.start(Path(folder))
        try:
            _forget_at_power_cuts(embedded.url(server))
            yield embedded.url(server)
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def template(postgres: str) -> str:
    """A migrated database that others are copied from."""
    _execute(postgres, "CREATE DATABASE template_komek")
    migrate.upgrade(named(postgres, "template_komek"))
    assert roles.apply(named(postgres, "template_komek"))
    return "template_komek"


@pytest.fixture
def empty_database(postgres: str) -> Iterator[str]:
    """The address of a database without any table."""
    yield from _database(postgres, "template1")


@pytest.fixture
def database(postgres: str, template: str) -> Iterator[str]:
    """The address of a migrated database that is this test's own."""
    yield from _database(postgres, template)


@pytest.fixture(scope="module")
def module_database(postgres: str, template: str) -> Iterator[str]:
    """The same for the tests of one file."""
    yield from _database(postgres, template)


@pytest.fixture
async def store(database: str) -> AsyncIterator[Store]:
    """This test's database and the queue in it."""
    made = Store(engine.create(database, size=8), procrastinate.App(connector=jobs.connector(database, size=3)))
    async with made.queue.open_async():
        yield made
    await made.engine.dispose()


def named(url: str, name: str) -> str:
    """The same server, another database."""
    return url.replace("/postgres?", f"/{name}?")


def _database(postgres: str, template: str) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    _execute(postgres, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    try:
        yield named(postgres, name)
    finally:
        _execute(postgres, f"DROP DATABASE {name} WITH (FORCE)")


def _in_memory() -> Path | None:
    """A folder of the machine's memory, where a database is copied many times as fast as on a busy disk; None without one."""
    folder = Path("/dev/shm")
    return folder if folder.is_dir() and shutil.disk_usage(folder).free > ROOM else None


def _forget_at_power_cuts(postgres: str) -> None:
    """A database for a test in 40 ms instead of a second or two. A killed server loses nothing by it; no power is cut here."""
    for setting in ("fsync", "full_page_writes"):
        _execute(postgres, f"ALTER SYSTEM SET {setting} = off")
    _execute(postgres, "SELECT pg_reload_conf()")


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())
