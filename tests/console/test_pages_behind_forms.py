"""What shows after somebody has done something, in both themes, wide and narrow: as test_accessibility.py asks of every page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from console.behind_forms import STEPS, Hand
from console.chromium import Ready, complaints, screen
from console.usable import WIDTHS, faults
from selenium import webdriver


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_what_shows_can_be_used_by_everybody(chromium: webdriver.Chrome, ready: Ready, step: Callable[[Hand], None]) -> None:
    step(Hand(chromium, ready))
    said = complaints(chromium)
    assert said == []
    for width in WIDTHS.values():
        for dark in (False, True):
            screen(chromium, dark=dark, width=width)
            assert faults(chromium, width) == []
    assert complaints(chromium) == []
