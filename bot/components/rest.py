"""Rasa's REST channel with an honest failure: a turn that broke is an HTTP 500, never a half answer."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

logger = logging.getLogger(__name__)
_ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
SENDER = re.compile(f"{_ID}:{_ID}")  # a conversation and a turn; what else asks is not repeated in a log


class Rest(RestInput):
    """POST /webhooks/rest/webhook with {"sender", "message", "metadata"}; answers a list of {"recipient_id", "custom"}."""

    @classmethod
    def name(cls) -> str:
        return "rest"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[None]]) -> Blueprint:
        webhook = Blueprint("komek_rest", __name__)

        @webhook.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @webhook.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            collected = CollectingOutputChannel()
            sender = str(request.json.get("sender") or "")
            text = str(request.json.get("message") or "")
            message = UserMessage(text, collected, sender, input_channel=self.name())
            try:
                await on_new_message(message)
            except Exception as error:
                # Rasa itself would log the text here and answer 200 with what it had so far.
                logger.error(
                    "turn failed: %s (%s)", type(error).__name__, sender if SENDER.fullmatch(sender) else "no turn of ours"
                )
                return response.json({"error": type(error).__name__}, status=500)
            return response.json(collected.messages)

        return webhook
