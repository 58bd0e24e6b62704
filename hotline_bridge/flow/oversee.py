"""oversee: what supervisors read of all conversations at once. Nothing is changed, nothing sealed of the vault is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import referrals, reveals
from hotline_bridge.accounts import people
from hotline_bridge.errors import Forgotten
from hotline_bridge.flow.stations import AtDesk, desk_of
from hotline_bridge.referrals import Referral
from hotline_bridge.reveals import Reveal
from hotline_bridge.store.engine import transaction

MOST = 50


@dataclass(frozen=True, slots=True)
class Wish:
    """One reveal with the words about it; None where they are forgotten. over: its time has run out."""

    one: Reveal
    reason: str | None
    answer: str | None
    over: bool


@dataclass(frozen=True, slots=True)
class Wishes:
    """names: of the accounts that stand in them; older: the moment before which the next page begins."""

    rows: list[Wish]
    names: dict[UUID, str]
    older: datetime | None = None


@dataclass(frozen=True, slots=True)
class Handed:
    """One referral with the person's words of consent; None where they are forgotten. over: its link's time has run out."""

    one: Referral
    consent: str | None
    over: bool


@dataclass(frozen=True, slots=True)
class HandedOn:
    """names: of the accounts that stand in them; older: the moment before which the next page begins."""

    rows: list[Handed]
    names: dict[UUID, str]
    older: datetime | None = None


async def looked_over(stations: AtDesk, account: UUID, before: datetime | None = None) -> Wishes:
    """The same, opened by a supervisor: what danger has opened is seen from now on."""
    made = await of_everybody(stations, before)
    async with transaction(stations.store.engine) as connection:
        await reveals.mark_seen(connection, account, [wish.one.id for wish in made.rows], stations.clock())
    return made


async def of_everybody(stations: AtDesk, before: datetime | None = None) -> Wishes:
    """All reveals, those that wait for a decision first, then the newest."""
    async with transaction(stations.store.engine, durable=False) as connection:
        found = await reveals.newest(connection, before=before, most=MOST + 1)
        made = await _with_words(stations, connection, found[:MOST])
    older = min(one.asked_at for one in found[:MOST]) if len(found) > MOST else None
    return Wishes(made.rows, made.names, older)


async def of_conversation(stations: AtDesk, conversation: UUID) -> Wishes:
    """Those of one conversation, newest first."""
    async with transaction(stations.store.engine, durable=False) as connection:
        return await _with_words(stations, connection, await reveals.of(connection, conversation))


async def waiting(stations: AtDesk, account: UUID) -> int:
    """How many reveals wait for this supervisor's decision, or were opened in danger and seen by none."""
    async with transaction(stations.store.engine, durable=False) as connection:
        return await reveals.waiting(connection, account, stations.clock())


async def _with_words(stations: AtDesk, connection: AsyncConnection, found: list[Reveal]) -> Wishes:
    rows = []
    for one in found:
        reason, answer = await _words(stations, connection, one)
        rows.append(Wish(one, reason, answer, one.is_over(stations.clock())))
    mentioned = {account for one in found for account in (one.asked_by, one.decided_by) if account is not None}
    return Wishes(rows, await people.names(connection, mentioned))


async def _words(stations: AtDesk, connection: AsyncConnection, one: Reveal) -> tuple[str | None, str | None]:
    try:
        key = await desk_of(stations).key(connection, one.conversation) if one.conversation else None
    except Forgotten:
        key = None
    if key is None:
        return None, None
    return await reveals.sealed(connection, one.id, "reason", key), await reveals.sealed(connection, one.id, "answer", key)


async def referrals_of(stations: AtDesk, conversation: UUID) -> HandedOn:
    """Those of one conversation, newest first."""
    async with transaction(stations.store.engine, durable=False) as connection:
        found = await referrals.of(connection, conversation)
        try:
            key = await desk_of(stations).key(connection, conversation) if found else None
        except Forgotten:
            key = None
        rows = [
            Handed(
                one,
                await referrals.consent(connection, one.id, key) if key is not None else None,
                one.is_over(stations.clock()),
            )
            for one in found
        ]
        return HandedOn(rows, await people.names(connection, _who(found)))


async def referrals_of_everybody(stations: AtDesk, *, only_open: bool, before: datetime | None = None) -> HandedOn:
    """All, newest first, without a word of anybody's."""
    async with transaction(stations.store.engine, durable=False) as connection:
        found = await referrals.newest(connection, only_open=only_open, before=before, most=MOST + 1)
        names = await people.names(connection, _who(found))
    rows = [Handed(one, None, one.is_over(stations.clock())) for one in found[:MOST]]
    return HandedOn(rows, names, rows[-1].one.made_at if len(found) > MOST else None)


def _who(found: list[Referral]) -> set[UUID]:
    return {account for one in found for account in (one.made_by, one.answered_by) if account is not None}
