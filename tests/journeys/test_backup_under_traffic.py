"""Copies are made while people write and are answered, and put back into an empty database."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import psycopg
from fakes.telegram_api import FakeTelegram
from journeys.system import System, until
from journeys.traffic import QUESTION, Traffic

from hotline_bridge import bootstrap
from hotline_bridge.flow.unlock import unlock
from hotline_bridge.settings import PROJECT, load
from hotline_bridge.store import engine
from hotline_bridge.store.engine import transaction
from hotline_bridge.store.tables import inbox


def order(system: System, *words: str, **env: str) -> str:
    command = [sys.executable, "-m", "hotline_bridge", *words]
    done = subprocess.run(command, env={**system.env, **env}, cwd=PROJECT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def readable(url: str, data: Path) -> list[str]:
    """The words of every message in the database at `url`, opened with the keys in `data`."""

    async def run() -> list[str]:
        made = engine.create(url, size=1)
        vault = bootstrap.vault(load({"DATABASE_URL": url, "KOMEK_DATA": str(data)}))
        await unlock(made, vault)
        async with transaction(made) as connection:
            rows = (await connection.execute(inbox.select())).all()
            keys = {row.id: await vault.key(connection, row.conversation_id) for row in rows}
        await made.dispose()
        return [keys[row.id].open(f"inbox:{row.id}", row.sealed_text) for row in rows]

    return asyncio.run(run())


def test_copies_made_under_traffic_are_whole(system: System, api: FakeTelegram, empty_database: str, tmp_path: Path) -> None:
    with Traffic(system) as traffic:
        until(lambda: traffic.written >= 4, 90, "people write")
        order(system, "backup", str(tmp_path))
        before = traffic.written
        until(lambda: traffic.written > before + 2, 90, "people write on")
    until(lambda: not system.ask("SELECT 1 FROM inbox WHERE status = 'waiting'"), 120, "all are answered")
    new = tmp_path / "new"
    new.mkdir()
    for name in ("master.key", "desk.key"):
        (new / name).write_bytes((system.data / name).read_bytes())
    said = order(system, "restore", str(tmp_path), DATABASE_URL=empty_database, KOMEK_DATA=str(new))
    assert "messages in the account" in said
    words = readable(empty_database, new)
    assert len(words) >= 4
    assert set(words) == {QUESTION}
    with psycopg.connect(empty_database) as connection:
        states = dict(connection.execute("SELECT status, count(*) FROM inbox GROUP BY status").fetchall())
        assert "waiting" not in states
        assert connection.execute("SELECT count(*) FROM arrivals").fetchone() == (sum(states.values()),)
