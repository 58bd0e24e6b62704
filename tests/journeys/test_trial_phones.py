"""The trial phones in Debian's Chromium, as a person would use them: buttons on the messenger, numbers on the feature phone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from journeys import browser
from journeys.browser import Handset
from journeys.system import System, until
from selenium import webdriver
from selenium.webdriver.common.by import By

# ./run.sh test installs Chromium (tests/journeys/install_chromium.sh); it cannot without root or without Debian's packages.
pytestmark = pytest.mark.skipif(not browser.INSTALLED, reason="Chromium is not installed (Debian: chromium-driver)")


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
    with browser.window(f"{trial.console_url}/trial") as opened:
        yield opened


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
