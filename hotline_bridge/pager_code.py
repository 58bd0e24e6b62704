"""The code by which an operator makes a chat of their own their pager. Pure but for randomness.

40 random bits that hold for a quarter of an hour and are used once; who guesses is slowed down (flow/pager.py).
"""

from __future__ import annotations

import re
import secrets
from datetime import timedelta

LASTS = timedelta(minutes=15)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another
_FORM = re.compile(rf"\s*pg[\s-]*([{_LETTERS}]{{4}})[\s-]*([{_LETTERS}]{{4}})\s*", re.IGNORECASE)


def new() -> str:
    """A code as it is shown: PG-K7M2-9QXD. It fits a Telegram link too (t.me/<bot>?start=PG-K7M2-9QXD)."""
    first, second = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(2))
    return f"PG-{first}-{second}".upper()


def read(text: str) -> str | None:
    """The code that was written, in one form however it was typed; None when it is no code."""
    found = _FORM.fullmatch(text[:40])
    return f"PG-{found[1]}-{found[2]}".upper() if found else None
