"""Files of others are those that the notice names, to the byte."""

from __future__ import annotations

import hashlib

from hotline_bridge.console.templates import STATIC

VENDOR = STATIC / "vendor"


def test_every_file_has_its_version_licence_and_sum() -> None:
    rows = [line.split() for line in (VENDOR / "NOTICE").read_text(encoding="utf-8").splitlines() if ".js " in line]
    assert {row[0] for row in rows} == {path.name for path in VENDOR.iterdir()} - {"NOTICE"}
    for file, package, version, licence, _, digest in rows:
        assert hashlib.sha256((VENDOR / file).read_bytes()).hexdigest() == digest, file
        assert package in ("htmx.org", "htmx-ext-sse")
        assert version[0].isdigit()
        assert licence == "0BSD"


def test_htmx_may_run_nothing_from_a_page_and_keeps_none() -> None:
    base = (STATIC.parent / "templates" / "base.html").read_text(encoding="utf-8")
    for setting in ('"allowEval": false', '"allowScriptTags": false', '"includeIndicatorStyles": false', '"historyCacheSize": 0'):
        assert setting in base
