"""The master keys at hand: given, read from a file, or made on the first start; several while one is changed for another."""

from __future__ import annotations

import base64
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from hotline_bridge.errors import SettingError
from hotline_bridge.settings import PROJECT
from hotline_bridge.vault import ring
from hotline_bridge.vault.master import MasterKey, encode

RAW = bytes(range(32))
MASTER = "KOMEK_MASTER_KEY", "master.key"
OLD, NEW = MasterKey(RAW), MasterKey(b"\x02" * 32)


@pytest.mark.parametrize("value", [RAW.hex(), base64.b64encode(RAW).decode(), f"  {RAW.hex()}\n"])
def test_a_key_is_taken_from_the_setting_or_a_file(value: str, tmp_path: Path) -> None:
    assert ring.load(value, None, tmp_path, *MASTER).newest == OLD
    file = tmp_path / "key"
    file.write_text(value)
    assert ring.load(None, file, tmp_path, *MASTER).newest == OLD
    assert not (tmp_path / "master.key").exists()


@pytest.mark.parametrize("between", [" ", "\n", ",", " ,\n"])
def test_several_keys_stand_newest_first(between: str, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(encode(NEW) + between + RAW.hex() + "\n")
    for found in (ring.load(file.read_text(), None, tmp_path, *MASTER), ring.load(None, file, tmp_path, *MASTER)):
        assert found.keys == (NEW, OLD)
        assert (found.find(OLD.id), found.find(NEW.id), found.find("strange")) == (OLD, NEW, None)
        assert RAW.hex() not in repr(found)
        assert encode(NEW) not in repr(found)


def test_a_wrong_file_is_named_and_what_is_in_it_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "key"
    for content in (b"geheim", b"", b"\xff\xfe" * 16, RAW, RAW.hex().encode() + b" geheim"):
        file.write_bytes(content)
        with pytest.raises(SettingError, match="KOMEK_MASTER_KEY_FILE") as wrong:
            ring.load(None, file, tmp_path, *MASTER)
        assert "geheim" not in str(wrong.value)
        assert "xff" not in str(wrong.value)
    with pytest.raises(SettingError, match="KOMEK_MASTER_KEY_FILE"):
        ring.load(None, tmp_path / "missing", tmp_path, *MASTER)


def test_the_first_key_is_made_when_it_is_asked_for_and_only_we_may_read_it(tmp_path: Path) -> None:
    found = ring.load(None, None, tmp_path, *MASTER)
    assert found.keys == ()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(SettingError, match=r"master\.key in the data folder is missing"):
        assert found.newest
    found.make()
    assert stat.S_IMODE((tmp_path / "master.key").stat().st_mode) == 0o600
    assert ring.load(None, None, tmp_path, *MASTER).newest == found.newest
    assert [p.name for p in tmp_path.iterdir()] == ["master.key"]


def test_a_damaged_key_file_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "master.key").write_text("half a k")
    with pytest.raises(SettingError, match=r"master\.key"):
        ring.load(None, None, tmp_path, *MASTER)
    assert (tmp_path / "master.key").read_text() == "half a k"


def test_a_new_key_stands_before_the_old_and_other_processes_find_it_when_they_meet_its_name(tmp_path: Path) -> None:
    ours = ring.load(None, None, tmp_path, *MASTER)
    ours.make()
    file = tmp_path / "master.key"
    file.chmod(0o400)
    theirs = ring.load(None, None, tmp_path, *MASTER)
    old = ours.newest
    new = ours.add()
    assert ours.keys == (new, old)
    assert theirs.keys == (old,)
    assert theirs.find(new.id) == new
    assert theirs.keys == (new, old)
    assert stat.S_IMODE(file.stat().st_mode) == 0o400
    ours.drop([old.id])
    assert ring.load(None, None, tmp_path, *MASTER).keys == (new,)
    assert [p.name for p in tmp_path.iterdir()] == ["master.key"]


def test_where_a_key_cannot_be_written_it_is_said_how_to_put_it_there_by_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = ring.load(RAW.hex(), None, tmp_path, *MASTER)
    with pytest.raises(SettingError, match=r"KOMEK_MASTER_KEY from here.*openssl rand.*before the old one"):
        given.add()
    file = tmp_path / "key"
    file.write_text(RAW.hex())
    held = ring.load(None, file, tmp_path, *MASTER)

    def busy(self: Path, target: Path) -> Path:
        raise OSError(16, "Device or resource busy")  # a file that is mounted by itself, as docker compose does

    monkeypatch.setattr(Path, "replace", busy)
    with pytest.raises(SettingError, match=r"cannot be written from here \(Device or resource busy\)"):
        held.add()
    assert held.keys == (OLD,)
    assert [p.name for p in tmp_path.iterdir()] == ["key"]
    assert file.read_text() == RAW.hex()


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    step = (
        "import sys, time; from pathlib import Path; from hotline_bridge.vault import ring; folder = Path(sys.argv[1])\n"
        "found = ring.load(None, None, folder, 'KOMEK_MASTER_KEY', 'master.key')\n"
        "print('ready', flush=True)\nwhile not (folder / 'go').exists(): time.sleep(0)\n"
        "found.make(); print(found.newest.id)"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", step, str(tmp_path)], cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
    (tmp_path / "go").touch()
    said = [process.communicate(timeout=30) for process in started]
    assert [error for _, error in said] == [b""] * 4
    assert len({out for out, _ in said}) == 1
