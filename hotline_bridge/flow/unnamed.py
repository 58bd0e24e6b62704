"""unnamed: what staff write for each other holds no number and no address. Those stand in a granted reveal, and nowhere else.

Names are let through: colleagues, doctors and investigators have them, too (tests/flow/test_unnamed.py). The steps that keep what
staff write ask here themselves (operate, reveal, refer), so that no page can forget it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

from hotline_bridge.errors import Identifying
from hotline_bridge.flow.stations import AtDesk
from hotline_bridge.reveals import PLACEHOLDER

if TYPE_CHECKING:
    from hotline_bridge.anonymiser.anonymiser import Span

LED_BY = frozenset({"PHONE", "IIN", "PASSPORT", "CARD", "IBAN", "EMAIL", "HANDLE", "ADDRESS", "PLATE"})  # what leads to a person


async def spans(stations: AtDesk, text: str) -> list[Span]:
    """Whatever tells in `text` who somebody is, names included. A placeholder tells nothing."""
    if not text.strip():
        return []
    return await asyncio.to_thread(_found, stations, text)


async def refuse(stations: AtDesk, text: str) -> None:
    """Raises Identifying when `text` holds a number or an address."""
    if labels := sorted({span.label for span in _leading(await spans(stations, text))}):
        raise Identifying(tuple(labels))


def masked(text: str, found: Iterable[Span]) -> str:
    """`text` as it may stand on a page: each number and address that was found is its kind in brackets."""
    for span in sorted(_leading(found), reverse=True):
        text = f"{text[: span.start]}[{span.label}]{text[span.end :]}"
    return text


def _leading(found: Iterable[Span]) -> list[Span]:
    return [span for span in found if span.label in LED_BY]


def _found(stations: AtDesk, text: str) -> list[Span]:
    return stations.finder().spans(PLACEHOLDER.sub(lambda found: " " * len(found[0]), text))
