"""The master key is rotated while people write: nobody waits, nothing is lost, and a rotation that was killed is ended."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import psycopg
from fakes.telegram_api import WEBHOOK_SECRET, FakeTelegram
from journeys.system import System, TelegramPerson, until
from journeys.traffic import QUESTION, Traffic

from hotline_bridge.flow.unlock import unlock
from hotline_bridge.messages import Channel
from hotline_bridge.settings import PROJECT
from hotline_bridge.store import engine
from hotline_bridge.store.engine import transaction
from hotline_bridge.vault import ring
from hotline_bridge.vault.identities import Vault

MANY = 700  # conversations; more than one batch of the rotation


def keys(system: System, order: str) -> subprocess.Popen[str]:
    """./run.sh keys …, as a process of its own."""
    command = [sys.executable, "-m", "hotline_bridge", "keys", order]
    return subprocess.Popen(command, env=system.env, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def said(process: subprocess.Popen[str]) -> str:
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0, out
    return out


def masters(system: System) -> dict[str, int]:
    return {str(m): int(n) for m, n in system.ask("SELECT master, count(*) FROM vault.keys GROUP BY master")}


def fill(system: System) -> None:
    """Conversations of people who are quiet now."""

    async def run() -> None:
        made = engine.create(system.url, size=1)
        vault = Vault(ring.load(None, None, system.data, "KOMEK_MASTER_KEY", "master.key"))
        await unlock(made, vault)
        async with transaction(made) as connection:
            for n in range(MANY):
                await vault.find_or_make(connection, Channel.TWILIO, f"+7701{n:07d}")
        await made.dispose()

    asyncio.run(run())


def test_the_master_key_is_rotated_under_traffic_killed_in_the_middle_and_ended(system: System, api: FakeTelegram) -> None:
    fill(system)
    (old,) = masters(system)
    middle = system.ask("SELECT conversation_id FROM vault.keys ORDER BY conversation_id OFFSET 550 LIMIT 1")[0][0]
    with Traffic(system) as traffic:
        until(lambda: traffic.written >= 4, 90, "people write")
        with psycopg.connect(system.url) as holding:
            holding.execute("SELECT 1 FROM vault.keys WHERE conversation_id = %s FOR UPDATE", [middle])
            first = keys(system, "rotate")
            until(lambda: len(masters(system)) == 2 and system.blocked(), 90, "it stands in the middle")
            before = traffic.written
            until(lambda: traffic.written > before + 5, 90, "people write on, new ones too, under both keys")
            first.kill()
            first.communicate()
        assert len(masters(system)) == 2
        out = said(keys(system, "rotate"))
        before = traffic.written
        until(lambda: traffic.written > before + 3, 90, "people write on")
    (new,) = masters(system)
    assert new != old
    assert f"master: the key {new} is in force" in out
    until(lambda: not system.ask("SELECT 1 FROM inbox WHERE status = 'waiting'"), 120, "all are answered")
    answered = system.ask(
        "SELECT i.status, count(o.id) FROM inbox i LEFT JOIN outbox o ON o.inbox_id = i.id GROUP BY i.id, i.status"
    )
    assert len(answered) == traffic.written
    assert set(answered) == {("answered", 1)}
    until(lambda: not system.ask("SELECT 1 FROM outbox WHERE status <> 'delivered'"), 120, "all are delivered")
    asked = system.ask("SELECT count(DISTINCT conversation_id) FROM inbox")[0][0]
    assert asked == (traffic.written - 1) // 3 + 1  # nobody was taken for somebody new
    assert f"{old}  old: nothing here needs it" in said(keys(system, "show"))


def test_after_the_old_key_is_let_go_of_everybody_is_still_known(system: System, api: FakeTelegram) -> None:
    known = system.ask("SELECT count(*) FROM vault.identities")[0][0]
    assert "master: let go of" in said(keys(system, "retire"))
    assert len(Path(system.data, "master.key").read_text().split()) == 1
    for name in ("web", "worker"):
        system.kill(name)
        system.start(name)
    system.ready("web")
    person = TelegramPerson(system, WEBHOOK_SECRET, 9_300_000)
    person.writes(QUESTION)
    until(lambda: [m for m in api.sent() if m["chat_id"] == person.chat], 90, "an answer")
    assert system.ask("SELECT count(*) FROM vault.identities")[0][0] == known


def test_a_wrong_key_ends_the_start_with_a_sentence(system: System, tmp_path: Path) -> None:
    wrong = {**system.env, "KOMEK_MASTER_KEY": "ab" * 32, "KOMEK_DATA": str(tmp_path)}
    for order in (["web"], ["worker"], ["all"], ["keys", "rotate"]):
        command = [sys.executable, "-m", "hotline_bridge", *order]
        done = subprocess.run(command, env=wrong, cwd=PROJECT, capture_output=True, text=True, timeout=60)
        assert done.returncode == 2, done.stdout
        assert "This database was written under the key" in done.stderr
        assert "abab" not in done.stderr + done.stdout
