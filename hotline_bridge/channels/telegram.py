"""Telegram through python-telegram-bot's Bot: webhook or long polling in, silent plain messages out.

Protocol: https://core.telegram.org/bots/api. No Application, no rate limiter, no retries of the library's own: the
bridge's queue does all three.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import os
from collections.abc import AsyncGenerator

from telegram import Bot, LinkPreviewOptions
from telegram.error import BadRequest

from hotline_bridge.channels import telegram_layout as layout
from hotline_bridge.channels.base import Pace, Parsed, Request
from hotline_bridge.channels.quiet import silence
from hotline_bridge.channels.telegram_errors import send_error, told
from hotline_bridge.channels.telegram_polling import WAIT, batches
from hotline_bridge.channels.telegram_token import BotRequest
from hotline_bridge.channels.telegram_updates import ALLOWED, CALLBACK, read_update
from hotline_bridge.errors import Forged, Gone, NeverAgain, SendError, TryAgain, Unreadable
from hotline_bridge.messages import Channel, Inbound, Message, Receipt

SECONDS = 10.0  # for one send, everything included
BATCH = 100  # messages in one deleteMessages call
CONNECTIONS = 64  # more than the 30 a second that Telegram allows, each for two seconds


class TelegramChannel:
    """A ChannelAdapter. An outbound reference is the message ids, joined by commas; an inbound one of a pressed button
    is "c" and the callback query's id, which acknowledge() needs and take_back passes over."""

    name = Channel.TELEGRAM
    keeps_records = False  # messages themselves can be removed, for two days, and only from both screens
    # https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
    pace = Pace(overall=30.0, each=1.0, credit=0.5)

    def __init__(self, token: str, api_root: str, webhook_secret: str | None) -> None:
        silence()
        # The library warns of RetryAfter's old form each time it makes one, unless it is told to use the new one.
        os.environ.setdefault("PTB_TIMEDELTA", "true")
        root = api_root.rstrip("/")
        self._secret = (webhook_secret or "").encode("utf-8")
        self._sending = BotRequest(token, root, CONNECTIONS, SECONDS)
        self._polling = BotRequest(token, root, 1, WAIT + SECONDS)
        self._bot = Bot(token, base_url=lambda _: f"{root}/bot", request=self._sending, get_updates_request=self._polling)

    def parse(self, request: Request) -> Parsed:
        """The update in a webhook call. Raises Forged or Unreadable."""
        given = request.headers.get("x-telegram-bot-api-secret-token", "").encode("utf-8", "replace")
        if not self._secret or not hmac.compare_digest(given, self._secret):
            raise Forged("The secret token of the webhook is wrong or missing")
        try:
            return read_update(json.loads(request.body))
        except (ValueError, RecursionError):
            raise Unreadable("The body is not JSON") from None

    async def send(self, address: str, message: Message) -> Receipt:
        """Take back what is to be taken back, then send. Of several pieces the last has the buttons."""
        try:
            chat = int(address)
        except ValueError:
            raise NeverAgain("bad_address") from None
        try:
            async with asyncio.timeout(SECONDS):
                await told(self._take_back(chat, message.take_back))
                sent = [str(i) for i in await told(self._send_pieces(chat, message))]
        except TimeoutError:
            raise TryAgain("timeout") from None
        return Receipt(",".join(sent) or None)

    async def acknowledge(self, inbound: Inbound) -> None:
        """Stop the pressed button's waiting; everything else needs no acknowledgement. Never raises."""
        reference = inbound.reference or ""
        if not reference.startswith(CALLBACK):
            return
        try:
            await told(self._bot.answer_callback_query(reference.removeprefix(CALLBACK)))
        except (SendError, RuntimeError):
            return  # the button stops by itself after a while

    async def leave(self, address: str) -> None:
        """Leave a group or channel. Never raises."""
        try:
            await told(self._bot.leave_chat(int(address)))
        except (SendError, RuntimeError, ValueError):
            return  # we were put out already

    async def erase(self, address: str, references: tuple[str, ...]) -> None:
        """Remove both sides' messages. One that is older than 48 hours stays: nobody but its reader can remove it."""
        try:
            async with asyncio.timeout(SECONDS):
                await told(self._take_back(int(address), references))
        except ValueError:
            raise NeverAgain("bad_address") from None
        except TimeoutError:
            raise TryAgain("timeout") from None

    async def close(self) -> None:
        await asyncio.gather(self._sending.shutdown(), self._polling.shutdown())

    async def register_webhook(self, url: str) -> None:
        """Have updates sent to `url`; those that wait are kept. Raises a SendError."""
        secret = self._secret.decode("utf-8")
        await told(self._bot.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED, drop_pending_updates=False))

    def poll(self, offset: int | None = None) -> AsyncGenerator[tuple[Parsed, int], None]:
        """Batches of updates, each with the offset that confirms it; see telegram_polling.batches."""
        return batches(self._bot, self._polling, offset)

    async def _send_pieces(self, chat: int, message: Message) -> list[int]:
        found = layout.pieces(message.text)
        sent = []
        for place, piece in enumerate(found):
            last = place == len(found) - 1
            answer = await self._bot.send_message(
                chat,
                piece,
                entities=(layout.title(piece) or None) if place == 0 else None,
                reply_markup=layout.keyboard(message.options) if last else None,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                disable_notification=not message.loud,  # discretion: no sound, tests/channels/test_telegram_send.py
            )
            sent.append(answer.message_id)
        return sent

    async def _take_back(self, chat: int, references: tuple[str, ...]) -> None:
        ids = [int(i) for reference in references for i in reference.split(",") if i.isascii() and i.isdigit()]
        await asyncio.gather(*(self._delete(chat, ids[i : i + BATCH]) for i in range(0, len(ids), BATCH)))

    async def _delete(self, chat: int, ids: list[int]) -> None:
        """Remove messages from both sides. One that is too old (48 h) must not keep the others on the screen."""
        try:
            await self._bot.delete_messages(chat, ids)
        except BadRequest as error:
            if isinstance(send_error(error), Gone):
                raise
            if len(ids) > 1:
                middle = len(ids) // 2
                await self._delete(chat, ids[:middle])
                await self._delete(chat, ids[middle:])
