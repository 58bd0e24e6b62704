"""Debian's Chromium and what a person does in it: a trial phone, a sign-in at the console."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pyotp
from journeys.system import until
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
INSTALLED = bool(CHROMIUM and DRIVER)
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync --window-size=1400,1000"
)


@contextmanager
def window(url: str) -> Iterator[webdriver.Chrome]:
    """A browser of its own, with no cookie yet, that shows `url`."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in FLAGS.split():
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    opened = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    try:
        opened.get(url)
        yield opened
    finally:
        opened.quit()


class Handset:
    """One of the two phones on the trial page."""

    def __init__(self, page: webdriver.Chrome, channel: str) -> None:
        self.root = page.find_element(By.CSS_SELECTOR, f'[data-channel="{channel}"]')

    def takes_a_new_card(self) -> None:
        """A fresh phone: nobody knows it."""
        self.root.find_element(By.CSS_SELECTOR, ".new").click()

    def heard(self) -> list[WebElement]:
        """What Komek said, oldest first."""
        return self.root.find_elements(By.CSS_SELECTOR, "li.komek")

    def says(self, text: str) -> None:
        """Type and send, without waiting for an answer."""
        self.root.find_element(By.CSS_SELECTOR, "textarea").send_keys(text)
        self.root.find_element(By.CSS_SELECTOR, "form button").click()

    def writes(self, text: str) -> str:
        """Type, send, and give the answer."""
        before = len(self.heard())
        self.says(text)
        until(lambda: len(self.heard()) > before, 15, f"an answer to {text}")
        return self.heard()[-1].text

    def presses(self, choice: str) -> str:
        """Press a button of the last message that has it, and give the answer."""
        before = len(self.heard())
        self.root.find_elements(By.CSS_SELECTOR, f'button[data-choice="{choice}"]')[-1].click()
        until(lambda: len(self.heard()) > before, 15, f"an answer to the button {choice}")
        return self.heard()[-1].text

    def hears(self, words: str, seconds: float = 15) -> None:
        """Wait until Komek has said something with `words` in it."""
        until(lambda: any(words in line.text for line in self.heard()), seconds, f"the phone hears {words}")


class Colleague:
    """Somebody who works at the console, in a browser window of their own."""

    def __init__(self, page: webdriver.Chrome, console: str) -> None:
        self.page, self.console = page, console
        self.secret = ""

    def one(self, selector: str) -> WebElement:
        """Waits for it, as somebody would."""
        found: WebElement = until(lambda: self.page.find_element(By.CSS_SELECTOR, selector), 10, selector)
        return found

    def fill(self, **fields: str) -> None:
        """Type into fields by their name."""
        for name, value in fields.items():
            field = self.one(f'[name="{name}"]:not([type="hidden"])')
            field.clear()
            field.send_keys(value)

    def press(self, text: str, within: str = "body") -> None:
        """Press the button or open the details that say `text`."""
        script = """
            const all = [...(document.querySelector(arguments[1])?.querySelectorAll('button, summary, a.button') ?? [])];
            const found = all.find((one) => one.textContent.trim() === arguments[0] && one.offsetParent !== null);
            if (found) found.click();
            return Boolean(found);
        """
        until(lambda: self.page.execute_script(script, text, within), 10, f"a button {text} within {within}")

    def sees(self, words: str, seconds: float = 10) -> None:
        """Wait until the page shows `words`."""

        def said() -> str:
            return f"the page shows {words}: {self.page.execute_script('return document.body.innerText')[:600]}"

        until(lambda: words in self.one("body").text, seconds, said)

    def takes_up(self, link: str, login: str, password: str) -> None:
        """Follow an invitation: choose login and password, connect an app for codes."""
        self.page.get(link)
        self.secret = self.one("code.secret").text.replace(" ", "")
        self.fill(login=login, password=password, repeated=password, code=pyotp.TOTP(self.secret).now())
        self.press("Continue")
        self.sees("Recovery codes")

    def signs_in(self, login: str, password: str) -> None:
        """Sign in with the next code of the app: each counts once."""
        self.page.get(f"{self.console}/sign-in")
        self.fill(login=login, password=password, code=pyotp.TOTP(self.secret).at(time.time(), counter_offset=1))
        self.press("Sign in", "main")
