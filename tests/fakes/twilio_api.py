"""Twilio of our own: POST …/Messages.json as its OpenAPI document describes it, and webhooks signed as Twilio signs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fakes.asgi import Receive, Scope, Send, answer, fail, read
from fakes.faults import Fault, Faults
from fakes.specification import WrongCall, check_twilio, check_twilio_message, facts

ACCOUNT = "AC" + "a1" * 16
PUBLIC = "https://help.example.kz"  # what KOMEK_PUBLIC_URL says in these tests
TOKEN = "12345678901234567890123456789012"


@dataclass
class FakeTwilio:
    """sent: the forms of valid calls; wrong: what the specification forbids.

    deleted, redacted: ids of Message resources; under_way: those that cannot be deleted yet; gone: those that are not there.
    """

    account: str = ACCOUNT
    token: str = TOKEN
    sent: list[dict[str, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    redacted: list[str] = field(default_factory=list)
    under_way: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    faults: Faults = field(default_factory=Faults)
    _ids: Any = field(default_factory=lambda: itertools.count(1))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = await read(scope, receive)
        wanted = "Basic " + base64.b64encode(f"{self.account}:{self.token}".encode()).decode()
        if not hmac.compare_digest(call.headers.get("authorization", ""), wanted):
            return await answer(send, 401, _error(401, 20003, "Authenticate"))
        form = dict(parse_qsl(call.body.decode("ascii"), keep_blank_values=True))
        try:
            if sid := check_twilio_message(call.method, call.path, form):
                return await self._one(send, call.method, sid)
            check_twilio(call.path, form)
        except WrongCall as error:
            self.wrong.append(str(error))
            return await answer(send, 400, _error(400, 20001, str(error)))
        self.sent.append(form)
        fault = self.faults.take()
        if fault is not None:
            return await fail(send, fault)
        created = {**facts("twilio")["created"], "sid": f"SM{next(self._ids):032x}", "account_sid": self.account}
        await answer(send, 201, json.dumps(created).encode())

    async def _one(self, send: Send, method: str, sid: str) -> None:
        """https://www.twilio.com/docs/messaging/api/message-resource: deleted with 204, refused while it is under way."""
        fault = self.faults.take()
        if fault is not None:
            return await fail(send, fault)
        if sid in self.gone or sid in self.deleted:
            return await answer(send, 404, _error(404, 20404, "The requested resource was not found"))
        if method == "DELETE":
            if sid in self.under_way:
                return await answer(send, 409, _error(409, 20009, "Cannot delete this resource before it is complete"))
            self.deleted.append(sid)
            return await answer(send, 204, b"")
        self.redacted.append(sid)
        await answer(send, 200, json.dumps({**facts("twilio")["created"], "sid": sid, "body": ""}).encode())

    def refuse(self, status: int, code: int) -> None:
        """Answer the next call with Twilio's error `code`."""
        self.faults.add(Fault(status, _error(status, code, f"The number +77011234567 has error {code}")))


def _error(status: int, code: int, message: str) -> bytes:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return json.dumps({"code": code, "message": message, "more_info": more, "status": status}).encode()


def signed(url: str, form: dict[str, str], token: str = TOKEN) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a webhook call to `url` (https://www.twilio.com/docs/usage/security#validating-requests)."""
    text = url + "".join(name + form[name] for name in sorted(form))
    digest = hmac.new(token.encode(), text.encode("utf-8"), hashlib.sha1).digest()
    headers = {
        "x-twilio-signature": base64.b64encode(digest).decode(),
        "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
    }
    return urlencode(form).encode(), headers
