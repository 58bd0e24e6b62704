"""The trial phones: a telephone network in the console's memory, for trying Komek without an account anywhere.

An address is trial:<phone>. Nothing is kept: when the console stops, the phones' screens are empty.
"""

from __future__ import annotations

import httpx

from hotline_bridge.channels.base import Pace, Parsed, Request
from hotline_bridge.errors import TryAgain, Unreadable
from hotline_bridge.messages import Channel, Inbound, Message, Receipt

TOKEN_HEADER = "x-trial-token"  # noqa: S105 - a header's name


class TrialChannel:
    """Hands messages to the page's server on loopback."""

    pace = Pace(overall=1000.0, each=1000.0)
    keeps_records = False

    def __init__(self, name: Channel, url: str, token: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.name = name
        self._client = httpx.AsyncClient(base_url=url, headers={TOKEN_HEADER: token}, timeout=5.0, transport=transport)

    def parse(self, request: Request) -> Parsed:
        """The page calls receive itself; nothing comes in by a webhook."""
        raise Unreadable("the trial phones have no webhook")

    async def send(self, address: str, message: Message) -> Receipt:
        """Show the message on the phone's screen."""
        body = {
            "address": address,
            "text": message.text,
            "options": [[o.label, o.choice] for o in message.options],
            "take_back": list(message.take_back),
        }
        try:
            response = await self._client.post("/trial/network", json=body)
        except httpx.HTTPError:
            raise TryAgain("trial_unreachable") from None
        if response.status_code != 200:
            raise TryAgain("trial_error")
        return Receipt(str(response.json()["reference"]))

    async def acknowledge(self, inbound: Inbound) -> None:
        """Nothing waits."""

    async def leave(self, address: str) -> None:
        """There are no groups."""

    async def erase(self, address: str, references: tuple[str, ...]) -> None:
        """Forget what was on the phone's screen. Of a chat the messages named by `references` leave it before our eyes."""
        body = {"address": address, "references": list(references) if self.name.can_clear else []}
        try:
            response = await self._client.post("/trial/network/forget", json=body)
        except httpx.HTTPError:
            raise TryAgain("trial_unreachable") from None
        if response.status_code != 200:
            raise TryAgain("trial_error")

    async def close(self) -> None:
        """Close connections."""
        await self._client.aclose()
