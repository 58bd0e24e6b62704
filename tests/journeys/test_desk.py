"""A person writes in Tajik and asks for a human; an operator answers, refers and closes; the person writes again."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from console.axe import violations
from journeys import browser
from journeys.browser import Colleague, Handset
from journeys.system import System, until
from selenium import webdriver
from selenium.webdriver.common.by import By

from hotline_bridge.settings import PROJECT

# ./run.sh test installs Chromium (tests/journeys/install_chromium.sh); it cannot without root or without Debian's packages.
pytestmark = pytest.mark.skipif(not browser.INSTALLED, reason="Chromium is not installed (Debian: chromium-driver)")
PASSWORD = "gulbahor kuhi baland 7"


@pytest.fixture(scope="module")
def system(module_database: str) -> Iterator[System]:
    """Everything, with the trial phones."""
    with tempfile.TemporaryDirectory(prefix="komek-") as folder:
        made = System(module_database, Path(folder))
        made.start("rasa", "actions", "web", "worker", "console")
        try:
            made.ready("web", "actions", "rasa", "console")
            yield made
        finally:
            made.stop()


def invitation(system: System) -> str:
    """The first administrator's link, as the command line prints it."""
    command = [sys.executable, "-m", "hotline_bridge", "invite-administrator"]
    done = subprocess.run(command, env=system.env, cwd=PROJECT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return next(word for word in done.stdout.split() if "/invitation/" in word)


def _refers(operator: Colleague) -> str:
    """Refer with the person's own words of consent; the one-time link."""
    conversation = operator.page.current_url.split("#")[0]
    operator.press("Refer to an organisation", "#referrals")
    operator.sees("4. The person's consent")
    choose = """
        const one = (selector) => document.querySelector('form[method="post"].stack ' + selector);
        one('input[name="organisation"]').click();
        one('input[name="needs"]').click();
        const lines = [...document.querySelectorAll('input[name="line"]')];
        lines.find((line) => line.parentElement.textContent.includes('розӣ ҳастам')).click();
        one('input[name="told"]').click();
    """
    operator.page.execute_script(choose)
    operator.press("Make the link")
    operator.sees("It is shown this once.")
    link = operator.one("#link-text").get_attribute("value") or ""
    operator.page.get(conversation)
    operator.sees("When you are done")
    return link


def _can_be_used_by_everybody(page: webdriver.Chrome) -> None:
    """The page that an organisation reads, on a phone and on a large screen."""
    for width in (360, 1280):
        screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        assert violations(page) == {}
        assert page.execute_script("return document.documentElement.scrollWidth") <= width


def test_a_tajik_asks_for_a_human_and_is_helped_to_the_end(system: System) -> None:
    console = system.console_url
    with browser.window(f"{console}/trial") as street, browser.window(console) as first, browser.window(console) as second:
        administrator, operator = Colleague(first, console), Colleague(second, console)
        administrator.takes_up(invitation(system), "rohbar", PASSWORD)
        administrator.signs_in("rohbar", PASSWORD)
        administrator.page.get(f"{console}/people")
        administrator.fill(name="Anora")
        administrator.one('input[name="role"][value="operator"]').click()
        administrator.one('input[name="chosen"][value="tg"]').click()
        administrator.press("Make the link")
        operator.takes_up(administrator.one("#link-text").get_attribute("value") or "", "anora", PASSWORD)
        operator.signs_in("anora", PASSWORD)
        operator.sees("Nobody waits here.")

        phone = Handset(street, "chat")
        phone.takes_a_new_card()
        phone.says("ман бо одам гап задан мехоҳам")
        phone.hears("Рақами муроҷиати шумо")

        operator.sees("Tajik", 5)  # on the open screen, without reloading
        operator.press("Take", "#rows")
        until(lambda: "/conversations/" in operator.page.current_url, 10, "the conversation opens")
        operator.sees("The assistant is silent. You answer.")
        operator.sees("ман бо одам гап задан мехоҳам")

        operator.press("Ready replies")
        operator.press("Put into the answer", "#ready li:first-child")
        ready = operator.one("#ready li:first-child .text").text
        until(lambda: ready in (operator.one("#reply").get_attribute("value") or ""), 5, "the ready reply stands in the box")
        operator.press("Send", "#reply-form")
        phone.hears(ready)
        before = len(phone.heard())
        phone.says("раҳмат, паспорти маро гирифтанд")
        operator.sees("паспорти маро гирифтанд", 5)
        assert len(phone.heard()) == before  # the bot does not talk over a human

        phone.says("розӣ ҳастам, ба онҳо гӯед")
        operator.sees("розӣ ҳастам", 5)
        link = _refers(operator)
        assert ready.startswith("Салом. Акнун ба шумо барнома не, одам менависад.")
        with browser.window(link) as reader:
            _can_be_used_by_everybody(reader)
            Colleague(reader, console).press("Open the message")
            Colleague(reader, console).sees("Somebody asks for your help")
            _can_be_used_by_everybody(reader)
            reader.get(link)
            Colleague(reader, console).press("Open the message")
            Colleague(reader, console).sees("This link does not work any more")  # it was read once

        operator.press("Close")
        operator.one('input[name="outcome"][value="referred"]').click()
        operator.press("Close", 'form[action$="/close"]')
        operator.sees("Closed")

        assert "Маош бояд ҳар моҳ" in phone.writes("маош надоданд")  # the bot answers again, of pay, in Tajik
        operator.page.get(f"{console}/queue")
        operator.sees("Opened again", 5)
        complaints = [e["message"] for e in second.get_log("browser") if e["level"] == "SEVERE" and "favicon" not in e["message"]]
        assert complaints == []
        assert operator.page.find_elements(By.CSS_SELECTOR, "[data-row]")
