"""The lists that operators work from: organisations, telephone numbers, and facts with the day to look at them again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hotline_bridge import keeping, organisations
from hotline_bridge.keeping import FactRow, Number
from hotline_bridge.organisations import Organisation


@dataclass(frozen=True, slots=True)
class Lists:
    """As the lawyer's files have them, each in its file's order. organisations: by id."""

    organisations: Mapping[str, Organisation]
    numbers: tuple[Number, ...]
    facts: tuple[FactRow, ...]


def load(folder: Path) -> Lists:
    """From knowledge/. Raises KnowledgeError naming what is wrong."""
    return Lists(organisations.load(folder), tuple(keeping.numbers(folder)), tuple(keeping.facts(folder)))
