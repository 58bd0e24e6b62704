"""The fake providers in a process of their own: python -m bench.provider prints its address and ends with its input.

Telegram's and Kannel's fakes answer as in the tests, calls checked against the specification included. Each call that they
took is kept with the moment at which it came in, on the clock that all processes of a machine share.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any
from urllib.parse import parse_qs

from fakes.asgi import Receive, Scope, Send, answer
from fakes.kannel_api import FakeKannel
from fakes.server import serving
from fakes.telegram_api import FakeTelegram

PATIENCE = 10.0  # seconds; how long /bench/next waits
SENDSMS = "/cgi-bin/sendsms"


class Provider:
    """GET /bench/calls?since=N: what was taken; GET /bench/next?address=A&after=N: waits for call N + 1 to A."""

    def __init__(self) -> None:
        self._telegram, self._kannel = FakeTelegram(), FakeKannel()
        self._calls: list[dict[str, Any]] = []
        self._counts: dict[str, int] = {}
        self._news = asyncio.Condition()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        at = time.monotonic()
        if scope["path"].startswith("/bench/"):
            return await self._tell(scope, send)
        said = bytearray()

        async def heard(event: Any) -> None:
            said.extend(event.get("body", b""))
            await send(event)

        sms = scope["path"] == SENDSMS
        await (self._kannel if sms else self._telegram)(scope, receive, heard)
        address, reference = _of_kannel(scope) if sms else _of_telegram(bytes(said))
        if reference:
            await self._note({"at": at, "address": address, "reference": reference})

    async def _note(self, call: dict[str, Any]) -> None:
        async with self._news:
            self._calls.append(call)
            self._counts[call["address"]] = self._counts.get(call["address"], 0) + 1
            self._news.notify_all()

    async def _tell(self, scope: Scope, send: Send) -> None:
        asked = {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}
        if scope["path"] == "/bench/calls":
            wrong = [*self._telegram.wrong, *self._kannel.wrong]
            return await answer(send, 200, json.dumps({"calls": self._calls[int(asked["since"]) :], "wrong": wrong}).encode())
        came = await self._wait(asked["address"], int(asked["after"]))
        await answer(send, 200 if came else 504, b"{}")

    async def _wait(self, address: str, after: int) -> bool:
        async with self._news:
            try:
                await asyncio.wait_for(self._news.wait_for(lambda: self._counts.get(address, 0) > after), PATIENCE)
            except TimeoutError:
                return False
        return True


def _of_telegram(said: bytes) -> tuple[str, str]:
    """Chat and message id of a message that was taken; nothing for other calls."""
    result = json.loads(said).get("result")
    if not isinstance(result, dict) or "message_id" not in result:
        return "", ""
    return str(result["chat"]["id"]), str(result["message_id"])


def _of_kannel(scope: Scope) -> tuple[str, str]:
    """Number, and the id by which the bridge wants the delivery report."""
    headers = {name.lower(): value.decode() for name, value in scope["headers"]}
    report = headers.get(b"x-kannel-dlr-url", "").partition("?")[2]
    return headers.get(b"x-kannel-to", ""), parse_qs(report).get("id", [""])[0]


def main() -> None:
    with serving(Provider()) as url:
        print(url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
