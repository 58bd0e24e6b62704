"""What hinders somebody on a page: with other eyes, hands or ears, or with a small screen."""

from __future__ import annotations

from console.axe import violations
from selenium import webdriver

WIDTHS = {"wide": 1280, "narrow": 360}

# WCAG 2.2, 2.5.8: targets of at least 24 by 24 pixels, but for links within a sentence.
_SMALL_TARGETS = """
return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
  .filter((e) => e.checkVisibility() && !(e.tagName === "A" && e.closest("p") && !e.classList.contains("button")))
  .map((e) => [e, (e.closest("label.box") || e).getBoundingClientRect()])
  .filter(([e, r]) => r.width > 0 && r.right > 1 && r.bottom > 1 && (r.width < 24 || r.height < 24))
  .map(([e, r]) => `too small: ${e.outerHTML.slice(0, 80)} ${r.width}x${r.height}`);
"""


def faults(browser: webdriver.Chrome, width: int) -> list[str]:
    """Each in a line: what axe finds, targets that are too small, and whether the page runs over a screen of `width` pixels."""
    found = [f"{rule}: {element}" for rule, elements in violations(browser).items() for element in elements]
    reaches = browser.execute_script("return document.documentElement.scrollWidth")
    over = [f"{reaches} pixels on a screen of {width}"] if reaches > width else []
    return found + over + list(browser.execute_script(_SMALL_TARGETS))
