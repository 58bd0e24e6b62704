"""A case system that is told of changes: a real listener, which answers as it is ordered to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from fakes.asgi import Call, read
from fakes.server import serving


@dataclass
class Receiver:
    """answers: statuses for the next calls, else 200; 0 never answers. heard: what came."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    heard: list[Call] = field(default_factory=list)
    location: str = ""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One request."""
        self.heard.append(await read(scope, receive))
        status = self.answers.pop(0) if self.answers else 200
        if status == 0:
            await asyncio.sleep(60)
        headers = [(b"content-length", b"0"), *([(b"location", self.location.encode())] if self.location else [])]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on a port of loopback."""
    made = Receiver()
    with serving(made) as url:
        made.url = f"{url}/hook?for=komek"
        yield made
