"""Keeps the providers' libraries from writing words, numbers or tokens to a log at any level."""

from __future__ import annotations

import logging

# Each of these writes a request's address, parameters or answer: httpx the whole URL at INFO, telegram.Bot every
# parameter at DEBUG and unreadable updates at CRITICAL, BaseRequest the provider's answer at ERROR.
TALKATIVE = (
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.proxy",
    "telegram.Bot",
    "telegram.request.BaseRequest",
    "telegram.request.HTTPXRequest",
    "twilio.async_http_client",
    "twilio.http_client",
    "aiohttp.client",
)


def silence() -> None:
    """Let nothing of these loggers through, whatever level is set on them or on the root, now or later.

    A line that guards somebody's safety: tests/channels/test_no_words_in_logs.py. A filter, because logging.config
    (uvicorn calls it too) sets `disabled` back on every logger that it does not know.
    """
    for name in TALKATIVE:
        logging.getLogger(name).addFilter(nothing)


def nothing(record: logging.LogRecord) -> bool:
    """A filter that no record passes."""
    return False
