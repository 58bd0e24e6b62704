"""Bring a database to the present tables; safe to run twice and by several processes at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, pool, text

from hotline_bridge.errors import NotNow
from hotline_bridge.store.engine import sqlalchemy_url

_SCRIPTS = Path(__file__).parent / "migrations"
_ONE_AT_A_TIME = 0x6B6F6D656B  # "komek": the advisory lock that migrations hold


def config(connection: Connection) -> Config:
    """Alembic's configuration for `connection`."""
    made = Config()
    made.set_main_option("script_location", str(_SCRIPTS))
    made.attributes["connection"] = connection
    return made


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate up to `revision`, holding a lock so that two processes do not do it at once."""
    _run(url, lambda c: command.upgrade(c, revision))


def require_current(url: str) -> None:
    """Raises NotNow when the tables are not those of this version of Komek."""
    if (there := revision(url)) != (wanted := newest()):
        raise NotNow(f"The tables are of version {there or 'none'}, this Komek knows {wanted}: run ./run.sh migrate first.")


def revision(url: str) -> str | None:
    """The version of the database's tables; None when it has none."""
    engine = create_engine(sqlalchemy_url(url), poolclass=pool.NullPool, hide_parameters=True)
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def revisions() -> set[str]:
    """Every version that this Komek knows."""
    return {script.revision for script in ScriptDirectory(str(_SCRIPTS)).walk_revisions()}


def newest() -> str:
    """The version that `upgrade` leads to."""
    found = ScriptDirectory(str(_SCRIPTS)).get_current_head()
    assert found is not None
    return found


def downgrade(url: str, revision: str) -> None:
    """Migrate down to `revision` ("base": no table of ours is left)."""
    _run(url, lambda c: command.downgrade(c, revision))


def _run(url: str, step: Callable[[Config], None]) -> None:
    engine = create_engine(sqlalchemy_url(url), poolclass=pool.NullPool, hide_parameters=True)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:n)"), {"n": _ONE_AT_A_TIME})
            connection.commit()
            try:
                step(config(connection))
                connection.commit()
            finally:
                connection.rollback()
                connection.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": _ONE_AT_A_TIME})
                connection.commit()
    finally:
        engine.dispose()
