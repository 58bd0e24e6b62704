"""The work queue: tasks, each for one conversation, deferred in the transaction that stores the row.

A job says only "there is work in this conversation"; the work itself is the waiting rows, taken in their order. So a job
that runs twice, late or for nothing does no harm, and a row whose job was lost is found by the sweep.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import procrastinate
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.store.engine import driver

ANSWER, DELIVER = "answer", "deliver"
FORGET = "forget"  # by an operator's order
REVEAL, REFER = "reveal", "refer"  # for the desk: open what was granted; write down what a referral's reader did
_YEAR_ZERO = 1_767_225_600  # 2026-01-01: seconds since then fit a priority for 68 years
_STANDS = text("SELECT 1 FROM procrastinate_jobs WHERE lock = :lock AND status = 'todo' AND scheduled_at = :at LIMIT 1")


def connector(url: str, *, size: int = 6) -> procrastinate.PsycopgConnector:
    """Procrastinate's own pool on the same database, for taking and finishing jobs; those are deferred on our connections.

    Its commits do not wait for the disk: a job that was taken or finished twice does no harm.
    """
    return procrastinate.PsycopgConnector(
        conninfo=url, min_size=1, max_size=size, kwargs={"options": "-c synchronous_commit=off"}
    )


async def defer(
    app: procrastinate.App,
    connection: AsyncConnection,
    task: str,
    conversation: UUID,
    *,
    at: datetime | None = None,
    urgent: bool = False,
) -> None:
    """Put a job into the queue in the transaction of `connection`; it exists if and only if that commits.

    A second job for the very moment `at` would find nothing to do, and is not made.
    """
    lock = f"{task}:{conversation}"
    if at is not None and (await connection.execute(_STANDS, {"lock": lock, "at": at})).first():
        return
    # A waiting job holds the lock against those of lower priority, so the sooner goes first: a job for later stands
    # behind those for now, and a message that steps aside for an hour behind one that is tried again in seconds.
    priority = _YEAR_ZERO - int(at.timestamp()) if at else 10 if urgent else 0
    await app.configure_task(
        task,
        queue=task,
        lock=lock,
        schedule_at=at,
        priority=priority,
        connection=await driver(connection),
    ).defer_async(conversation=str(conversation))
