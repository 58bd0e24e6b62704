"""exchange: what another case system may do with its token. It reads tickets without people and words, and may end one."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import structlog

from hotline_bridge import outbox
from hotline_bridge.errors import Forgotten, PartnerRefused
from hotline_bridge.flow import trail
from hotline_bridge.flow.stations import AtDesk, desk_of
from hotline_bridge.local_time import day_of
from hotline_bridge.partners import tokens
from hotline_bridge.partners.tokens import Token
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import cases, closing
from hotline_bridge.tickets.cases import Case, Wanted
from hotline_bridge.tickets.history import Entry
from hotline_bridge.tickets.needs import OUTCOMES, is_danger
from hotline_bridge.vault.sealing import Key

log = structlog.get_logger(__name__)
CLOSING = tuple(one for one in OUTCOMES if one not in ("ended_by_person", "test"))
MOST = 100


async def holder(stations: AtDesk, token: str) -> Token | None:
    """Whose token this is, if it works."""
    now = stations.clock()
    async with transaction(stations.store.engine, durable=False) as connection:
        found = await tokens.find(connection, token)
        if found is None or not found.works(now):
            return None
        await tokens.used(connection, found.id, day_of(now))
        return found


async def read(stations: AtDesk, ticket: UUID) -> Case:
    """One ticket. Raises PartnerRefused: unknown."""
    async with transaction(stations.store.engine, durable=False) as connection:
        found = await cases.read(connection, ticket)
    if found is None:
        raise _unknown()
    return found


async def page(stations: AtDesk, wanted: Wanted, limit: int, cursor: str | None = None) -> tuple[list[Case], str | None]:
    """Up to `limit` tickets, and the cursor of the next page; None at the end. Raises PartnerRefused: cursor."""
    seal = Key(desk_of(stations).derive("cursor"))
    if cursor is not None:
        wanted = replace(wanted, after=_place(seal, cursor))
    async with transaction(stations.store.engine, durable=False) as connection:
        found = await cases.page(connection, wanted, limit + 1)
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    # Sealed: it holds the very second, of which the ticket itself says only the hour.
    sealed = seal.seal("cursor", f"{last.opened_at.isoformat()} {last.id}")
    return found[:limit], base64.urlsafe_b64encode(sealed).decode()


def _place(seal: Key, cursor: str) -> tuple[datetime, UUID]:
    try:
        at, _, last = seal.open("cursor", base64.urlsafe_b64decode(cursor)).partition(" ")
        return datetime.fromisoformat(at), UUID(last)
    except (ValueError, Forgotten):
        raise PartnerRefused("cursor", "this is no cursor of ours; take `next` from an earlier page as it is") from None


async def close(stations: AtDesk, token: Token, ticket: UUID, outcome: str) -> Case:
    """End a ticket that a human has answered and nobody has at the moment. Doing it twice does no harm.

    Safety: a stolen token must not take somebody out of the queue whom nobody has looked after, nor anybody in danger
    (tests/console/api/test_tickets.py). Raises PartnerRefused: unknown, held, unanswered, danger.
    """
    async with transaction(stations.store.engine) as connection:
        there = await cases.locked(connection, ticket)
        if there is None:
            raise _unknown()
        conversation, row = there
        if row.state == "closed" and row.outcome == outcome:
            found = await cases.read(connection, ticket)
            assert found
            return found
        _may_be_closed(row, held=await outbox.has_held(connection, conversation))
        await closing.close_one(connection, conversation, row.id, outcome)
        found = await cases.read(connection, ticket)
        await trail.note(stations, connection, None, "closed", conversation, outcome=outcome, token=token.id)
    log.info("closed by another system", token=str(token.id), outcome=outcome)
    assert found
    return found


def _may_be_closed(ticket: Entry, *, held: bool) -> None:
    """held: an answer waits for the person's word that it is safe, so nothing has reached them yet."""
    if ticket.state == "closed":
        raise PartnerRefused("closed", "this ticket is closed already, with another outcome", 409)
    if ticket.state == "taken":
        raise PartnerRefused("held", "an operator has this ticket; they close it, or give it back first", 409)
    if is_danger(ticket.need, ticket.flagged_at):
        raise PartnerRefused("danger", "a ticket of danger is closed by an operator", 409)
    if ticket.answered_at is None or ticket.reopened or held:
        raise PartnerRefused("unanswered", "no human has answered this person since; an operator closes this ticket", 409)


def _unknown() -> PartnerRefused:
    return PartnerRefused("unknown", "there is no ticket with this id, or its person was forgotten", 404)
