"""trail: what every step writes down for the audit, and what is done with the trail as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import audit
from hotline_bridge.accounts import people
from hotline_bridge.accounts.people import Account
from hotline_bridge.audit import Fact, Verdict, Wanted
from hotline_bridge.audit.chain import Entry, Row
from hotline_bridge.flow.stations import AtDesk, desk_of
from hotline_bridge.store.engine import transaction


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the trail. older: below which row the next one begins; accounts: everybody, for the filter; names: of all ids."""

    rows: tuple[Row, ...]
    older: int | None
    accounts: list[Account]
    names: dict[UUID, str]

    def other(self, entry: Entry, fact: str) -> str | None:
        """Who a conversation was handed to, or who had it (holder) when it was taken over."""
        return self.names.get(UUID(entry.facts[fact])) if fact in entry.facts else None


async def note(
    stations: AtDesk, connection: AsyncConnection, actor: UUID | None, action: str, subject: UUID | None = None, **facts: Fact
) -> None:
    """The last thing a step does before its commit; see audit.note. actor: an account, None for the bridge itself."""
    await audit.note(connection, desk_of(stations), actor, action, subject, at=stations.clock(), **facts)


async def verify(stations: AtDesk, actor: UUID | None, *, seen: Iterable[str] = ()) -> Verdict:
    """Prove the whole trail and write down that it was done, with what was found. seen: marks that were noted earlier."""
    async with transaction(stations.store.engine) as connection:
        verdict = await audit.verify(connection, desk_of(stations), seen=seen)
    facts: dict[str, Any] = {"holds": verdict.fault is None, "rows": verdict.rows}
    if verdict.row is not None:
        facts["row"] = verdict.row
    async with transaction(stations.store.engine) as connection:
        await note(stations, connection, actor, "trail_verified", **facts)
    return verdict


async def shorten(stations: AtDesk, before: datetime) -> int:
    """Remove what is older; how many rows."""
    async with transaction(stations.store.engine) as connection:
        removed = await audit.shorten(connection, desk_of(stations), before)
    if removed:
        async with transaction(stations.store.engine) as connection:
            await note(stations, connection, None, "trail_shortened", rows=removed)
    return removed


async def read(stations: AtDesk, wanted: Wanted, below: int | None = None) -> Found:
    """A page of it, newest first, with the names of those who stand in it."""
    async with transaction(stations.store.engine, durable=False) as connection:
        page = await audit.read(connection, wanted, below=below)
        everybody = [one.account for one in await people.everybody(connection)]
    return Found(page.rows, page.older, everybody, {one.id: one.name for one in everybody})
