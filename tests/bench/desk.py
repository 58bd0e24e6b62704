"""The operators' console under load: 100,000 tickets stored, 50 operators with the queue open, 10 messages a second arriving."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

import httpx
from journeys.operator import Operator

from bench.figures import Figure, Goal, percentiles
from bench.installation import Komek, Served, helper
from bench.people import ByTelegram
from bench.questions import of_person
from hotline_bridge.console import cookies

STORED, OPEN = 100_000, 300
OPERATORS, RATE = 50, 10
OPENING = 10  # seconds until all screens are open; then the messages begin
CRIES_EVERY = 10  # of the messages that arrive each tenth is a cry for help: a new ticket, above all others in the queue
CRY = "меня бьют, помогите"
_ROW = re.compile(r'data-row="([^"]+)" data-look="([^"]+)"')
# Closed tickets of people who are forgotten, as years of work leave them; and those of people who wait now.
CLOSED = f"""
    INSERT INTO tickets (id, need, state, language, channel, opened_at, waiting_since, taken_at, answered_at, closed_at, outcome)
    SELECT gen_random_uuid(), (ARRAY['talk_to_operator', 'danger_now', 'not_understood'])[1 + mod(n, 3)], 'closed',
           (ARRAY['kk', 'ru', 'uz', 'tg'])[1 + mod(n, 4)], 'telegram', at, at, at + interval '9 minutes',
           at + interval '11 minutes', at + interval '2 hours', 'informed'
    FROM (SELECT n, now() - n * interval '5 minutes' AS at FROM generate_series(1, {STORED - OPEN}) AS n) AS past
"""
WAITING = f"""
    WITH people AS (
      INSERT INTO conversations (id, channel, language)
      SELECT gen_random_uuid(), 'telegram', (ARRAY['kk', 'ru', 'uz', 'tg'])[1 + mod(n, 4)] FROM generate_series(1, {OPEN}) AS n
      RETURNING id, language, channel)
    INSERT INTO tickets (id, conversation_id, need, language, channel)
    SELECT gen_random_uuid(), id, 'talk_to_operator', language, channel FROM people
"""


_MARK = re.compile(r'data-mark="(\w*)"')
VIEW = "tab=free&language=all"


@dataclass
class Seen:
    """What one operator's screen showed, and when. mark, looks: of its rows; pages: seconds that the queue page took."""

    mark: str = ""
    looks: dict[str, str] = field(default_factory=dict)
    first: dict[UUID, float] = field(default_factory=dict)
    pages: list[float] = field(default_factory=list)
    fragments: list[float] = field(default_factory=list)
    exchanged: int = 0  # changes that the stream brought
    failed: int = 0
    broken: int = 0  # streams that ended before the measuring did


def stored(system: Served) -> None:
    """The tickets, before anything is started."""
    system.do(CLOSED)
    system.do(WAITING)
    system.do("ANALYZE")


def measure(komek: Komek, seconds: float) -> list[Figure]:
    """The load, with every screen open."""
    operators = [Operator(komek.system, f"Operator {n}") for n in range(OPERATORS)]
    total = max(CRIES_EVERY, int(RATE * seconds))
    write = ByTelegram(komek.system)
    letters = [
        write(400_000 + n, CRY if n % CRIES_EVERY == 0 else of_person(n, 0)).planned(OPENING + 2 + n / RATE) for n in range(total)
    ]
    generator = helper("bench.generator")
    assert generator.stdin is not None
    generator.stdin.write(json.dumps({"base": komek.system.web_url, "calls": letters}).encode())
    generator.stdin.close()
    try:
        screens = asyncio.run(_watch(operators, OPENING + seconds + 6))
    finally:
        if generator.stdout is not None:
            generator.stdout.read()  # its report; a full pipe would keep it from ending
        generator.wait(60)
    komek.settle()
    return _figures(komek, screens, seconds)


async def _watch(operators: list[Operator], seconds: float) -> list[Seen]:
    limits = httpx.Limits(max_connections=4 * OPERATORS)
    until = time.monotonic() + seconds
    async with httpx.AsyncClient(base_url=operators[0].system.console_url, timeout=30, limits=limits, trust_env=False) as client:
        return await asyncio.gather(*(_screen(client, one, n, until) for n, one in enumerate(operators)))


async def _screen(client: httpx.AsyncClient, operator: Operator, number: int, until: float) -> Seen:
    """One queue that stays open and is sent the rows that change, and every 10 s another that is opened."""
    seen, headers = Seen(), {"cookie": f"{cookies.SESSION}={operator.token}"}
    await asyncio.sleep(number * OPENING / OPERATORS)
    _show(seen, await _fetch(client, headers, seen, f"/queue?{VIEW}", seen.pages))
    opening = asyncio.create_task(_open(client, headers, seen, until))
    with suppress(TimeoutError):
        async with asyncio.timeout(until - time.monotonic()):
            while True:  # as a browser does, again when the stream breaks off
                with suppress(httpx.HTTPError):
                    await _listen(client, headers, seen)
                seen.broken += 1
                await asyncio.sleep(1)
    await opening
    return seen


async def _listen(client: httpx.AsyncClient, headers: dict[str, str], seen: Seen) -> None:
    """As live.js and queue.js do: what changed comes in the stream, and all is fetched when that does not fit what is shown."""
    event = ""
    async with client.stream("GET", f"/live?{VIEW}&rows={seen.mark}", headers=headers) as stream:
        async for line in stream.aiter_lines():
            if line.startswith("event:"):
                event = line.removeprefix("event:").strip()
            elif line.startswith("data:") and (event == "queue" or (event == "rows" and not _exchanged(seen, line[5:]))):
                _show(seen, await _fetch(client, headers, seen, f"/queue/rows?{VIEW}", seen.fragments))


def _exchanged(seen: Seen, data: str) -> bool:
    """Whether the change fitted what the screen shows; then it shows it."""
    told = json.loads(data)
    mark, rows = told["mark"], told["rows"]
    if mark == seen.mark:
        return True
    if rows is None or any(seen.looks.get(name) != look and name not in rows["rows"] for name, look in rows["looks"].items()):
        return False
    seen.mark, seen.looks = mark, rows["looks"]
    seen.exchanged += 1
    _note(seen, rows["rows"])
    return True


def _note(seen: Seen, shown: Iterable[str]) -> None:
    now = time.time()
    for one in shown:
        seen.first.setdefault(UUID(one), now)


async def _open(client: httpx.AsyncClient, headers: dict[str, str], seen: Seen, until: float) -> None:
    while time.monotonic() < until:
        await asyncio.sleep(10)
        await _fetch(client, headers, seen, f"/queue?{VIEW}", seen.pages)


def _show(seen: Seen, page: str) -> None:
    """Whole, as it was fetched."""
    if mark := _MARK.search(page):
        seen.mark, seen.looks = mark[1], dict(_ROW.findall(page))
        _note(seen, seen.looks)


async def _fetch(client: httpx.AsyncClient, headers: dict[str, str], seen: Seen, path: str, times: list[float]) -> str:
    """The page; nothing when there was none."""
    began = time.perf_counter()
    try:
        answer = await client.get(path, headers=headers)
    except httpx.HTTPError:
        seen.failed += 1
        return ""
    finally:
        times.append(time.perf_counter() - began)
    seen.failed += answer.status_code != 200
    return answer.text


def _figures(komek: Komek, screens: list[Seen], seconds: float) -> list[Figure]:
    opened = dict(
        komek.system.ask(
            "SELECT conversation_id, extract(epoch FROM min(opened_at))::float FROM tickets "
            "WHERE need = 'danger_now' AND turn_id IS NOT NULL GROUP BY 1"
        )
    )
    shown = [screen.first[one] - at for one, at in opened.items() for screen in screens if one in screen.first]
    missing = len(opened) * len(screens) - len(shown)
    how = (
        f"{STORED} tickets stored, {OPEN} open, {OPERATORS} screens, {RATE} messages/s for {seconds:.0f} s; "
        f"{len(opened)} new tickets, {missing} not seen by a screen, {sum(s.failed for s in screens)} answers that were not 200, "
        f"{sum(s.broken for s in screens)} streams that broke off, {sum(s.exchanged for s in screens)} changes brought by them"
    )
    pages = [one for screen in screens for one in screen.pages]
    fragments = [one for screen in screens for one in screen.fragments]
    return [
        *percentiles("console", "queue page", pages, {50: None, 95: Goal("<", 150)}, how),
        *(percentiles("console", "rows of the queue, fetched whole", fragments, {50: None, 95: None}, "") if fragments else []),
        *percentiles("console", "new ticket on an open screen", shown, {50: None, 95: Goal("<", 500)}, ""),
    ]
