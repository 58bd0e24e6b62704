"""The event stream of an open page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response

from hotline_bridge.console.guard import still_signed_in
from hotline_bridge.console.live import Event, Live
from hotline_bridge.console.queue_changes import WHOLE, QueuePage
from hotline_bridge.console.queue_views import Refreshing
from hotline_bridge.console.queue_wanted import Wanted, from_address

router = APIRouter()
LOOK = 15.0  # seconds between two looks whether the session still holds; also between two signs of life
LAST = (Event("queue"), Event("conversation", "*"))  # whoever fetches after it is led to the sign-in


@router.get("/live")
async def live(
    request: Request,
    account: Refreshing,
    wanted: Annotated[Wanted, Depends(from_address)],
    conversation: UUID | None = None,
    rows: Annotated[str | None, Query(max_length=16)] = None,
) -> Response:
    """Events queue, danger, conversation … until the session ends or the page is closed. See live.py.

    rows: the mark of what a queue page shows; it is then sent what changes there, in the place of queue.
    """
    page = None if rows is None else QueuePage(request, account, wanted, rows)
    return EventSourceResponse(_events(request, conversation, page), ping=LOOK, send_timeout=LOOK * 2)


async def _events(request: Request, conversation: UUID | None, page: QueuePage | None) -> AsyncIterator[ServerSentEvent]:
    live: Live = request.app.state.live
    async with live.screen(conversation) as screen:
        looked = asyncio.get_running_loop().time()
        while True:
            for told in await screen.told(LOOK):
                yield _sent(await page.instead_of(told) if page else told)
            now = asyncio.get_running_loop().time()
            if screen.look_again or now - looked >= LOOK:
                screen.look_again, looked = False, now
                account = await still_signed_in(request)
                if account is None:
                    break
                if page is not None and account != page.account:
                    page.account = account
                    yield _sent(await page.instead_of(WHOLE))
        for event in LAST:
            yield _sent(event)


def _sent(event: Event) -> ServerSentEvent:
    return ServerSentEvent(data=event.data or "-", event=event.name)  # without data a browser drops an event
