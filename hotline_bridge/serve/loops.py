"""What a worker runs side by side: the two queues, the sweep, the recovery of a dead worker's jobs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from uuid import UUID

import procrastinate
import structlog

from hotline_bridge import metrics
from hotline_bridge.figures import measures
from hotline_bridge.flow import signs
from hotline_bridge.flow.answer import answer
from hotline_bridge.flow.contact import ask_who_waits
from hotline_bridge.flow.deliver import deliver
from hotline_bridge.flow.erase import erase
from hotline_bridge.flow.expire import by_age
from hotline_bridge.flow.follow_up import record
from hotline_bridge.flow.let_go import carry_out
from hotline_bridge.flow.notify import Outlet, give_up, notify
from hotline_bridge.flow.page import page
from hotline_bridge.flow.publish import compact, publish
from hotline_bridge.flow.stations import Stations
from hotline_bridge.flow.sweep import sweep
from hotline_bridge.flow.unseal import unseal
from hotline_bridge.retention import Limits
from hotline_bridge.store import jobs
from hotline_bridge.tickets.paging import Patience

log = structlog.get_logger(__name__)
HEARTBEAT = 1.0  # seconds; a worker silent for DEAD_AFTER seconds is taken for dead and its jobs go to another
DEAD_AFTER = 4.0
ANSWERS_AT_ONCE = 6  # Rasa's event loop queues unfairly beyond that
SENDS_AT_ONCE = 24
FOR_DESK_AT_ONCE = 2


def register(stations: Stations) -> procrastinate.App:
    """The queue's app with our tasks."""
    queue = stations.store.queue

    def task(name: str, step: Callable[[Stations, UUID], Awaitable[int]]) -> None:
        async def run(conversation: str) -> None:
            began = time.perf_counter()
            try:
                await step(stations, UUID(conversation))
            finally:
                metrics.jobs.labels(name).observe(time.perf_counter() - began)

        # Ten tries within two minutes for faults of our own; then the sweep finds the row again. Never a long pause: a job
        # that waits holds the conversation's lock against the person's next message.
        retry = procrastinate.RetryStrategy(max_attempts=10, wait=1, linear_wait=2)
        queue.task(name=name, queue=name, retry=retry)(run)

    task(jobs.ANSWER, answer)
    task(jobs.DELIVER, deliver)
    task(jobs.REVEAL, unseal)
    task(jobs.REFER, record)
    task(jobs.FORGET, carry_out)
    return queue


async def work(stations: Stations, limits: Limits, stop: asyncio.Event, patience: Patience, outlet: Outlet) -> None:
    """Run until `stop` is set; jobs that run then are finished first."""
    queue = register(stations)
    async with queue.open_async():
        workers = [
            asyncio.create_task(_consume(queue, jobs.ANSWER, ANSWERS_AT_ONCE)),
            asyncio.create_task(_consume(queue, jobs.DELIVER, SENDS_AT_ONCE)),
            asyncio.create_task(_consume(queue, jobs.REVEAL, FOR_DESK_AT_ONCE)),
            asyncio.create_task(_consume(queue, jobs.REFER, FOR_DESK_AT_ONCE, beside=jobs.FORGET)),
        ]
        timed = [
            asyncio.create_task(_every(2.0, lambda: _revive(queue))),
            asyncio.create_task(_every(5.0, lambda: ask_who_waits(stations))),
            asyncio.create_task(_every(10.0, lambda: sweep(stations))),
            asyncio.create_task(_every(min(10.0, patience.after.total_seconds() / 4), lambda: page(stations, patience))),
            asyncio.create_task(_every(5.0, lambda: erase(stations))),
            asyncio.create_task(_every(300.0, lambda: signs.let_go(stations))),
            asyncio.create_task(_every(3600.0, lambda: by_age(stations, limits))),
            asyncio.create_task(_every(3600.0, lambda: _figures(stations))),
            asyncio.create_task(_every(1.0, lambda: notify(stations, outlet))),
            asyncio.create_task(_every(60.0, lambda: give_up(stations))),
        ]
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait([stopping, *workers], return_when=asyncio.FIRST_COMPLETED)
        failed = not stop.is_set()  # a queue nobody works on must end the process, so that it is started anew
        for one in [*timed, *workers]:
            one.cancel()
        await asyncio.gather(*timed, *workers, return_exceptions=True)
        stopping.cancel()
    if failed:
        raise RuntimeError("a queue's worker ended")


async def _consume(queue: procrastinate.App, name: str, at_once: int, *, beside: str | None = None) -> None:
    """beside: a second queue for the same hands, because each consumer holds a connection."""
    await queue.run_worker_async(
        queues=[name, beside] if beside else [name],
        name=name,
        concurrency=at_once,
        install_signal_handlers=False,
        shutdown_graceful_timeout=20,
        delete_jobs="always",  # a finished job would keep saying which conversation was busy when
        update_heartbeat_interval=HEARTBEAT,
        stalled_worker_timeout=DEAD_AFTER,
        fetch_job_polling_interval=1.0,
    )


async def _revive(queue: procrastinate.App) -> None:
    """Give the jobs of a worker that died back to the queue."""
    for job in await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER):
        log.warning("job of a dead worker", job=job.id, task=job.task_name)
        await queue.job_manager.retry_job(job)


async def _figures(stations: Stations) -> None:
    """What a month's end brings, and fewer rows for it."""
    assert stations.renderer
    known = stations.renderer.knowledge
    await compact(stations)
    await publish(stations, measures.parts(list(stations.channels), list(known.topics), list(known.regions)))


async def _every(seconds: float, step: Callable[[], Awaitable[object]]) -> None:
    while True:
        try:
            await step()
        except Exception as error:
            # The loop must go on: the database may be away for a while.
            log.error("timed work failed", error=type(error).__name__)
        await asyncio.sleep(seconds)
