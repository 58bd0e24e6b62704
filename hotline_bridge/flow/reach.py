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

    decision: by the agreement and the hour alone. present: whether they wrote within the hour.
    """

    agreement: Agreement | None
    heard_at: datetime | None
    decision: Decision
    unread: bool
    present: bool

    @property
    def now(self) -> Decision:
        """The decision about what would go out this moment.

        Safety: what was just written may be the sign of alarm, "I cannot talk" or STOP. Until it is read, nothing goes out
        but the answer to whoever asked within the hour (tests/flow/test_alarm.py, test_unread.py); flow/contact.py lets a held
        reply out when it is not.
        """
        if self.decision.what == "send" and self.unread:
            return Decision("ask")
        return self.decision

    @property
    def by_itself(self) -> bool:
        """Whether Komek may now say what nobody asked for.

        Safety: not to a phone that may be in other hands by now; of somebody who agreed to nothing we know only that they hold it
        within the hour after they wrote (tests/flow/test_page.py).
        """
        return self.now.what == "send" and (self.agreement is not None or self.present)


async def reach(stations: AtDesk, connection: AsyncConnection, conversation: UUID) -> Reach:
    """How things stand with this person."""
    agreement = await safe_contact.load(connection, conversation)
    heard_at = await inbox.heard_at(connection, conversation)
    now = stations.clock()
    decision = safe_contact.decide(agreement, now, heard_at)
    unread = await inbox.has_waiting(connection, conversation)
    return Reach(agreement, heard_at, decision, unread, safe_contact.is_present(now, heard_at))
