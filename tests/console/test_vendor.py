"""Files of others are those that the notice names, to the byte."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from hotline_bridge.console.templates import STATIC

VENDOR = STATIC / "vendor"
PACKAGES = {VENDOR: {"htmx.org": "0BSD", "htmx-ext-sse": "0BSD"}, Path(__file__).parent / "vendor": {"axe-core": "MPL-2.0"}}


@pytest.mark.parametrize("folder", PACKAGES, ids=lambda folder: folder.parent.name)
def test_every_file_has_its_version_licence_and_sum(folder: Path) -> None:
    rows = [line.split() for line in (folder / "NOTICE").read_text(encoding="utf-8").splitlines() if ".js " in line]
    assert {row[0] for row in rows} == {path.name for path in folder.iterdir()} - {"NOTICE"}
    assert {row[1]: row[3] for row in rows} == PACKAGES[folder]
    for file, _, version, _, _, digest in rows:
        assert hashlib.sha256((folder / file).read_bytes()).hexdigest() == digest, file
        assert version[0].isdigit()


def test_htmx_may_run_nothing_from_a_page_and_keeps_none() -> None:
    base = (STATIC.parent / "templates" / "base.html").read_text(encoding="utf-8")
    for setting in ('"allowEval": false', '"allowScriptTags": false', '"includeIndicatorStyles": false', '"historyCacheSize": 0'):
        assert setting in base
