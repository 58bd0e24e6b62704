"""What a ticket's page shows of a case: everything its templates need, made from one reading."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import HTTPException
from starlette.requests import Request

from hotline_bridge import safe_contact, transcript
from hotline_bridge.console import names, suggestion_names
from hotline_bridge.console.guard import Account, stations_of
from hotline_bridge.console.reply_box import EMPTY, Box
from hotline_bridge.console.wording import Wording, wording_for
from hotline_bridge.errors import NotYours
from hotline_bridge.flow import look
from hotline_bridge.flow.look import Case
from hotline_bridge.flow.reply_checks import refusal
from hotline_bridge.local_time import day_of
from hotline_bridge.retention import REOPENS
from hotline_bridge.tickets import reopening
from hotline_bridge.tickets.events import Event
from hotline_bridge.tickets.needs import KEPT_CLOSED, NEEDS

SIGNS = "indicators"  # the fact of a ticket that holds the numbers of the self-check's signs
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline. what, detail: English sentences of names.py; word: shown as it is; by: who did it.

    day: which it was about, in Kazakhstan.
    """

    at: datetime
    what: str
    detail: str | None = None
    word: str | None = None
    day: date | None = None
    by: UUID | None = None
    other: UUID | None = None


async def mine(request: Request, account: Account, conversation: UUID, *, latest: int = transcript.LATEST) -> Case:
    """The case with so many lines, for whoever has the conversation; 404 where there is none. Raises NotYours."""
    case = await look.at_case(stations_of(request), conversation, latest)
    if case is None:
        raise HTTPException(404)
    if case.conversation.operator_id != account.id:
        raise NotYours
    return case


async def shown(
    request: Request, case: Case, *, writing: bool, box: Box = EMPTY, latest: int = transcript.LATEST
) -> dict[str, Any]:
    """For the templates in ticket/. writing: whether the page has a reply box; latest: how many lines were asked for."""
    wording = await wording_for(request)
    now = stations_of(request).clock()
    decision = safe_contact.decide(case.agreement, now, case.heard_at)
    row = case.conversation
    barred = refusal(row.silence, row.unreachable, decision) is not None
    return {
        "case": case,
        "opens_again": opens_again(case, now),
        "reopens": REOPENS.days,
        "latest": latest,
        "earlier": min(latest + transcript.LATEST, transcript.MOST),
        "wording": wording,
        "whose": case.names,
        "happened": [_happening(case, event) for event in reversed(case.events)],
        "glosses": glosses(case, wording),
        "signs": signs(case),
        "facts": facts(case),
        "decision": decision,
        "calls": (barred or case.watched) and any(one.flagged_at or one.answer_by for one in case.open),
        "writing": writing,
        "box": box,
        "note_text": "",
        "note_fault": None,
        "meanings": suggestion_names.titles(wording),
    }


def opens_again(case: Case, now: datetime) -> bool:
    """Whether the ticket that was closed last waits again when its person writes (reopening.reopen)."""
    closed = [(one.closed_at, -NEEDS[one.need].rank, one.outcome) for one in case.tickets if one.closed_at is not None]
    if not closed:
        return False
    at, _, outcome = max(closed, key=lambda one: one[:2])
    return outcome != KEPT_CLOSED and at >= reopening.closed_since(day_of(now))


def glosses(case: Case, wording: Wording) -> list[str | None]:
    """For each line what the bot said, in the reader's language; None where that is the person's too."""
    if case.conversation.voice.language == wording.language:
        return [None] * len(case.lines)
    return [wording.gloss(line.key) for line in case.lines]


def signs(case: Case) -> list[int]:
    """The signs of forced labour that the person saw in their own answers, by number."""
    found = {int(n) for ticket in case.tickets for n in _NUMBER.findall(ticket.facts.get(SIGNS, ""))}
    return sorted(found & set(names.INDICATORS))


def facts(case: Case) -> list[tuple[str, str]]:
    """The other closed answers of the open tickets, the latest count; or of the last one."""
    merged: dict[str, str] = {}
    for ticket in sorted(case.open or case.tickets[:1], key=lambda one: one.opened_at):
        merged |= ticket.facts
    return [(name, str(value)) for name, value in merged.items() if name != SIGNS]


def _happening(case: Case, event: Event) -> Happening:
    facts = event.facts
    detail = names.NEEDS.get(facts.get("need", "")) or names.OUTCOMES.get(facts.get("outcome", ""))
    colleague = facts.get("to") or facts.get("holder")
    word = case.names.get(UUID(colleague)) if colleague else None
    day = date.fromisoformat(facts["on"]) if "on" in facts else None
    other = UUID(facts["other"]) if "other" in facts else None
    return Happening(event.at, names.EVENTS.get(event.kind, event.kind), detail, word, day, event.actor, other)
