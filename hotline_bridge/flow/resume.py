"""resume: a request goes on from another phone or channel, by the number that its writer was told.

Nothing of the other conversation is said here: whoever reads a number on a borrowed phone learns that it exists, and no more.
Safety: too many tries end the search and nothing else; danger, orders and questions are answered as ever.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.reading.spelling import tokens
from hotline_bridge import guesses, tickets
from hotline_bridge.flow.stations import Stations
from hotline_bridge.store import signals
from hotline_bridge.tickets import Ticket, events
from hotline_bridge.vault import marks

log = structlog.get_logger(__name__)
_CODE = re.compile(r"(?<![\w.,:/-])(?<![0-9]\s)([0-9]{2})(\s?[-\u2010-\u2015.]\s?|\s?)([0-9]{4})(?![\w:/]|[.,-]\d|\s?[0-9])")
MOST_WORDS_BESIDE = 3  # "the number of my request is …"
_NUMBER = ("nomer", "nomir", "rakam", "kod")  # "number" and "code" in four languages, folded: six digits may also be a sum
_YEARS = ("19", "20")


@dataclass(frozen=True, slots=True)
class Written:
    """A number as it is told to people. alone: the message is about nothing else."""

    code: str
    alone: bool


@dataclass(frozen=True, slots=True)
class Code:
    """What the number is. own: of this very conversation; known: of another one, whose ticket and need these are.

    unknown: of none that is open. too_many: it was not looked up, for too many were tried.
    """

    state: Literal["own", "known", "unknown", "too_many"]
    written: Written
    ticket: UUID | None = None
    conversation: UUID | None = None
    need: str = ""


def read(text: str) -> Written | None:
    """The number in a message, with or without its dash. Beside many words only with a dash, and never a month and its year."""
    found = _CODE.search(text)
    if found is None:
        return None
    first, dash, last = found.groups()
    beside = tokens(f"{text[: found.start()]} {text[found.end() :]}")
    few = len(beside) <= MOST_WORDS_BESIDE and not any(word.isdigit() for word in beside)
    if not dash.strip():
        alone = not beside or (few and any(word.startswith(_NUMBER) for word in beside))
        return Written(f"{first}-{last}", alone=True) if alone else None
    is_date = 1 <= int(first) <= 12 and last.startswith(_YEARS)
    return Written(f"{first}-{last}", few) if few or not is_date else None


async def look_up(stations: Stations, connection: AsyncConnection, conversation: UUID, turn: UUID, text: str) -> Code | None:
    """What number stands in `text`; None when none does. Each try for another's request is counted."""
    written = read(text)
    if written is None:
        return None
    found = await tickets.by_code(connection, marks.of_number(stations.vault.root, written.code))
    if found is not None and found[1] == conversation:
        return Code("own", written, found[0], conversation, found[2])
    tried = await guesses.count(connection, conversation, turn)
    if tried.too_many_of_all:
        log.error("too many numbers of requests were tried", within_an_hour=tried.all)
    if tried.too_many:
        return Code("too_many", written)
    if found is None:
        return Code("unknown", written)
    return Code("known", written, *found)


async def take_up(connection: AsyncConnection, conversation: UUID, turn: UUID, code: Code) -> Ticket:
    """The request goes on in `conversation`, and has waited all the time; whoever works on either learns of the other."""
    assert code.conversation is not None
    assert code.ticket is not None
    ticket = await tickets.open_once(connection, conversation=conversation, turn=turn, need=code.need, resumes=code.ticket)
    await tickets.has_waited(connection, ticket.id, code.ticket)
    for here, there, way in ((conversation, code.conversation, "from"), (code.conversation, conversation, "in")):
        await events.note(connection, here, None, "resumed", way=way, other=str(there))
        await signals.send(connection, "resumed", here)
    log.info("resumed", ticket=str(ticket.id))
    return ticket
