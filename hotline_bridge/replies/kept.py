"""How long what is kept, as people are told: which limit a name in a text means, and the form of "days" behind a number."""

from __future__ import annotations

from babel import Locale

# The name in a text, and the limit that it says (hotline_bridge/retention.py).
KEPT = {"keep_idle": "idle", "keep_closed": "closed", "keep_audit": "audit", "keep_copies": "key_copies"}


def days(number: int, language: str) -> str:
    """The reply that says so many days: languages have up to three forms, by CLDR's rules."""
    form = Locale.parse(language).plural_form(number)
    return f"days_{form if form in ('one', 'few') else 'many'}"
