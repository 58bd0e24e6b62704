"""Other case systems at the API's door, each with a token of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import httpx
import pytest
from console.conftest import ADDRESS, add_account
from fastapi import FastAPI

from hotline_bridge.flow import partner_access
from hotline_bridge.flow.stations import DeskStations


class System(httpx.AsyncClient):
    """A case system. `token` is what it has."""

    def __init__(self, app: FastAPI, token: str | None, address: str = "192.0.2.7") -> None:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        transport = httpx.ASGITransport(app, client=(address, 1), raise_app_exceptions=False)
        super().__init__(transport=transport, base_url=f"{ADDRESS}/api/v1", headers=headers)
        self.token = token


@pytest.fixture
async def administrator(stations: DeskStations) -> UUID:
    return (await add_account(stations, "administrator")).id


@pytest.fixture
async def system_of(console: FastAPI, stations: DeskStations, administrator: UUID) -> AsyncIterator[Callable[..., Any]]:
    """Makes a case system with a token for these scopes; without any, one without a token."""
    async with AsyncExitStack() as opened:

        async def make(*scopes: str, **more: Any) -> System:
            token = await partner_access.make_token(stations, administrator, "Cases", scopes, 30) if scopes else None
            return await opened.enter_async_context(System(console, token, **more))

        yield make
