"""unnamed: what staff write for each other holds no number and no address. Those stand in a granted reveal, and nowhere else.

Names are let through: colleagues, doctors and investigators have them, too (tests/flow/test_unnamed.py).
"""

from __future__ import annotations

import asyncio
import re

from hotline_bridge.anonymiser.anonymiser import Span
from hotline_bridge.errors import Identifying
from hotline_bridge.flow.stations import DeskStations

PLACEHOLDER = re.compile(r"\[([A-Z]{2,12}_\d{1,4})\]")
LED_BY = frozenset({"PHONE", "IIN", "PASSPORT", "CARD", "IBAN", "EMAIL", "HANDLE", "ADDRESS", "PLATE"})  # what leads to a person


async def refuse(stations: DeskStations, text: str) -> None:
    """Raises Identifying when `text` holds a number or an address."""
    if labels := sorted({span.label for span in await _spans(stations, text)}):
        raise Identifying(tuple(labels))


async def masked(stations: DeskStations, text: str) -> str:
    """`text` as it may stand on a page: each number and address is its kind in brackets."""
    for span in sorted(await _spans(stations, text), reverse=True):
        text = f"{text[: span.start]}[{span.label}]{text[span.end :]}"
    return text


async def _spans(stations: DeskStations, text: str) -> list[Span]:
    if not text.strip():
        return []
    return await asyncio.to_thread(_found, stations, text)


def _found(stations: DeskStations, text: str) -> list[Span]:
    """In a thread: the anonymiser is made at its first use, which takes seconds."""
    bare = PLACEHOLDER.sub(lambda found: " " * len(found[0]), text)
    return [span for span in stations.anonymiser().spans(bare) if span.label in LED_BY]
