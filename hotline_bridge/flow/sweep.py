"""sweep: what time brings. Finds work whose job was lost, ends forgetting that hangs, forgets the idle, checks the reckoning."""

from __future__ import annotations

from uuid import UUID

import structlog
from sqlalchemy import TextClause, text

from hotline_bridge import conversations, reckoning, referrals, reveals
from hotline_bridge.flow import bounce, follow_up, see, unanswered
from hotline_bridge.flow.forget import forget
from hotline_bridge.flow.lost import give_back_lost
from hotline_bridge.flow.stations import Stations
from hotline_bridge.reckoning import Reckoning
from hotline_bridge.store import days, jobs
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import deciding

log = structlog.get_logger(__name__)


def _without_job(table: str, since: str) -> TextClause:
    """Rows that wait although no job says so: a job table restored from an older backup, or a fault of ours."""
    return text(
        f"""
        SELECT DISTINCT conversation_id FROM {table} AS row
        WHERE status = 'waiting' AND {since} < now() - interval '10 seconds'
          AND NOT EXISTS (
            SELECT 1 FROM procrastinate_jobs
            WHERE lock = :task || ':' || row.conversation_id::text AND status IN ('todo', 'doing'))
        LIMIT 500
        """
    )


_UNANSWERED = _without_job("inbox", "received_at")
_UNSENT = _without_job("outbox", "created_at")
_TODAY = days.of("now()")
_HANGING = text(f"SELECT id FROM conversations WHERE silence = 'forgotten' AND last_seen_on < {_TODAY} LIMIT 500")
# Whose time to decide still runs is not forgotten before it ends: operators remind them of it.
_IDLE = text(
    f"""
    SELECT id FROM conversations AS c
    WHERE last_seen_on < {_TODAY} - cast(:idle AS integer)
      AND NOT EXISTS (SELECT 1 FROM tickets WHERE conversation_id = c.id AND state <> 'closed')
      AND NOT EXISTS (SELECT 1 FROM pagers WHERE conversation_id = c.id)
      AND NOT EXISTS (SELECT 1 FROM decision_times WHERE conversation_id = c.id AND identified_on >= {_TODAY} - {deciding.DAYS})
    LIMIT 500
    """
)


async def sweep(stations: Stations) -> Reckoning:
    """One round; every part may be repeated without harm. Returns the reckoning it checked."""
    await _requeue(stations, jobs.ANSWER, _UNANSWERED)
    await _requeue(stations, jobs.DELIVER, _UNSENT)
    await give_back_lost(stations)
    await unanswered.hand_over(stations)
    await bounce.wait_on(stations)
    await see.end_what_is_over(stations)
    await follow_up.end_what_is_over(stations)
    await _requeue_reveals_and_referrals(stations)
    async with transaction(stations.store.engine) as connection:
        found = await reckoning.take(connection)
    if found.unaccounted:
        log.error("messages do not add up", unaccounted=found.unaccounted, received=found.received, waiting=found.waiting)
    if found.oldest > 60:
        log.error("somebody has waited for an answer", seconds=int(found.oldest), waiting=found.waiting)
    return found


async def forget_idle(stations: Stations, idle: int) -> int:
    """Forget conversations without an open ticket in which nobody wrote for `idle` days; how many."""
    async with transaction(stations.store.engine) as connection:
        ids: list[UUID] = [row.id for row in await connection.execute(_HANGING, days.BOUND)]
        ids += [row.id for row in await connection.execute(_IDLE, {"idle": idle} | days.BOUND)]
        let_go = await conversations.let_go(connection)
    for one in let_go:  # the job was lost
        await forget(stations, one, unless_waiting=True, why="operator")
    return sum([await forget(stations, one, unless_waiting=True, unless_seen_within=idle) for one in ids])


async def _requeue_reveals_and_referrals(stations: Stations) -> None:
    """Sealed values that were granted and what referrals' readers did, where the job was lost."""
    async with transaction(stations.store.engine) as connection:
        for conversation in await reveals.without_job(connection):
            await jobs.defer(stations.store.queue, connection, jobs.REVEAL, conversation)
        unnoted = await referrals.without_job(connection)
    for conversation in unnoted:
        await follow_up.record(stations, conversation)


async def _requeue(stations: Stations, task: str, query: TextClause) -> None:
    async with transaction(stations.store.engine) as connection:
        orphans = [row.conversation_id for row in await connection.execute(query, {"task": task})]
        for conversation in orphans:
            await jobs.defer(stations.store.queue, connection, task, conversation)
    if orphans:
        log.warning("found work without a job", task=task, conversations=len(orphans))
