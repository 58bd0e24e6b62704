"""reveal: ask to see what a placeholder stands for, and let somebody else decide. Each step is audited.

Safety: nobody decides over their own wish, except that open danger grants it at once (tests/flow/test_reveal.py). What is granted
is opened and seen in flow/see.py.
"""

from __future__ import annotations

from uuid import UUID, uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import reveals, safe_contact
from hotline_bridge.conversations import Conversation
from hotline_bridge.errors import DeskError
from hotline_bridge.flow import trail, unnamed
from hotline_bridge.flow.holding import held_by, locked
from hotline_bridge.flow.stations import AtDesk, desk_of
from hotline_bridge.reveals import Reveal
from hotline_bridge.store import jobs, signals
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import events
from hotline_bridge.tickets.danger import in_danger

log = structlog.get_logger(__name__)


async def ask(stations: AtDesk, account: UUID, conversation: UUID, what: str, reason: str, *, knowing: bool = False) -> Reveal:
    """Ask for a placeholder (PHONE_1) or reveals.ADDRESS. In danger it is granted and being opened when this returns.
    knowing: that it is outside the agreed hours, in which a telephone number is not asked for by mistake.

    Raises NotYours, Identifying for a reason that holds a number, and DeskError for one that says nothing, for something that
    cannot be asked for, and DeskError("hours").
    """
    what, reason = what.strip("[] "), reason.strip()
    if not reveals.can_be_asked_for(what):
        raise DeskError("what", "choose what is to be shown: a name in square brackets, or the person's own number or chat")
    if not reveals.says_enough(reason):
        raise DeskError("reason", "say in a sentence why it is needed, in at least ten letters")
    await unnamed.refuse(stations, reason)
    async with transaction(stations.store.engine) as connection:
        row = await held_by(connection, conversation, account)
        for other in await reveals.of(connection, conversation):
            if (
                other.what == what
                and other.asked_by == account
                and other.state in reveals.OPEN
                and not other.is_over(stations.clock())
            ):
                raise DeskError("asked_already", "this was asked for already; it stands in the list")
        danger = await in_danger(connection, conversation)
        if not (danger or knowing):
            await within_hours(stations, connection, row, what)
        one = _new(stations, account, conversation, what, danger=danger)
        key = await desk_of(stations).find_or_make(connection, conversation)
        await reveals.add(connection, one, key, reason)
        await _told(connection, one, account, "reveal_asked")
        if danger:
            await jobs.defer(stations.store.queue, connection, jobs.REVEAL, conversation, urgent=True)
        await trail.note(stations, connection, account, "reveal_asked", conversation, reveal=one.id, what=what, danger=danger)
        if danger:
            await trail.note(stations, connection, None, "reveal_granted", conversation, reveal=one.id, what=what, danger=True)
    log.info("reveal asked for", reveal=str(one.id), danger=danger)
    return one


async def grant(stations: AtDesk, account: UUID, reveal: UUID) -> None:
    """A second person agrees; the asker may now have it opened. Raises DeskError("own") for one's own wish."""
    async with transaction(stations.store.engine) as connection:
        one = await _to_decide(stations, connection, account, reveal)
        now = stations.clock()
        values = {"decided_by": account, "decided_at": now, "expires_at": now + reveals.USE_WITHIN}
        await reveals.change(connection, reveal, "granted", **values)
        await _told(connection, one, account, "reveal_granted")
        await trail.note(
            stations, connection, account, "reveal_granted", one.conversation, reveal=reveal, what=one.what, danger=False
        )


async def refuse(stations: AtDesk, account: UUID, reveal: UUID, answer: str) -> None:
    """A second person does not agree, and says why. Raises DeskError("own"), DeskError("reason") without one, Identifying."""
    answer = answer.strip()
    if not reveals.says_enough(answer):
        raise DeskError("reason", "say in a sentence why not, in at least ten letters")
    await unnamed.refuse(stations, answer)
    async with transaction(stations.store.engine) as connection:
        one = await _to_decide(stations, connection, account, reveal)
        assert one.conversation is not None
        key = await desk_of(stations).find_or_make(connection, one.conversation)
        sealed = key.seal(f"answer:{reveal}", answer)
        await reveals.change(connection, reveal, "refused", decided_by=account, decided_at=stations.clock(), sealed_answer=sealed)
        await _told(connection, one, account, "reveal_refused")
        await trail.note(stations, connection, account, "reveal_refused", one.conversation, reveal=reveal, what=one.what)


async def within_hours(stations: AtDesk, connection: AsyncConnection, row: Conversation, what: str) -> None:
    """Raises DeskError("hours") where a number would be rung outside the hours that were agreed.

    Safety: a call at an hour that was not agreed may be heard by somebody else (tests/flow/test_reveal.py).
    """
    if not reveals.rings(what, sms=row.channel.is_sms):
        return
    agreed = await safe_contact.load(connection, row.id)
    if agreed is not None and safe_contact.is_outside(agreed.hours, stations.clock()):
        raise DeskError("hours", "it is outside the agreed hours; say that the number is needed all the same")


def _new(stations: AtDesk, account: UUID, conversation: UUID, what: str, *, danger: bool) -> Reveal:
    now = stations.clock()
    return Reveal(
        id=uuid4(),
        conversation=conversation,
        what=what,
        state="opening" if danger else "asked",
        danger=danger,
        asked_by=account,
        asked_at=now,
        decided_by=None,
        decided_at=now if danger else None,
        expires_at=now + reveals.USE_WITHIN,
        opened_at=None,
        erase_at=None,
        shown=0,
        why=None,
    )


async def _to_decide(stations: AtDesk, connection: AsyncConnection, account: UUID, reveal: UUID) -> Reveal:
    await locked(connection, await reveals.conversation_of(connection, reveal))
    one = await reveals.load(connection, reveal, lock=True)
    if one is None or one.state != "asked" or one.is_over(stations.clock()):
        raise DeskError("decided", "this has been decided already, or its time is over")
    # Safety: four eyes. A supervisor who asks needs another one (tests/flow/test_reveal.py).
    if one.asked_by == account:
        raise DeskError("own", "this is your own wish; another supervisor must decide")
    return one


async def _told(connection: AsyncConnection, one: Reveal, account: UUID, kind: str) -> None:
    assert one.conversation is not None
    await events.note(connection, one.conversation, account, kind, what=one.what)
    await signals.send(connection, "reveal", one.conversation)
