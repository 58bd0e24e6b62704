"""drafts: what somebody typed is opened by the same person, for the same request, and by nobody else."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from fakes_bridge import ScriptedAssistant
from people import Person

from hotline_bridge.flow import drafts, look, operate
from hotline_bridge.flow.stations import Stations

ANNA, BOLAT = uuid4(), uuid4()


@pytest.fixture
async def conversation(person: Person, assistant: ScriptedAssistant) -> UUID:
    """Somebody whom Anna has."""
    assistant.always = None
    return await person.is_taken_by(ANNA, "что делать")


async def key(stations: Stations, account: UUID, conversation: UUID) -> bytes | None:
    case = await look.at_case(stations, conversation)
    assert case
    return await drafts.key_of(stations, account, case)


async def test_a_lost_operator_who_takes_the_person_again_has_the_same_key(stations: Stations, conversation: UUID) -> None:
    before = await key(stations, ANNA, conversation)
    assert before is not None
    assert len(before) == 16
    await operate.give_back(stations, ANNA, conversation)
    await operate.claim(stations, ANNA, conversation)
    assert await key(stations, ANNA, conversation) == before


async def test_a_danger_that_comes_up_meanwhile_changes_nothing(stations: Stations, person: Person, conversation: UUID) -> None:
    before = await key(stations, ANNA, conversation)
    await person.asks("меня убивают")
    assert await key(stations, ANNA, conversation) == before


async def test_another_account_and_another_person_have_other_keys(stations: Stations, conversation: UUID) -> None:
    other = await Person(stations, "4001").asks("что делать")
    keys = [await key(stations, account, of) for account in (ANNA, BOLAT) for of in (conversation, other)]
    assert len(set(keys)) == 4


async def test_once_closed_there_is_none_and_opened_again_there_is_another(
    stations: Stations, person: Person, conversation: UUID
) -> None:
    before = await key(stations, ANNA, conversation)
    await operate.close(stations, ANNA, conversation, "informed")
    assert await key(stations, ANNA, conversation) is None
    await person.asks("что делать")
    assert await key(stations, ANNA, conversation) not in (None, before)
