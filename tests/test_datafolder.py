"""The data folder: closed to others, and for one instance at a time."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from hotline_bridge import datafolder
from hotline_bridge.errors import DataFolderBusy, SettingError
from hotline_bridge.settings import PROJECT


def test_the_folder_is_made_and_closed_to_others(tmp_path: Path) -> None:
    folder = datafolder.prepare(tmp_path / "a" / "b")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_stood_open_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert stat.S_IMODE(datafolder.prepare(tmp_path).stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_used_is_named_by_its_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingError, match="KOMEK_DATA"):
        datafolder.prepare(tmp_path / "file")
    with pytest.raises(SettingError, match="KOMEK_DATA"):
        datafolder.prepare(tmp_path / "file" / "below")


def test_a_second_instance_is_refused_with_a_sentence_that_names_the_first(tmp_path: Path) -> None:
    with datafolder.claim(tmp_path):
        with pytest.raises(DataFolderBusy, match=rf"process {os.getpid()}\b.*KOMEK_DATA"):
            datafolder.claim(tmp_path)
        second = subprocess.run(
            [
                sys.executable,
                "-c",
                f"from pathlib import Path; from hotline_bridge import datafolder; datafolder.claim(Path({str(tmp_path)!r}))",
            ],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert second.returncode != 0
    assert f"process {os.getpid()}" in second.stderr


def test_a_released_folder_can_be_claimed(tmp_path: Path) -> None:
    datafolder.claim(tmp_path).close()
    datafolder.claim(tmp_path).close()


def test_a_folder_whose_holder_was_killed_can_be_claimed(tmp_path: Path) -> None:
    step = (
        f"from pathlib import Path; from hotline_bridge import datafolder; held = datafolder.claim(Path({str(tmp_path)!r}))\n"
        "print('held', flush=True); input()"
    )
    holder = subprocess.Popen([sys.executable, "-c", step], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(DataFolderBusy, match=f"process {holder.pid}"):
        datafolder.claim(tmp_path)
    holder.kill()
    holder.communicate()
    with datafolder.claim(tmp_path):
        assert (tmp_path / "lock").read_text() == str(os.getpid())


def test_a_second_look_leaves_the_embedded_server_its_way_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    (tmp_path / "postgres").mkdir()
    tmp_path.chmod(0o755)
    assert datafolder.prepare(tmp_path).stat().st_mode & 0o777 == 0o711
