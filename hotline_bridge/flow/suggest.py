"""suggest: a sentence that was misunderstood goes to whoever teaches the program, with consent. Each step is audited.

Safety: without the person's words nothing is suggested; the sentence passes the anonymiser when it is suggested and when it is
accepted; what is forgotten or taken back before it was taken out is gone (tests/flow/test_suggest.py).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any
from uuid import UUID, uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import suggestions, transcript
from hotline_bridge.accounts import people
from hotline_bridge.errors import DeskError, Forgotten
from hotline_bridge.flow import trail, unnamed
from hotline_bridge.flow.holding import held_by
from hotline_bridge.flow.stations import AtDesk, DeskStations, desk_of, today
from hotline_bridge.messages import LANGUAGES
from hotline_bridge.store.engine import transaction
from hotline_bridge.suggestions import INTENTS, LONGEST_CONSENT, Suggestion
from hotline_bridge.transcript import Line

log = structlog.get_logger(__name__)
MOST = 50  # to review on one page


@dataclass(frozen=True, slots=True)
class Draft:
    """What an operator says of a line: the intent that it should have been, and the person's own words of consent."""

    line: UUID
    meant: str
    consent: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sentence:
    """What goes out. Nothing tells whose it was, or when it was written."""

    language: str
    meant: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """One suggestion as it is reviewed. by: who suggested it."""

    one: Suggestion
    text: str = field(repr=False)
    consent: str = field(repr=False)
    by: str | None


@dataclass(frozen=True, slots=True)
class Pile:
    """offered: the oldest of those that wait for a review; more: how many wait behind them."""

    offered: list[Shown]
    more: int
    accepted: list[Shown]


async def make(stations: DeskStations, account: UUID, conversation: UUID, draft: Draft) -> None:
    """Keep it for the review. Raises NotYours, CannotBeWritten when the person is forgotten, Identifying, and DeskError."""
    _check(draft)
    await unnamed.refuse(stations, draft.consent.strip())
    async with transaction(stations.store.engine, durable=False) as connection:
        await held_by(connection, conversation, account)
        key = await desk_of(stations).find_or_make(connection, conversation)
        lines = await transcript.read(connection, conversation, key, latest=transcript.MOST)
    line = _heard(lines, draft.line)
    text = await _without_names(stations, line.text)  # apart from any transaction: the anonymiser is made at its first use
    async with transaction(stations.store.engine) as connection:
        row = await held_by(connection, conversation, account)
        id = uuid4()
        one = Suggestion(
            id,
            conversation,
            line.id,
            row.voice.language,
            suggestions.understood(_answers(lines, line)),
            draft.meant,
            "offered",
            account,
            today(stations),
            key.seal(f"suggestion:{id}", text),
            key.seal(f"consent:{id}", draft.consent.strip()),
        )
        if not await suggestions.add(connection, one):
            raise DeskError("suggested", "this sentence was suggested already")
        await trail.note(stations, connection, account, "suggestion_made", conversation, suggestion=id)
    log.info("suggested", suggestion=str(id), meant=draft.meant)


async def withdraw(stations: AtDesk, account: UUID, suggestion: UUID) -> Suggestion:
    """The person does not want it any more, whoever's conversation it is. Raises DeskError when it is gone already."""
    return await _remove(stations, account, suggestion, "suggestion_withdrawn", why="person")


async def drop(stations: AtDesk, account: UUID, suggestion: UUID) -> None:
    """It teaches nothing, or says too much."""
    await _remove(stations, account, suggestion, "suggestion_dropped")


async def accept(stations: DeskStations, account: UUID, suggestion: UUID, *, text: str, language: str, meant: str) -> None:
    """As it was corrected. What the correction brought in of names and numbers is hidden again. Raises DeskError."""
    if meant not in INTENTS or language not in LANGUAGES:
        raise DeskError("meant", "choose what was meant")
    said = await _without_names(stations, text)
    async with transaction(stations.store.engine) as connection:
        one = await _there(connection, suggestion)
        key = await desk_of(stations).key(connection, one.conversation)
        sealed = key.seal(f"suggestion:{one.id}", said)
        await suggestions.accept(connection, one.id, language=language, meant=meant, sealed_text=sealed)
        await trail.note(stations, connection, account, "suggestion_accepted", one.conversation, suggestion=one.id)


async def pile(stations: AtDesk) -> Pile:
    """What waits for a review, and what was accepted and waits to be taken out."""
    async with transaction(stations.store.engine, durable=False) as connection:
        offered = await suggestions.in_state(connection, "offered", most=MOST)
        more = await suggestions.count(connection, "offered") - len(offered)
        accepted = await suggestions.in_state(connection, "accepted")
        names = await people.names(connection, {one.made_by for one in (*offered, *accepted)})
        shown = [await _shown(stations, connection, one, names) for one in (*offered, *accepted)]
    there = [one for one in shown if one is not None]
    waiting, done = ([one for one in there if one.one.state == state] for state in ("offered", "accepted"))
    return Pile(waiting, max(more, 0), done)


async def take_out(stations: AtDesk, account: UUID) -> list[Sentence]:
    """What was accepted, and nothing of it is left here."""
    async with transaction(stations.store.engine) as connection:
        found = await suggestions.in_state(connection, "accepted", lock=True)
        if not found:
            return []
        taken = [
            Sentence(one.language, one.meant, one.text(await desk_of(stations).key(connection, one.conversation)))
            for one in found
        ]
        await suggestions.remove(connection, *(one.id for one in found))
        await trail.note(stations, connection, account, "exported", what="suggestions", rows=len(found))
    log.info("suggestions taken out", sentences=len(taken))
    return taken


async def _remove(stations: AtDesk, account: UUID, suggestion: UUID, action: str, **facts: Any) -> Suggestion:
    async with transaction(stations.store.engine) as connection:
        one = await _there(connection, suggestion)
        await suggestions.remove(connection, one.id)
        await trail.note(stations, connection, account, action, one.conversation, suggestion=one.id, **facts)
    return one


async def _there(connection: AsyncConnection, suggestion: UUID) -> Suggestion:
    one = await suggestions.load(connection, suggestion)
    if one is None:
        raise DeskError("suggestion_gone", "this suggestion is gone")
    return one


async def _shown(stations: AtDesk, connection: AsyncConnection, one: Suggestion, names: dict[UUID, str]) -> Shown | None:
    try:
        key = await desk_of(stations).key(connection, one.conversation)
    except Forgotten:  # since the rows were read
        return None
    return Shown(one, one.text(key), one.consent(key), names.get(one.made_by))


def _check(draft: Draft) -> None:
    if draft.meant not in INTENTS:
        raise DeskError("meant", "choose what was meant")
    said = draft.consent.strip()
    if sum(c.isalpha() for c in said) < 2 or len(said) > LONGEST_CONSENT:
        raise DeskError("consent_to_show", "without the person's own words of consent nothing is suggested")


def _heard(lines: list[Line], wanted: UUID) -> Line:
    line = next((one for one in lines if one.id == wanted and one.is_sentence), None)
    if line is None:
        raise DeskError("sentence", "this is no sentence of the person")
    return line


def _answers(lines: list[Line], line: Line) -> list[str | None]:
    """Keys of what the bot said to it."""
    after = lines[lines.index(line) + 1 :]
    return [one.key for one in takewhile(lambda one: one.speaker == "bot", after)]


async def _without_names(stations: DeskStations, text: str) -> str:
    """Raises DeskError when no word is left."""
    said = await asyncio.to_thread(lambda: suggestions.generalised(text, stations.anonymiser().spans))
    if not suggestions.says_something(said):
        raise DeskError("sentence", "no word of the sentence is left")
    return said
