"""What `serve` says when everything answers: that it is ready, and where everything is found."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import httpx

from hotline_bridge.settings import Settings

READY_WITHIN = 90.0  # seconds


async def announce(settings: Settings, say: Callable[[str], None]) -> None:
    """Say when every process answers; if that takes too long, that it does."""
    began = time.monotonic()
    wanted = [
        f"http://{settings.komek_bind}:{settings.komek_inner_port}/healthz",
        f"http://{settings.komek_bind}:{settings.komek_console_port}/healthz",
        settings.komek_rasa_url,
        settings.komek_actions_url.removesuffix("/webhook") + "/health",
    ]
    async with httpx.AsyncClient(timeout=2) as client:
        while time.monotonic() - began < READY_WITHIN:
            if all([await _answers(client, url) for url in wanted]):
                say(f"Ready after {time.monotonic() - began:.0f} s.")
                for line in welcome(settings):
                    say(line)
                return
            await asyncio.sleep(0.2)
    say("Not everything started within 90 s; the lines above say why. Trying on.")


def welcome(settings: Settings) -> list[str]:
    """Where the console, the phones and the channels are, a line each."""
    lines = [f"Console: {settings.console_url}/ (./run.sh invite prints a link for its first administrator)"]
    if settings.trial:
        lines.append(f"Trial phones: http://{settings.komek_bind}:{settings.komek_console_port}/trial")
    if settings.telegram_bot_token:
        lines.append(f"Telegram: connected by {settings.telegram_mode}.")
    if settings.twilio_from:
        lines.append("SMS by Twilio: POST /sms/twilio and /sms/twilio/status.")
    if settings.kannel_from:
        lines.append("SMS by Kannel: /sms/kannel and /sms/kannel/status.")
    lines.append(f"Health and metrics: http://{settings.komek_bind}:{settings.komek_inner_port}/healthz and /metrics")
    lines.append("Stop with Ctrl+C.")
    return lines


async def _answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).status_code == 200
    except httpx.HTTPError:
        return False
