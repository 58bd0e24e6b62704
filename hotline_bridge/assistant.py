"""Asks Rasa. It gets anonymised text and a conversation's random id, and gives back reply keys, never sentences.

Safety: a stolen Rasa must not hold up or end the worker, so an answer has one limit of time and one of size
(tests/test_assistant.py). What may stand in it is looked at by flow/believed.py.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import UUID

import httpx

from hotline_bridge.errors import AssistantSilent
from hotline_bridge.messages import Reply, Voice

WITHIN = 5.0  # seconds for the whole answer
LARGEST = 64 * 1024  # bytes of it
_AT_ONCE = httpx.Limits(max_connections=8, max_keepalive_connections=8)
_PLAIN = {"accept-encoding": "identity"}  # a few packed bytes could be gigabytes


class Assistant:
    """A client of Rasa's REST channel. A turn that is asked twice gets the same answer (the tracker store sees to it)."""

    def __init__(self, url: str, within: float = WITHIN) -> None:
        self._within = within
        patience = httpx.Timeout(within, connect=1.0)
        self._client = httpx.AsyncClient(base_url=url, timeout=patience, limits=_AT_ONCE, headers=_PLAIN)

    async def ask(self, conversation: UUID, turn: UUID, text: str, voice: Voice, channel: str) -> list[Reply]:
        """What to reply. Raises AssistantSilent for no answer, an empty one or one without a key we know how to read."""
        body = {
            "sender": f"{conversation}:{turn}",
            "message": text,
            "metadata": {"turn": str(turn), "channel": channel, "language": voice.language, "script": voice.script},
        }
        try:
            async with asyncio.timeout(self._within):
                answers = json.loads(await self._post(body))
            # With the action server down Rasa answers 200 and an empty list.
            replies = [reply for answer in answers if (reply := reply_of(answer.get("custom")))]
        except (httpx.HTTPError, TimeoutError, ValueError, TypeError, AttributeError, RecursionError) as error:
            raise AssistantSilent(type(error).__name__) from None
        if not replies:
            raise AssistantSilent("empty")
        return replies

    async def _post(self, body: dict[str, Any]) -> bytes:
        collected = bytearray()
        async with self._client.stream("POST", "/webhooks/rest/webhook", json=body) as response:
            response.raise_for_status()
            async for chunk in response.aiter_raw():
                collected += chunk
                if len(collected) > LARGEST:
                    raise AssistantSilent("too much")
        return bytes(collected)

    async def ready(self) -> bool:
        """Whether Rasa answers at all."""
        try:
            return (await self._client.get("/")).status_code == 200
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        """Close connections."""
        await self._client.aclose()


def reply_of(custom: Any) -> Reply | None:
    """What one message of the dialogue names (bot/domain); None when it names no reply."""
    if not isinstance(custom, dict) or not isinstance(custom.get("reply"), str):
        return None
    values = {str(k): str(v) for k, v in (custom.get("values") or {}).items()}
    if "language" in custom:
        values["language"] = str(custom["language"])
    topics, topic = custom.get("topics") or (), custom.get("topic")
    options = (*(f"topic/{one}" for one in topics), *(str(one) for one in custom.get("options") or ()))
    return Reply(custom["reply"], topic=None if topic is None else str(topic), values=values, options=options)
