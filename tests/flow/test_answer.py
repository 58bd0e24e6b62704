"""answer: exactly once, in order, and what is left where nothing can be answered."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from fakes_bridge import ScriptedAssistant, ask, made_vault
from people import Person
from test_operate import agree

from hotline_bridge import outbox, reckoning
from hotline_bridge.errors import SettingError
from hotline_bridge.flow import answer as step
from hotline_bridge.flow.answer import answer
from hotline_bridge.flow.stations import Stations
from hotline_bridge.messages import Kind, Message, Reply
from hotline_bridge.safe_contact import Agreement
from hotline_bridge.store.engine import transaction


async def messages(stations: Stations, conversation: UUID) -> list[Message]:
    """What waits to be said, opened."""
    async with transaction(stations.store.engine) as connection:
        key = await stations.vault.key(connection, conversation)
    rows = await ask(
        stations, "SELECT id, sealed_message FROM outbox WHERE conversation_id = :c ORDER BY position", c=conversation
    )
    return [outbox.opened(row.sealed_message, row.id, key) for row in rows]


async def statuses(stations: Stations) -> list[str]:
    return [row.status for row in await ask(stations, "SELECT status FROM inbox ORDER BY position")]


async def unaccounted(stations: Stations) -> int:
    async with transaction(stations.store.engine) as connection:
        return (await reckoning.take(connection)).unaccounted


# --- exactly once ---


async def test_everything_that_waits_is_answered_in_the_order_of_arrival(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    conversation = await person.writes("что раз", "что два", "что три")
    assert await answer(stations, conversation) == 3
    assert [a.text for a in assistant.asked] == ["что раз", "что два", "что три"]
    query = "SELECT i.position AS asked FROM outbox o JOIN inbox i ON i.id = o.inbox_id ORDER BY o.position"
    positions = [row.asked for row in await ask(stations, query)]
    assert len(positions) == 3
    assert positions == sorted(positions)


async def test_answering_again_says_nothing_twice(person: Person, stations: Stations, assistant: ScriptedAssistant) -> None:
    conversation = await person.writes("что делать")
    assert await answer(stations, conversation) == 1
    assert await answer(stations, conversation) == 0
    assert (len(assistant.asked), len(await messages(stations, conversation))) == (1, 1)


async def test_two_workers_on_one_message_store_one_answer(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    conversation = await person.writes("что делать")
    assistant.meanwhile = lambda: answer(stations, conversation)
    await answer(stations, conversation)
    assert len(assistant.asked) == 2
    assert len(await messages(stations, conversation)) == 1
    assert await statuses(stations) == ["answered"]


async def test_after_a_crash_the_message_waits_and_the_same_turn_is_asked_again(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    conversation = await person.writes("что делать")

    async def crash() -> None:
        raise KeyboardInterrupt

    assistant.meanwhile = crash
    with pytest.raises(KeyboardInterrupt):
        await answer(stations, conversation)
    assert await statuses(stations) == ["waiting"]
    await answer(stations, conversation)
    assert assistant.asked[0].turn == assistant.asked[1].turn
    assert len(await messages(stations, conversation)) == 1


async def test_a_reply_that_cannot_be_rendered_goes_to_a_person_in_the_end(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    assistant.always = [Reply("no_such_reply")]
    conversation = await person.writes("что делать")
    for _ in range(3):
        with pytest.raises(AssertionError):
            await answer(stations, conversation)
    await answer(stations, conversation)
    assert await statuses(stations) == ["ticketed"]
    assert "112" in (await messages(stations, conversation))[0].text


async def test_an_old_button_for_a_topic_that_is_gone_is_answered(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    assistant.always = None
    conversation = await person.writes("topic/gone_since", "source/gone_since", kind=Kind.CHOICE)
    assert await answer(stations, conversation) == 2
    assert all(m.text for m in await messages(stations, conversation))


async def test_every_answer_has_its_delivery_job_and_danger_goes_first(person: Person, stations: Stations) -> None:
    conversation = await person.writes("что делать", "убивают")
    await answer(stations, conversation)
    jobs = await ask(stations, "SELECT priority FROM procrastinate_jobs WHERE task_name = 'deliver' ORDER BY id")
    assert [job.priority for job in jobs] == [0, 10]
    assert [row.urgent for row in await ask(stations, "SELECT urgent FROM outbox ORDER BY position")] == [False, True]


async def test_under_another_master_key_nothing_is_given_up(person: Person, stations: Stations) -> None:
    conversation = await person.writes("что делать")
    other = Stations(stations.store, made_vault(b"o"))
    with pytest.raises(SettingError, match="lacks the key"):
        await answer(other, conversation)
    assert await statuses(stations) == ["waiting"]


async def test_many_people_at_once_are_each_answered_once(stations: Stations) -> None:
    people = [Person(stations, f"p{n}") for n in range(12)]
    conversations = await asyncio.gather(*(p.writes("что делать") for p in people))
    await asyncio.gather(*(answer(stations, c) for c in conversations))
    assert await statuses(stations) == ["answered"] * 12
    assert await unaccounted(stations) == 0


# --- what cannot be answered ---


@pytest.mark.parametrize(
    ("text", "replies", "needs"),
    [
        ("меня убивают", 1, ["danger_now"]),
        ("бьют", 1, ["danger_now"]),
        ("помогите 🆘", 1, ["danger_now"]),
        ("куплю тюльпан", 0, ["unsafe_to_talk"]),
        ("что делать", 0, ["assistant_silent"]),
    ],
)
async def test_danger_that_cannot_be_answered_is_still_danger_and_is_told_whom_to_call(
    person: Person, stations: Stations, monkeypatch: pytest.MonkeyPatch, text: str, replies: int, needs: list[str]
) -> None:
    conversation = await person.writes(text)
    await agree(stations, conversation, Agreement(words=("груша", "тюльпан")))
    monkeypatch.setattr(step, "compose", _breaks)
    await ask(stations, "UPDATE inbox SET attempts = :n", n=step.HAND_OVER_AFTER)
    await answer(stations, conversation)
    assert ["112" in message.text for message in await messages(stations, conversation)] == [True] * replies
    rows = await ask(stations, "SELECT need, flagged_at FROM tickets")
    assert [row.need for row in rows] == needs
    silence = (await ask(stations, "SELECT silence FROM conversations"))[0].silence
    assert (silence == "unsafe") == ("тюльпан" in text)


async def test_a_fault_in_the_fixed_reply_too_leaves_the_ticket_of_danger(person: Person, stations: Stations) -> None:
    conversation = await person.writes("меня убивают")
    await ask(stations, "UPDATE inbox SET attempts = :n", n=step.HAND_OVER_AFTER)
    broken: Any = SimpleNamespace(render=_breaks)
    await answer(replace(stations, renderer=broken), conversation)
    assert [row.need for row in await ask(stations, "SELECT need FROM tickets")] == ["danger_now"]
    assert await statuses(stations) == ["ticketed"]


def _breaks(*_: Any, **__: Any) -> Any:
    raise ConnectionError


async def test_with_the_assistant_down_the_person_hears_112_and_a_ticket_is_open(
    person: Person, stations: Stations, assistant: ScriptedAssistant
) -> None:
    assistant.always = None
    conversation = await person.writes("что делать")
    await answer(stations, conversation)
    assert "112" in (await messages(stations, conversation))[0].text
    assert [r.need for r in await ask(stations, "SELECT need FROM tickets")] == ["assistant_silent"]
