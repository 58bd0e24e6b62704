"""look: what an operator sees, read at one moment. Nothing is changed, and no address and no word as it was typed is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import conversations, inbox, safe_contact, suggestions, transcript
from hotline_bridge.accounts import people, sessions
from hotline_bridge.accounts.people import Account
from hotline_bridge.conversations import Conversation
from hotline_bridge.errors import Forgotten
from hotline_bridge.flow import elsewhere
from hotline_bridge.flow.stations import AtDesk, desk_of
from hotline_bridge.safe_contact import Agreement
from hotline_bridge.store.engine import transaction
from hotline_bridge.suggestions import Suggestion
from hotline_bridge.tickets import events, history, queue
from hotline_bridge.tickets.events import Event
from hotline_bridge.tickets.history import Entry
from hotline_bridge.tickets.needs import NEEDS, WATCHED, is_danger
from hotline_bridge.tickets.queue import Filter, Row, Totals
from hotline_bridge.transcript import Line, Note

MOST = 100  # rows of the queue on one page


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue. names: of the accounts that have somebody."""

    rows: list[Row]
    totals: Totals
    names: dict[UUID, str]


@dataclass(frozen=True, slots=True)
class Case:
    """One person's tickets and conversation. heard_at: when they wrote last; names: of the accounts that stand in it.

    suggested: what was suggested for teaching, by the line. goes_on: from another phone (flow/resume.py). elsewhere: words agreed
    on from another phone, whose request goes on here (flow/elsewhere.py).
    """

    conversation: Conversation
    tickets: tuple[Entry, ...]
    lines: tuple[Line, ...]
    notes: tuple[Note, ...]
    events: tuple[Event, ...]
    agreement: Agreement | None
    heard_at: datetime | None
    names: dict[UUID, str]
    suggested: dict[UUID, Suggestion]
    goes_on: bool = False
    elsewhere: tuple[tuple[str, str], ...] = ()

    @property
    def open(self) -> tuple[Entry, ...]:
        """The tickets that are not closed, in the order in which a row of the queue names them: danger first."""
        return tuple(sorted((one for one in self.tickets if one.state != "closed"), key=lambda one: NEEDS[one.need].rank))

    @property
    def danger(self) -> bool:
        """Whether one of them is of danger, or was flagged."""
        return any(is_danger(one.need, one.flagged_at) for one in self.open)

    @property
    def watched(self) -> bool:
        """Whether the person may not be alone by what they wrote, and their operator has not reacted (history.may_be_watched)."""
        return any(one.need == WATCHED and one.state == "taken" and one.flagged_at is not None for one in self.open)


async def at_queue(stations: AtDesk, account: UUID, wanted: Filter) -> Queue:
    """The most pressing rows, and the counts for the tabs."""
    async with transaction(stations.store.engine, durable=False) as connection:
        rows = await queue.read(connection, account, wanted, most=MOST)
        totals = await queue.totals(connection)
        names = await people.names(connection, {row.operator for row in rows if row.operator})
    return Queue(rows, totals, names)


async def at_case(stations: AtDesk, conversation: UUID, latest: int = transcript.LATEST) -> Case | None:
    """With so many of the latest lines. None when there is no ticket, or its person was forgotten: nobody needs to read it."""
    async with transaction(stations.store.engine, durable=False) as connection:
        row = await conversations.load(connection, conversation)
        tickets = await history.of(connection, conversation) if row and not row.is_going else []
        if row is None or not tickets:
            return None
        lines, notes, agreement = await _words(stations, connection, conversation, latest)
        happened = await events.of(connection, conversation)
        heard_at = await inbox.heard_at(connection, conversation)
        suggested = await suggestions.of(connection, conversation)
        goes_on = await history.goes_on_elsewhere(connection, conversation)
        others = await elsewhere.words(stations, connection, conversation)
        mentioned = {row.operator_id, *(e.actor for e in happened), *(n.author for n in notes), *(one.author for one in lines)}
        mentioned |= {UUID(e.facts[name]) for e in happened for name in ("to", "holder") if name in e.facts}
        names = await people.names(connection, {one for one in mentioned if one is not None})
    return Case(row, tuple(tickets), lines, notes, tuple(happened), agreement, heard_at, names, suggested, goes_on, others)


async def at_colleagues(stations: AtDesk, account: UUID) -> list[tuple[Account, bool]]:
    """Who else may be given a conversation, and whether they are signed in: those first."""
    async with transaction(stations.store.engine, durable=False) as connection:
        everybody = await people.everybody(connection)
        here = await sessions.here(connection, stations.clock())
    able = [one.account for one in everybody if one.active and one.ready and one.account.role in people.ANSWERING]
    others = [(one, one.id in here) for one in able if one.id != account]
    return sorted(others, key=lambda one: not one[1])


async def _words(
    stations: AtDesk, connection: AsyncConnection, conversation: UUID, latest: int
) -> tuple[tuple[Line, ...], tuple[Note, ...], Agreement | None]:
    """What is sealed under the desk's key; nothing when there is no key yet, since then nothing was written down."""
    try:
        key = await desk_of(stations).key(connection, conversation)
    except Forgotten:
        return (), (), await safe_contact.load(connection, conversation)
    lines = await transcript.read(connection, conversation, key, latest=latest)
    notes = await transcript.read_notes(connection, conversation, key)
    return tuple(lines), tuple(notes), await safe_contact.load(connection, conversation, key)
