"""The operators' guide: it names what stands on the pages, tells the times that the code keeps, and fits on one sheet."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import polib
import pytest
from console.chromium import Ready, complaints, look
from console.conftest import Browser
from journeys.system import until
from selenium import webdriver
from selenium.webdriver.common.by import By

from hotline_bridge import pager_code, referrals, retention
from hotline_bridge.accounts import invitations, sessions
from hotline_bridge.console import catalogs, guide_views, texts
from hotline_bridge.flow.lost import LOST_AFTER
from hotline_bridge.settings import PROJECT, load
from hotline_bridge.tickets import deciding, needs

WRITTEN = {one: (guide_views.FOLDER / f"guide.{one}.md").read_text(encoding="utf-8") for one in guide_views.WRITTEN_IN}
# As the guides say them, and as the code keeps them.
TIMES = [
    ("72 hours", "72 часа", invitations.LASTS, timedelta(hours=72)),
    ("30 minutes without use", "30 минут без действий", sessions.IDLE, timedelta(minutes=30)),
    ("12 hours", "12 часов", sessions.LONGEST, timedelta(hours=12)),
    ("within 15 minutes", "за 15 минут", pager_code.LASTS, timedelta(minutes=15)),
    ("has waited two minutes", "ждёт две минуты", timedelta(seconds=load({}).komek_page_after_seconds), timedelta(minutes=2)),
    ("within five minutes", "за пять минут", needs.ANSWER_WITHIN, timedelta(minutes=5)),
    ("After 15 minutes", "15 минут ничего не делать", LOST_AFTER, timedelta(minutes=15)),
    ("within three days", "в течение трёх дней", referrals.LASTS, timedelta(days=3)),
    ("at least 30 days", "не меньше 30 дней", timedelta(days=deciding.DAYS), timedelta(days=30)),
    ("within two weeks", "в течение двух недель", retention.REOPENS, timedelta(days=14)),
]


def stands_on_a_page(name: str, language: str) -> bool:
    """Whether a text of the console in this language is called so, whatever follows its colon; or says so of the sound."""
    if language == "en":
        said = {str(m.id): str(m.id) for m in catalogs.template() if m.id}
    else:
        said = {entry.msgid: entry.msgstr for entry in polib.pofile(str(texts.po_path(PROJECT / "locales", language)))}
    sound = [text.partition(": ")[2] for msgid, text in said.items() if msgid.startswith("Sound ")]
    return any(name in (text, text.partition(":")[0]) for text in said.values()) or any(one.startswith(name) for one in sound)


@pytest.mark.parametrize("language", sorted(WRITTEN))
def test_whatever_the_guide_names_stands_on_a_page_under_that_name(language: str) -> None:
    named = [" ".join(one.split()) for one in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", WRITTEN[language])]
    assert len(named) > 20
    assert [one for one in named if not stands_on_a_page(one, language)] == []


@pytest.mark.parametrize(("english", "russian", "kept", "told"), TIMES, ids=[one[0] for one in TIMES])
def test_the_guide_tells_the_times_that_the_code_keeps(english: str, russian: str, kept: timedelta, told: timedelta) -> None:
    assert kept == told
    for language, said in (("en", english), ("ru", russian)):
        assert said in " ".join(WRITTEN[language].split())


async def test_who_reads_neither_english_nor_russian_gets_the_russian_and_is_told(browser_of: Callable[..., Any]) -> None:
    browser: Browser = await browser_of("operator")
    await browser.get("/account")
    for language, heading, told in (("en", "For operators", False), ("ru", "Операторам", False), ("kk", "Операторам", True)):
        await browser.submit("/preferences", language=language, next="/guide")
        shown = (await browser.get("/guide")).text
        assert f"<h1>{heading}" in shown
        assert ('class="flash note no-print"' in shown) is told


def has_letters_of_usual_width() -> bool:
    families = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=False).stdout
    return bool({"Arial", "Liberation Sans", "DejaVu Sans Condensed"} & {one.strip() for one in re.split(r"[,\n]", families)})


@pytest.mark.parametrize("language", sorted(WRITTEN))
def test_printed_it_is_one_sheet_that_can_be_read(chromium: webdriver.Chrome, ready: Ready, language: str) -> None:
    # fc-list comes with Chromium: tests/journeys/install_chromium.sh installs it, and Debian's libpango needs fontconfig.
    if shutil.which("fc-list") is None:
        pytest.skip("fontconfig is not installed, so nobody knows which fonts are (Debian: fontconfig)")
    if not has_letters_of_usual_width():
        pytest.skip("no font as wide as Arial is installed (Debian: fonts-liberation)")
    look(chromium, ready, "operator", "/guide", dark=True, width=1280)
    chromium.execute_script("window.before = true")
    chromium.find_element(By.CSS_SELECTOR, f"footer button[value={language}]").click()
    there = "return !window.before && document.readyState === 'complete' && document.querySelector('.guide')?.lang"
    assert until(lambda: chromium.execute_script(there), 10, "the guide") == language
    printed = base64.b64decode(chromium.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"])
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    assert re.findall(rb"/MediaBox \[0 0 (\d+)[.\d]* (\d+)", printed) == [(b"594", b"841")]  # A4 in points
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    smallest = """return Math.min(...[...document.querySelectorAll('.guide :is(p, td, th)')]
        .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""
    assert chromium.execute_script(smallest) / 96 * 72 >= 9.5  # points
    assert complaints(chromium) == []
