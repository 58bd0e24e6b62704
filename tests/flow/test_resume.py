"""resume: the number of a request, written from another phone, goes on there; who tries numbers learns nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from fakes_bridge import ScriptedAssistant, ScriptedChannel, ask
from people import Person
from structlog.testing import capture_logs
from test_operate import lines

from hotline_bridge import guesses
from hotline_bridge.flow import look, operate
from hotline_bridge.flow.reply import reply
from hotline_bridge.flow.resume import Written, read
from hotline_bridge.flow.stations import Stations
from hotline_bridge.messages import Channel, Reply
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import queue

ANNA = uuid4()
UNKNOWN = "No request with this number is open with us now. A person can help you without it, too."
TOO_MANY = "Too many numbers were tried, so we look up none now."


async def told(stations: Stations, person: Person, telegram: ScriptedChannel) -> str:
    """Somebody asks for a human; the number that they are told."""
    await person.asks("оператор")
    return next(word.rstrip(".") for word in telegram.texts[-1].split() if word[:2].isdigit())


@pytest.fixture
async def code(stations: Stations, person: Person, telegram: ScriptedChannel, assistant: ScriptedAssistant) -> str:
    assistant.always = None
    found = await told(stations, person, telegram)
    assistant.always = [Reply("greet")]
    assistant.asked.clear()
    return found


async def events(stations: Stations) -> list[tuple[UUID, dict[str, str]]]:
    rows = await ask(
        stations, "SELECT conversation_id, facts FROM ticket_events WHERE kind = 'resumed' ORDER BY at, facts->>'way'"
    )
    return [(row.conversation_id, row.facts) for row in rows]


@pytest.mark.parametrize(
    ("text", "code", "alone"),
    [
        ("12-3456", "12-3456", True),
        ("12 3456", "12-3456", True),
        ("123456", "12-3456", True),
        ("12–3456.", "12-3456", True),
        ("№ 12-3456", "12-3456", True),
        ("мой номер заявки 12-3456", "12-3456", True),
        ("raqam 123456", "12-3456", True),
        ("нөмірім 12 3456", "12-3456", True),
        ("я писала вчера и мне дали вот 12-3456 помогите", "12-3456", False),
    ],
)
def test_a_number_is_read_with_or_without_its_dash(text: str, code: str, alone: bool) -> None:
    assert read(text) == Written(code, alone)


@pytest.mark.parametrize(
    "text",
    [
        "250000 тенге", "мне 25 2000 дали", "с 05-2024 не платят мне ничего вообще", "8 701 12-3456", "+77010123456",
        "12-3456-78", "12-34567", "1 2 3 4 5 6", "к123456", "12:3456", "4400-1234-5678-9010", "", "помогите",
    ],
)  # fmt: skip
def test_sums_dates_and_telephone_numbers_are_none(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize("written", ["{}", "номер {}"])
async def test_from_another_channel_it_goes_on_with_the_same_need_and_nothing_of_before_is_told(
    person: Person,
    by_sms: Person,
    stations: Stations,
    code: str,
    sms: ScriptedChannel,
    assistant: ScriptedAssistant,
    written: str,
) -> None:
    first = await person.conversation()
    second = await by_sms.asks(written.format(code.replace("-", " ")))
    rows = await ask(stations, "SELECT id, conversation_id, need, resumes, state FROM tickets ORDER BY opened_at")
    assert [(row.conversation_id, row.need, row.state) for row in rows] == [
        (first, "talk_to_operator", "open"),
        (second, "talk_to_operator", "open"),
    ]
    assert rows[1].resumes == rows[0].id
    assert await events(stations) == [
        (second, {"way": "from", "other": str(first)}),
        (first, {"way": "in", "other": str(second)}),
    ]
    assert len(sms.texts) == 1
    assert sms.texts[0].startswith("We have found your request.")
    assert code not in sms.texts[0], "it has a number of its own"
    assert assistant.asked == [], "it works with the assistant down"
    assert [line.text for line in await lines(stations, second)][1:] == sms.texts


async def test_nothing_is_said_on_the_old_phone_and_its_operator_is_told(
    person: Person, by_sms: Person, stations: Stations, code: str, telegram: ScriptedChannel
) -> None:
    first = await person.conversation()
    await operate.claim(stations, ANNA, first)
    before = len(telegram.sent)
    await by_sms.asks(code)
    assert len(telegram.sent) == before
    assert (first, {"way": "in", "other": str(await by_sms.conversation())}) in await events(stations)
    states = await ask(stations, "SELECT state FROM tickets ORDER BY opened_at")
    assert [row.state for row in states] == ["taken", "open"]


async def test_who_goes_on_elsewhere_has_waited_all_the_time_and_the_old_row_says_so(
    person: Person, by_sms: Person, stations: Stations, code: str
) -> None:
    await ask(stations, "UPDATE tickets SET waiting_since = waiting_since - interval '5 hours'")
    second, first = await by_sms.asks(code), await person.conversation()
    async with transaction(stations.store.engine) as connection:
        rows = {row.conversation: row for row in await queue.read(connection, ANNA, queue.Filter("free"))}
    assert rows[second].waiting_since == rows[first].waiting_since
    assert {id: row.goes_on for id, row in rows.items()} == {first: True, second: False}
    for id, goes_on in ((first, True), (second, False)):
        case = await look.at_case(stations, id)
        assert case is not None
        assert case.goes_on == goes_on


async def test_who_was_answered_on_the_old_phone_waits_from_now_on(
    person: Person, by_sms: Person, stations: Stations, code: str
) -> None:
    first = await person.conversation()
    await operate.claim(stations, ANNA, first)
    await reply(stations, ANNA, first, "Мы здесь.")
    await ask(stations, "UPDATE tickets SET waiting_since = waiting_since - interval '5 hours'")
    await by_sms.asks(code)
    rows = await ask(stations, "SELECT waiting_since < now() - interval '4 hours' AS long FROM tickets WHERE resumes IS NOT NULL")
    assert [row.long for row in rows] == [False]


async def test_written_twice_it_is_one_request(by_sms: Person, stations: Stations, code: str) -> None:
    await by_sms.asks(code, code)
    assert len(await ask(stations, "SELECT 1 FROM tickets")) == 2


async def test_in_a_sentence_it_goes_on_and_the_sentence_is_answered(
    by_sms: Person, stations: Stations, code: str, assistant: ScriptedAssistant
) -> None:
    await by_sms.asks(f"что делать я писала вчера и мне дали вот {code}")
    assert len(await ask(stations, "SELECT 1 FROM tickets WHERE resumes IS NOT NULL")) == 1
    assert len(assistant.asked) == 1


async def test_with_danger_it_goes_on_and_danger_is_answered_first(
    by_sms: Person, stations: Stations, code: str, sms: ScriptedChannel
) -> None:
    await by_sms.asks(f"{code} меня убивают")
    assert "112" in sms.texts[0]
    assert {row.need for row in await ask(stations, "SELECT need FROM tickets WHERE channel = 'sms_twilio'")} == {
        "danger_now",
        "talk_to_operator",
    }


async def test_ones_own_number_asks_what_became_of_it(
    person: Person, stations: Stations, code: str, assistant: ScriptedAssistant, telegram: ScriptedChannel
) -> None:
    await person.asks(code)
    assert assistant.asked[-1].text == "/ask_ticket_status"
    assistant.always = None
    await person.asks(code)
    assert telegram.texts[-1].startswith(f"We already have your request {code}.")
    assert await ask(stations, "SELECT 1 FROM code_guesses") == []


async def test_a_number_that_nobody_was_told_gets_a_neutral_answer(
    by_sms: Person, stations: Stations, sms: ScriptedChannel, assistant: ScriptedAssistant
) -> None:
    await by_sms.asks("00-0001")
    assert sms.texts[0].startswith(UNKNOWN)
    assert assistant.asked == []


@pytest.mark.parametrize("closing", ["closed", "forgotten"])
async def test_a_request_that_is_over_is_not_found(
    person: Person, by_sms: Person, stations: Stations, code: str, sms: ScriptedChannel, closing: str
) -> None:
    first = await person.conversation()
    if closing == "closed":
        await operate.claim(stations, ANNA, first)
        await operate.close(stations, ANNA, first, "informed")
    else:
        await ask(stations, "UPDATE tickets SET conversation_id = NULL")
    await by_sms.asks(code)
    assert sms.texts[0].startswith(UNKNOWN)


async def test_after_too_many_tries_no_number_is_looked_up_and_that_is_what_is_said(
    by_sms: Person, stations: Stations, code: str, sms: ScriptedChannel
) -> None:
    for number in range(guesses.EACH):
        await by_sms.asks(f"00-000{number}")
    assert {text.split("\n")[0] for text in sms.texts} == {UNKNOWN}
    await by_sms.asks("00-0009", code)
    wrong, right = sms.texts[-2:]
    assert wrong == right
    assert right.startswith(TOO_MANY)
    assert len(await ask(stations, "SELECT 1 FROM tickets")) == 1


async def test_a_day_later_numbers_can_be_tried_again(by_sms: Person, stations: Stations, code: str) -> None:
    for number in range(guesses.EACH):
        await by_sms.asks(f"00-000{number}")
    await ask(stations, "UPDATE code_guesses SET at = at - interval '25 hours'")
    await by_sms.asks(code)
    assert len(await ask(stations, "SELECT 1 FROM tickets WHERE resumes IS NOT NULL")) == 1
    assert len(await ask(stations, "SELECT 1 FROM code_guesses")) == 1


async def test_tries_from_many_phones_end_the_search_for_an_hour_and_are_logged_as_an_error(
    stations: Stations, code: str, sms: ScriptedChannel
) -> None:
    await ask(
        stations, f"INSERT INTO code_guesses SELECT gen_random_uuid(), gen_random_uuid() FROM generate_series(1, {guesses.ALL})"
    )
    late = Person(stations, "+77010000002", Channel.TWILIO)
    with capture_logs() as logged:
        await late.asks(code)
    assert sms.texts[-1].startswith(TOO_MANY)
    assert [entry["log_level"] for entry in logged if "too many" in entry["event"]] == ["error"]
    assert code not in str(logged)
    await ask(stations, "UPDATE code_guesses SET at = at - interval '61 minutes'")
    await late.asks(code)
    assert len(await ask(stations, "SELECT 1 FROM tickets WHERE resumes IS NOT NULL")) == 1


async def test_somebody_in_danger_is_never_locked_out(
    by_sms: Person, stations: Stations, code: str, sms: ScriptedChannel, assistant: ScriptedAssistant
) -> None:
    for number in range(guesses.EACH + 2):
        await by_sms.asks(f"00-000{number}")
    await by_sms.asks("меня убивают")
    assert "112" in sms.texts[-1]
    await by_sms.asks("что с паспортом")
    assert len(assistant.asked) == 1


async def test_a_turn_that_is_worked_on_again_counts_once(
    by_sms: Person, stations: Stations, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hotline_bridge.flow import answer as step

    async def breaks(*_: Any, **__: Any) -> Any:
        raise ConnectionError

    conversation = await by_sms.writes("00-0001")
    with monkeypatch.context() as broken:
        broken.setattr(step, "compose", breaks)
        for _ in range(3):
            with pytest.raises(ConnectionError):
                await step.answer(stations, conversation)
    await step.answer(stations, conversation)
    assert len(await ask(stations, "SELECT 1 FROM code_guesses")) == 1


async def test_in_a_silence_a_number_is_not_answered(
    person: Person, stations: Stations, by_sms: Person, code: str, sms: ScriptedChannel
) -> None:
    await by_sms.asks("не могу говорить")
    before = len(sms.sent)
    await by_sms.asks(code)
    assert len(sms.sent) == before
    assert await ask(stations, "SELECT 1 FROM tickets WHERE resumes IS NOT NULL") == []


async def test_while_an_operator_talks_the_request_goes_on_without_a_word_of_the_bot(
    by_sms: Person, stations: Stations, code: str, sms: ScriptedChannel
) -> None:
    second = await by_sms.asks("меня убивают")
    await operate.claim(stations, ANNA, second)
    before = len(sms.sent)
    await by_sms.asks(code)
    assert len(sms.sent) == before
    rows = await ask(stations, "SELECT need, state FROM tickets WHERE resumes IS NOT NULL")
    assert [tuple(row) for row in rows] == [("talk_to_operator", "taken")]
