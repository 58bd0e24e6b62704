"""The other end of Kannel's requests: keeps them as the channel would get them, and answers as it is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from fakes.asgi import Receive, Scope, Send, answer, read
from hotline_bridge.channels.base import Request


@dataclass
class Inbox:
    """requests: all that came; refuse: answer 503 so many times first, as we do without a database."""

    url: str = ""
    requests: list[Request] = field(default_factory=list)
    refused: list[Request] = field(default_factory=list)
    refuse: int = 0
    _news: threading.Condition = field(default_factory=threading.Condition)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = await read(scope, receive)
        request = Request(call.method, call.path, call.headers, call.query, call.body)
        with self._news:
            refused = self.refuse > 0
            self.refuse -= refused
            (self.refused if refused else self.requests).append(request)
            self._news.notify_all()
        await answer(send, 503 if refused else 200, b"", "text/plain")

    def wait_for(self, enough: Callable[[list[Request]], bool], seconds: float = 15.0) -> list[Request]:
        """The requests, as soon as `enough` of them. Raises AssertionError when the time is over."""
        with self._news:
            assert self._news.wait_for(lambda: enough(self.requests), seconds), f"after {seconds} s: {self.requests}"
            return list(self.requests)

    def messages(self, count: int) -> list[Request]:
        """The first `count` messages, waited for; delivery reports are left out."""
        self.wait_for(lambda requests: len(_at(requests, "/sms/kannel")) >= count)
        return _at(self.requests, "/sms/kannel")

    def reports(self, count: int) -> list[Request]:
        """The first `count` delivery reports, waited for."""
        self.wait_for(lambda requests: len(_at(requests, "/sms/kannel/status")) >= count)
        return _at(self.requests, "/sms/kannel/status")


def _at(requests: list[Request], path: str) -> list[Request]:
    return [request for request in requests if request.path == path]
