"""reply: what an operator writes to the person: whether it may be written, what pages show of it, and that it is on its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import sms_text
from hotline_bridge.conversations import Conversation
from hotline_bridge.errors import CannotBeWritten
from hotline_bridge.flow import say, unnamed
from hotline_bridge.flow.holding import held_by
from hotline_bridge.flow.reach import reach
from hotline_bridge.flow.reply_checks import MOST_SEGMENTS, checked, refusal
from hotline_bridge.flow.say import Said
from hotline_bridge.flow.stations import AtDesk
from hotline_bridge.flow.unnamed import Looked
from hotline_bridge.messages import Message
from hotline_bridge.safe_contact import Decision
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import answering, presence

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Replied:
    """What became of a reply: on its way, or held until the person said that it is safe (until: not before then)."""

    held: bool = False
    until: datetime | None = None


async def reply(stations: AtDesk, account: UUID, conversation: UUID, text: str, *, looked: Looked | None = None) -> Replied:
    """Write to the person. Raises NotYours, and CannotBeWritten with the reason. looked: at these very words, if somebody has.

    Safety: the agreement with the person is enforced here, whatever the operator remembers, and pages show no number and no
    address of it (tests/flow/test_operate.py).
    """
    text = checked(text)
    if looked is None or looked.text != text:  # of other words it says nothing
        looked = await unnamed.look(stations, text)
    masked = unnamed.masked(looked)
    async with transaction(stations.store.engine) as connection:
        row = await held_by(connection, conversation, account)
        decision = await _may_write(stations, connection, row)
        held = decision.what != "send"
        message = Message(_for_sms(text) if row.channel.is_sms else text)
        shown = None if masked == text else masked
        made = await say.to_person(stations, connection, row, Said(message, shown, author=account, held=held))
        await answering.calm(connection, conversation)
        await presence.seen(connection, account)
        if not held:
            await answering.answered(connection, conversation)
    log.info("replied", account=str(account), message=str(made), held=held)
    return Replied(held, decision.until)


async def _may_write(stations: AtDesk, connection: AsyncConnection, row: Conversation) -> Decision:
    """Raises CannotBeWritten when nothing may be sent at all."""
    decision = (await reach(stations, connection, row.id)).now
    refused = refusal(row.silence, row.unreachable, decision)
    if refused is not None:
        raise refused
    return decision


def _for_sms(text: str) -> str:
    """With the letters an SMS has; phones put no more than so many segments together again."""
    text = sms_text.plain(text)
    if sms_text.cost(text).segments > MOST_SEGMENTS:
        raise CannotBeWritten("long_sms", f"this takes more than {MOST_SEGMENTS} SMS; write it in parts")
    return text
