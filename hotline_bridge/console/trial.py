"""The trial phones' page and the telephone network behind them, in this process's memory only."""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from hotline_bridge import sms_text
from hotline_bridge.channels.base import Parsed
from hotline_bridge.channels.trial import TOKEN_HEADER
from hotline_bridge.flow.receive import receive
from hotline_bridge.flow.stations import Stations
from hotline_bridge.messages import Channel, Inbound, Kind

PAGE = Path(__file__).parent / "static" / "trial.html"
PHONES = 200  # the oldest is switched off when one more is picked up
LINES = 300
_PHONE = re.compile(r"[0-9a-f-]{36}")
CHANNELS = {"chat": Channel.TRIAL_CHAT, "sms": Channel.TRIAL_SMS}
KINDS = {k.value for k in Kind if k is not Kind.COMMAND}


@dataclass
class Phone:
    """One phone's screen: events in order, and a bell for whoever looks at it."""

    events: list[dict[str, Any]] = field(default_factory=list)
    bell: asyncio.Event = field(default_factory=asyncio.Event)

    def show(self, event: dict[str, Any]) -> None:
        """Put something on the screen."""
        self.events.append(event)
        del self.events[: max(0, len(self.events) - LINES)]
        self.bell.set()


class Network:
    """All phones that are switched on."""

    def __init__(self) -> None:
        self._phones: OrderedDict[str, Phone] = OrderedDict()
        self._references = count(1)

    def phone(self, address: str) -> Phone:
        """The phone at `address`, switched on if need be."""
        phone = self._phones.setdefault(address, Phone())
        self._phones.move_to_end(address)
        while len(self._phones) > PHONES:
            self._phones.popitem(last=False)
        return phone

    def reference(self) -> str:
        """A number for a message on a screen, by which it can be taken back."""
        return str(next(self._references))

    def deliver(self, body: dict[str, Any]) -> str | None:
        """What the bridge sends. None when that phone is off."""
        phone = self._phones.get(body["address"])
        if phone is None:
            return None
        if body["take_back"]:
            phone.events[:] = [e for e in phone.events if e.get("reference") not in set(body["take_back"])]
            phone.show({"type": "clear", "references": body["take_back"]})
        reference = self.reference()
        cost = sms_text.cost(body["text"])
        phone.show(
            {
                "type": "message",
                "from": "komek",
                "reference": reference,
                "text": body["text"],
                "options": body["options"],
                "segments": cost.segments,
                "alphabet": cost.alphabet,
                "units": cost.units,
            }
        )
        return reference

    def forget(self, address: str, references: list[str]) -> None:
        """Nothing of what was on the phone's screen is left in memory; `references` also leave the screens that are open."""
        phone = self._phones.get(address)
        if phone is not None:
            phone.events.clear()
            if references:
                phone.show({"type": "clear", "references": references})


def routes(stations: Stations, token: str) -> list[BaseRoute]:
    """GET /trial, POST /trial/{chat|sms}/{phone}, GET …/events, and the network's own doors for the worker."""
    network = Network()

    async def page(request: Request) -> Response:
        return FileResponse(PAGE)

    async def write(request: Request) -> Response:
        channel, phone = _which(request)
        body = await _json(request)
        if channel is None or body is None or str(body.get("kind", "text")) not in KINDS:
            return JSONResponse({"error": "no such phone or message"}, 400)
        reference = network.reference()
        network.phone(phone).show({"type": "message", "from": "me", "reference": reference, **_shown(body)})
        await receive(stations, Parsed((_inbound(channel, phone, body, reference),)))
        return JSONResponse({"reference": reference})

    async def events(request: Request) -> Response:
        channel, phone = _which(request)
        if channel is None:
            return JSONResponse({"error": "no such phone"}, 400)
        return StreamingResponse(_stream(network.phone(phone)), media_type="text/event-stream")

    async def deliver(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get(TOKEN_HEADER, "").encode(), token.encode()):
            return JSONResponse({"error": "not from the bridge"}, 403)
        reference = network.deliver(await request.json())
        return JSONResponse({"reference": reference}, 200 if reference else 503)  # off is not gone: its page may come back

    async def forget(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get(TOKEN_HEADER, "").encode(), token.encode()):
            return JSONResponse({"error": "not from the bridge"}, 403)
        body = await request.json()
        network.forget(body["address"], body["references"])
        return JSONResponse({})

    return [
        Route("/trial", page),
        Route("/trial/network", deliver, methods=["POST"]),
        Route("/trial/network/forget", forget, methods=["POST"]),
        Route("/trial/{channel}/{phone}", write, methods=["POST"]),
        Route("/trial/{channel}/{phone}/events", events),
    ]


def _which(request: Request) -> tuple[Channel | None, str]:
    channel = CHANNELS.get(request.path_params["channel"])
    phone = request.path_params["phone"]
    return (channel if _PHONE.fullmatch(phone) else None), f"trial:{phone}"


async def _json(request: Request) -> dict[str, Any] | None:
    """A JSON object, which another site's form cannot send; None for anything else."""
    if request.headers.get("content-type", "").split(";")[0] != "application/json":
        return None
    try:
        body = json.loads((await request.body())[: 64 * 1024])
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _shown(body: dict[str, Any]) -> dict[str, Any]:
    text = str(body.get("label") or body.get("text") or "")
    return {"text": text, "kind": body.get("kind", "text"), "segments": sms_text.cost(text).segments}


def _inbound(channel: Channel, address: str, body: dict[str, Any], reference: str) -> Inbound:
    kind = Kind(body.get("kind", "text"))
    text = str(body.get("text", ""))
    if kind is Kind.TEXT and text.startswith("/start"):
        kind, text = Kind.COMMAND, "start"
    return Inbound(channel, address, f"{uuid4()}", kind, text, reference)


async def _stream(phone: Phone) -> AsyncIterator[str]:
    """Server-sent events: everything on the screen so far, then what comes."""
    sent: list[dict[str, Any]] = []
    while True:
        phone.bell.clear()
        fresh = [e for e in phone.events if not any(e is s for s in sent)]
        for event in fresh:
            yield f"data: {json.dumps(event)}\n\n"  # in ASCII: half an emoji would break the stream
        sent = list(phone.events)
        try:
            await asyncio.wait_for(phone.bell.wait(), 15)
        except TimeoutError:
            yield ": still here\n\n"
