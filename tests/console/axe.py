"""axe-core in the browser: what of a page somebody with other eyes, hands or ears cannot use."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from selenium import webdriver

SOURCE = Path(__file__).parent / "vendor" / "axe.min.js"
# All of its rules for WCAG 2.2 A and AA and its own good practice; this one it leaves out unless it is asked for.
RUN = "axe.run({rules: {'target-size': {enabled: true}}}).then(arguments[0], fault => arguments[0](String(fault)))"


def violations(browser: webdriver.Chrome) -> dict[str, list[str]]:
    """By rule, the elements that break it. Raises AssertionError when axe has not really looked."""
    browser.execute_script(_source())
    found: Any = browser.execute_async_script(RUN)
    assert isinstance(found, dict), found
    judged = [rule["id"] for kind in ("passes", "violations", "incomplete", "inapplicable") for rule in found[kind]]
    assert {"color-contrast", "target-size"} <= set(judged)
    return {rule["id"]: [node["html"] for node in rule["nodes"]] for rule in found["violations"]}


@cache
def _source() -> str:
    return SOURCE.read_text(encoding="utf-8")
