"""Who else helps: the organisations of knowledge/organisations.yml, and which of them fit somebody. For operators only.

No address and no number stands in an organisation: a number is looked up by its contact's test call, a shelter's place nowhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from hotline_bridge.errors import KnowledgeError
from hotline_bridge.knowledge_files import form, read, valid

# What an organisation may be asked for, in the order in which it is offered.
SERVICES = (
    "shelter", "medical", "psychologist", "legal", "papers", "return", "pay", "children", "goods", "services",
    "identification", "police",
)  # fmt: skip
# Kinds that are no place to send somebody to: they advise, train or decide.
_NOT_FOR_PEOPLE = frozenset({"ministry", "commission", "training", "project"})
# F-ROLE-4 and F-CONF-3: service providers and NGOs inform the police about victims who come to them, state bodies about the
# crimes that they learn of.
_STATE = frozenset(
    {"police", "state_service", "local_authority", "labour_inspection", "prosecutor", "contact_centre", "health", "guardianship"}
    | {"mobile_group", "border"}
)
_MUST_TELL = frozenset({"service_provider", "ngo", "crisis_centre", "legal_help"})


@dataclass(frozen=True, slots=True)
class Organisation:
    """One row. regions: None is all of the country, () outside it. speaks, helps_with: only what was read somewhere.

    contact: none_found, short_number, test_call, withheld or not_for_callers. last_seen: month or year, in words.
    """

    id: str
    kind: str
    role: str | None
    names: dict[str, str]
    regions: frozenset[str] | None
    serves: str | None
    services: str
    languages: str
    speaks: tuple[str, ...]
    helps_with: tuple[str, ...]
    status: str
    contact: str
    last_seen: str
    note: str | None
    reviewed_on: date
    review_by: date

    def name(self, language: str) -> str:
        """What it is called in `language`, else in English."""
        return self.names.get(language, self.names["en"])

    def is_stale(self, today: date) -> bool:
        """Whether somebody should have looked again: providers change at the turn of the year."""
        return today > self.review_by

    @property
    def takes_people(self) -> bool:
        """Whether somebody can be referred there at all."""
        return self.contact != "not_for_callers" and self.kind not in _NOT_FOR_PEOPLE

    @property
    def tells_police(self) -> bool:
        """Whether the law has it tell the police; the person must know before they agree (facts F-ROLE-4, F-CONF-3)."""
        return self.kind in _STATE or self.kind in _MUST_TELL

    def works_in(self, region: str | None) -> bool:
        """Whether it works there; an unknown region excludes nobody inside the country."""
        return self.regions is None or (region in self.regions if region else bool(self.regions))


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody needs, as far as it is known; None and () exclude nothing."""

    region: str | None = None
    language: str | None = None
    helps_with: tuple[str, ...] = ()
    abroad: bool = False  # also what helps in the home country


def fitting(rows: Iterable[Organisation], wish: Wish, today: date) -> list[Organisation]:
    """Those that take people and fit: what helps with most of it first, then who speaks the language, then who is not stale.

    Nobody is left out because of a language: it was read for a few only.
    """
    wanted = set(wish.helps_with)

    def fits(one: Organisation) -> bool:
        there = one.works_in(wish.region) or (wish.abroad and one.regions == frozenset())
        return one.takes_people and there and (not wanted or bool(wanted & set(one.helps_with)))

    def rank(one: Organisation) -> tuple[int, bool, bool, bool]:
        speaks = wish.language is None or wish.language in one.speaks
        return -len(wanted & set(one.helps_with)), not speaks, one.is_stale(today), one.regions is None

    return sorted((one for one in rows if fits(one)), key=rank)


def load(folder: Path) -> dict[str, Organisation]:
    """All rows by id, in the order of the file. Raises KnowledgeError naming the row that is wrong."""
    path = folder / "organisations.yml"
    raw = read(path)
    schema = json.loads((folder / "schema.json").read_text(encoding="utf-8"))
    valid(raw, form({**schema["$defs"]["organisations"], "$defs": schema["$defs"]}), path)
    regions = {row["id"] for row in read(folder / "regions.yml")["regions"]}
    found: dict[str, Organisation] = {}
    for row in raw["organisations"]:
        one = _organisation(row)
        if one.id in found:
            raise KnowledgeError(f"organisations.yml has {one.id} twice")
        if unknown := (one.regions or frozenset()) - regions:
            raise KnowledgeError(f"organisations.yml: {one.id} names the region {sorted(unknown)[0]}, which regions.yml does not")
        found[one.id] = one
    return found


def stale(rows: Iterable[Organisation], today: date) -> list[str]:
    """A sentence for each that somebody should have looked at again."""
    return [f"{one.id} ({one.name('en')}) was to be reviewed by {one.review_by}." for one in rows if one.is_stale(today)]


def _organisation(row: Any) -> Organisation:
    return Organisation(
        id=row["id"],
        kind=row["kind"],
        role=row["role"],
        names=row["names"],
        regions=None if row["regions"] == "all" else frozenset(row["regions"]),
        serves=row["serves"],
        services=row["services"],
        languages=row["languages"],
        speaks=tuple(row["speaks"]),
        helps_with=tuple(row["helps_with"]),
        status=row["status"],
        contact=row["contact"],
        last_seen=row["last_seen"],
        note=row["note"],
        reviewed_on=date.fromisoformat(row["reviewed_on"]),
        review_by=date.fromisoformat(row["review_by"]),
    )
