"""Copies on the disk: whole or not there, told by their manifests, let go of when they are old."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import pytest

from hotline_bridge.custody import part
from hotline_bridge.errors import NotNow

NOW = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)


def write(folder: Path, now: datetime = NOW, content: bytes = b"sealed") -> part.Part:
    return part.write(folder, part.WORDS, now, "0009", "abc", lambda file: file.write(content) and None)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "words").iterdir())


def test_a_copy_and_its_manifest_lie_side_by_side_and_only_we_may_read_them(tmp_path: Path) -> None:
    made = write(tmp_path)
    assert names(tmp_path) == ["words-2026-12-01T030000Z.json", "words-2026-12-01T030000Z.komek"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "words").iterdir()} == {0o600}
    assert stat.S_IMODE((tmp_path / "words").stat().st_mode) == 0o700
    manifest = json.loads((tmp_path / "words" / names(tmp_path)[0]).read_text())
    assert manifest["made"] == "2026-12-01T03:00:00+00:00"
    assert (manifest["revision"], manifest["size"], len(manifest["sha256"])) == ("0009", 6, 64)
    assert part.listed(tmp_path, "words") == [made]
    assert part.check(tmp_path, made).read_bytes() == b"sealed"


def test_a_copy_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fails(file: BinaryIO) -> None:
        file.write(b"half")
        raise NotNow("the database went away")

    with pytest.raises(NotNow, match="went away"):
        part.write(tmp_path, part.WORDS, NOW, "0009", "abc", fails)
    assert names(tmp_path) == []


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotNow, match=f"cannot be written to {tmp_path}/file/words"):
        write(tmp_path / "file")


@pytest.mark.parametrize("content", [b"", b"seale", b"sealed!", b"Sealed"])
def test_a_file_that_is_not_what_its_manifest_says_is_refused(tmp_path: Path, content: bytes) -> None:
    made = write(tmp_path)
    (tmp_path / "words" / made.file).write_bytes(content)
    with pytest.raises(NotNow, match="is not what its manifest says"):
        part.check(tmp_path, made)


def test_a_missing_file_is_refused_and_a_strange_manifest_named(tmp_path: Path) -> None:
    made = write(tmp_path)
    (tmp_path / "words" / made.file).unlink()
    with pytest.raises(NotNow, match="is missing"):
        part.check(tmp_path, made)
    (tmp_path / "words" / "words-x.json").write_text("{}")
    with pytest.raises(NotNow, match=r"words-x\.json cannot be read"):
        part.listed(tmp_path, "words")


def test_what_is_too_old_goes_and_the_newest_stays_however_old(tmp_path: Path) -> None:
    for days in (40, 31, 30, 2):
        write(tmp_path, NOW - timedelta(days=days))
    gone = part.prune(tmp_path, "words", timedelta(days=30), NOW)
    assert gone == ["words-2026-10-22T030000Z.komek", "words-2026-10-31T030000Z.komek"]
    assert len(names(tmp_path)) == 4
    assert part.prune(tmp_path, "words", timedelta(days=1), NOW + timedelta(days=99)) == ["words-2026-11-01T030000Z.komek"]
    assert [one.file for one in part.listed(tmp_path, "words")] == ["words-2026-11-29T030000Z.komek"]


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path, NOW - timedelta(days=40))
    write(tmp_path)
    (tmp_path / "words" / "notes.txt").write_text("ours")
    part.prune(tmp_path, "words", timedelta(days=30), NOW)
    assert "notes.txt" in names(tmp_path)
