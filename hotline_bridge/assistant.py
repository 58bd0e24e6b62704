"""Asks Rasa. It gets anonymised text and a conversation's random id, and gives back reply keys, never sentences."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx

from hotline_bridge.errors import AssistantSilent
from hotline_bridge.messages import Reply, Voice

_PATIENCE = httpx.Timeout(5.0, connect=1.0)
_AT_ONCE = httpx.Limits(max_connections=8, max_keepalive_connections=8)


class Assistant:
    """A client of Rasa's REST channel. A turn that is asked twice gets the same answer (the tracker store sees to it)."""

    def __init__(self, url: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._client = httpx.AsyncClient(base_url=url, timeout=_PATIENCE, limits=_AT_ONCE, transport=transport)

    async def ask(self, conversation: UUID, turn: UUID, text: str, voice: Voice, channel: str) -> list[Reply]:
        """What to reply. Raises AssistantSilent for no answer, an empty one or one without a key we know how to read."""
        body = {
            "sender": f"{conversation}:{turn}",
            "message": text,
            "metadata": {"turn": str(turn), "channel": channel, "language": voice.language, "script": voice.script},
        }
        try:
            response = await self._client.post("/webhooks/rest/webhook", json=body)
            response.raise_for_status()
            answers = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise AssistantSilent(type(error).__name__) from None
        # With the action server down Rasa answers 200 and an empty list.
        replies = [r for a in answers if (r := _reply(a.get("custom")))]
        if not replies:
            raise AssistantSilent("empty")
        return replies

    async def ready(self) -> bool:
        """Whether Rasa answers at all."""
        try:
            return (await self._client.get("/")).status_code == 200
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        """Close connections."""
        await self._client.aclose()


def _reply(custom: Any) -> Reply | None:
    if not isinstance(custom, dict) or not isinstance(custom.get("reply"), str):
        return None
    values = {str(k): str(v) for k, v in (custom.get("values") or {}).items()}
    if "language" in custom:
        values["language"] = str(custom["language"])
    options = [*(f"topic/{t}" for t in custom.get("topics") or ()), *(custom.get("options") or ())]
    return Reply(custom["reply"], topic=custom.get("topic"), values=values, options=tuple(options))
