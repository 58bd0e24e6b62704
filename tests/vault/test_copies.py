"""Keys that lie beside the database without a noted copy are warned of, until somebody has copied them."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path

import pytest

from hotline_bridge.errors import NotNow
from hotline_bridge.vault import copies, ring
from hotline_bridge.vault.ring import Ring

TODAY = date(2026, 12, 1)
NAMES = {"master": ("KOMEK_MASTER_KEY", "master.key"), "desk": ("KOMEK_DESK_KEY", "desk.key")}


def rings(folder: Path, value: str | None = None, file: Path | None = None) -> dict[str, Ring]:
    return {name: ring.load(value, file, folder, *place) for name, place in NAMES.items()}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def own(data: Path) -> dict[str, Ring]:
    made = rings(data)
    for one in made.values():
        one.make()
    return made


def test_before_the_first_start_and_for_keys_kept_elsewhere_there_is_nothing_to_warn_of(data: Path, tmp_path: Path) -> None:
    assert copies.warnings(rings(data), data) == []
    assert copies.warnings(rings(data, "ab" * 32), data) == []
    (tmp_path / "key").write_text("ab" * 32)
    assert copies.warnings(rings(data, None, tmp_path / "key"), data) == []


def test_keys_in_the_data_folder_are_warned_of_until_they_were_copied(own: dict[str, Ring], data: Path, tmp_path: Path) -> None:
    (warning,) = copies.warnings(own, data)
    assert f"{data}/master.key and {data}/desk.key" in warning
    assert "./run.sh keys export FOLDER" in warning
    copies.export(own, tmp_path / "stick", data, TODAY)
    assert copies.warnings(own, data) == []
    assert set(copies.noted(data).values()) == {"2026-12-01"}


def test_a_file_that_is_named_in_the_settings_and_lies_in_the_data_folder_is_warned_of_too(data: Path) -> None:
    (data / "key").write_text("ab" * 32)
    assert len(copies.warnings(rings(data, None, data / "key"), data)) == 1


def test_a_new_key_is_warned_of_again_and_alone(own: dict[str, Ring], data: Path, tmp_path: Path) -> None:
    copies.export(own, tmp_path / "stick", data, TODAY)
    own["master"].add()
    (warning,) = copies.warnings(own, data)
    assert "master.key" in warning
    assert "desk.key" not in warning


def test_the_copies_open_what_the_keys_open_and_nobody_else_may_read_them(
    own: dict[str, Ring], data: Path, tmp_path: Path
) -> None:
    own["master"].add()
    copies.export(own, tmp_path / "stick", data, TODAY)
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "stick").iterdir()} == {0o600}
    assert {name: one.keys for name, one in rings(tmp_path / "stick").items()} == {name: one.keys for name, one in own.items()}


def test_a_copy_goes_to_new_files_outside_the_data_folder_or_nowhere(own: dict[str, Ring], data: Path, tmp_path: Path) -> None:
    (tmp_path / "desk.key").write_text("something")
    (tmp_path / "file").write_text("something")
    for to in (data / "copy", data, tmp_path, tmp_path / "file"):
        with pytest.raises(NotNow):
            copies.export(own, to, data, TODAY)
    assert (tmp_path / "desk.key").read_text() == "something"
    assert not (tmp_path / "master.key").exists()
    assert copies.noted(data) == {}


def test_the_note_holds_no_key(own: dict[str, Ring], data: Path, tmp_path: Path) -> None:
    copies.export(own, tmp_path / "stick", data, TODAY)
    lines = [f"{one.newest.id} 2026-12-01" for one in own.values()]
    assert (data / copies.NOTE).read_text().splitlines() == lines
