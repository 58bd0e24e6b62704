"""Many people at once: the time to acknowledge and to answer, and how many are too many."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from math import inf
from typing import Any

from bench import processes
from bench.answers import Answers, answers
from bench.figures import Figure, Goal, percentile, percentiles
from bench.installation import Komek, helper
from bench.people import BySms, ByTelegram, Writer
from bench.questions import of_person

RATE = 30  # messages a second
CONVERSATIONS = 300
STEP, HIGHEST = 10, 300
WARM_UP = 4.0  # seconds, not counted: connections are opened, caches filled
LIMIT = 1.0  # seconds; p95 at the highest rate stays under it


@dataclass(frozen=True, slots=True)
class Run:
    """One load. acknowledged, answered: seconds from the moment each message was due; infinite for never."""

    acknowledged: list[float]
    answered: list[float]
    found: Answers
    late: float  # p99 of the generator's own delay, seconds
    busy: float  # the generator's share of a core
    work: dict[str, float] = field(default_factory=dict)  # role -> seconds of processor time a message
    unhelped: int = 0  # conversations that were told only that the assistant does not answer

    @property
    def refused(self) -> int:
        """Messages that were not acknowledged at all."""
        return sum(one == inf for one in self.acknowledged)

    def remark(self) -> str:
        """What a reader must know to judge the figures."""
        return (
            f"{len(self.acknowledged)} messages, {self.refused} not acknowledged, {self.found.lost} not answered, "
            f"{len(self.found.silent)} rightly met with silence, {self.unhelped} people told that the assistant is silent; "
            f"generator late by {1000 * self.late:.1f} ms at p99, {100 * self.busy:.0f} % of a core"
        )


def at_goal(komek: Komek, seconds: float) -> list[Figure]:
    """30 messages a second by Telegram from 300 people, one after the other."""
    write = ByTelegram(komek.system)
    _run(komek, write, RATE, min(WARM_UP, seconds), first=100_000)
    run = _run(komek, write, RATE, seconds)
    how = f"{RATE}/s for {seconds:.0f} s by Telegram from {CONVERSATIONS} people; {run.remark()}"
    acknowledged = {50: None, 95: None, 99: Goal("<", 50)}
    answered = {50: None, 95: Goal("<", 250)}
    return [
        *percentiles("ack", "webhook to acknowledgement", run.acknowledged, acknowledged, how),
        *percentiles("journey", "webhook to send call", run.answered, answered, f"the same load; {_pace(run)}"),
        *(Figure("journey", f"processor time a message, {name}", 1000 * cost, "ms") for name, cost in sorted(run.work.items())),
        Figure("journey", "processor time a message, all", 1000 * sum(run.work.values()), "ms"),
    ]


def highest(komek: Komek, seconds: float) -> list[Figure]:
    """The highest rate, in steps of 10, at which p95 stays under a second. By SMS, because Telegram's pace ends at 30."""
    tried: dict[int, float] = {}
    rate, step = RATE, STEP
    while STEP <= rate <= HIGHEST:
        run = _run(komek, BySms(), rate, seconds, first=rate * 1000)
        # "The assistant is silent" is quickly said, and is no answer.
        tried[rate] = inf if run.unhelped or run.refused else percentile(run.answered, 0.95)
        good = tried[rate] < LIMIT
        if not good and rate == RATE:
            step = -STEP  # too much already: look below
        if good != (step > 0):
            break
        rate += step
    best = max((rate for rate, p95 in tried.items() if p95 < LIMIT), default=0)
    steps = ", ".join(f"{rate}/s {1000 * p95:.0f} ms" for rate, p95 in sorted(tried.items()))
    note = f"by Kannel, its pace set to 1000/s; {seconds:.0f} s each, p95: {steps}"
    return [Figure("highest", "highest rate with p95 under 1 s", best, "/s", None, note)]


def _pace(run: Run) -> str:
    replies = run.found.replies / max(1, len(run.found.first))
    return f"{replies:.2f} replies a message; Telegram's own pace lets {RATE} replies a second through and no more"


def _run(komek: Komek, write: Writer, rate: int, seconds: float, first: int = 0) -> Run:
    """Load of `rate` messages a second on a fixed schedule, every person in turn; ends when all is answered."""
    total = max(1, int(rate * seconds))
    letters = [write(first + n % CONVERSATIONS, of_person(first + n % CONVERSATIONS, n // CONVERSATIONS)) for n in range(total)]
    unhelped = _unhelped(komek)
    since, before = len(komek.calls()), _work(komek)
    made = _generate(komek, [one.planned(n / rate) for n, one in enumerate(letters)])
    komek.settle()
    after = _work(komek)
    unhelped = _unhelped(komek) - unhelped
    found = answers(komek.system, letters, komek.calls(since))
    return Run(
        [call["took"] if call["status"] == 200 else inf for call in made["calls"]],
        [found.first[one.id] - made["began"] - n / rate for n, one in enumerate(letters) if one.id in found.first],
        found,
        percentile([call["late"] for call in made["calls"]], 0.99),
        made["busy"],
        {name: (after[name] - before.get(name, 0.0)) / total for name in after},
        unhelped,
    )


def _generate(komek: Komek, calls: list[dict[str, Any]]) -> dict[str, Any]:
    process = helper("bench.generator")
    try:
        said, _ = process.communicate(json.dumps({"base": komek.system.web_url, "calls": calls}).encode(), timeout=600)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    return dict(json.loads(said))


def _unhelped(komek: Komek) -> int:
    return int(komek.system.ask("SELECT count(*) FROM tickets WHERE need = 'assistant_silent'")[0][0])


def _work(komek: Komek) -> dict[str, float]:
    """Seconds of processor time so far, by role; nothing where the system does not tell."""
    found: dict[str, float] = defaultdict(float)
    for pid, name in komek.pids().items():
        if (seconds := processes.worked(pid)) is not None:
            found[name] += seconds
    return dict(found)
