"""How long what is kept, in days: one number a class, from the settings, shown in the README and to the person who asks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Days. README.md, "What is kept, how long", says what belongs to each class; flow/expire.py and flow/sweep.py enforce them.

    idle: a conversation in which nobody writes; closed: what operators have of a case that is closed; delivery: what went out
    and came in, once it is done; audit: who did what; sign_in: sessions and invitations that are over; *_copies: backups.
    """

    idle: int = 30
    closed: int = 30
    delivery: int = 7
    audit: int = 90
    sign_in: int = 1
    key_copies: int = 3
    word_copies: int = 30
