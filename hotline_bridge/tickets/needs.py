"""What a ticket can be for, how long its writer may wait, and how it can end. Pure.

The promise is ours to ourselves, for the queue's clock; the person is never told a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

# From the claim of somebody in danger until their first answer: enough to read and to write a line in a language of one's own.
# After it they count as unheard again: whoever claimed may have fallen asleep, or may be a stolen session that claims everybody.
ANSWER_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Need:
    """danger: goes before everything else and is paged. minutes: until a human should have taken it. rank: 0 is first."""

    name: str
    danger: bool
    minutes: int
    rank: int

    def due(self, waiting_since: datetime) -> datetime:
        """When the promise runs out."""
        return waiting_since + timedelta(minutes=self.minutes)


_IN_ORDER = (
    ("danger_now", True, 2),
    ("medical_emergency", True, 2),
    ("suicidal_thoughts", True, 2),
    ("child_in_danger", True, 2),
    ("unsafe_to_talk", False, 10),
    ("danger_unanswered", False, 10),  # asked whether they are in danger, and silent since (flow/unanswered.py)
    ("report_someone_else", False, 60),
    ("talk_to_operator", False, 30),
    ("assistant_silent", False, 30),
    ("not_understood", False, 60),
    ("withheld", False, 240),
    ("request_callback", False, 240),
    ("undeliverable", False, 480),
)
NEEDS = {name: Need(name, danger, minutes, rank) for rank, (name, danger, minutes) in enumerate(_IN_ORDER)}
WATCHED = "unsafe_to_talk"
DANGERS = tuple(n.name for n in NEEDS.values() if n.danger)

# informed: rights explained; referred: an organisation has it; emergency: 112, 102 or 103 were called in;
# ended_by_person: asked us to stop or was forgotten; lost: could not be reached again; not_ours: outside what this is for.
OUTCOMES = ("informed", "referred", "emergency", "ended_by_person", "lost", "not_ours", "test")
KEPT_CLOSED = "ended_by_person"  # it does not open again; danger, or the wish for an operator, opens a new one


def is_danger(need: str, flagged_at: datetime | None) -> bool:
    """Whether a ticket goes before all others: its need is of danger, or it was flagged. In SQL: tickets/danger.py."""
    return NEEDS[need].danger or flagged_at is not None
