"""receive: stored or not acknowledged, once however often it comes."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import procrastinate
import pytest
import sqlalchemy.exc
from fakes_bridge import ask, inbound

from hotline_bridge import bootstrap, reckoning
from hotline_bridge.channels.base import Parsed
from hotline_bridge.flow.receive import MAX_LETTERS, receive
from hotline_bridge.flow.stations import Stations, Store
from hotline_bridge.messages import Channel, StatusReport
from hotline_bridge.store import engine, jobs, roles
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import paging
from hotline_bridge.vault import marks


async def test_a_message_is_stored_with_its_job_and_its_arrival(stations: Stations) -> None:
    assert await receive(stations, Parsed((inbound("помогите"),))) == 1
    assert [r.status for r in await ask(stations, "SELECT status FROM inbox")] == ["waiting"]
    rows = await ask(stations, "SELECT task_name, lock, args FROM procrastinate_jobs")
    conversation = (await ask(stations, "SELECT id FROM conversations"))[0].id
    assert [(r.task_name, r.lock, r.args) for r in rows] == [
        ("answer", f"answer:{conversation}", {"conversation": str(conversation)})
    ]
    assert (await ask(stations, "SELECT count(*) AS n FROM arrivals"))[0].n == 1


async def test_the_same_message_sent_again_is_taken_and_changes_nothing(stations: Stations) -> None:
    one = inbound("помогите")
    assert await receive(stations, Parsed((one,))) == 1
    assert await receive(stations, Parsed((one, one))) == 0
    for table in ("inbox", "arrivals", "procrastinate_jobs", "conversations"):
        assert (await ask(stations, f"SELECT count(*) AS n FROM {table}"))[0].n == 1


async def test_the_same_number_from_two_providers_is_two_messages(stations: Stations) -> None:
    both = (inbound(number="7"), inbound(number="7", channel=Channel.TWILIO))
    assert await receive(stations, Parsed(both)) == 2


async def test_a_message_sent_twenty_times_at_once_is_stored_once(stations: Stations) -> None:
    one = Parsed((inbound(),))
    assert sum(await asyncio.gather(*(receive(stations, one) for _ in range(20)))) == 1
    assert (await ask(stations, "SELECT count(*) AS n FROM inbox"))[0].n == 1


async def test_the_internets_listener_needs_no_right_to_read_a_word_or_an_address(stations: Stations, database: str) -> None:
    its = engine.create(roles.as_role(database, "web"), size=2)
    there = replace(stations, store=replace(stations.store, engine=its))
    one = inbound("помогите", reference="7")
    try:
        assert await receive(there, Parsed((one,))) == 1
        assert await receive(there, Parsed((one, inbound("ещё")))) == 1
        assert await receive(there, Parsed((inbound(who="another"),))) == 1
        await receive(there, Parsed(tuple(inbound(f"{n}", who="many") for n in range(22))))
        async with transaction(its) as connection:
            assert (await reckoning.take(connection)).waiting == 25
    finally:
        await its.dispose()
    rows = await ask(stations, "SELECT conversation_id, position, crowded FROM inbox ORDER BY position")
    assert [row.position for row in rows][:4] == [1, 1, 1, 2]
    assert len({row.conversation_id for row in rows}) == 3
    assert any(row.crowded for row in rows)


async def test_nor_to_change_whose_a_ticket_is_or_who_is_written_to(stations: Stations, database: str) -> None:
    """What the listener does beside storing: it notes what providers report, and counts for its metrics."""
    its = engine.create(roles.as_role(database, "web"), size=2)
    there = replace(stations, store=replace(stations.store, engine=its))
    await receive(stations, Parsed((inbound(),)))
    digest = marks.of_reference(stations.vault.root, Channel.TWILIO, "SM1")
    made = "INSERT INTO webhooks (id, url, events, sealed_secret) VALUES (gen_random_uuid(), 'https://x', '{ticket.opened}', '')"
    await ask(stations, made)
    await ask(
        stations,
        "INSERT INTO outbox (id, conversation_id, channel, reference_hash, status) "
        "SELECT gen_random_uuid(), id, 'twilio', :digest, 'sent' FROM conversations",
        digest=digest,
    )
    try:
        for _ in range(2):
            await ask(stations, "UPDATE outbox SET status = 'sent'")
            await receive(there, Parsed(statuses=(StatusReport(Channel.TWILIO, "SM1", "failed", "30003"),)))
        async with transaction(its) as connection:
            assert await paging.longest_wait(connection, stations.clock()) == 0
    finally:
        await its.dispose()
    assert [row.need for row in await ask(stations, "SELECT need FROM tickets")] == ["undeliverable"]
    assert (await ask(stations, "SELECT count(*) AS n FROM webhook_deliveries"))[0].n == 1


async def test_two_messages_of_a_new_person_at_once_make_one_conversation(stations: Stations) -> None:
    await asyncio.gather(*(receive(stations, Parsed((inbound(who="new"),))) for _ in range(8)))
    assert (await ask(stations, "SELECT count(*) AS n FROM conversations"))[0].n == 1
    assert (await ask(stations, "SELECT count(*) AS n FROM inbox"))[0].n == 8


async def test_two_new_people_at_once_get_a_conversation_each(stations: Stations) -> None:
    await asyncio.gather(*(receive(stations, Parsed((inbound(who=who),))) for who in ("a", "b")))
    assert (await ask(stations, "SELECT count(DISTINCT conversation_id) AS n FROM inbox"))[0].n == 2


async def test_with_the_database_lost_it_raises_so_that_nothing_is_acknowledged(stations: Stations) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    lost = Store(engine.create(nowhere), procrastinate.App(connector=jobs.connector(nowhere)))
    with pytest.raises(sqlalchemy.exc.OperationalError):
        await receive(Stations(lost, stations.vault), Parsed((inbound(),)))


async def test_when_the_job_cannot_be_deferred_the_message_is_not_stored_either(stations: Stations) -> None:
    await ask(stations, "ALTER TABLE procrastinate_jobs ADD CONSTRAINT full_disk CHECK (false)")
    with pytest.raises(procrastinate.exceptions.ConnectorException):
        await receive(stations, Parsed((inbound(),)))
    for table in ("inbox", "arrivals", "conversations"):
        assert (await ask(stations, f"SELECT count(*) AS n FROM {table}"))[0].n == 0


async def test_an_endless_message_is_kept_to_twenty_thousand_letters(stations: Stations) -> None:
    await receive(stations, Parsed((inbound("я" * 50_000),)))
    row = (await ask(stations, "SELECT id, conversation_id, sealed_text FROM inbox"))[0]
    async with transaction(stations.store.engine) as connection:
        key = await stations.vault.key(connection, row.conversation_id)
    assert MAX_LETTERS == 20_000
    assert key.open(f"inbox:{row.id}", row.sealed_text) == "я" * 20_000


@pytest.mark.parametrize("text", ["", "\0", "\ud800 half", "\u202egnol", "😀" * 500])
async def test_any_text_is_stored_as_it_came(stations: Stations, text: str) -> None:
    await receive(stations, Parsed((inbound(text),)))
    row = (await ask(stations, "SELECT id, conversation_id, sealed_text FROM inbox"))[0]
    async with transaction(stations.store.engine) as connection:
        assert (await stations.vault.key(connection, row.conversation_id)).open(f"inbox:{row.id}", row.sealed_text) == text


async def test_a_status_of_a_message_that_is_not_ours_changes_nothing(stations: Stations) -> None:
    assert await receive(stations, Parsed(statuses=(StatusReport(Channel.TWILIO, "unknown", "failed", "30003"),))) == 0


async def test_what_arrived_waits_and_every_message_is_accounted_for(stations: Stations) -> None:
    await receive(stations, Parsed(tuple(inbound() for _ in range(3))))
    async with transaction(stations.store.engine) as connection:
        found = await reckoning.take(connection)
    assert (found.received, found.waiting, found.unaccounted) == (3, 3, 0)


async def test_words_of_danger_go_before_the_others_in_the_queue(stations: Stations) -> None:
    watchful = replace(stations, alarm=bootstrap.cry_lists())
    for who, text in (("1", "не платят зарплату"), ("2", "меня бьют помогите"), ("3", "🆘"), ("4", "кумак")):
        await receive(watchful, Parsed((inbound(text, who=who),)))
    rows = await ask(stations, "SELECT priority FROM procrastinate_jobs ORDER BY id")
    assert [r.priority for r in rows] == [0, 10, 10, 10]


async def test_a_report_that_comes_before_the_delivery_was_noted_is_not_lost(stations: Stations) -> None:
    await receive(stations, Parsed((inbound("паспорт"),)))
    conversation = (await ask(stations, "SELECT id FROM conversations"))[0].id
    early = asyncio.create_task(receive(stations, Parsed(statuses=(StatusReport(Channel.TELEGRAM, "r1", "delivered"),))))
    await asyncio.sleep(0.1)
    digest = marks.of_reference(stations.vault.root, Channel.TELEGRAM, "r1")
    await ask(
        stations,
        "INSERT INTO outbox (id, conversation_id, channel, status, reference_hash)"
        " VALUES (gen_random_uuid(), :c, 'telegram', 'sent', :d)",
        c=conversation,
        d=digest,
    )
    await early
    assert [r.status for r in await ask(stations, "SELECT status FROM outbox")] == ["delivered"]
