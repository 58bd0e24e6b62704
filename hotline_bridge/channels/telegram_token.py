"""The HTTP side of Telegram, built so that the token is in no URL that anything but the socket sees.

The Bot API wants its token in the path (https://core.telegram.org/bots/api#making-requests). The bot therefore works
with addresses that have none, and the transport, below every logger and every error message, puts it in.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx
from telegram.error import TelegramError
from telegram.request import HTTPXRequest


class TokenTransport(httpx.AsyncBaseTransport):
    """Sends {root}/bot/{method} to {root}/bot{token}/{method}."""

    def __init__(self, token: str, inner: httpx.AsyncBaseTransport) -> None:
        self._segment = b"/bot" + quote(token, safe=":").encode("ascii") + b"/"
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        head, _, method = request.url.raw_path.rpartition(b"/bot/")
        url = request.url.copy_with(raw_path=head + self._segment + method)
        hidden = httpx.Request(request.method, url, headers=request.headers, stream=request.stream, extensions=request.extensions)
        return await self._inner.handle_async_request(hidden)

    async def aclose(self) -> None:
        await self._inner.aclose()


class BotRequest(HTTPXRequest):
    """python-telegram-bot's client with the token hidden and without its log of unreadable answers."""

    def __init__(self, token: str, api_root: str, connections: int, seconds: float) -> None:
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        inner = httpx.AsyncHTTPTransport(limits=limits, proxy=proxy_for(api_root))
        super().__init__(
            connection_pool_size=connections,
            read_timeout=seconds,
            write_timeout=seconds,
            connect_timeout=seconds,
            pool_timeout=seconds,
            httpx_kwargs={"transport": TokenTransport(token, inner)},
        )

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("Invalid server response")
        return answer


def proxy_for(url: str) -> str | None:
    """The proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY ask for: with a transport of our own httpx looks at none."""
    parts = urlsplit(url)
    return None if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)
