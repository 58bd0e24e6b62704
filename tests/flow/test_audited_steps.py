"""Each step at the desk leaves its row in the audit trail, in the transaction that does it; a refused step leaves none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from colleagues import has_an_account
from fakes_bridge import ask
from people import Person

from hotline_bridge.errors import DeskError
from hotline_bridge.flow import decide, operate, trail
from hotline_bridge.flow.forget import forget
from hotline_bridge.flow.lost import give_back_lost
from hotline_bridge.flow.stations import Stations

ANNA, BOLAT = uuid4(), uuid4()
Said = list[tuple[UUID | None, str, UUID | None, dict[str, str]]]


async def said(stations: Stations) -> Said:
    rows = await ask(stations, "SELECT actor, action, subject, facts FROM audit ORDER BY sequence")
    return [tuple(row) for row in rows]


@pytest.fixture
async def conversation(person: Person) -> UUID:
    return await person.asks("меня убивают")


async def test_every_step_at_the_desk_is_written_down(stations: Stations, conversation: UUID) -> None:
    today = datetime.now(UTC)
    await has_an_account(stations, account=BOLAT)
    await operate.claim(stations, ANNA, conversation)
    await operate.claim(stations, ANNA, conversation)
    await decide.identified(stations, ANNA, conversation, today.date())
    await operate.hand_over(stations, ANNA, conversation, BOLAT)
    await operate.give_back(stations, BOLAT, conversation)
    await operate.claim(stations, BOLAT, conversation)
    await operate.close(stations, BOLAT, conversation, "referred")
    assert await said(stations) == [
        (ANNA, "claimed", conversation, {}),
        (ANNA, "identified", conversation, {"on": today.date().isoformat()}),
        (ANNA, "handed_over", conversation, {"to": str(BOLAT)}),
        (BOLAT, "given_back", conversation, {}),
        (BOLAT, "claimed", conversation, {}),
        (BOLAT, "closed", conversation, {"outcome": "referred"}),
    ]
    assert (await trail.verify(stations, ANNA)).fault is None


async def test_a_step_that_is_refused_leaves_no_row(stations: Stations, conversation: UUID) -> None:
    await operate.claim(stations, ANNA, conversation)
    for step in (
        operate.claim(stations, BOLAT, conversation),
        operate.give_back(stations, BOLAT, conversation),
        operate.close(stations, BOLAT, conversation, "referred"),
        operate.close(stations, ANNA, conversation, "went well"),
    ):
        with pytest.raises(DeskError):
            await step
    assert await said(stations) == [(ANNA, "claimed", conversation, {})]


async def test_a_lost_operator_is_written_down_without_an_actor(stations: Stations, conversation: UUID) -> None:
    await operate.claim(stations, ANNA, conversation)
    await ask(stations, "UPDATE conversations SET operator_seen_at = now() - interval '16 minutes'")
    await give_back_lost(stations)
    assert (await said(stations))[-1] == (None, "lost", conversation, {})


async def test_of_the_forgotten_only_their_random_id_is_left(person: Person, stations: Stations, conversation: UUID) -> None:
    await forget(stations, conversation)
    await forget(stations, conversation)
    assert await said(stations) == [(None, "forgotten", conversation, {"why": "person"})]
    again = await person.asks("что делать")
    await forget(stations, again, unless_waiting=True, unless_seen_within=-1)
    assert (await said(stations))[-1] == (None, "forgotten", again, {"why": "time"})


async def test_a_verification_is_written_down_with_what_it_found(stations: Stations, conversation: UUID) -> None:
    await operate.claim(stations, ANNA, conversation)
    await trail.verify(stations, BOLAT)
    assert (await said(stations))[-1] == (BOLAT, "trail_verified", None, {"holds": "yes", "rows": "1"})
    await ask(stations, "ALTER TABLE audit DISABLE TRIGGER USER")
    await ask(stations, "UPDATE audit SET actor = NULL WHERE sequence = 1")
    verdict = await trail.verify(stations, BOLAT)
    assert (verdict.fault, verdict.row) == ("changed", 1)
    assert (await said(stations))[-1] == (BOLAT, "trail_verified", None, {"holds": "no", "rows": "2", "row": "1"})


async def test_shortening_by_age_is_written_down(stations: Stations, conversation: UUID) -> None:
    stations.clock.advance(days=-400)  # type: ignore[attr-defined]
    await operate.claim(stations, ANNA, conversation)
    await operate.give_back(stations, ANNA, conversation)
    stations.clock.advance(days=400)  # type: ignore[attr-defined]
    await operate.claim(stations, BOLAT, conversation)
    assert await trail.shorten(stations, stations.clock() - timedelta(days=365)) == 2
    assert [(actor, action) for actor, action, _, _ in await said(stations)] == [(BOLAT, "claimed"), (None, "trail_shortened")]
    assert (await trail.verify(stations, None)).fault is None
