"""What those who keep knowledge/ look at again: every fact and telephone number with the day of its next look.

Only read here; the lawyer's files stay the source. A number that is not switched on is not read: who cannot see it cannot give it
out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hotline_bridge.knowledge_files import read

SOON = timedelta(days=60)
SAID = frozenset({"confirmed", "secondary"})  # an unconfirmed number is never told to anybody


@dataclass(frozen=True, slots=True)
class Look:
    """When something was looked at last and is to be looked at again."""

    reviewed_on: date
    review_by: date

    def state(self, today: date) -> str:
        """overdue: after its day; soon: within 60 days; else later."""
        if today > self.review_by:
            return "overdue"
        return "soon" if self.review_by - today <= SOON else "later"


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact of one topic, in English. source: its key in sources.yml."""

    id: str
    topic: str
    says: str
    status: str
    source: str | None
    article: str | None
    look: Look


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody phoned the number and wrote down what was heard. by: initials."""

    date: date
    by: str
    answer: str


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone number that was looked at. number: None unless it may be told to people. seen: year of the youngest source."""

    id: str
    what: str
    number: str | None
    status: str
    seen: int | None
    test_call: Call | None
    look: Look


def facts(folder: Path) -> list[FactRow]:
    """All facts, the first to be looked at first. Raises KnowledgeError."""
    topics = [read(path) for path in sorted((folder / "topics").glob("*.yml"))]
    found = [
        FactRow(row["id"], raw["topic"], row["says"], row["status"], row.get("source"), row.get("article"), _look(row))
        for raw in topics
        for row in raw["facts"]
    ]
    return sorted(found, key=lambda one: (one.look.review_by, one.topic, one.id))


def numbers(folder: Path) -> list[Number]:
    """All numbers, in the order of contacts.yml. Raises KnowledgeError."""
    return [
        Number(
            row["id"],
            row["what"],
            str(row["number"]) if row["show"] and row["status"] in SAID else None,
            row["status"],
            row["seen"],
            _call(row["last_test_call"]),
            _look(row),
        )
        for row in read(folder / "contacts.yml")["contacts"]
    ]


def _look(row: Any) -> Look:
    return Look(date.fromisoformat(row["reviewed_on"]), date.fromisoformat(row["review_by"]))


def _call(row: Any) -> Call | None:
    return None if row is None else Call(date.fromisoformat(str(row["date"])), row["by"], row["answer"])
