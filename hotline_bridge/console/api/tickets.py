"""Tickets: read without the person and the words, and closed when a human has answered."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from hotline_bridge.console.api.access import holder_of, stations_of
from hotline_bridge.flow import exchange
from hotline_bridge.messages import LANGUAGES
from hotline_bridge.partners.tokens import Token
from hotline_bridge.tickets.cases import Case, Wanted
from hotline_bridge.tickets.needs import NEEDS, OUTCOMES

router = APIRouter(prefix="/tickets", tags=["tickets"])
Reader = Annotated[Token, Depends(holder_of("tickets:read"))]
Writer = Annotated[Token, Depends(holder_of("tickets:write"))]

Need = StrEnum("Need", {name: name for name in NEEDS})  # type: ignore[misc]
Outcome = StrEnum("Outcome", {name: name for name in OUTCOMES if name != "test"})  # type: ignore[misc]
Closing = StrEnum("Closing", {name: name for name in exchange.CLOSING})  # type: ignore[misc]
Language = StrEnum("Language", {name: name for name in LANGUAGES})  # type: ignore[misc]
State = Literal["open", "taken", "closed"]
_HOUR = r"^\d{4}-\d\d-\d\dT\d\d:00:00Z$"
Hour = Annotated[str, Field(pattern=_HOUR, examples=["2026-10-06T12:00:00Z"])]


class Ticket(BaseModel):
    """What a human must look at. Nothing in it says who somebody is, or which tickets are of the same person."""

    id: UUID = Field(description="Random, and used nowhere else: not what the person was told, and in no web address.")
    need: Need = Field(description="Why a human is needed.")
    state: State = Field(description="`open`: waits; `taken`: an operator has it; `closed`: has an outcome.")
    outcome: Outcome | None = Field(description="How it ended; null until then.")
    language: Language | None = Field(description="In which the person is answered.")
    channel: Literal["messenger", "sms"]
    region: str | None = Field(description="A region of Kazakhstan, if it was said.", examples=["R-ALA"])
    topics: list[str] = Field(description="What was asked about.", examples=[["ask_unpaid_wages"]])
    reopened: int = Field(ge=0, description="How often the person wrote again after it was closed.")
    opened_at: Hour
    taken_at: Hour | None = Field(description="When an operator took it for the first time.")
    answered_at: Hour | None = Field(description="When the first answer of a human was handed over to be sent.")
    closed_at: Hour | None


class Page(BaseModel):
    """Tickets in the order in which they were opened."""

    items: list[Ticket]
    next: str | None = Field(description="The `cursor` of the next page; null on the last one.")


class Close(BaseModel):
    """How a ticket ended."""

    model_config = ConfigDict(extra="forbid")

    outcome: Closing


@router.get("", response_model=Page, summary="Tickets, oldest first")
async def listed(
    request: Request,
    token: Reader,
    state: State | None = None,
    need: Need | None = None,
    since: Annotated[date | None, Query(description="Opened on this day or later, in Kazakhstan.")] = None,
    limit: Annotated[int, Query(ge=1, le=exchange.MOST)] = 50,
    cursor: Annotated[str | None, Query(max_length=300, description="`next` of the page before.")] = None,
) -> dict[str, Any]:
    """A page of tickets. The filters must stay the same from page to page."""
    wanted = Wanted(state, str(need) if need else None, since)
    found, more = await exchange.page(stations_of(request), wanted, limit, cursor)
    return {"items": [case.document() for case in found], "next": more}


@router.get("/{ticket}", response_model=Ticket, summary="One ticket")
async def one(request: Request, token: Reader, ticket: UUID) -> dict[str, Any]:
    """404 also when the person asked to be forgotten: delete what you have of it, too."""
    return (await exchange.read(stations_of(request), ticket)).document()


@router.post("/{ticket}/close", response_model=Ticket, summary="Close a ticket")
async def close(request: Request, token: Writer, ticket: UUID, how: Close) -> dict[str, Any]:
    """For a ticket that a human has answered, that is not about danger, and that no operator has at the moment (else 409).

    The same outcome a second time changes nothing. There is no other way to write: a human takes and answers.
    """
    case: Case = await exchange.close(stations_of(request), token, ticket, str(how.outcome))
    return case.document()
