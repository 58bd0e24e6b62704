"""The trail's rows: added under one lock in the caller's transaction, read, verified, and at last shortened by age.

A step writes its note as the last thing before its commit: the lock is held until then, and whoever takes another lock while
holding this one could wait for somebody who waits for this one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID, uuid4

import structlog
from sqlalchemy import Select, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.audit import chain
from hotline_bridge.audit.chain import START, Checkpoint, Entry, Head, Row, Verdict, Walk
from hotline_bridge.audit.entries import Fact, plain
from hotline_bridge.store.tables import audit, audit_checkpoints, audit_head

log = structlog.get_logger(__name__)
_LOCK = text("SELECT pg_advisory_xact_lock(7744193210054)")  # the one place at the trail's end
_ONE_MOMENT = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
_SHORTEN = text("SELECT audit_shorten(:through, :link, :sealed_at, :mac)")
_OLD = text(
    """
    SELECT max(sequence) FROM audit
    WHERE sequence < coalesce((SELECT min(sequence) FROM audit WHERE at >= :before), (SELECT max(sequence) FROM audit))
    """
)
KEPT_AT_LEAST = timedelta(days=30)  # the database refuses to remove what is younger


class Secret(Protocol):
    """What the trail's key is derived from: the desk's secret."""

    def derive(self, use: str) -> bytes:
        """32 bytes for one use."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are looked for; None is any. by_bridge: only what no account did. until: before this moment."""

    actions: tuple[str, ...] | None = None
    actor: UUID | None = None
    by_bridge: bool = False
    subject: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, newest first; older: the number below which the next page begins, None on the last."""

    rows: tuple[Row, ...]
    older: int | None


async def note(
    connection: AsyncConnection,
    secret: Secret,
    actor: UUID | None,
    action: str,
    subject: UUID | None = None,
    *,
    at: datetime | None = None,
    **facts: Fact,
) -> None:
    """Write down that `actor` (an account; None: the bridge itself) did `action` to `subject`, in the caller's transaction.

    Raises ValueError for what is not foreseen (entries.py). It is the last thing the transaction does.
    """
    key = secret.derive("audit")
    entry = Entry(uuid4(), at or datetime.now(UTC), actor, action, subject, plain(action, facts))
    await connection.execute(_LOCK)
    count, before, whole = await _end(connection, key)
    if not whole:
        # Somebody has touched the end of the trail. That is written down, so that a new head does not cover it.
        log.error("the audit trail was touched", row=count)
        broken = Entry(uuid4(), entry.at, None, "trail_broken", None, plain("trail_broken", {"rows": count}))
        count, before = await _append(connection, key, count, before, broken)
    await _append(connection, key, count, before, entry)


async def _end(connection: AsyncConnection, key: bytes) -> tuple[int, bytes, bool]:
    """Number and link of the last row, and whether the head says the same."""
    found = await head(connection)
    last = (await connection.execute(select(audit.c.sequence, audit.c.link).order_by(audit.c.sequence.desc()).limit(1))).first()
    if found is None and last is None:
        return 0, START, True
    if found is None or last is None:
        return (found.count, found.link, False) if found else (last.sequence, last.link, False)  # type: ignore[union-attr]
    whole = chain.is_genuine(key, found) and (found.count, found.link) == (last.sequence, last.link)
    return last.sequence, last.link, whole


async def _append(connection: AsyncConnection, key: bytes, count: int, before: bytes, entry: Entry) -> tuple[int, bytes]:
    sequence = count + 1
    own = chain.own(key, entry)
    link = chain.link(key, before, sequence, own)
    row = {"sequence": sequence, "own": own, "link": link, **{name: getattr(entry, name) for name in _SAID}}
    await connection.execute(insert(audit).values(**row))
    values = {"sequence": sequence, "link": link, "mac": chain.head_code(key, sequence, link)}
    await connection.execute(
        insert(audit_head).values(one=True, **values).on_conflict_do_update(index_elements=["one"], set_=values)
    )
    return sequence, link


_SAID = ("id", "at", "actor", "action", "subject", "facts")


async def head(connection: AsyncConnection) -> Head | None:
    """How far the trail goes, as its head says."""
    row = (await connection.execute(select(audit_head.c.sequence, audit_head.c.link, audit_head.c.mac))).first()
    return None if row is None else Head(row.sequence, row.link, row.mac)


async def read(connection: AsyncConnection, wanted: Wanted, *, below: int | None = None, most: int = 50) -> Page:
    """A page of what is looked for, newest first, beginning below row `below`."""
    query = select(audit).order_by(audit.c.sequence.desc()).limit(most + 1)
    if below is not None:
        query = query.where(audit.c.sequence < below)
    rows = [_row(r) for r in await connection.execute(_narrowed(query, wanted))]
    return Page(tuple(rows[:most]), rows[most - 1].sequence if len(rows) > most else None)


def _narrowed(query: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.actions is not None:
        query = query.where(audit.c.action.in_(wanted.actions))
    if wanted.actor is not None:
        query = query.where(audit.c.actor == wanted.actor)
    if wanted.by_bridge:
        query = query.where(audit.c.actor.is_(None))
    if wanted.subject is not None:
        query = query.where(audit.c.subject == wanted.subject)
    if wanted.since is not None:
        query = query.where(audit.c.at >= wanted.since)
    return query if wanted.until is None else query.where(audit.c.at < wanted.until)


async def verify(connection: AsyncConnection, secret: Secret, *, seen: Iterable[str] = ()) -> Verdict:
    """Walk through the whole trail. The connection must be at the beginning of its transaction: it sees one moment.

    seen: marks noted earlier (Verdict.mark). A trail that does not pass through one of them was cut off and written anew; one
    that age has removed says nothing any more.
    """
    await connection.execute(_ONE_MOMENT)
    key = secret.derive("audit")
    walk = Walk(key, await _checkpoint(connection))
    noted = set(seen)
    async with connection.stream(select(audit).order_by(audit.c.sequence)) as rows:
        async for some in rows.partitions(1000):
            for r in some:
                walk.take(_row(r))
                noted.discard(chain.mark(r.sequence, r.link))
    verdict = walk.verdict(await head(connection))
    first = verdict.last - verdict.rows
    missed = [n for m in noted if (n := int(m.partition("-")[0])) > first]
    return replace(verdict, fault="removed", row=min(missed)) if missed and verdict.fault is None else verdict


async def shorten(connection: AsyncConnection, secret: Secret, before: datetime) -> int:
    """Remove the rows older than `before`, always from the first on; how many. A sealed checkpoint is left in their place.

    A trail that does not hold is left as it is: it is evidence. Younger than KEPT_AT_LEAST nothing is removed. The caller's
    transaction must be new, as for `verify`.
    """
    verdict = await verify(connection, secret)
    if verdict.fault is not None:
        log.error("the audit trail does not hold and is not shortened", fault=verdict.fault, row=verdict.row)
        return 0
    through = (await connection.execute(_OLD, {"before": min(before, datetime.now(UTC) - KEPT_AT_LEAST)})).scalar()
    if through is None:
        return 0
    link = (await connection.execute(select(audit.c.link).where(audit.c.sequence == through))).scalar_one()
    sealed_at = datetime.now(UTC)
    mac = chain.checkpoint_code(secret.derive("audit"), through, link, sealed_at)
    values = {"through": through, "link": link, "sealed_at": sealed_at, "mac": mac}
    removed: int = (await connection.execute(_SHORTEN, values)).scalar_one()
    return removed


async def _checkpoint(connection: AsyncConnection) -> Checkpoint | None:
    query = select(audit_checkpoints).order_by(audit_checkpoints.c.through.desc()).limit(1)
    row = (await connection.execute(query)).first()
    return None if row is None else Checkpoint(row.through, row.link, row.sealed_at, row.mac)


async def oldest(connection: AsyncConnection) -> datetime | None:
    """The moment of the first row that is left."""
    found: datetime | None = (await connection.execute(select(audit.c.at).order_by(audit.c.sequence).limit(1))).scalar()
    return found


async def count(connection: AsyncConnection) -> int:
    """How many rows there are."""
    return (await connection.execute(select(func.count()).select_from(audit))).scalar_one()


def _row(row: Any) -> Row:
    entry = Entry(row.id, row.at, row.actor, row.action, row.subject, row.facts)
    return Row(row.sequence, entry, row.own, row.link)
