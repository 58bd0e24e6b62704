"""People who write while something is done to the installation."""

from __future__ import annotations

import threading

from fakes.telegram_api import WEBHOOK_SECRET
from journeys.system import System, TelegramPerson

QUESTION = "не платят зарплату третий месяц"


class Traffic:
    """People who write one after the other for as long as it runs; every third message is from somebody new."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._going = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.written = 0

    def _run(self) -> None:
        while not self._going.is_set():
            TelegramPerson(self._system, WEBHOOK_SECRET, 9_300_000 + self.written // 3).writes(QUESTION)
            self.written += 1

    def __enter__(self) -> Traffic:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._going.set()
        self._thread.join()
