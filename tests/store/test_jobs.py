"""The queue: a job exists if and only if its transaction commits; one job of a conversation at a time; the sooner first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from procrastinate.jobs import Status

from hotline_bridge.flow.stations import Store
from hotline_bridge.store import jobs
from hotline_bridge.store.engine import transaction
from hotline_bridge.store.jobs import ANSWER, DELIVER

ONE, OTHER = uuid4(), uuid4()


async def defer(store: Store, task: str, conversation: UUID, **more: Any) -> None:
    async with transaction(store.engine) as connection:
        await jobs.defer(store.queue, connection, task, conversation, **more)


@pytest.fixture
async def worker(store: Store) -> int:
    return int(await store.queue.job_manager.register_worker())


async def fetch(store: Store, worker: int, *queues: str) -> Any:
    return await store.queue.job_manager.fetch_job(queues=list(queues) or None, worker_id=worker)


async def finish(store: Store, job: Any) -> None:
    await store.queue.job_manager.finish_job(job, status=Status.SUCCEEDED, delete_job=True)


def soon(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


async def count(store: Store) -> int:
    return len(list(await store.queue.job_manager.list_jobs_async()))


async def test_a_job_appears_when_its_transaction_commits(store: Store) -> None:
    async with transaction(store.engine) as connection:
        await jobs.defer(store.queue, connection, ANSWER, ONE)
        assert await count(store) == 0
    assert await count(store) == 1


async def test_a_job_whose_transaction_is_rolled_back_never_was(store: Store) -> None:
    async def defer_and_fail() -> None:
        async with transaction(store.engine) as connection:
            await jobs.defer(store.queue, connection, ANSWER, ONE)
            raise KeyError

    with pytest.raises(KeyError):
        await defer_and_fail()
    assert await count(store) == 0


async def test_a_job_says_its_conversation_and_nothing_else(store: Store, worker: int) -> None:
    await defer(store, ANSWER, ONE)
    job = await fetch(store, worker)
    assert (job.task_name, job.task_kwargs, job.lock) == ("answer", {"conversation": str(ONE)}, f"answer:{ONE}")


async def test_one_job_of_a_conversation_runs_at_a_time_and_others_do_not_wait_for_it(store: Store, worker: int) -> None:
    for conversation in (ONE, ONE, OTHER):
        await defer(store, ANSWER, conversation)
    first, second = await fetch(store, worker), await fetch(store, worker)
    assert [first.lock, second.lock] == [f"answer:{ONE}", f"answer:{OTHER}"]
    assert await fetch(store, worker) is None
    await finish(store, first)
    assert (await fetch(store, worker)).lock == f"answer:{ONE}"


async def test_answering_and_delivering_in_one_conversation_do_not_wait_for_each_other(store: Store, worker: int) -> None:
    await defer(store, ANSWER, ONE)
    await defer(store, DELIVER, ONE)
    assert (await fetch(store, worker)).task_name == "answer"
    assert (await fetch(store, worker, "deliver")).task_name == "deliver"


async def test_urgent_jobs_come_first(store: Store, worker: int) -> None:
    await defer(store, DELIVER, ONE)
    await defer(store, DELIVER, OTHER, urgent=True)
    assert (await fetch(store, worker)).lock == f"deliver:{OTHER}"


async def test_a_job_for_later_does_not_run_before_its_time(store: Store, worker: int) -> None:
    await defer(store, DELIVER, ONE, at=soon(60))
    assert await fetch(store, worker) is None


async def test_a_job_for_later_does_not_hold_up_one_for_now(store: Store, worker: int) -> None:
    await defer(store, DELIVER, ONE, at=soon(60))
    await defer(store, DELIVER, ONE)
    assert (await fetch(store, worker)).scheduled_at is None


async def test_a_job_for_much_later_does_not_hold_up_one_for_soon(store: Store, worker: int) -> None:
    await defer(store, DELIVER, ONE, at=soon(3600))
    await defer(store, DELIVER, ONE, at=soon(-1))
    found = await fetch(store, worker)
    assert found is not None
    assert found.scheduled_at < soon(0)


async def test_jobs_for_later_stand_behind_those_for_now(store: Store, worker: int) -> None:
    await defer(store, DELIVER, ONE, at=soon(-5))
    await defer(store, DELIVER, OTHER)
    assert (await fetch(store, worker)).lock == f"deliver:{OTHER}"


async def test_a_second_job_for_the_same_moment_is_not_made(store: Store) -> None:
    at = soon(60)
    for _ in range(3):
        await defer(store, DELIVER, ONE, at=at)
    await defer(store, DELIVER, OTHER, at=at)
    await defer(store, DELIVER, ONE, at=at + timedelta(seconds=1))
    assert await count(store) == 3


async def test_the_order_of_moments_fits_the_queue_for_decades(store: Store) -> None:
    for year in (2027, 2050, 2090):
        await defer(store, DELIVER, ONE, at=datetime(year, 1, 1, tzinfo=UTC))
    priorities = [job.priority for job in await store.queue.job_manager.list_jobs_async()]
    assert sorted(priorities, reverse=True) == priorities
    assert len(set(priorities)) == 3
