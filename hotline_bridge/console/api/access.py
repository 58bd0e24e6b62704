"""Who asks: a bearer token, what it is for, and how often."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import structlog
from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from hotline_bridge.flow import exchange
from hotline_bridge.flow.stations import DeskStations
from hotline_bridge.partners.tokens import Token

log = structlog.get_logger(__name__)
A_MINUTE = 120  # requests of one token
WRONG_A_MINUTE = 30  # refused tokens from one address
_REMEMBERED = 10_000
_bearer = HTTPBearer(auto_error=False, description="A token that an administrator made in the console: `komek_…`.")
_Given = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


class Limits:
    """How many requests there were in the last minute, by token and by address. In this process, for this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def full(self, key: str, most: int) -> int:
        """Seconds until there is room again; 0: there is room now."""
        since, count = self._current(key)
        return 0 if count < most else max(1, int(since + 60 - self._clock()) + 1)

    def count(self, key: str) -> None:
        """One more."""
        since, count = self._current(key)
        self._seen[key] = since, count + 1
        self._seen.move_to_end(key)
        while len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)

    def _current(self, key: str) -> tuple[float, int]:
        now = self._clock()
        since, count = self._seen.get(key, (now, 0))
        return (now, 0) if now - since >= 60 else (since, count)


def holder_of(*scopes: str) -> Callable[[Request, Any], Awaitable[Token]]:
    """A dependency that gives the token of whoever asks, if it is for one of `scopes`; without scopes, any that works."""

    async def who(request: Request, given: _Given) -> Token:
        limits: Limits = request.app.state.limits
        address = f"address:{request.client.host if request.client else ''}"
        _wait(limits.full(address, WRONG_A_MINUTE))
        found = await exchange.holder(stations_of(request), given.credentials) if given else None
        if found is None:
            limits.count(address)
            log.warning("a token was refused", route=_route(request))
            sentence = "send a token that works, as `Authorization: Bearer komek_…`"
            raise HTTPException(401, sentence, {"www-authenticate": "Bearer"})
        key = f"token:{found.id}"
        _wait(limits.full(key, A_MINUTE))
        limits.count(key)
        if scopes and not set(scopes) & set(found.scopes):
            log.warning("a token is not for this", token=str(found.id), route=_route(request))
            raise HTTPException(403, f"this token is not for {' or '.join(scopes)}; ask an administrator for one that is")
        return found

    return who


anybody = Depends(holder_of())


def stations_of(request: Request) -> DeskStations:
    """What the steps work with."""
    found: DeskStations = request.app.state.stations
    return found


def _route(request: Request) -> str:
    return str(getattr(request.scope.get("route"), "path", ""))


def _wait(seconds: int) -> None:
    if seconds:
        raise HTTPException(429, f"too many requests; ask again in {seconds} seconds", {"retry-after": str(seconds)})
