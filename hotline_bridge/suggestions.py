"""Suggestions: sentences that were misunderstood, for whoever teaches the program. Decisions are pure; rows at the end.

offered → accepted → taken out and gone; or dropped, or taken back by the person. The sentence and the person's own words of
consent are sealed under the conversation's desk key, so that they are lost with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.tables import suggestions
from hotline_bridge.vault.sealing import Key

LONGEST, LONGEST_CONSENT = 1000, 500  # letters
NONE_OF_THESE = "out_of_scope"
# What can be meant: the intents of nlu/training (tests/console/desk/test_suggestion_pages.py compares).
DANGERS = ("danger_now", "medical_emergency", "suicidal_thoughts", "child_in_danger", "unsafe_to_talk", "report_someone_else")
TOPICS = (
    "ask_am_i_trafficked", "ask_children_rights", "ask_compensation", "ask_confidentiality", "ask_cost", "ask_court_rights",
    "ask_documents_taken", "ask_embassy_contact", "ask_hotline_numbers", "ask_immigration_status", "ask_job_offer_check",
    "ask_legal_aid", "ask_medical_help", "ask_non_punishment", "ask_police_report", "ask_psychological_help",
    "ask_referral_mechanism", "ask_reflection_period", "ask_return_home", "ask_shelter", "ask_special_social_services",
    "ask_unpaid_wages", "ask_victim_status", "ask_who_are_you", "ask_work_permit", "debt_bondage", "domestic_violence",
    "labour_exploitation", "sexual_exploitation",
)  # fmt: skip
WISHES = (
    "talk_to_operator", "request_callback", "ask_ticket_status", "ask_help", "not_understood", "choose_language", "start_over",
    "stop_messages", "delete_my_data", "affirm", "deny", "greet", "thank", "goodbye",
)  # fmt: skip
INTENTS = frozenset((*DANGERS, *TOPICS, *WISHES, NONE_OF_THESE))
_MARK = re.compile(r"\[([A-Z][A-Z_]*)(?:_\d{1,6})?\]")

Hidden = tuple[int, int, str]  # start, end and label of what is to be hidden


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One row. understood: the intent that was answered, None when there was none; made_on: the day, never the time."""

    id: UUID
    conversation: UUID
    line: UUID
    language: str
    understood: str | None
    meant: str
    state: str
    made_by: UUID
    made_on: date
    sealed_text: bytes = field(repr=False)
    sealed_consent: bytes = field(repr=False)

    def text(self, desk_key: Key) -> str:
        """The sentence."""
        return desk_key.open(f"suggestion:{self.id}", self.sealed_text)

    def consent(self, desk_key: Key) -> str:
        """The person's own words."""
        return desk_key.open(f"consent:{self.id}", self.sealed_consent)


def generalised(text: str, find: Callable[[str], Iterable[Hidden]]) -> str:
    """One line without identifiers, and without the numbers that tell one from another: [PERSON_1] becomes [PERSON].

    find: the anonymiser's spans; what is behind LONGEST letters is not passed on.
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in text[:LONGEST]).split())
    found = [(start, end, label) for start, end, label in find(_MARK.sub(lambda mark: " " * len(mark[0]), line))]
    marks = [(mark.start(), mark.end(), mark[1]) for mark in _MARK.finditer(line)]
    outside = [one for one in marks if not any(start <= one[0] < end for start, end, _ in found)]
    parts, at = [], 0
    for start, end, label in sorted((*found, *outside)):
        parts += [line[at:start], f"[{label}]"]
        at = end
    return "".join((*parts, line[at:])).strip()


def says_something(text: str) -> bool:
    """Whether words are left beside the marks."""
    return sum(c.isalpha() for c in _MARK.sub("", text)) >= 2


def understood(answers: Iterable[str | None]) -> str | None:
    """The intent that something was taken for, as far as the keys of its answers tell (transcript.Line.key)."""
    for key in answers:
        kind, _, name = (key or "").partition("/")
        name = name.partition("/")[0]
        if kind in ("topic", "reply") and name in INTENTS:
            return name
    return None


async def add(connection: AsyncConnection, one: Suggestion) -> bool:
    """A new row; False when there is one of this line already."""
    statement = insert(suggestions).values(_values(one)).on_conflict_do_nothing(index_elements=["line_id"])
    return (await connection.execute(statement.returning(suggestions.c.id))).first() is not None


async def accept(connection: AsyncConnection, suggestion: UUID, *, language: str, meant: str, sealed_text: bytes) -> None:
    """As it was corrected."""
    values = {"language": language, "meant": meant, "sealed_text": sealed_text, "state": "accepted"}
    await connection.execute(update(suggestions).where(suggestions.c.id == suggestion).values(values))


async def remove(connection: AsyncConnection, *gone: UUID) -> None:
    """Nothing of them is left."""
    await connection.execute(delete(suggestions).where(suggestions.c.id.in_(gone)))


async def forget(connection: AsyncConnection, conversation: UUID) -> None:
    """None of the conversation's is left."""
    await connection.execute(delete(suggestions).where(suggestions.c.conversation_id == conversation))


async def load(connection: AsyncConnection, suggestion: UUID) -> Suggestion | None:
    """One, which nobody else changes until the transaction ends."""
    return next(iter(await _read(connection, suggestions.c.id == suggestion, lock=True)), None)


async def of(connection: AsyncConnection, conversation: UUID) -> dict[UUID, Suggestion]:
    """Those of a conversation, by their line."""
    return {one.line: one for one in await _read(connection, suggestions.c.conversation_id == conversation)}


async def in_state(connection: AsyncConnection, state: str, *, most: int | None = None, lock: bool = False) -> list[Suggestion]:
    """Those of everybody, the oldest first."""
    return await _read(connection, suggestions.c.state == state, most=most, lock=lock)


async def count(connection: AsyncConnection, state: str) -> int:
    """How many there are."""
    found = await connection.execute(select(func.count()).select_from(suggestions).where(suggestions.c.state == state))
    return int(found.scalar_one())


async def _read(
    connection: AsyncConnection, where: ColumnElement[bool], *, most: int | None = None, lock: bool = False
) -> list[Suggestion]:
    query: Select[Any] = select(suggestions).where(where).order_by(suggestions.c.made_on, suggestions.c.id).limit(most)
    rows = await connection.execute(query.with_for_update() if lock else query)
    return [
        Suggestion(
            row.id,
            row.conversation_id,
            row.line_id,
            row.language,
            row.understood,
            row.meant,
            row.state,
            row.made_by,
            row.made_on,
            row.sealed_text,
            row.sealed_consent,
        )
        for row in rows
    ]


def _values(one: Suggestion) -> dict[str, Any]:
    return {
        "id": one.id,
        "conversation_id": one.conversation,
        "line_id": one.line,
        "language": one.language,
        "understood": one.understood,
        "meant": one.meant,
        "state": one.state,
        "made_by": one.made_by,
        "made_on": one.made_on,
        "sealed_text": one.sealed_text,
        "sealed_consent": one.sealed_consent,
    }
