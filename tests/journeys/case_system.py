"""Another case system, as the canary test has one."""

from __future__ import annotations

from dataclasses import dataclass, field

from fakes.asgi import Receive, Scope, Send, answer, read


@dataclass
class CaseSystem:
    """Another case system that is told of tickets: it fails first, and keeps what it was told."""

    told: list[bytes] = field(default_factory=list)
    fails: int = 2

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = await read(scope, receive)
        self.told.append(call.body + repr(call.headers).encode())
        self.fails -= 1
        await answer(send, 500 if self.fails >= 0 else 200, b"")
