"""The trial phones in Debian's Chromium, as a person would use them: buttons on the messenger, numbers on the feature phone."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from journeys.system import System, until
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync --window-size=1400,1000"
)
pytestmark = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="Chromium is not installed (Debian: chromium-driver)")


@pytest.fixture(scope="module")
def trial(module_database: str) -> Iterator[System]:
    """Everything, with no channel configured: then the trial phones are on."""
    with tempfile.TemporaryDirectory(prefix="komek-") as folder:
        made = System(module_database, Path(folder))
        made.start("rasa", "actions", "web", "worker", "console")
        try:
            made.ready("web", "actions", "rasa", "console")
            yield made
        finally:
            made.stop()


@pytest.fixture(scope="module")
def page(trial: System) -> Iterator[webdriver.Chrome]:
    """A browser that looks at the page."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in FLAGS.split():
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    browser.get(f"{trial.console_url}/trial")
    try:
        yield browser
    finally:
        browser.quit()


class Handset:
    """One of the two phones on the page."""

    def __init__(self, page: webdriver.Chrome, channel: str) -> None:
        self.root = page.find_element(By.CSS_SELECTOR, f'[data-channel="{channel}"]')

    def takes_a_new_card(self) -> None:
        """A fresh phone: nobody knows it."""
        self.root.find_element(By.CSS_SELECTOR, ".new").click()

    def heard(self) -> list[WebElement]:
        """What Komek said, oldest first."""
        return self.root.find_elements(By.CSS_SELECTOR, "li.komek")

    def writes(self, text: str) -> str:
        """Type, send, and give the answer."""
        before = len(self.heard())
        self.root.find_element(By.CSS_SELECTOR, "textarea").send_keys(text)
        self.root.find_element(By.CSS_SELECTOR, "form button").click()
        until(lambda: len(self.heard()) > before, 15, f"an answer to {text}")
        return self.heard()[-1].text

    def presses(self, choice: str) -> str:
        """Press a button of the last message that has it, and give the answer."""
        before = len(self.heard())
        self.root.find_elements(By.CSS_SELECTOR, f'button[data-choice="{choice}"]')[-1].click()
        until(lambda: len(self.heard()) > before, 15, f"an answer to the button {choice}")
        return self.heard()[-1].text


def test_the_messenger_answers_a_question_and_its_buttons(page: webdriver.Chrome) -> None:
    phone = Handset(page, "chat")
    phone.takes_a_new_card()
    answer = phone.writes("не платят зарплату третий месяц")
    assert "10" in answer
    assert "Трудовой кодекс" in phone.presses("source/ask_unpaid_wages")
    assert phone.presses("topic/ask_compensation")


def test_clearing_the_chat_leaves_one_harmless_line(page: webdriver.Chrome) -> None:
    phone = Handset(page, "chat")
    phone.takes_a_new_card()
    phone.writes("паспорт забрал хозяин")
    phone.root.find_element(By.CSS_SELECTOR, 'button[data-choice="clear"]').click()
    until(lambda: len(phone.root.find_elements(By.CSS_SELECTOR, "li")) == 1, 10, "one line is left")
    assert phone.heard()[0].text == "Здравствуйте."


def test_the_feature_phone_shows_segments_and_takes_numbers(page: webdriver.Chrome) -> None:
    phone = Handset(page, "sms")
    phone.takes_a_new_card()
    first = phone.writes("не платят зарплату третий месяц")
    assert "UCS-2" in first
    assert any(f"{n} segment" in first for n in (1, 2, 3))
    assert phone.writes("1") != first


def test_a_photo_gets_a_kind_sentence(page: webdriver.Chrome) -> None:
    phone = Handset(page, "chat")
    phone.takes_a_new_card()
    phone.writes("здравствуйте, нужна помощь с работой")
    before = len(phone.heard())
    phone.root.find_element(By.CSS_SELECTOR, '[data-kind="photo"]').click()
    until(lambda: len(phone.heard()) > before, 10, "an answer to a photo")


def test_the_browser_has_nothing_to_complain_of(page: webdriver.Chrome) -> None:
    assert [e["message"] for e in page.get_log("browser") if e["level"] == "SEVERE" and "favicon" not in e["message"]] == []
