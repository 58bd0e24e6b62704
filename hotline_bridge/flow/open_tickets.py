"""open_tickets: for what a turn needs a human, and the number of each ticket that its writer is told.

Elsewhere a ticket has its id; only here is it turned into six digits that can be said on a telephone and written from another.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import tickets
from hotline_bridge.conversations import Conversation
from hotline_bridge.flow import resume
from hotline_bridge.flow.stations import Stations
from hotline_bridge.flow.turn import CODE_OF, Answer, Wanted
from hotline_bridge.messages import Reply
from hotline_bridge.tickets.needs import WATCHED
from hotline_bridge.vault import marks

log = structlog.get_logger(__name__)
MOST_NUMBERS = 100  # with half of all six digits in use, each is free with a half


async def open_tickets(
    stations: Stations, connection: AsyncConnection, before: Conversation, turn: UUID, found: Answer
) -> dict[str, str]:
    """Open what is needed; by what a reply may name a ticket (its need, or its id) -> the number that the person may be told.

    Whoever has the person is called when they may not be alone, unless they are silent for it already
    (tests/flow/test_watched.py).
    """
    codes, conversation = {}, before.id
    for wanted in (*(Wanted(need) for need in found.needs), *found.wanted):
        need, rings = wanted.need, wanted.need == WATCHED and before.silence != "unsafe"
        ticket = await tickets.open_once(
            connection, conversation=conversation, turn=turn, need=need, facts=wanted.facts, rings=rings
        )
        codes[CODE_OF + need] = await _told_code(stations, connection, ticket.id)
    if found.resumes:
        ticket = await resume.take_up(connection, conversation, turn, found.resumes)
        codes[CODE_OF + ticket.need] = await _told_code(stations, connection, ticket.id)
    for reply in found.replies:
        code = reply.values.get("code", "")
        if len(code) == 36:  # the action server names the ticket by its id
            ticket_id = await _own(connection, conversation, turn, UUID(code))
            codes[code] = await _told_code(stations, connection, ticket_id)
    return codes


async def _own(connection: AsyncConnection, conversation: UUID, turn: UUID, named: UUID) -> UUID:
    """The ticket that the assistant named if it is this person's, else one of their own.

    Safety: a stolen assistant would hand one person another's number, or one of nobody's request, which no human reads
    (tests/flow/test_open_tickets.py).
    """
    if await tickets.is_of(connection, named, conversation):
        return named
    log.error("the assistant named a ticket that is not this person's")
    return (await tickets.open_once(connection, conversation=conversation, turn=turn, need="assistant_silent")).id


async def _told_code(stations: Stations, connection: AsyncConnection, ticket: UUID) -> str:
    """The number that the person is told; from now on the ticket is found by it, from another phone too.

    The first of the ticket's numbers that no other ticket has; told again it is the same (tests/flow/test_open_tickets.py).
    """
    for further in range(MOST_NUMBERS):
        code = ticket_code(stations, str(ticket), further)
        if await tickets.keep_code(connection, ticket, marks.of_number(stations.vault.root, code)):
            return code
    log.error("every number of a ticket belongs to another", ticket=str(ticket))
    return code


def ticket_code(stations: Stations, ticket: str, further: int = 0) -> str:
    """The number that the person is told for this ticket, or a further one where another ticket has that."""
    return tickets.code(stations.vault.fingerprint("ticket", f"{ticket}\0{further}" if further else ticket))


def with_codes(replies: tuple[Reply, ...], codes: dict[str, str]) -> tuple[Reply, ...]:
    """The replies, each with the number of the ticket that it names. codes: as `open_tickets` returns them."""
    return tuple(_with_code(reply, codes) for reply in replies)


def _with_code(reply: Reply, codes: dict[str, str]) -> Reply:
    code = reply.values.get("code")
    return replace(reply, values={**reply.values, "code": codes[code]}) if code in codes else reply
