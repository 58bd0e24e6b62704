"""How a page is measured: Lighthouse that was told nothing is asked once more, and no oftener."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.pages import UNTOLD, ran

TRIES = """echo x >> {tries}; [ "$(wc -l < {tries})" -gt {bad} ] || {{ echo 'Run again. ({said})' >&2; exit 1; }}"""


@pytest.mark.parametrize(
    ("said", "bad", "tries", "status"), [(UNTOLD, 0, 1, 0), (UNTOLD, 1, 2, 0), (UNTOLD, 9, 2, 1), ("NO_FCP", 9, 1, 1)]
)
def test_without_a_beginning_of_the_load_it_is_asked_once_more(
    tmp_path: Path, said: str, bad: int, tries: int, status: int
) -> None:
    count = tmp_path / "tries"
    ended = ran(["sh", "-c", TRIES.format(tries=count, bad=bad, said=said)])
    assert (ended.returncode, count.read_text().count("x")) == (status, tries)
