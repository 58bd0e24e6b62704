"""How long what is kept, in days: one number a class, from the settings, shown in the README and to the person who asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

# Telegram lets us remove a message for so long (https://core.telegram.org/bots/api#deletemessage); so long we know its number.
REMOVABLE = timedelta(hours=48)
# So long a repeated webhook is known as one: providers repeat it for a day at most.
REPEATED = timedelta(hours=48)
# So long a moment is kept to the second; then the day is left (flow/coarse.py). Not less than the two above, which count from it.
EXACT = timedelta(hours=48)
# So long after closing, in whole days, somebody who writes again is the same case; so long, then, a closed case must be there
# (settings.py).
REOPENS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Limits:
    """Days. README.md, "What is kept, how long", says what belongs to each class.

    flow/sweep.py enforces idle, custody/ the copies, and flow/expire.py all others.

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
