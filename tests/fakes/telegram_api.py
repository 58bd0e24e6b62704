"""A Bot API server of our own: https://core.telegram.org/bots/api as far as Komek uses it."""

from __future__ import annotations

import asyncio
import itertools
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from fakes.asgi import Receive, Scope, Send, answer, fail, read
from fakes.faults import Fault, Faults
from fakes.specification import WrongCall, check_telegram

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"  # the documentation's own example
WEBHOOK_SECRET = "webhook_secret-7"


@dataclass(frozen=True)
class BotCall:
    """One valid call: method and typed parameters."""

    method: str
    parameters: dict[str, Any]


@dataclass
class FakeTelegram:
    """calls: what came and was valid; wrong: what the specification forbids; updates: what getUpdates hands out."""

    token: str = TOKEN
    calls: list[BotCall] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    undeletable: set[int] = field(default_factory=set)
    faults: Faults = field(default_factory=Faults)
    longest_poll: float = 0.2
    _ids: Any = field(default_factory=lambda: itertools.count(1001))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = await read(scope, receive)
        token, _, method = call.path.removeprefix("/bot").partition("/")
        if not call.path.startswith("/bot") or token != self.token:
            return await answer(send, 401, b'{"ok":false,"error_code":401,"description":"Unauthorized"}')
        fields = dict(parse_qsl(call.query + "&" + call.body.decode("utf-8"), keep_blank_values=True, encoding="utf-8"))
        try:
            parameters = check_telegram(method, fields)
        except WrongCall as error:
            self.wrong.append(str(error))
            return await answer(send, 400, json.dumps(_refusal(400, f"Bad Request: {error}")).encode())
        self.calls.append(BotCall(method, parameters))
        fault = self.faults.take(method)
        if fault is not None:
            return await fail(send, fault)
        status, result = await self._result(method, parameters)
        await answer(send, status, json.dumps(result).encode())

    def sent(self) -> list[dict[str, Any]]:
        """The parameters of every sendMessage, in order."""
        return [call.parameters for call in self.calls if call.method == "sendMessage"]

    def refuse(self, status: int, description: str, method: str | None = None, retry_after: int | None = None) -> None:
        """Answer the next call as the Bot API refuses."""
        body = _refusal(status, description)
        if retry_after is not None:
            body["parameters"] = {"retry_after": retry_after}
        self.faults.add(Fault(status, json.dumps(body).encode()), method)

    async def _result(self, method: str, parameters: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if method == "sendMessage":
            if not 1 <= len(parameters["text"].encode("utf-16-le")) // 2 <= 4096:
                return 400, _refusal(400, "Bad Request: message is too long")
            chat = {"id": parameters["chat_id"], "type": "private", "first_name": "A"}
            message = {"message_id": next(self._ids), "date": 1760000000, "chat": chat, "text": parameters["text"]}
            return 200, {"ok": True, "result": message}
        if method == "deleteMessages":
            ids = parameters["message_ids"]
            if not 1 <= len(ids) <= 100 or self.undeletable & set(ids):
                return 400, _refusal(400, "Bad Request: message can't be deleted for everyone")
        if method == "getUpdates":
            return 200, {"ok": True, "result": await self._poll(parameters)}
        return 200, {"ok": True, "result": True}

    async def _poll(self, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        """Updates from the offset on; those below it are confirmed and forgotten."""
        offset = parameters.get("offset", 0)
        self.updates = [u for u in self.updates if u["update_id"] >= offset]
        if not self.updates:
            await asyncio.sleep(min(parameters.get("timeout", 0), self.longest_poll))
        return self.updates[: parameters.get("limit", 100)]


def _refusal(status: int, description: str) -> dict[str, Any]:
    return {"ok": False, "error_code": status, "description": description}
