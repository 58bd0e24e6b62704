"""follow_up: what becomes of a referral: read, answered, served, withdrawn, or over. Each state stands in the trail, in order.

Safety: when the person withdraws their consent the link is dead at once (tests/flow/test_follow_up.py).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import referrals
from hotline_bridge.errors import DeskError
from hotline_bridge.flow import trail
from hotline_bridge.flow.refer import told
from hotline_bridge.flow.stations import AtDesk
from hotline_bridge.referrals import Referral
from hotline_bridge.store.engine import transaction


async def withdraw(stations: AtDesk, account: UUID, referral: UUID) -> Referral:
    """The person does not want it any more: the link is dead from the commit on, whoever's conversation it is."""
    return await _change(stations, account, referral, "withdrawn", "ended_at")


async def mark(stations: AtDesk, account: UUID, referral: UUID, state: str) -> Referral:
    """What was heard by telephone: accepted, refused or served. The link is dead then."""
    if state not in ("accepted", "refused", "served"):
        raise DeskError("answer", "choose what the organisation said")
    return await _change(stations, account, referral, state, "served_at" if state == "served" else "answered_at")


async def _change(stations: AtDesk, account: UUID, referral: UUID, state: str, at: str) -> Referral:
    async with transaction(stations.store.engine) as connection:
        one = await referrals.load(connection, referral, lock=True)
        if one is None or one.conversation is None or not referrals.may_become(one.state, state) or one.is_over(stations.clock()):
            raise DeskError("answered", "this referral is closed, or what you chose does not follow from where it stands")
        by = {"answered_by": account} if at == "answered_at" else {}
        # What its reader did and no job has written down yet comes first in the trail.
        before = _steps(one) if one.noted != one.state else []
        await referrals.change(connection, referral, state, noted=state, answer_hash=None, **{at: stations.clock()}, **by)
        await told(connection, one, account, f"referral_{state}")
        for missed in before:
            await _noted(stations, connection, one, None, missed, **({} if missed == "read" else {"by": "reader"}))
        facts = {"withdrawn": {"why": "person"}, "served": {}}.get(state, {"by": "operator"})
        await _noted(stations, connection, one, account, state, **facts)
    return one


async def record(stations: AtDesk, conversation: UUID) -> int:
    """Write down what readers did on a referral's page: that page has no key for the trail. How many steps."""
    done = 0
    async with transaction(stations.store.engine) as connection:
        found = await referrals.unnoted(connection, conversation)
        for one in found:
            await referrals.noted(connection, one.id, one.state)
            for state in _steps(one):
                await told(connection, one, None, f"referral_{state}")
        for one in found:
            for state in _steps(one):
                done += 1
                await _noted(stations, connection, one, None, state, **({} if state == "read" else {"by": "reader"}))
    return done


def _steps(one: Referral) -> list[str]:
    """The states between what stands in the trail and what is."""
    way = {"read": ["read"], "accepted": ["read", "accepted"], "refused": ["read", "refused"]}.get(one.state, [one.state])
    return way[way.index(one.noted) + 1 :] if one.noted in way else way


async def end_what_is_over(stations: AtDesk) -> int:
    """Links that were not read in time are dead; how many. Run by the sweep."""
    async with transaction(stations.store.engine, durable=False) as connection:
        found = await referrals.over(connection, stations.clock())
    return sum([await _end(stations, referral) for referral in found])


async def _end(stations: AtDesk, referral: UUID) -> bool:
    """End one; False when it was read or ended meanwhile."""
    async with transaction(stations.store.engine) as connection:
        one = await referrals.load(connection, referral, lock=True)
        if one is None or not one.is_over(stations.clock()):
            return False
        await referrals.change(connection, referral, "expired", noted="expired", ended_at=stations.clock())
        await told(connection, one, None, "referral_expired")
        await _noted(stations, connection, one, None, "expired")
    return True


async def _noted(
    stations: AtDesk, connection: AsyncConnection, one: Referral, account: UUID | None, state: str, **facts: str
) -> None:
    given: dict[str, Any] = {"referral": one.id, "organisation": one.organisation, **facts}
    await trail.note(stations, connection, account, f"referral_{state}", one.conversation, **given)
