"""reach: whether something may go out to a person now, from what was agreed with them and when they wrote. Nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import inbox, safe_contact
from hotline_bridge.flow.stations import AtDesk
from hotline_bridge.safe_contact import Agreement, Decision


@dataclass(frozen=True, slots=True)
class Reach:
    """agreement: without its words. heard_at: when the person wrote last. unread: whether something of theirs was not read yet.

    decision: by the agreement and the hour alone.
    """

    agreement: Agreement | None
    heard_at: datetime | None
    decision: Decision
    unread: bool

    @property
    def now(self) -> Decision:
        """The decision about what would go out this moment.

        Safety: what was just written may be the sign of alarm. Until it is read, nothing goes to whoever agreed on something
        (tests/flow/test_alarm.py); flow/contact.py lets a held reply out when it is not.
        """
        if self.decision.what == "send" and self.agreement is not None and self.unread:
            return Decision("ask")
        return self.decision


async def reach(stations: AtDesk, connection: AsyncConnection, conversation: UUID) -> Reach:
    """How things stand with this person."""
    agreement = await safe_contact.load(connection, conversation)
    heard_at = await inbox.heard_at(connection, conversation)
    decision = safe_contact.decide(agreement, stations.clock(), heard_at)
    return Reach(agreement, heard_at, decision, await inbox.has_waiting(connection, conversation))
