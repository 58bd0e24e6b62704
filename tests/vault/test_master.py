"""The master key: given, read from a file, or made on the first start. A wrong one is named and not shown."""

from __future__ import annotations

import base64
import stat
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline_bridge.errors import Forgotten, SettingError
from hotline_bridge.settings import PROJECT
from hotline_bridge.vault import master
from hotline_bridge.vault.master import MasterKey
from hotline_bridge.vault.sealing import Key

RAW = bytes(range(32))
MASTER = MasterKey(RAW)


@pytest.mark.parametrize("value", [RAW.hex(), RAW.hex().upper(), base64.b64encode(RAW).decode(), f"  {RAW.hex()}\n"])
def test_a_key_is_taken_in_hexadecimal_or_base64_from_the_setting_or_a_file(value: str, tmp_path: Path) -> None:
    assert master.load(value, None, tmp_path).raw == RAW
    file = tmp_path / "key"
    file.write_text(value)
    assert master.load(None, file, tmp_path).raw == RAW
    assert not (tmp_path / "master.key").exists()


@given(st.text(min_size=8, max_size=40))
def test_a_wrong_key_is_named_and_not_shown(value: str) -> None:
    with pytest.raises(SettingError) as wrong:
        master.load(value, None, Path("/nowhere"))
    # The same sentence whatever was given.
    assert str(wrong.value) == "KOMEK_MASTER_KEY is not right: it must be 32 random bytes, in base64 or hexadecimal"


def test_a_wrong_file_is_named_and_what_is_in_it_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "key"
    for content in (b"geheim", b"", b"\xff\xfe" * 16, RAW):
        file.write_bytes(content)
        with pytest.raises(SettingError, match="KOMEK_MASTER_KEY_FILE") as wrong:
            master.load(None, file, tmp_path)
        assert "geheim" not in str(wrong.value)
        assert "xff" not in str(wrong.value)
    with pytest.raises(SettingError, match="KOMEK_MASTER_KEY_FILE"):
        master.load(None, tmp_path / "missing", tmp_path)


def test_on_the_first_start_a_key_is_made_that_only_we_may_read(tmp_path: Path) -> None:
    made = master.load(None, None, tmp_path)
    file = tmp_path / "master.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert master.load(None, None, tmp_path).raw == made.raw
    assert [p.name for p in tmp_path.iterdir()] == ["master.key"]
    (tmp_path / "other").mkdir()
    assert master.load(None, None, tmp_path / "other").raw != made.raw


def test_a_damaged_key_file_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "master.key").write_text("half a k")
    with pytest.raises(SettingError, match=r"master\.key"):
        master.load(None, None, tmp_path)
    assert (tmp_path / "master.key").read_text() == "half a k"


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    step = (
        "import sys, time; from pathlib import Path; from hotline_bridge.vault import master; folder = Path(sys.argv[1])\n"
        "print('ready', flush=True)\nwhile not (folder / 'go').exists(): time.sleep(0)\n"
        "print(master.load(None, None, folder).id)"
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


def test_a_key_wrapped_for_one_conversation_opens_for_no_other_and_under_no_other_master() -> None:
    key = Key(b"\x01" * 32)
    wrapped = MASTER.wrap(UUID(int=1), key)
    assert MASTER.unwrap(UUID(int=1), wrapped) == key
    assert key.raw not in wrapped
    for other, conversation in ((MASTER, UUID(int=2)), (MasterKey(b"\x02" * 32), UUID(int=1))):
        with pytest.raises(Forgotten):
            other.unwrap(conversation, wrapped)


def test_each_use_has_a_key_of_its_own_and_the_name_tells_nothing() -> None:
    assert (
        len({MASTER.derive("id"), MASTER.derive("wrap"), MASTER.fingerprint("address", "1"), MASTER.fingerprint("dedup", "1")})
        == 4
    )
    assert MASTER.id not in RAW.hex()
    assert RAW.hex() not in repr(MASTER) + str(MASTER)
    assert "x1f" not in repr(MASTER)
    assert MASTER.fingerprint("address", "\ud800")
