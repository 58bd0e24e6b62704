"""The frame in Debian's Chromium: the menu on a phone, the end of a session, leaving for good, signing in by keyboard."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import pyotp
import pytest
from console.chromium import Ready, complaints, look
from console.doors import PASSWORD
from journeys.system import until
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

LATER = "const now = Date.now; Date.now = () => now() + arguments[0]"


def shown(chromium: webdriver.Chrome, selector: str) -> bool:
    found = chromium.find_elements(By.CSS_SELECTOR, selector)
    return bool(found) and found[0].is_displayed()


def test_from_the_invitation_to_the_first_page_by_keyboard_alone(chromium: webdriver.Chrome, ready: Ready) -> None:
    look(chromium, ready, None, f"/invitation/{ready.invitation}", dark=False, width=1280)
    secret = chromium.find_element(By.CSS_SELECTOR, "code.secret").text.replace(" ", "")
    chromium.switch_to.active_element.send_keys(Keys.TAB)
    skip = chromium.switch_to.active_element
    assert skip.get_attribute("textContent") == "Skip to the content"
    until(lambda: skip.rect["y"] >= 0, 2, "it shows when it has the focus")
    skip.send_keys(Keys.ENTER)
    chromium.switch_to.active_element.send_keys(Keys.TAB)
    for words in ("dilyara", PASSWORD, PASSWORD, pyotp.TOTP(secret).now()):
        chromium.switch_to.active_element.send_keys(words, Keys.TAB)
    chromium.switch_to.active_element.send_keys(Keys.ENTER)
    until(lambda: shown(chromium, ".codes"), 10, "the recovery codes")
    codes = re.findall(r"\w{4}-\w{4}-\w{4}", chromium.find_element(By.CSS_SELECTOR, ".codes").text)
    assert len(codes) == 10
    chromium.find_element(By.CSS_SELECTOR, "main a.primary").send_keys(Keys.ENTER)
    until(lambda: shown(chromium, "[name=code]"), 10, "the sign-in")
    for name, words in (("login", "dilyara"), ("password", PASSWORD), ("code", codes[0])):
        chromium.find_element(By.NAME, name).send_keys(words)
    chromium.switch_to.active_element.send_keys(Keys.ENTER)
    until(lambda: shown(chromium, ".who"), 5, "the first page")
    assert "Dilyara" in chromium.find_element(By.CSS_SELECTOR, ".who").text
    assert complaints(chromium) == []


def test_on_a_phone_the_menu_opens_and_closes(chromium: webdriver.Chrome, ready: Ready) -> None:
    look(chromium, ready, "administrator", "/account", dark=False, width=360)
    assert not shown(chromium, "#menu")
    button = chromium.find_element(By.CSS_SELECTOR, ".menu-button")
    button.click()
    assert shown(chromium, "#menu a[href='/people']")
    assert button.get_attribute("aria-expanded") == "true"
    button.click()
    assert not shown(chromium, "#menu")


def test_before_an_idle_session_ends_somebody_is_asked_and_can_stay(chromium: webdriver.Chrome, ready: Ready) -> None:
    look(chromium, ready, "operator", "/account", dark=False, width=1280)
    chromium.execute_script(LATER, 28.5 * 60_000)
    until(lambda: shown(chromium, "#ending"), 7, "the question")
    assert "two minutes" in chromium.find_element(By.ID, "ending-idle").text
    assert not shown(chromium, "#ending-day")
    chromium.find_element(By.ID, "ending-stay").click()
    until(lambda: not shown(chromium, "#ending"), 2, "the question goes")
    time.sleep(6)
    assert not shown(chromium, "#ending")
    assert complaints(chromium) == []


def test_when_the_time_is_over_the_page_does_not_stay_on_the_screen(chromium: webdriver.Chrome, ready: Ready) -> None:
    look(chromium, ready, "operator", "/account", dark=False, width=1280)
    chromium.execute_script("window.before = true")
    chromium.execute_script(LATER, 31 * 60_000)
    until(lambda: not chromium.execute_script("return window.before || false"), 7, "the page is opened anew")


def test_at_the_end_of_the_day_it_says_so(chromium: webdriver.Chrome, ready: Ready) -> None:
    look(chromium, ready, "operator", "/account", dark=False, width=1280)
    ends = datetime.fromisoformat(chromium.find_element(By.TAG_NAME, "body").get_attribute("data-ends") or "")
    minutes_left = (ends - datetime.now(UTC)).total_seconds() / 60
    for kept in range(20, int(minutes_left), 20):  # somebody works the whole day
        chromium.execute_script("localStorage.setItem('komek-seen', String(Date.now() + arguments[0]))", kept * 60_000)
    chromium.execute_script("localStorage.setItem('komek-seen', String(Date.now() + arguments[0]))", (minutes_left - 5) * 60_000)
    chromium.execute_script(LATER, (minutes_left - 1) * 60_000)
    until(lambda: shown(chromium, "#ending-day"), 7, "the sentence")
    chromium.execute_script("localStorage.clear()")


def test_after_the_sign_out_the_button_back_shows_nothing(chromium: webdriver.Chrome, ready: Ready) -> None:
    look(chromium, ready, "auditor", "/account", dark=False, width=1280)
    chromium.find_element(By.CSS_SELECTOR, "form[action='/sign-out'] button").click()
    until(lambda: "/sign-in" in chromium.current_url and shown(chromium, ".flash.good"), 5, "the sign-in")
    chromium.back()
    until(lambda: shown(chromium, "input[name=password]"), 5, "the sign-in")
    assert "My account" not in chromium.page_source


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_chosen_theme_goes_before_the_devices(chromium: webdriver.Chrome, ready: Ready, theme: str) -> None:
    look(chromium, ready, None, "/sign-in", dark=theme == "light", width=1280)
    ground = "return getComputedStyle(document.body).backgroundColor"
    before = chromium.execute_script(ground)
    chromium.find_element(By.CSS_SELECTOR, f"button[name=theme][value={theme}]").click()
    until(lambda: chromium.execute_script(ground) != before, 5, "other colours")
    assert chromium.find_element(By.TAG_NAME, "html").get_attribute("data-theme") == theme
