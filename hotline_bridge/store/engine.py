"""The engine, and the one way to hold a transaction."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from hotline_bridge.errors import SettingError


def sqlalchemy_url(url: str) -> str:
    """`url` (postgres://, postgresql://) for SQLAlchemy over psycopg 3. Raises SettingError for anything else."""
    try:
        parsed = make_url(url)
    except Exception:
        raise SettingError("DATABASE_URL is not an address of the form postgresql://user:password@host/name") from None
    if parsed.drivername not in ("postgresql", "postgres"):  # the queue takes the same address, and knows no drivers
        raise SettingError("DATABASE_URL must name a PostgreSQL database (postgresql://…)")
    return parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def with_password(url: str, password: str) -> str:
    """`url` with the password in it, quoted where need be."""
    return make_url(url).set(password=password).render_as_string(hide_password=False)


def create(url: str, *, size: int = 10, ping: bool = True) -> AsyncEngine:
    """An engine with at most `size` connections; nothing is opened yet. Parameters never reach a log or an error.

    ping: try a connection before each use. Whoever cannot have a failed step repeated by the queue needs it: a provider may
    not call twice.
    """
    return create_async_engine(
        sqlalchemy_url(url), pool_size=size, max_overflow=0, pool_pre_ping=ping, hide_parameters=True, pool_timeout=10
    )


@asynccontextmanager
async def transaction(engine: AsyncEngine, *, durable: bool = True) -> AsyncIterator[AsyncConnection]:
    """All or nothing. Never held across a network call.

    durable=False: the commit does not wait for the disk. For steps that may be lost with the machine and are then repeated.
    """
    async with engine.begin() as connection:
        if not durable:
            await connection.exec_driver_sql("SET LOCAL synchronous_commit TO off")
        yield connection


async def driver(connection: AsyncConnection) -> psycopg.AsyncConnection[object]:
    """psycopg's own connection under `connection`: what is done there is in the same transaction."""
    raw = await connection.get_raw_connection()
    found = raw.driver_connection
    assert isinstance(found, psycopg.AsyncConnection)
    return found
