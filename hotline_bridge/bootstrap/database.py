"""The database and its queue of jobs, by the address that the settings give."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import procrastinate

from hotline_bridge import datafolder
from hotline_bridge.errors import SettingError
from hotline_bridge.flow.stations import Store
from hotline_bridge.settings import Settings
from hotline_bridge.store import engine, jobs


def database_url(settings: Settings) -> str:
    """DATABASE_URL, with the password of DATABASE_PASSWORD_FILE; `serve` sets it for its processes with the embedded server."""
    if settings.database_url is None:
        raise SettingError("DATABASE_URL is not set; start everything with ./run.sh serve, which brings a database along")
    url = settings.database_url.get_secret_value()
    if settings.database_password_file is None:
        return url
    try:
        password = settings.database_password_file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingError(f"DATABASE_PASSWORD_FILE names a file that cannot be read: {error.strerror}") from None
    return engine.with_password(url, password)


def store(settings: Settings, *, connections: int, ping: bool = True) -> Store:
    """The database with at most `connections` connections for us and half as many for the queue."""
    url = database_url(settings)
    queue = procrastinate.App(connector=jobs.connector(url, size=max(2, connections // 2)))
    return Store(engine.create(url, size=connections, ping=ping), queue)


def store_of_one(url: str) -> Store:
    """The database at `url` with one connection for us and one for the queue."""
    return Store(engine.create(url, size=1), procrastinate.App(connector=jobs.connector(url, size=1)))


@contextmanager
def reachable_database(settings: Settings) -> Iterator[str]:
    """The address of the database that `serve` uses, which is started for the moment if it does not run."""
    from hotline_bridge.store import embedded

    url = database_url(settings) if settings.database_url else None
    with embedded.reach(url, datafolder.prepare(settings.komek_data), make=True) as address:
        yield address
