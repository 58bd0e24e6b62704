"""The console, which carries the trial phones, is killed (SIGKILL) between a question and its answer."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from uuid import uuid4

import httpx
from journeys.system import System, until

QUESTION = "не платят зарплату третий месяц"


def _has_heard(url: str, seconds: float) -> bool:
    """Switch the phone on and wait for an answer on its screen."""
    deadline = time.monotonic() + seconds
    with httpx.stream("GET", f"{url}/events", timeout=seconds) as stream:
        for line in stream.iter_lines():
            if '"from": "komek"' in line:
                return True
            if time.monotonic() > deadline:
                break
    return False


def test_an_answer_finds_the_phone_after_its_network_died(module_database: str) -> None:
    with tempfile.TemporaryDirectory(prefix="komek-") as folder:
        system = System(module_database, Path(folder))
        system.start("rasa", "actions", "worker", "console")
        try:
            system.ready("actions", "rasa", "console")
            phone = f"{system.console_url}/trial/chat/{uuid4()}"
            system.freeze("worker")
            assert httpx.post(phone, json={"kind": "text", "text": QUESTION}).status_code == 200
            system.kill("console")
            system.thaw("worker")
            until(lambda: system.ask("SELECT 1 FROM outbox WHERE attempts > 0"), 20, "a try without a network")
            system.start("console")
            system.ready("console")
            until(lambda: system.ask("SELECT 1 FROM outbox WHERE attempts > 1"), 20, "a try while the phone is still off")
            assert _has_heard(phone, 45)
            assert system.ask("SELECT status FROM inbox") == [("answered",)]
            until(lambda: system.ask("SELECT status FROM outbox") == [("delivered",)], 20, "delivered once for good")
        finally:
            system.stop()
