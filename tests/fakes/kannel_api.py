"""A smsbox of our own: the POST form of sendsms (Kannel user guide, "SMS Push"), for tests that need no real Kannel."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.message import Message

from fakes.asgi import Call, Receive, Scope, Send, answer, fail, read
from fakes.faults import Fault, Faults

USERNAME, PASSWORD, NUMBER = "komek", "open-sesame-7", "1515"
INBOUND_SECRET = "inbound&secret 7%d"  # with everything that Kannel and addresses might stumble over
HEADERS = frozenset(
    f"x-kannel-{name}"
    for name in (
        "from", "to", "time", "udh", "smsc", "mclass", "pid", "rpi", "alt-dcs", "mwi", "coding", "compress", "validity",
        "deferred", "service", "binfo", "meta-data", "username", "password", "dlr-url", "account", "dlr-mask", "priority",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Submitted:
    """One message that smsbox took."""

    to: str
    text: str
    headers: dict[str, str]


@dataclass
class FakeKannel:
    """sent: what was taken; wrong: what smsbox would not have understood."""

    sent: list[Submitted] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = await read(scope, receive)
        status, sentence = self._judge(call)
        fault = self.faults.take() if status == 202 else None
        if fault is not None:
            return await fail(send, fault)
        await answer(send, status, sentence.encode(), "text/html")

    def refuse(self, status: int, sentence: str) -> None:
        """Answer the next call with one of Kannel's sentences."""
        self.faults.add(Fault(status, sentence.encode(), "text/html"))

    def _judge(self, call: Call) -> tuple[int, str]:
        headers = {name: value for name, value in call.headers.items() if name.startswith("x-kannel-")}
        if call.path != "/cgi-bin/sendsms":
            return 404, "Unknown request."
        if (headers.get("x-kannel-username"), headers.get("x-kannel-password")) != (USERNAME, PASSWORD):
            return 403, "Authorization failed for sendsms"
        content = Message()
        content["content-type"] = call.headers.get("content-type", "")
        problems = [f"unknown {name}" for name in headers.keys() - HEADERS]
        problems += [] if call.method == "POST" and not call.query else ["not a plain POST"]
        problems += [] if content.get_content_type() == "text/plain" else ["Invalid content-type"]
        problems += [] if headers.get("x-kannel-coding") in ("0", "2") else ["Coding field misformed, rejected"]
        problems += [] if headers.get("x-kannel-priority") in (None, "0", "1", "2", "3") else ["Priority field misformed"]
        problems += [] if 0 <= int(headers.get("x-kannel-dlr-mask", "0")) <= 63 else ["DLR-Mask field misformed"]
        if problems:
            self.wrong.extend(problems)
            return 400, problems[0]
        text = call.body.decode(content.get_content_charset() or "utf-8")
        self.sent.append(Submitted(headers.get("x-kannel-to", ""), text, headers))
        return 202, "0: Accepted for delivery"
