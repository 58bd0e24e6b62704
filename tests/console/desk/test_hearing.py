"""The ticket's page says what was heard between the lines: that somebody may not be alone, and words of another phone."""

from __future__ import annotations

from uuid import UUID

from console.conftest import Browser
from console.desk.conftest import agree
from people import Person

from hotline_bridge.flow.stations import DeskStations
from hotline_bridge.safe_contact import Agreement
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import open_once

WATCHED = "They may not be alone"
ELSEWHERE = "agreed from another phone"


async def test_who_may_not_be_alone_is_answered_by_a_second_press_or_seen_without_one(
    anna: Browser, person: Person, taken: UUID
) -> None:
    assert WATCHED not in (await anna.get(f"/conversations/{taken}")).text
    await person.asks("он рядом")
    page = (await anna.get(f"/conversations/{taken}")).text
    assert WATCHED in page
    assert "I have seen it" in page
    asked = await anna.submit(f"/conversations/{taken}/reply", text="Мы читаем вас.")
    assert asked.status_code == 422
    assert WATCHED in asked.text
    await anna.submit(f"/conversations/{taken}/flag-seen")
    page = (await anna.get(f"/conversations/{taken}")).text
    assert WATCHED not in page
    sent = await anna.submit(f"/conversations/{taken}/reply", text="Мы читаем вас.")
    assert sent.status_code == 303


async def test_words_of_another_phone_stand_apart(
    anna: Browser, person: Person, by_sms: Person, stations: DeskStations, conversation: UUID
) -> None:
    await agree(stations, conversation, Agreement(words=("груша", "тюльпан")))
    second = await by_sms.asks("что мне делать")
    assert ELSEWHERE not in (await anna.get(f"/conversations/{second}")).text
    async with transaction(stations.store.engine) as connection:
        first = await open_once(connection, conversation=conversation, turn=None, need="talk_to_operator")
        await open_once(connection, conversation=second, turn=None, need="talk_to_operator", resumes=first.id)
    page = (await anna.get(f"/conversations/{second}")).text
    assert ELSEWHERE in page
    assert "тюльпан" in page
    assert "Nothing was agreed yet" in page
