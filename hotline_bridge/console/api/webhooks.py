"""Webhooks: where changes are told to."""

from __future__ import annotations

from datetime import UTC
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from hotline_bridge.console.api.access import holder_of, stations_of
from hotline_bridge.flow import partner_access
from hotline_bridge.partners.addresses import LONGEST
from hotline_bridge.partners.hooks import Webhook as Stored
from hotline_bridge.partners.tokens import Token
from hotline_bridge.tickets.changes import EVENTS

router = APIRouter(prefix="/webhooks", tags=["webhooks"])
Manager = Annotated[Token, Depends(holder_of("webhooks:manage"))]
Event = StrEnum("Event", {name.replace(".", "_"): name for name in EVENTS})  # type: ignore[misc]


class Wanted(BaseModel):
    """Where to, and of what."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(max_length=LONGEST, description="https://, at an address of the public internet.")
    events: list[Event] = Field(min_length=1, max_length=2 * len(EVENTS))


class Webhook(BaseModel):
    """One that is registered."""

    id: UUID
    url: str
    events: list[Event]
    made_at: str
    stopped: bool = Field(description="The receiver answered 410: nothing is sent there any more.")
    waiting: int = Field(ge=0, description="Deliveries still to be made.")
    failed: int = Field(ge=0, description="Deliveries that nobody took for a day.")
    last_answer: str | None = Field(description="What the last attempt met: a status, or the name of a fault.")


class Made(BaseModel):
    """A new one, and its secret, which is shown this once."""

    id: UUID
    secret: str = Field(description="For the signatures, in the form of Standard Webhooks (`whsec_…`).")


class Webhooks(BaseModel):
    """All of them, the oldest first."""

    items: list[Webhook]


@router.get("", response_model=Webhooks, summary="Registered webhooks")
async def listed(request: Request, token: Manager) -> dict[str, Any]:
    """Without their secrets."""
    return {"items": [_document(one) for one in await partner_access.webhooks(stations_of(request))]}


@router.post("", response_model=Made, status_code=201, summary="Register a webhook")
async def add(request: Request, token: Manager, wanted: Wanted) -> dict[str, Any]:
    """The address is looked at whenever it is called."""
    made, secret = await partner_access.add_webhook(
        stations_of(request),
        token,
        wanted.url,
        [str(event) for event in wanted.events],
        private=request.app.state.private_webhooks,
    )
    return {"id": made, "secret": secret}


@router.delete("/{webhook}", status_code=204, summary="Remove a webhook")
async def remove(request: Request, token: Manager, webhook: UUID) -> Response:
    """With everything that was still to be told there."""
    if not await partner_access.remove_webhook(stations_of(request), token, webhook):
        raise HTTPException(404, "there is no webhook with this id")
    return Response(status_code=204)


def _document(one: Stored) -> dict[str, Any]:
    return {
        "id": one.id,
        "url": one.url,
        "events": list(one.events),
        "made_at": one.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "stopped": one.stopped_at is not None,
        "waiting": one.waiting,
        "failed": one.failed,
        "last_answer": one.last,
    }
