"""`./run.sh keys …` as whoever runs Komek types it, on the embedded database, running or not."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline_bridge.custody.keys import told
from hotline_bridge.settings import PROJECT
from hotline_bridge.store import embedded, migrate
from hotline_bridge.vault.safe import Census


def order(data: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("KOMEK", "DATABASE", "TELEGRAM", "TWILIO", "KANNEL"))}
    clean |= {"KOMEK_DATA": str(data), "KOMEK_ENV_FILE": "off", "PYTHONPATH": str(PROJECT), "PYTHONWARNINGS": "ignore", **env}
    command = [sys.executable, "-m", "hotline_bridge", "keys", *words]
    return subprocess.run(command, env=clean, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A data folder with a migrated database that does not run."""
    with tempfile.TemporaryDirectory(prefix="komek-") as folder:
        server = embedded.start(Path(folder))
        migrate.upgrade(embedded.url(server))
        server.cleanup()
        yield Path(folder)


def test_without_a_database_there_is_nothing_to_order(tmp_path: Path) -> None:
    for words in (["show"], ["rotate"], ["retire"]):
        done = order(tmp_path, *words)
        assert (done.returncode, done.stdout) == (2, "")
        assert "There is no database in the data folder (KOMEK_DATA) yet" in done.stderr
    assert order(tmp_path, "export", str(tmp_path / "copy")).returncode == 2


def test_both_rings_get_a_new_key_and_the_old_ones_go(data: Path, tmp_path: Path) -> None:
    done = order(data, "rotate")
    assert done.returncode == 0, done.stderr
    told_of = [line.split()[0] for line in done.stdout.splitlines()]
    assert told_of == ["master:", "Old", "desk:", "Old", "No"]
    assert f"No copy is noted of the keys in {data}/master.key and {data}/desk.key" in done.stdout
    assert [len((data / f"{name}.key").read_text().split()) for name in ("master", "desk")] == [2, 2]
    assert order(data, "retire", "desk").stdout.startswith("desk: let go of ")
    assert [len((data / f"{name}.key").read_text().split()) for name in ("master", "desk")] == [2, 1]
    assert order(data, "export", str(tmp_path / "stick")).returncode == 0
    assert order(data, "retire").stdout.splitlines()[1:] == ["desk: every key is needed."]


def test_keys_are_shown_by_their_ids_and_never_by_their_bytes(data: Path) -> None:
    secrets = (data / "master.key").read_text().split() + (data / "desk.key").read_text().split()
    with_server = embedded.start(data)  # as while Komek runs
    try:
        done = order(data, "show")
    finally:
        with_server.cleanup()
    assert done.returncode == 0, done.stderr
    assert "  in force: wraps 0 conversations" in done.stdout
    assert "Nobody can restore a lost key" in done.stdout  # also of keys that lie elsewhere, as under docker compose
    assert not [one for one in secrets if one in done.stdout + done.stderr]


def test_a_key_by_environment_is_changed_by_hand_and_the_other_ring_gets_its_own(data: Path) -> None:
    key = (data / "master.key").read_text().split()[0]
    done = order(data, "rotate", KOMEK_MASTER_KEY=key)
    assert done.returncode == 2
    assert "A new key cannot be put into KOMEK_MASTER_KEY from here. Make one with `openssl rand -base64 32`" in done.stderr
    assert "desk: the key " in done.stdout
    assert key not in done.stdout + done.stderr
    new = "ab" * 32
    done = order(data, "rotate", "master", KOMEK_MASTER_KEY=f"{new},{key}")
    assert (done.returncode, done.stderr) == (0, "")
    assert "master: the key " in done.stdout
    assert "KOMEK_MASTER_KEY lacks" not in order(data, "show", KOMEK_MASTER_KEY=new).stdout
    (data / "master.key").write_text(new)


def test_tables_of_another_version_are_not_touched(data: Path) -> None:
    server = embedded.start(data)
    try:
        migrate.downgrade(embedded.url(server), "0002")
        done = order(data, "rotate")
        migrate.upgrade(embedded.url(server))
    finally:
        server.cleanup()
    assert done.returncode == 2
    assert "run ./run.sh migrate first" in done.stderr


@pytest.mark.parametrize(
    ("census", "held", "lines"),
    [
        (Census(None, {}), ["a1"], ["a1  new: the first start puts it into force"]),
        (Census("a1", {"a1": 1}), ["a1"], ["a1  in force: wraps 1 conversation"]),
        (
            Census("a1", {"a1": 2, "z9": 3}),
            ["n1", "a1"],
            [
                "n1  new: ./run.sh keys rotate puts it into force",
                "a1  in force: wraps 2 conversations",
                "z9  MISSING: wraps 3 conversations, which nobody can read until this key is put back",
            ],
        ),
        (
            Census("n1", {"a1": 2}),
            ["n1", "a1", "b2"],
            [
                "n1  in force: wraps 0 conversations",
                "a1  old: wraps 2 conversations; ./run.sh keys rotate wraps them anew",
                "b2  old: nothing here needs it, copies of keys made before may; ./run.sh keys retire lets go of it",
            ],
        ),
        (Census("a1", {}), [], ["a1  MISSING: wraps 0 conversations, which nobody can read until this key is put back"]),
    ],
)  # fmt: skip
def test_each_key_is_told_with_what_it_is_good_for(census: Census, held: list[str], lines: list[str]) -> None:
    assert told(census, held) == lines
