"""What each answer of the Bot API means for a message, as data beside the client.

https://core.telegram.org/bots/api#making-requests names the fields; the sentences are those the server sends.
"""

from __future__ import annotations

from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from hotline_bridge.errors import Gone, NeverAgain, OutOfOrder, SendError, SlowDown, TryAgain

T = TypeVar("T")

# The library reads answers without checking them, so a strange one surfaces as any of these.
MALFORMED = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError)

# The first row that fits decides: TimedOut and BadRequest are kinds of NetworkError.
TABLE: tuple[tuple[type[TelegramError], str, type[SendError], str], ...] = (
    (Forbidden, "", Gone, "blocked"),  # blocked by the user, user is deactivated, can't initiate conversation
    (InvalidToken, "", OutOfOrder, "token_refused"),  # 401, 404
    (Conflict, "", OutOfOrder, "polled_elsewhere"),  # 409: a second poller, or a webhook is set
    (ChatMigrated, "", NeverAgain, "group"),
    (BadRequest, "chat not found", Gone, "chat_not_found"),
    (BadRequest, "user not found", Gone, "user_not_found"),
    (BadRequest, "peer_id_invalid", Gone, "peer_invalid"),
    (BadRequest, "user is deactivated", Gone, "deactivated"),
    (BadRequest, "", NeverAgain, "bad_request"),
    (TimedOut, "", TryAgain, "timeout"),
    (NetworkError, "", TryAgain, "network"),  # lost connections and 5xx
    (TelegramError, "", TryAgain, "malformed"),  # an answer that is no JSON of the Bot API
)


def send_error(error: TelegramError) -> SendError:
    """The row of the closed list for `error`; never carries the provider's own text."""
    if isinstance(error, RetryAfter):
        return SlowDown("flood", _seconds(error.retry_after))
    said = error.message.lower()
    for kind, words, row, code in TABLE:
        if isinstance(error, kind) and words in said:
            return row(code)
    return TryAgain("unknown")


async def told(call: Coroutine[Any, Any, T]) -> T:
    """The result of a Bot API call. Raises a SendError and nothing else."""
    try:
        return await call
    except TelegramError as error:
        raise send_error(error) from None
    except MALFORMED:
        raise TryAgain("malformed") from None


def _seconds(pause: int | timedelta) -> float:
    return pause.total_seconds() if isinstance(pause, timedelta) else float(pause)
