"""./run.sh invite: the first administrator, by the console's own rights in the database."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from console.conftest import Browser
from fakes_bridge import Clock
from fastapi import FastAPI
from journeys.system import System

from hotline_bridge import bootstrap
from hotline_bridge.console.app import app
from hotline_bridge.flow.stations import DeskStations, Store
from hotline_bridge.flow.unlock import unlock
from hotline_bridge.settings import PROJECT, load
from hotline_bridge.store import roles


def order(system: System, *more: str) -> subprocess.CompletedProcess[str]:
    env = {**system.env, "DATABASE_URL": roles.as_role(system.url, "console"), "KOMEK_ENV_FILE": "off"}
    command = [sys.executable, "-m", "hotline_bridge", "invite-administrator", *more]
    return subprocess.run(command, env=env, cwd=PROJECT, capture_output=True, text=True, check=False)


async def test_the_order_prints_a_link_that_makes_an_administrator(
    database: str, store: Store, tmp_path: Path, clock: Clock
) -> None:
    done = order(System(database, tmp_path, {"KOMEK_CONSOLE_URL": "https://desk.example"}), "--name", "Әсел")
    assert done.returncode == 0, done.stderr
    found = re.findall(r"https://desk\.example(/invitation/[\w-]{43})\n", done.stdout)
    assert len(found) == 1
    assert "/invitation/" not in done.stderr
    stations = DeskStations(store, bootstrap.desk(load({"KOMEK_DATA": str(tmp_path)})), clock=clock)
    await unlock(store.engine, stations.desk)
    made: FastAPI = app(load({}), stations)
    async with Browser(made) as browser:
        page = (await browser.get(found[0])).text
    assert "Hello, Әсел" in page
    assert "Administrator" in page


def test_a_name_that_is_too_long_is_refused_with_a_sentence(database: str, tmp_path: Path) -> None:
    done = order(System(database, tmp_path), "--name", "x" * 81)
    assert done.returncode == 2
    assert "Enter a name of at most 80 letters." in done.stderr
    assert done.stdout == ""
