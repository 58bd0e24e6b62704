"""The trimmed environment: Rasa starts without what was left out, trains, serves over HTTP, and logs no words."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from assistant_fakes import ActionServer

SECRET = "мне негде ночевать, я у Зжмщцв на Абайской 17"


@dataclass
class Served:
    url: str
    process: subprocess.Popen[str]
    log: Path

    def post(self, body: Any, path: str = "/webhooks/rest/webhook") -> tuple[int, Any]:
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")


@pytest.fixture(scope="module")
def served(
    small_model: Path, database: str, action_server: ActionServer, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("log") / "rasa.log"
    environment = {
        **os.environ, "KOMEK_DIALOGUE_URL": database, "KOMEK_ACTIONS_URL": action_server.url, "LOG_LEVEL": "DEBUG",
    }  # fmt: skip
    command = [sys.executable, "-m", "bot.serve", "--port", str(port), "--model", str(small_model)]
    with log.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, cwd=root, env=environment, text=True)
    server = Served(f"http://127.0.0.1:{port}", process, log)
    _wait(server)
    yield server
    process.send_signal(signal.SIGTERM)
    process.wait(20)


def _wait(server: Served) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert server.process.poll() is None, server.log.read_text()
        with contextlib.suppress(OSError):
            urllib.request.urlopen(server.url, timeout=1)
            return
        time.sleep(0.1)
    raise AssertionError(server.log.read_text())


def ask(server: Served, text: str, turn: str = "11111111-1111-1111-1111-111111111111") -> tuple[int, Any]:
    body = {"sender": f"22222222-2222-2222-2222-222222222222:{turn}", "message": text, "metadata": {"turn": turn}}
    return server.post(body)


@pytest.mark.parametrize("package", ["tensorflow", "aiogram", "twilio", "pymongo", "skops", "sentry_sdk", "rasa_sdk.none"])
def test_what_was_left_out_is_really_not_there(package: str) -> None:
    top = package.partition(".")[0]
    installed = {path.name.partition("-")[0] for path in Path(json.__file__).parent.glob("site-packages/*.dist-info")}
    assert top not in installed
    spec = importlib.util.find_spec(top) if top not in sys.modules else None
    assert spec is None or spec.origin is None


def test_a_stand_in_can_be_named_but_not_used() -> None:
    code = """
import tensorflow as tf
class Layer(tf.keras.layers.Layer): pass
@tf.function
def f(): return 1
assert f() == 1
try: Layer()
except RuntimeError as error: print(error)
"""
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out == "Layer needs a package that the assistant's environment leaves out\n"


def test_an_installed_package_wins_over_its_stand_in(tmp_path: Path) -> None:
    (tmp_path / "twilio.py").write_text("real = True\n")
    code = "import twilio; print(twilio.real is True)"
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env).stdout
    assert out == "True\n"


def test_a_missing_package_that_nobody_replaced_is_still_missing() -> None:
    assert subprocess.run([sys.executable, "-c", "import transformers"], capture_output=True).returncode == 1


def test_it_answers_over_http(served: Served) -> None:
    status, answer = ask(served, SECRET)
    assert status == 200
    assert answer == [
        {
            "recipient_id": "22222222-2222-2222-2222-222222222222:11111111-1111-1111-1111-111111111111",
            "custom": {"reply": "topic", "topic": "ask_shelter"},
        }
    ]


def test_the_http_api_is_off(served: Served) -> None:
    for path in ("/model/parse", "/conversations/22222222-2222-2222-2222-222222222222/messages"):
        assert served.post({"text": SECRET}, path)[0] in (404, 405)


def test_a_turn_that_breaks_is_a_500_and_never_half_an_answer(served: Served) -> None:
    status, answer = served.post({"sender": "no turn", "message": SECRET})
    assert (status, answer) == (500, {"error": "SenderWrong"})
    status, answer = served.post({"sender": "not-a-uuid:turn", "message": SECRET})
    assert status == 500


@pytest.mark.parametrize("text", ["/", "/nonsense{", "/ask_shelter{{{", "", "\x01", "😀", "a" * 10_000, "/restart", "/back"])
def test_odd_messages_do_no_harm(served: Served, text: str) -> None:
    status, _ = ask(served, text, turn="33333333-3333-3333-3333-333333333333")
    assert status in (200, 500)
    assert ask(served, SECRET)[0] == 200


def test_no_word_is_logged_at_any_level(served: Served, action_server: ActionServer) -> None:
    """Runs last in this file: what came before has also tried to fail loudly."""
    for text in (SECRET, "/nlu_fallback", '/choose_language{"language": "Зжмщцв"}', "/danger_now", "/" + SECRET):
        ask(served, text, turn="44444444-4444-4444-4444-444444444444")
    served.post({"sender": "no turn", "message": SECRET})
    served.post({"sender": [SECRET], "message": SECRET})
    log = served.log.read_text()
    assert "turn failed" in log, "the log is the right one"
    for word in re.findall(r"\w{4,}", SECRET):
        assert word not in log
        assert word.encode("unicode_escape").decode() not in log


def test_no_word_reaches_the_action_server(served: Served, action_server: ActionServer) -> None:
    ask(served, "помогите меня заперли и бьют")
    assert action_server.calls, "an action was asked for"
    assert not any("заперли" in call or "\\u0437\\u0430\\u043f" in call for call in action_server.calls)


def test_it_does_not_start_without_its_addresses(root: Path, small_model: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("KOMEK_")}
    command = [sys.executable, "-m", "bot.serve", "--model", str(small_model)]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == "Set KOMEK_ACTIONS_URL and KOMEK_DIALOGUE_URL before the assistant is started.\n"
