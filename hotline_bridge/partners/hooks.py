"""Webhooks and what is to be delivered to them. On the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.tables import webhook_deliveries, webhooks
from hotline_bridge.vault.sealing import Key

# After the first attempt, the second, …; then eight hours each. The first is longer than an attempt can last.
PAUSES = tuple(timedelta(seconds=s) for s in (20, 60, 300, 900, 3600, 7200, 14400, 28800))
GIVEN_UP_AFTER = timedelta(hours=24)
AT_ONCE = 10  # of one webhook, so that a slow receiver does not hold up the others

_DUE = text(
    """
    UPDATE webhook_deliveries AS d
    SET attempts = d.attempts + 1,
        not_before = now() + (cast(:pauses AS interval[]))[least(d.attempts + 1, :many)] * (1 + random() * 0.2)
    FROM webhooks AS w
    WHERE w.id = d.webhook_id AND w.stopped_at IS NULL AND d.id IN (
        SELECT found.id FROM webhooks AS one, LATERAL (
            SELECT id FROM webhook_deliveries
            WHERE webhook_id = one.id AND state = 'waiting' AND not_before <= now()
            ORDER BY not_before LIMIT :most FOR UPDATE SKIP LOCKED) AS found)
    RETURNING d.id, d.webhook_id, d.body, d.made_at, d.attempts, w.url, w.sealed_secret
    """
)
_GIVE_UP = text(
    """
    UPDATE webhook_deliveries SET state = 'failed', done_at = now()
    WHERE state = 'waiting' AND made_at < now() - cast(:after AS interval) AND not_before <= now() RETURNING id
    """
)


@dataclass(frozen=True, slots=True)
class Webhook:
    """failed, waiting: how many deliveries were given up, and how many are still to be made. last: what the last attempt met."""

    id: UUID
    url: str
    events: tuple[str, ...]
    made_at: datetime
    stopped_at: datetime | None
    failed: int = 0
    waiting: int = 0
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One that is due, taken by this process until its next pause is over."""

    id: UUID
    webhook: UUID
    url: str
    sealed_secret: bytes
    body: str

    def secret(self, key: Key) -> str:
        """What it is signed with. Raises Forgotten when it was sealed under another key."""
        return key.open(f"webhook:{self.webhook}", self.sealed_secret)


async def add(connection: AsyncConnection, key: Key, url: str, events: Sequence[str], secret: str) -> UUID:
    """A webhook; its secret is sealed under `key`."""
    made = uuid4()
    sealed = key.seal(f"webhook:{made}", secret)
    await connection.execute(insert(webhooks).values(id=made, url=url, events=list(events), sealed_secret=sealed))
    return made


async def everything(connection: AsyncConnection) -> list[Webhook]:
    """All of them with the state of their deliveries, the oldest first."""
    d = webhook_deliveries.c
    counts = (
        select(
            d.webhook_id,
            func.count().filter(d.state == "failed").label("failed"),
            func.count().filter(d.state == "waiting").label("waiting"),
            func.max(d.made_at).filter(d.attempts > 0).label("latest"),
        )
        .group_by(d.webhook_id)
        .subquery()
    )
    last = (
        select(d.answer)
        .where(d.webhook_id == webhooks.c.id, d.attempts > 0)
        .order_by(d.made_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(webhooks, func.coalesce(counts.c.failed, 0), func.coalesce(counts.c.waiting, 0), last)
        .outerjoin(counts, counts.c.webhook_id == webhooks.c.id)
        .order_by(webhooks.c.made_at)
    )
    return [
        Webhook(row[0], row[1], tuple(row[2]), row.made_at, row.stopped_at, row[6], row[7], row[8])
        for row in await connection.execute(query)
    ]


async def remove(connection: AsyncConnection, webhook: UUID) -> bool:
    """With everything that was still to be told; False when there is none."""
    done = await connection.execute(delete(webhooks).where(webhooks.c.id == webhook).returning(webhooks.c.id))
    return done.first() is not None


async def try_again(connection: AsyncConnection, webhook: UUID) -> int:
    """What was given up waits anew, for another day; how many. A webhook that was stopped goes on."""
    await connection.execute(update(webhooks).where(webhooks.c.id == webhook).values(stopped_at=None))
    done = await connection.execute(
        update(webhook_deliveries)
        .where(webhook_deliveries.c.webhook_id == webhook, webhook_deliveries.c.state == "failed")
        .values(state="waiting", attempts=0, made_at=func.now(), not_before=func.now(), done_at=None)
        .returning(webhook_deliveries.c.id)
    )
    return len(done.all())


async def due(connection: AsyncConnection) -> list[Delivery]:
    """What is to be sent now. Each is put off first: whoever crashes before it is sent leaves it for after the pause."""
    values = {"pauses": list(PAUSES), "many": len(PAUSES), "most": AT_ONCE}
    rows = await connection.execute(_DUE, values)
    return [Delivery(row.id, row.webhook_id, row.url, row.sealed_secret, row.body) for row in rows]


async def sent(connection: AsyncConnection, delivery: UUID, answer: str) -> None:
    """The receiver has it."""
    await _note(connection, delivery, answer, state="sent", done_at=func.now())


async def missed(connection: AsyncConnection, delivery: UUID, answer: str) -> None:
    """It was not taken; it waits for its next attempt."""
    await _note(connection, delivery, answer)


async def stop(connection: AsyncConnection, delivery: Delivery, answer: str) -> None:
    """The receiver says that it is gone for good (410): nothing is sent there any more."""
    await connection.execute(update(webhooks).where(webhooks.c.id == delivery.webhook).values(stopped_at=func.now()))
    await _note(connection, delivery.id, answer, state="failed", done_at=func.now())


async def give_up(connection: AsyncConnection) -> int:
    """Deliveries that nobody took for a day have failed; how many."""
    return len((await connection.execute(_GIVE_UP, {"after": GIVEN_UP_AFTER})).all())


async def _note(connection: AsyncConnection, delivery: UUID, answer: str, **more: Any) -> None:
    await connection.execute(update(webhook_deliveries).where(webhook_deliveries.c.id == delivery).values(answer=answer, **more))
