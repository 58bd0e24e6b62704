"""WCAG 2.2 AA in numbers: each pair of text and ground, and each border of a field, in both themes."""

from __future__ import annotations

import re

import pytest

from hotline_bridge.console.templates import STATIC

CSS = (STATIC / "console.css").read_text(encoding="utf-8")
GROUNDS = ("page", "surface", "raised")
# text, ground
TEXT = [
    *((ink, ground) for ink in ("ink", "soft", "accent") for ground in GROUNDS),
    ("accent-ink", "accent"), ("danger-fill-ink", "danger-fill"),
    *((name, f"{name}-ground") for name in ("danger", "waiting", "taken", "closed", "good")),
    *((name, "surface") for name in ("danger", "waiting", "taken", "closed", "good")),
]  # fmt: skip
LINES = [("edge", "surface"), ("edge", "page"), ("focus", "surface"), ("focus", "page"), ("accent", "surface")]


def colours(theme: str) -> dict[str, tuple[float, ...]]:
    start = {"light": ":root {", "dark": ':root[data-theme="dark"] {', "auto dark": ':root[data-theme="auto"] {'}[theme]
    block = CSS[CSS.index(start) :].partition("}")[0]
    found = re.findall(r"--([\w-]+): (#[0-9a-f]+);", block)
    return {name: tuple(channel(part) for part in parts(value)) for name, value in found}


def parts(value: str) -> list[str]:
    digits = value[1:]
    return [d * 2 for d in digits] if len(digits) == 3 else [digits[i : i + 2] for i in (0, 2, 4)]


def channel(part: str) -> float:
    """WCAG's relative luminance of one channel."""
    share = int(part, 16) / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    lights = sorted((0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (one, other)), reverse=True)
    return (lights[0] + 0.05) / (lights[1] + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT, ids=lambda name: str(name))
def test_text_is_readable(theme: str, text: str, ground: str) -> None:
    found = colours(theme)
    assert contrast(found[text], found[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), LINES, ids=lambda name: str(name))
def test_borders_and_focus_are_seen(theme: str, line: str, ground: str) -> None:
    found = colours(theme)
    assert contrast(found[line], found[ground]) >= 3


def test_the_devices_dark_and_the_chosen_dark_are_the_same() -> None:
    assert colours("dark") == colours("auto dark")
    assert colours("dark").keys() == colours("light").keys()
