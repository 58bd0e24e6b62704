"""A trial phone in the terminal: a client of the same page server that the browser's phones use.

Without a running Komek one is started beside it, with a data folder of its own that is gone afterwards.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from hotline_bridge.errors import SettingError
from hotline_bridge.settings import PROJECT, Settings

START_WITHIN = 120  # seconds
# Safety: a Komek with a throw-away key and database must not take a real bot's messages, nor work in a real database.
NOT_FOR_TRIAL = ("DATABASE_URL", "KOMEK_MASTER_KEY", "TELEGRAM_", "TWILIO_", "KANNEL_")


@dataclass
class _Phone:
    """What the phone shows, and how many answers it still waits for."""

    path: str
    client: httpx.AsyncClient
    buttons: list[list[str]] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self) -> None:
        """Print what arrives."""
        async with self.client.stream("GET", f"{self.path}/events", timeout=None) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data: "):
                    self._show(json.loads(line[6:]))

    def _show(self, event: dict[str, Any]) -> None:
        if event["type"] == "clear":
            print("< (earlier messages were removed from the screen)")
        if event["type"] != "message" or event["from"] == "me":
            return
        self.buttons = event["options"]
        lines = event["text"].split("\n") + [f"  ({n}) {label}" for n, (label, _) in enumerate(self.buttons, 1)]
        if self.path.startswith("/trial/sms"):
            lines.append(f"  [{event['segments']} segments, {event['alphabet']}]")
        print("\n".join(f"< {line}" for line in lines), flush=True)
        self.heard.set()

    async def write(self, line: str) -> None:
        """Send a line; "(2)" presses the second button."""
        body = {"kind": "text", "text": line}
        pressed = line.strip()[1:-1] if line.strip().startswith("(") and line.strip().endswith(")") else ""
        if pressed.isdigit() and 0 < int(pressed) <= len(self.buttons):
            label, choice = self.buttons[int(pressed) - 1]
            body = {"kind": "choice", "text": choice, "label": label}
        self.heard.clear()
        (await self.client.post(self.path, json=body)).raise_for_status()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.heard.wait(), 5)
            await asyncio.sleep(0.2)  # a second line of the same answer


async def chat(settings: Settings, *, sms: bool) -> int:
    """Read lines and show the answers until the end of input."""
    url = f"http://{settings.komek_bind}:{settings.komek_console_port}"
    async with _komek(url, _listeners(settings)), httpx.AsyncClient(base_url=url, timeout=10) as client:
        phone = _Phone(f"/trial/{'sms' if sms else 'chat'}/{uuid4()}", client)
        listening = asyncio.create_task(phone.listen())
        await asyncio.sleep(0.2)
        print("Write as on a phone; (2) presses the second button. End with Ctrl+D.", flush=True)
        while (line := await asyncio.to_thread(sys.stdin.readline)) != "":
            if line.strip():
                await phone.write(line.rstrip("\n"))
        listening.cancel()
    return 0


def _listeners(settings: Settings) -> dict[str, str]:
    """Where the Komek that is started listens, as the settings say."""
    names = ("komek_bind", "komek_port", "komek_inner_port", "komek_console_port", "komek_rasa_url", "komek_actions_url")
    return {name.upper(): str(getattr(settings, name)) for name in names}


@contextlib.asynccontextmanager
async def _komek(url: str, listeners: dict[str, str]) -> AsyncIterator[None]:
    if await _answers(url):
        yield
        return
    print("Starting Komek …", flush=True)
    with tempfile.TemporaryDirectory(prefix="komek-") as folder:
        env = {k: v for k, v in os.environ.items() if not k.upper().startswith(NOT_FOR_TRIAL)}
        env |= {"KOMEK_ENV_FILE": "off", "KOMEK_DATA": folder, "KOMEK_TRIAL": "on", **listeners}
        quiet = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "hotline_bridge", "all", env=env, cwd=PROJECT, stdout=quiet, stderr=quiet, stdin=quiet
        )
        try:
            await _wait(url, process)
            yield
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def _wait(url: str, process: asyncio.subprocess.Process) -> None:
    for _ in range(START_WITHIN * 2):
        if process.returncode is not None:
            break
        if await _answers(url) and await _answers_fully(url):
            return
        await asyncio.sleep(0.5)
    raise SettingError("Komek did not start; ./run.sh serve says why")


async def _answers(url: str) -> bool:
    try:
        async with httpx.AsyncClient(timeout=1) as client:
            return (await client.get(f"{url}/trial")).status_code == 200
    except httpx.HTTPError:
        return False


async def _answers_fully(url: str) -> bool:
    """Whether a message gets an answer: the console is up before the assistant is."""
    async with httpx.AsyncClient(base_url=url, timeout=1) as client:
        return (await client.get("/healthz?all=yes")).status_code == 200
