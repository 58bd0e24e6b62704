"""A line of a conversation cut into its words and the placeholders between them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PLACEHOLDER = re.compile(r"\[([A-Z][A-Z_]*)_(\d{1,6})\]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words as they stand, or, with a label, a placeholder: [PHONE_1] has the label PHONE and the number 1."""

    text: str
    label: str | None = None
    number: int = 0


def pieces(text: str) -> list[Piece]:
    """All of `text`, in order."""
    found, at = [], 0
    for match in _PLACEHOLDER.finditer(text):
        if match.start() > at:
            found.append(Piece(text[at : match.start()]))
        found.append(Piece(match.group(), match[1], int(match[2])))
        at = match.end()
    if at < len(text):
        found.append(Piece(text[at:]))
    return found
