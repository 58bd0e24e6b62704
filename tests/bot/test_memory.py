"""What is kept of a conversation: enough to go on, never words, always the same size; a turn sent again starts over."""

from __future__ import annotations

import json
import uuid
from typing import Any

import psycopg
import pytest
from assistant_fakes import Person
from rasa.core.agent import Agent
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.memory import events_of, state_of
from bot.tracker_store import Memory, SenderWrong, key_of

SECRET = "фцхщ Зжмщцв"


def row(database: str, conversation: str) -> dict[str, Any]:
    with psycopg.connect(database) as connection:
        found = connection.execute("SELECT row_to_json(m) FROM dialogue.memory m WHERE conversation = %s", (conversation,))
        return found.fetchone()[0]  # type: ignore[index]


def size(database: str, conversation: str) -> int:
    with psycopg.connect(database) as connection:
        found = connection.execute("SELECT pg_column_size(m) FROM dialogue.memory m WHERE conversation = %s", (conversation,))
        return int(found.fetchone()[0])  # type: ignore[index]


async def test_nothing_of_what_was_written_is_in_the_table(person: Person, database: str) -> None:
    await person.says("/report_someone_else")
    await person.says(SECRET)
    kept = json.dumps(row(database, person.conversation), ensure_ascii=False)
    assert row(database, person.conversation)["state"]["slots"]["report_where"] == "given"
    for word in [*SECRET.split(), SECRET.encode().hex()]:
        assert word not in kept


async def test_the_bytes_of_the_whole_database_hold_no_word(person: Person, database: str) -> None:
    for text in ("/report_someone_else", "приезжайте в Зарпеченск", "да", "Зарпеченск", "/ask_shelter"):
        await person.says(text)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        [everything] = connection.execute("SELECT string_agg(m::text, ' ') FROM dialogue.memory m").fetchone()  # type: ignore[misc]
    assert "Зарпеченск" not in everything


async def checked(person: Person, *signs: int) -> list[str]:
    """The self-check through, these signs answered with yes; what the result says."""
    await person.says("/start_self_check")
    said: list[str] = []
    for number in range(1, 12):
        said = await person.keys("/affirm" if number in signs else "/deny")
    return said


async def test_the_signs_of_the_self_check_are_kept_until_the_turn_after_the_result_and_no_longer(
    person: Person, database: str
) -> None:
    for text in ("/start_self_check", "/affirm", "/deny", "/affirm"):
        await person.says(text)
    slots = row(database, person.conversation)["state"]["slots"]
    assert slots == {"check_1": "given", "check_2": "given", "check_3": "given", "check_signs": 5, "requested_slot": "check_4"}
    for _ in range(8):
        await person.says("/deny")
    assert row(database, person.conversation)["state"] == {"slots": {"check_signs": 5}, "loop": None}
    await person.says("/ask_shelter")
    assert "check_signs" not in json.dumps(row(database, person.conversation))
    assert await person.wants("/talk_to_operator") == [{"need": "talk_to_operator", "told": "ticket_opened"}]


async def test_who_asks_for_a_person_right_after_the_self_check_need_not_say_it_again(person: Person, database: str) -> None:
    assert await checked(person, 1, 5, 7) == ["check_result_many"]
    wanted = {"need": "talk_to_operator", "told": "ticket_opened", "indicators": "1,5,7"}
    turn = str(uuid.uuid4())
    assert (await person.says("/talk_to_operator", turn))[0] == {"reply": "wanted", "values": wanted}
    assert "check_signs" not in json.dumps(row(database, person.conversation))


async def test_a_sign_answered_in_the_middle_goes_nowhere_when_a_person_is_asked_for(person: Person, database: str) -> None:
    for text in ("/start_self_check", "/affirm", "/affirm"):
        await person.says(text)
    assert await person.wants("/talk_to_operator") == [{"need": "talk_to_operator", "told": "ticket_opened"}]
    assert "check_signs" not in json.dumps(row(database, person.conversation))


async def test_an_answer_of_the_self_check_sent_again_counts_once(person: Person, database: str) -> None:
    await person.says("/start_self_check")
    await person.says("/affirm")
    turn = str(uuid.uuid4())
    for _ in range(2):
        assert [c["reply"] for c in await person.says("/affirm", turn)] == ["check_3"]
    assert row(database, person.conversation)["state"]["slots"]["check_signs"] == 3


def test_a_text_slot_added_by_mistake_is_not_kept() -> None:
    domain = Domain.from_dict({"slots": {
        "note": {"type": "text", "mappings": [{"type": "custom"}]},
        "anything": {"type": "any", "mappings": [{"type": "custom"}]},
        "kind": {"type": "categorical", "values": ["a"], "mappings": [{"type": "custom"}]},
    }})  # fmt: skip
    tracker = DialogueStateTracker.from_events("c:t", [], domain.slots)
    for slot in ("note", "anything", "kind", "requested_slot"):
        tracker.update(SlotSet(slot, SECRET))
    assert state_of(tracker, domain) == {"slots": {}, "loop": None}


async def test_a_turn_sent_again_gets_the_same_answer(person: Person, database: str) -> None:
    await person.says("/report_someone_else")
    turn = str(uuid.uuid4())
    first = await person.says("абракадабра", turn)
    assert first[0]["reply"] == "report_ask_danger"
    assert await person.says("абракадабра", turn) == first
    assert await person.says("абракадабра", turn) == first
    assert await person.keys("/affirm") == ["danger_now", "report_done"]


async def test_the_first_turn_sent_again_starts_from_nothing(person: Person) -> None:
    turn = str(uuid.uuid4())
    for _ in range(3):
        assert (await person.says("/delete_my_data", turn))[0]["reply"] == "delete_ask"
    assert await person.keys("/affirm") == ["delete_now"]


async def test_a_yes_sent_again_still_erases(person: Person) -> None:
    await person.says("/delete_my_data")
    turn = str(uuid.uuid4())
    assert await person.says("/affirm", turn) == await person.says("/affirm", turn) == [{"reply": "delete_now"}]


async def test_what_is_kept_does_not_grow_with_turns(person: Person, database: str, agent: Agent) -> None:
    """Latency follows the number of events that a turn begins with and the bytes that it reads."""
    seen = {}
    for turn in range(1, 201):
        await person.says("/ask_shelter" if turn % 2 else "/greet")
        if turn in (5, 200):
            tracker = await agent.tracker_store.retrieve(f"{person.conversation}:next")
            assert tracker is not None
            seen[turn] = (len(tracker.events), size(database, person.conversation))
    assert seen[5] == seen[200]
    assert seen[200][0] <= 3


async def test_two_conversations_do_not_share_anything(agent: Agent, person: Person) -> None:
    other = Person(agent)
    await person.says("/report_someone_else")
    assert await other.keys("/affirm") == ["affirm"]
    assert await person.keys("абракадабра") == ["report_ask_danger"]


async def test_an_erased_row_is_forgotten_at_once(person: Person, database: str) -> None:
    await person.says("/report_someone_else")
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("DELETE FROM dialogue.memory WHERE conversation = %s", (person.conversation,))
    assert await person.keys("/affirm") == ["affirm"]


async def test_a_restarted_database_is_found_again(person: Person, database: str) -> None:
    await person.says("/report_someone_else")
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND query LIKE '%dialogue.memory%'"
        )
    assert await person.keys("абракадабра") == ["report_ask_danger"]


async def test_without_a_database_a_turn_fails_and_nothing_stays_in_memory(
    agent: Agent, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = Memory(agent.domain, host="postgresql://nobody@127.0.0.1:1/none?connect_timeout=1")
    monkeypatch.setattr(agent.tracker_store, "_tracker_store", nowhere)
    with pytest.raises(psycopg.OperationalError):
        await person.says("/greet")
    assert agent.tracker_store._fallback_tracker_store is None  # type: ignore[attr-defined]


@pytest.mark.parametrize("sender", ["", "abc", ":", "abc:", ":abc"])
def test_a_sender_names_a_conversation_and_a_turn(sender: str) -> None:
    with pytest.raises(SenderWrong):
        key_of(sender)


def test_an_empty_state_only_waits() -> None:
    assert [event.type_name for event in events_of(None)] == ["action"]
