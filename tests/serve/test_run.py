"""A listener as it runs: whom it believes about who calls, and what it does with a call whose end is unclear."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from hotline_bridge.serve.run import _Server, _server


async def whoever(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the address of who calls."""
    request = Request(scope, receive)
    await request.body()
    await PlainTextResponse(request.client.host if request.client else "")(scope, receive, send)


def listener(port: int = 0) -> _Server:
    return _server(whoever, "127.0.0.1", port, asyncio.Event())


async def told(source: str, forwarded: str) -> str:
    """Who calls, as the app sees it when `source` says that it calls for `forwarded`."""
    config = listener().config
    config.load()
    said: list[Any] = []
    scope: Scope = {
        "type": "http", "method": "GET", "path": "/", "query_string": b"", "scheme": "http", "client": (source, 1),
        "headers": [(b"x-forwarded-for", forwarded.encode()), (b"x-real-ip", b"198.51.100.99")],
    }  # fmt: skip

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        said.append(message.get("body", b""))

    await config.loaded_app(scope, receive, send)
    return b"".join(said).decode()


@pytest.mark.parametrize(
    ("proxies", "source", "forwarded", "seen"),
    [
        (None, "127.0.0.1", "203.0.113.7", "203.0.113.7"),
        (None, "192.0.2.1", "203.0.113.7", "192.0.2.1"),
        ("172.16.0.0/12", "172.18.0.1", "203.0.113.7", "203.0.113.7"),
        ("172.16.0.0/12", "172.18.0.1", "10.9.9.9, 203.0.113.7", "203.0.113.7"),
        ("172.16.0.0/12", "192.0.2.1", "203.0.113.7", "192.0.2.1"),
    ],
    ids=["proxy-here", "stranger", "docker", "the-caller-added-one", "stranger-to-docker"],
)
async def test_only_a_proxy_of_ours_says_for_whom_it_calls(
    monkeypatch: pytest.MonkeyPatch, proxies: str | None, source: str, forwarded: str, seen: str
) -> None:
    monkeypatch.delenv("FORWARDED_ALLOW_IPS", raising=False)
    if proxies:
        monkeypatch.setenv("FORWARDED_ALLOW_IPS", proxies)
    assert await told(source, forwarded) == seen


async def test_a_call_with_two_lengths_is_refused_and_nothing_behind_it_is_read() -> None:
    stop = asyncio.Event()
    server = _server(whoever, "127.0.0.1", 0, stop, patience=1)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
    )
    await writer.drain()
    said = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    stop.set()
    await running
    assert said.startswith(b"HTTP/1.1 400")
    assert said.count(b"HTTP/1.1") == 1
