"""The course that a referral takes, and how both sides name it. Pure.

sent → read → accepted → served; or refused, withdrawn, expired, forgotten.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

LASTS = timedelta(hours=72)
OPEN = ("sent", "read", "accepted")
# From where an answer may lead to where: the reader's by the page, an operator's by hand.
_AFTER = {
    "sent": frozenset({"read", "accepted", "refused", "withdrawn", "expired"}),
    "read": frozenset({"accepted", "refused", "withdrawn"}),
    "accepted": frozenset({"served", "refused", "withdrawn"}),
}


@dataclass(frozen=True, slots=True)
class Referral:
    """One row without what is sealed. organisation: an id of organisations.yml; answered_by: None when the reader did."""

    id: UUID
    conversation: UUID | None
    organisation: str
    state: str
    noted: str
    fields: tuple[str, ...]
    made_by: UUID
    made_at: datetime
    expires_at: datetime
    read_at: datetime | None
    answered_at: datetime | None
    answered_by: UUID | None
    served_at: datetime | None
    ended_at: datetime | None

    def is_over(self, now: datetime) -> bool:
        """Whether the link's time has run out unread, even if the sweep has not come by yet."""
        return self.state == "sent" and now >= self.expires_at

    @property
    def answer(self) -> str:
        """What its reader had done: sent (nothing), read or accepted. It stays when the person is forgotten."""
        return "accepted" if self.answered_at else "read" if self.read_at else "sent"

    @property
    def reference(self) -> str:
        """What both sides call it on the telephone."""
        return reference(self.id)


def may_become(before: str, after: str) -> bool:
    """Whether a referral may go from one state to the other."""
    return after in _AFTER.get(before, frozenset())


def reference(referral: UUID) -> str:
    """Six digits from the random id: a name for it, not a secret."""
    number = int.from_bytes(hashlib.sha256(referral.bytes).digest()[:8]) % 1_000_000
    return f"{number // 1000:03d}-{number % 1000:03d}"
