"""Long polling (https://core.telegram.org/bots/api#getupdates), for a laptop that nobody can reach from outside."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Coroutine
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlencode

import structlog
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import BaseRequest

from hotline_bridge.channels.base import Parsed
from hotline_bridge.channels.telegram_errors import told
from hotline_bridge.channels.telegram_updates import ALLOWED, read_update
from hotline_bridge.errors import SlowDown, TryAgain, Unreadable

WAIT = 25  # seconds that Telegram holds an empty getUpdates
LONGEST_PAUSE = 30.0
T = TypeVar("T")


async def batches(bot: Bot, request: BaseRequest, offset: int | None = None) -> AsyncGenerator[tuple[Parsed, int], None]:
    """Batches of updates, each with the offset that confirms it; Telegram is told so when the caller asks for the next.

    What the caller has not stored when it stops comes again. Passing faults are waited out; any other SendError is raised.
    """
    await _patiently(partial(bot.delete_webhook, drop_pending_updates=False))
    while True:
        updates = await _patiently(partial(_updates, bot, request, offset))
        if updates:
            offset = max(update["update_id"] for update in updates) + 1
            yield _together(updates), offset


async def _updates(bot: Bot, request: BaseRequest, offset: int | None) -> list[dict[str, Any]]:
    """One getUpdates. Not the bot's own: that throws a whole batch away for one update that it cannot read."""
    asked: dict[str, Any] = {"timeout": WAIT, "allowed_updates": json.dumps(ALLOWED)}
    if offset is not None:
        asked["offset"] = offset
    answer = await request.retrieve(f"{bot.base_url}/getUpdates?{urlencode(asked)}")
    found = request.parse_json_payload(answer).get("result")
    if not isinstance(found, list):
        raise TelegramError("Invalid server response")
    return [update for update in found if isinstance(update, dict) and isinstance(update.get("update_id"), int)]


async def _patiently(call: Callable[[], Coroutine[Any, Any, T]]) -> T:
    pause = 1.0
    while True:
        try:
            return await told(call())
        except (TryAgain, SlowDown) as error:
            seconds = error.seconds if isinstance(error, SlowDown) else pause
            structlog.get_logger(__name__).warning("telegram_polling_waits", code=error.code, seconds=seconds)
        await asyncio.sleep(seconds)
        pause = min(pause * 2, LONGEST_PAUSE)


def _together(updates: list[dict[str, Any]]) -> Parsed:
    parsed = [_read(update) for update in updates]
    return Parsed(
        inbound=tuple(inbound for p in parsed for inbound in p.inbound),
        leave=tuple(chat for p in parsed for chat in p.leave),
    )


def _read(update: dict[str, Any]) -> Parsed:
    try:
        return read_update(update)
    except Unreadable:  # one of them must not stop the others
        return Parsed()
