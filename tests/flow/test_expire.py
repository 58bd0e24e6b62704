"""expire: each class goes after its days and not before; what stays adds up, keeps its order and can still be proven."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from fakes_bridge import Clock, ask
from people import Person

from hotline_bridge import audit, reckoning
from hotline_bridge.accounts import sessions
from hotline_bridge.figures import counting
from hotline_bridge.figures.periods import Period
from hotline_bridge.flow import trail
from hotline_bridge.flow.expire import expire
from hotline_bridge.flow.stations import Stations, desk_of
from hotline_bridge.retention import Limits
from hotline_bridge.store import engine, roles
from hotline_bridge.store.engine import transaction

LIMITS = Limits()
DANGER = "убивают"


async def aged(stations: Stations, table: str, column: str, days: int) -> None:
    await ask(stations, f"UPDATE {table} SET {column} = now() - make_interval(days => :d)", d=days)


async def rows(stations: Stations, table: str) -> int:
    return int((await ask(stations, f"SELECT count(*) AS n FROM {table}"))[0].n)


async def closed(stations: Stations, days: int) -> None:
    await ask(stations, "UPDATE tickets SET state = 'closed', outcome = 'helped'")
    await aged(stations, "tickets", "closed_at", days)
    await aged(stations, "tickets", "opened_at", days)


async def unaccounted(stations: Stations) -> tuple[int, int]:
    async with transaction(stations.store.engine) as connection:
        found = await reckoning.take(connection)
    return found.unaccounted, found.received


@pytest.mark.parametrize(("days", "left"), [(6, 1), (8, 0)])
async def test_delivery_records_become_counts_after_their_days(person: Person, stations: Stations, days: int, left: int) -> None:
    await person.asks("что")
    await aged(stations, "inbox", "received_at", days)
    await aged(stations, "outbox", "created_at", days)
    await aged(stations, "outbox", "sent_at", days)
    await expire(stations, LIMITS)
    assert (await rows(stations, "inbox"), await rows(stations, "outbox")) == (left, left)
    assert await unaccounted(stations) == (0, 1)


async def test_what_waits_is_no_record_however_old(person: Person, stations: Stations) -> None:
    await person.writes("что")
    await aged(stations, "inbox", "received_at", 99)
    await expire(stations, LIMITS)
    assert await rows(stations, "inbox") == 1


@pytest.mark.parametrize(("days", "left"), [(29, True), (31, False)])
async def test_what_operators_have_of_a_closed_case_goes_after_its_days(
    person: Person, stations: Stations, days: int, left: bool
) -> None:
    await person.asks(DANGER)
    await closed(stations, days)
    for table in ("transcript", "ticket_events"):
        await aged(stations, table, "at", days)
    await expire(stations, LIMITS)
    assert (await rows(stations, "transcript") > 0) is left
    (ticket,) = await ask(stations, "SELECT conversation_id, turn_id, code_hash FROM tickets")
    assert [value is not None for value in ticket] == [left] * 3
    assert await rows(stations, "vault.keys") == 1  # the person is still here, and is answered


async def test_an_open_case_is_kept_however_old(person: Person, stations: Stations) -> None:
    await person.asks(DANGER)
    await aged(stations, "transcript", "at", 400)
    await expire(stations, LIMITS)
    assert await rows(stations, "transcript") == 2
    assert [r.conversation_id is not None for r in await ask(stations, "SELECT conversation_id FROM tickets")] == [True]


async def test_a_ticket_is_bare_once_its_month_and_gone_once_its_year_is_published(person: Person, stations: Stations) -> None:
    await person.asks(DANGER)
    await closed(stations, 40)
    await ask(stations, "UPDATE tickets SET language = 'ru', region = 'R-TUR'")
    await expire(stations, LIMITS)
    assert [tuple(r) for r in await ask(stations, "SELECT language, region FROM tickets")] == [("ru", "R-TUR")]
    publish = "INSERT INTO releases (period, counts, shown) SELECT to_char(opened_at, :p), '{}', '{}' FROM tickets"
    await ask(stations, publish, p="YYYY-MM")
    await expire(stations, LIMITS)
    assert [tuple(r) for r in await ask(stations, "SELECT language, region FROM tickets")] == [(None, None)]
    await ask(stations, publish, p="YYYY")
    await expire(stations, LIMITS)
    assert await rows(stations, "tickets") == 0


async def test_how_long_somebody_waited_stays_in_the_figures_when_the_hour_is_gone(person: Person, stations: Stations) -> None:
    await person.asks(DANGER)
    taken = "'2026-10-03 00:20:00+05'"
    await ask(
        stations,
        f"UPDATE tickets SET state = 'closed', outcome = 'helped', opened_at = '2026-10-02 23:50:00+05', "
        f"taken_at = {taken}, closed_at = {taken}",
    )
    await expire(stations, Limits(closed=3650))
    async with transaction(stations.store.engine) as connection:
        found = await counting.times(connection, Period("2026-10"))
    assert found["taken/class/danger"] == (1800, 1800)


@pytest.mark.parametrize(("days", "left"), [(0, 1), (2, 0)])
async def test_sign_in_records_go_after_their_days(stations: Stations, days: int, left: int) -> None:
    one = "00000000-0000-0000-0000-00000000000a"
    await ask(stations, "INSERT INTO console.accounts (id, login, name, role) VALUES (:i, 'a', 'A', 'operator')", i=one)
    at = datetime.now(UTC) - timedelta(days=days)
    await ask(stations, "INSERT INTO console.sessions VALUES ('t', :i, :a, :a, :a)", i=one, a=at)
    await ask(
        stations,
        "INSERT INTO console.invitations (id, token_hash, name, role, created_at, expires_at) "
        "VALUES (:i, 't', 'A', 'operator', :a, :a)",
        i=one,
        a=at,
    )
    await ask(stations, "INSERT INTO console.sign_in_throttle VALUES ('k', 1, :a, :a)", a=at)
    await expire(stations, LIMITS)
    for table in ("console.sessions", "console.invitations", "console.sign_in_throttle"):
        assert await rows(stations, table) == left, table
    assert await rows(stations, "console.accounts") == 1


async def test_nobody_else_removes_sign_in_records(stations: Stations) -> None:
    one = "00000000-0000-0000-0000-00000000000a"
    await ask(stations, "INSERT INTO console.accounts (id, login, name, role) VALUES (:i, 'a', 'A', 'operator')", i=one)
    at = datetime.now(UTC) - timedelta(days=3)
    await ask(stations, "INSERT INTO console.sessions VALUES ('t', :i, :a, :a, :a)", i=one, a=at)
    async with transaction(stations.store.engine) as connection:
        await sessions.begin(connection, UUID(one), stations.clock())
    await expire(stations, Limits(sign_in=4))
    assert await rows(stations, "console.sessions") == 2
    await expire(stations, Limits(sign_in=2))
    assert await rows(stations, "console.sessions") == 1


async def test_memory_that_was_written_after_its_conversation_had_gone_goes(person: Person, stations: Stations) -> None:
    conversation = await person.asks("что")
    for one in (conversation, UUID(int=1)):
        await ask(stations, "INSERT INTO dialogue.memory VALUES (:c, 't', '{}', NULL, now()) ON CONFLICT DO NOTHING", c=one)
    await expire(stations, LIMITS)
    assert [row.conversation for row in await ask(stations, "SELECT conversation FROM dialogue.memory")] == [conversation]


async def test_the_audit_is_dropped_after_its_days_and_what_is_left_can_be_proven(stations: Stations, clock: Clock) -> None:
    async with transaction(stations.store.engine) as connection:
        for days in (100, 95, 10):
            at = stations.clock() - timedelta(days=days)
            await audit.note(connection, desk_of(stations), None, "claimed", at=at)
    await expire(stations, LIMITS)
    verdict = await trail.verify(stations, None)
    assert verdict.fault is None
    # the third, and that two were dropped
    assert (verdict.rows, verdict.last) == (2, 4)
    await expire(stations, LIMITS)
    assert (await trail.verify(stations, None)).rows == 3  # nothing more is dropped, and nothing is written about it


async def test_reveals_and_referrals_lose_what_was_sealed_with_the_case_and_go_with_the_audit(
    person: Person, stations: Stations
) -> None:
    conversation: UUID = await person.asks("что")
    await ask(
        stations,
        "INSERT INTO reveals (id, conversation_id, what, state, danger, sealed_reason, asked_by, asked_at, expires_at) "
        "VALUES (:c, :c, 'PHONE_1', 'erased', false, 's', :c, now() - interval '31 days', now())",
        c=conversation,
    )
    await expire(stations, LIMITS)
    assert [tuple(r) for r in await ask(stations, "SELECT conversation_id, sealed_reason FROM reveals")] == [(None, None)]
    await aged(stations, "reveals", "asked_at", 91)
    await expire(stations, LIMITS)
    assert await rows(stations, "reveals") == 0


async def test_the_worker_may_do_all_of_it(stations: Stations, database: str) -> None:
    as_worker = engine.create(roles.as_role(database, "worker"), size=1)
    try:
        await expire(replace(stations, store=replace(stations.store, engine=as_worker)), LIMITS)
    finally:
        await as_worker.dispose()
