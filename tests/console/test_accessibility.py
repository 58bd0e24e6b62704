"""Every page in Debian's Chromium, in both themes, wide and narrow: axe finds nothing, nothing runs over, the policy holds."""

from __future__ import annotations

import pytest
from console.axe import violations
from console.chromium import Ready, complaints, look
from console.pages_to_look_at import PAGES
from selenium import webdriver

WIDTHS = {"wide": 1280, "narrow": 360}

# WCAG 2.2, 2.5.8: targets of at least 24 by 24 pixels, but for links within a sentence.
SMALL_TARGETS = """
return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
  .filter((e) => e.checkVisibility() && !(e.tagName === "A" && e.closest("p") && !e.classList.contains("button")))
  .map((e) => [e, (e.closest("label.box") || e).getBoundingClientRect()])
  .filter(([e, r]) => r.width > 0 && r.right > 1 && r.bottom > 1 && (r.width < 24 || r.height < 24))
  .map(([e, r]) => `${e.outerHTML.slice(0, 80)} ${r.width}x${r.height}`);
"""


@pytest.mark.parametrize("width", sorted(WIDTHS))
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("role", "path"), PAGES, ids=lambda part: str(part))
def test_a_page_can_be_used_by_everybody(
    chromium: webdriver.Chrome, ready: Ready, role: str | None, path: str, theme: str, width: str
) -> None:
    look(chromium, ready, role, path, dark=theme == "dark", width=WIDTHS[width])
    assert violations(chromium) == {}
    assert chromium.execute_script("return document.documentElement.scrollWidth") <= WIDTHS[width]
    assert chromium.execute_script(SMALL_TARGETS) == []
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
