"""Every page in Debian's Chromium, in both themes, wide and narrow: axe finds nothing, nothing runs over, the policy holds."""

from __future__ import annotations

import pytest
from console.chromium import Ready, complaints, look
from console.pages_to_look_at import PAGES
from console.usable import WIDTHS, faults
from selenium import webdriver


@pytest.mark.parametrize("width", sorted(WIDTHS))
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("role", "path"), PAGES, ids=lambda part: str(part))
def test_a_page_can_be_used_by_everybody(
    chromium: webdriver.Chrome, ready: Ready, role: str | None, path: str, theme: str, width: str
) -> None:
    look(chromium, ready, role, path, dark=theme == "dark", width=WIDTHS[width])
    assert faults(chromium, WIDTHS[width]) == []
    assert complaints(chromium) == []
    assert " · " in chromium.title or path == "/trial"


def test_on_paper_stands_what_was_written_and_no_button(chromium: webdriver.Chrome, ready: Ready) -> None:
    look(chromium, ready, "operator", "/conversations/{conversation}", dark=True, width=1280)
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    seen = "return [...document.querySelectorAll(arguments[0])].filter((one) => one.checkVisibility()).length"
    try:
        assert chromium.execute_script(seen, "#lines li") > 0
        assert chromium.execute_script(seen, "header.top, footer.bottom, button, #reply, #alarm") == 0
    finally:
        chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
