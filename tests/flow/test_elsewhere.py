"""The words that were agreed on from one phone are known on the next, where the request goes on, and told to nobody there."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from fakes_bridge import ScriptedAssistant, ScriptedChannel, ask
from people import Person
from test_operate import agree, lines
from test_resume import told

from hotline_bridge.flow import look
from hotline_bridge.flow.settle import settle
from hotline_bridge.flow.stations import Stations
from hotline_bridge.messages import Reply
from hotline_bridge.safe_contact import Agreement

WORDS = ("груша", "тюльпан")


@pytest.fixture
async def code(stations: Stations, person: Person, telegram: ScriptedChannel, assistant: ScriptedAssistant) -> str:
    """The number of somebody who has agreed on words."""
    assistant.always = None
    found = await told(stations, person, telegram)
    assistant.always = [Reply("greet")]
    await agree(stations, await person.conversation(), Agreement(words=WORDS))
    return found


async def silences(stations: Stations, conversation: UUID) -> str | None:
    rows = await ask(stations, "SELECT silence FROM conversations WHERE id = :c", c=conversation)
    found: str | None = rows[0].silence
    return found


async def test_the_sign_of_alarm_on_the_second_phone_silences_it_and_calls(
    by_sms: Person, stations: Stations, code: str, sms: ScriptedChannel
) -> None:
    second = await by_sms.asks(code)
    before = len(sms.sent)
    await by_sms.asks("купи тюльпаны")
    assert len(sms.sent) == before, "not a word"
    assert await silences(stations, second) == "unsafe"
    rows = await ask(stations, "SELECT need FROM tickets WHERE conversation_id = :c AND flagged_at IS NOT NULL", c=second)
    assert "unsafe_to_talk" in [row.need for row in rows]
    await by_sms.asks("груша")
    assert await silences(stations, second) is None


async def test_they_follow_to_a_third_phone(person: Person, by_sms: Person, stations: Stations, code: str) -> None:
    second = await by_sms.asks(code)
    third = replace(by_sms, who="+77010000003")
    rows = await ask(stations, "SELECT id FROM tickets WHERE conversation_id = :c", c=second)
    await third.asks("что делать")
    await ask(
        stations,
        "INSERT INTO tickets (id, conversation_id, need, channel, resumes)"
        " VALUES (gen_random_uuid(), :c, 'talk_to_operator', 'sms_twilio', :t)",
        c=await third.conversation(),
        t=rows[0].id,
    )
    await third.asks("тюльпан")
    assert await silences(stations, await third.conversation()) == "unsafe"


async def test_nothing_of_them_is_said_on_the_second_phone(
    by_sms: Person, stations: Stations, code: str, sms: ScriptedChannel
) -> None:
    second = await by_sms.asks(code, "что делать", "груша")
    said = " ".join(line.text for line in await lines(stations, second) if line.speaker == "bot").lower()
    assert not any(word in said for word in WORDS)
    assert await ask(stations, "SELECT 1 FROM agreements WHERE conversation_id = :c", c=second) == []


async def test_who_wrote_no_number_is_not_bound_by_them(by_sms: Person, stations: Stations, code: str) -> None:
    other = await by_sms.asks("тюльпан")
    assert await silences(stations, other) is None


async def test_nor_is_the_first_phone_by_words_of_the_second(
    person: Person, by_sms: Person, stations: Stations, code: str
) -> None:
    await agree(stations, await by_sms.asks(code), Agreement(words=("анар", "шелек")))
    await person.asks("шелек")
    assert await silences(stations, await person.conversation()) is None


async def test_the_operator_sees_them_apart_from_what_was_agreed_here(by_sms: Person, stations: Stations, code: str) -> None:
    case = await look.at_case(stations, await by_sms.asks(code))
    assert case is not None
    assert (case.agreement, case.elsewhere) == (None, (WORDS,))


async def test_what_waited_at_a_restore_is_read_with_them(
    by_sms: Person, stations: Stations, code: str, sms: ScriptedChannel
) -> None:
    second = await by_sms.asks(code)
    await by_sms.writes("тюльпан")
    await settle(stations)
    assert await silences(stations, second) == "unsafe"


async def test_words_that_cannot_be_read_stop_nothing(
    person: Person, by_sms: Person, stations: Stations, code: str, sms: ScriptedChannel
) -> None:
    await by_sms.asks(code)
    await ask(stations, "DELETE FROM desk_keys WHERE conversation_id = :c", c=await person.conversation())
    before = len(sms.sent)
    await by_sms.asks("что делать")
    assert len(sms.sent) == before + 1
