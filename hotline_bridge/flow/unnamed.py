"""unnamed: what staff write for each other holds no number and no address. Those stand in a granted reveal, and nowhere else.

Names are let through: colleagues, doctors and investigators have them, too (tests/flow/test_unnamed.py). The steps that keep what
staff write ask here themselves (operate, reply, reveal, refer), so that no page can forget it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hotline_bridge.errors import Identifying
from hotline_bridge.flow.stations import AtDesk
from hotline_bridge.reveals import PLACEHOLDER

if TYPE_CHECKING:
    from hotline_bridge.anonymiser.anonymiser import Span

LED_BY = frozenset({"PHONE", "IIN", "PASSPORT", "CARD", "IBAN", "EMAIL", "HANDLE", "ADDRESS", "PLATE"})  # what leads to a person


@dataclass(frozen=True, slots=True)
class Looked:
    """A text, and whatever in it tells who somebody is, names included. A placeholder tells nothing."""

    text: str = field(repr=False)
    spans: tuple[Span, ...]


async def look(stations: AtDesk, text: str) -> Looked:
    """Look for it, in a thread: the console's anonymiser is made at its first use, which takes seconds."""
    if not text.strip():
        return Looked(text, ())
    return await asyncio.to_thread(_look, stations, text)


async def refuse(stations: AtDesk, text: str) -> None:
    """Raises Identifying when `text` holds a number or an address."""
    if labels := sorted({span.label for span in _leading(await look(stations, text))}):
        raise Identifying(tuple(labels))


def masked(looked: Looked) -> str:
    """The text as it may stand on a page: each number and address is its kind in brackets."""
    text = looked.text
    for span in sorted(_leading(looked), reverse=True):
        text = f"{text[: span.start]}[{span.label}]{text[span.end :]}"
    return text


def _leading(looked: Looked) -> list[Span]:
    return [span for span in looked.spans if span.label in LED_BY]


def _look(stations: AtDesk, text: str) -> Looked:
    bare = PLACEHOLDER.sub(lambda found: " " * len(found[0]), text)
    return Looked(text, tuple(stations.finder().spans(bare)))
