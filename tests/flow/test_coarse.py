"""coarse: after two days the day in Kazakhstan is left of a moment, and the order of what happened on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from fakes_bridge import ask
from people import Person

from hotline_bridge.flow.answer import answer
from hotline_bridge.flow.expire import by_age, expire
from hotline_bridge.flow.stations import Stations
from hotline_bridge.local_time import ZONE
from hotline_bridge.retention import EXACT, REMOVABLE, REPEATED, Limits

DANGER = "убивают"
LONG = Limits(closed=3650, delivery=3650)
MIDNIGHT = datetime(2026, 3, 2, tzinfo=ZONE)


def test_no_moment_goes_while_something_is_counted_from_it() -> None:
    assert max(REMOVABLE, REPEATED) <= EXACT


async def test_after_two_days_nobody_can_lay_our_times_beside_a_telephone_companys(person: Person, stations: Stations) -> None:
    await person.asks("что", reference="501")
    exact = await ask(stations, "SELECT received_at FROM inbox")
    await expire(stations, LONG)
    assert await ask(stations, "SELECT received_at FROM inbox") == exact
    await ask(stations, "UPDATE inbox SET received_at = now() - interval '49 hours'")
    await ask(stations, "UPDATE outbox SET created_at = now() - interval '49 hours', sent_at = now() - interval '49 hours'")
    await expire(stations, LONG)
    (asked,) = await ask(stations, "SELECT received_at, done_at FROM inbox")
    (said,) = await ask(stations, "SELECT created_at, sent_at, reference_hash, sealed_reference, sealed_message FROM outbox")
    for moment in (*asked, said.created_at, said.sent_at):
        assert (moment.astimezone(ZONE).hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0)
    assert (said.reference_hash, said.sealed_reference) == (None, None)
    assert said.sealed_message is not None  # what was said goes with the conversation


@pytest.mark.parametrize("moment", ["2026-03-02 01:00:05+05", "2026-03-02 23:59:59.9+05"])
async def test_what_was_written_at_night_stays_on_its_day_in_kazakhstan(person: Person, stations: Stations, moment: str) -> None:
    await person.asks("что")
    await ask(stations, "UPDATE inbox SET received_at = cast(:m AS timestamptz), done_at = cast(:m AS timestamptz)", m=moment)
    await ask(stations, "UPDATE outbox SET created_at = cast(:m AS timestamptz), sent_at = cast(:m AS timestamptz)", m=moment)
    for _ in range(2):
        await expire(stations, LONG)
        found = await ask(stations, "SELECT received_at, done_at FROM inbox UNION ALL SELECT created_at, sent_at FROM outbox")
        assert [tuple(row) for row in found] == [(MIDNIGHT, MIDNIGHT)] * 2


async def test_what_an_earlier_version_made_a_day_of_utc_becomes_one_of_kazakhstan(person: Person, stations: Stations) -> None:
    await person.asks("что")
    await ask(stations, "UPDATE inbox SET received_at = '2026-03-02 00:00+00', done_at = '2026-03-02 00:00+00'")
    await ask(stations, "UPDATE outbox SET created_at = '2026-03-02 00:00+00', sent_at = '2026-03-02 00:00+00'")
    await expire(stations, LONG)
    found = await ask(stations, "SELECT received_at, done_at FROM inbox UNION ALL SELECT created_at, sent_at FROM outbox")
    assert [tuple(row) for row in found] == [(MIDNIGHT, MIDNIGHT)] * 2


async def test_one_who_cannot_be_forgotten_keeps_nobodys_hour(
    person: Person, stations: Stations, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("hotline_bridge.flow.expire.forget_idle", fails)
    await person.asks("что")
    await ask(stations, "UPDATE inbox SET received_at = '2026-03-02 01:00:05+05'")
    with pytest.raises(RuntimeError):
        await by_age(stations, LONG)
    assert [row.received_at for row in await ask(stations, "SELECT received_at FROM inbox")] == [MIDNIGHT]


async def test_what_waits_or_went_out_today_keeps_its_times(person: Person, stations: Stations) -> None:
    await person.writes("что")
    await answer(stations, await person.writes("что"))
    await ask(stations, "UPDATE inbox SET received_at = now() - interval '49 hours', status = 'waiting'")
    await ask(stations, "UPDATE outbox SET created_at = now() - interval '49 hours'")
    before = await ask(stations, "SELECT received_at FROM inbox UNION ALL SELECT created_at FROM outbox")
    await expire(stations, LONG)
    assert await ask(stations, "SELECT received_at FROM inbox UNION ALL SELECT created_at FROM outbox") == before
    await ask(stations, "UPDATE outbox SET status = 'delivered', sent_at = now(), reference_hash = 'h'")
    await expire(stations, LONG)
    assert [r.reference_hash for r in await ask(stations, "SELECT reference_hash FROM outbox")] == [b"h", b"h"]


async def test_references_to_messages_on_a_phone_go_after_two_days(person: Person, stations: Stations) -> None:
    await person.asks("что", reference="501")
    await expire(stations, LONG)
    assert [r.sealed_reference is None for r in await ask(stations, "SELECT sealed_reference FROM inbox")] == [False]
    await ask(stations, "UPDATE inbox SET received_at = now() - interval '49 hours'")
    await expire(stations, LONG)
    assert [r.sealed_reference is None for r in await ask(stations, "SELECT sealed_reference FROM inbox")] == [True]


async def test_after_two_days_lines_and_closed_tickets_keep_their_day_and_their_order(person: Person, stations: Stations) -> None:
    await person.asks(DANGER, "что два", "что три")
    before = [r.id for r in await ask(stations, "SELECT id FROM transcript ORDER BY position")]
    await ask(stations, "UPDATE transcript SET at = '2026-03-02 09:30:10.5+05'")
    await ask(
        stations,
        "UPDATE tickets SET state = 'closed', outcome = 'helped', opened_at = '2026-03-02 23:50:00+05', "
        "taken_at = '2026-03-03 00:20:00+05', closed_at = '2026-03-03 09:00:00+05'",
    )
    for _ in range(2):  # a second round changes nothing
        await expire(stations, LONG)
        lines = await ask(stations, "SELECT id, at FROM transcript ORDER BY at")
        assert [line.id for line in lines] == before
        assert {line.at.replace(microsecond=0) for line in lines} == {datetime(2026, 3, 1, 19, tzinfo=UTC)}
        (ticket,) = await ask(stations, "SELECT opened_at, taken_at, closed_at, taken_after FROM tickets")
        assert ticket == (
            datetime(2026, 3, 1, 19, tzinfo=UTC),
            datetime(2026, 3, 2, 19, tzinfo=UTC),
            datetime(2026, 3, 2, 19, tzinfo=UTC),
            1800,
        )


async def test_after_two_days_what_was_agreed_keeps_its_days_and_what_came_later(person: Person, stations: Stations) -> None:
    conversation = await person.asks("что")
    await ask(
        stations,
        "INSERT INTO agreements (conversation_id, method, made_at, confirmed_at, asked_at, refused_at) VALUES (:c, 'this_chat', "
        "'2026-03-02 09:00:07+05', '2026-03-02 09:00:07+05', '2026-03-02 12:30:01+05', now())",
        c=conversation,
    )
    for _ in range(2):
        await expire(stations, LONG)
        (row,) = await ask(stations, "SELECT made_at, confirmed_at, asked_at, refused_at, now() AS now FROM agreements")
        for moment in row[:3]:
            assert moment.replace(microsecond=0) == datetime(2026, 3, 1, 19, tzinfo=UTC)
        assert row.made_at == row.confirmed_at < row.asked_at, "nobody has said yes since it was asked"
        assert row.now - row.refused_at < timedelta(minutes=1), "what is of today keeps its moment"


async def test_after_two_days_deliveries_keep_their_day_and_their_order(stations: Stations) -> None:
    await ask(
        stations, "INSERT INTO webhooks (id, url, events, sealed_secret) VALUES (gen_random_uuid(), 'https://x', '{x}', '')"
    )
    await ask(
        stations,
        "INSERT INTO webhook_deliveries (id, webhook_id, event, body, state, made_at, not_before, done_at) "
        "SELECT gen_random_uuid(), id, 'x', 'when', own.state, own.made, own.made, own.made + interval '1 day' FROM webhooks, "
        "(VALUES ('failed', timestamptz '2026-03-02 01:00:07+05'), ('sent', '2026-03-02 09:00:07+05'), "
        "('failed', '2026-03-02 09:00:08+05')) AS own (state, made)",
    )
    for _ in range(2):
        await expire(stations, LONG)
        found = await ask(stations, "SELECT state, body, made_at, not_before, done_at FROM webhook_deliveries ORDER BY made_at")
        assert [(row.state, row.body) for row in found] == [("failed", "when"), ("sent", ""), ("failed", "when")]
        for row in found:
            assert row.made_at.replace(microsecond=0) == row.not_before == MIDNIGHT
            assert row.done_at == MIDNIGHT + timedelta(days=1)


async def test_what_is_of_today_keeps_its_moment(person: Person, stations: Stations) -> None:
    await person.asks(DANGER)
    query = "SELECT at FROM transcript UNION ALL SELECT opened_at FROM tickets ORDER BY 1"
    before = await ask(stations, query)
    await expire(stations, LONG)
    assert await ask(stations, query) == before
