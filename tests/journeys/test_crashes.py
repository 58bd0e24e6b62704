"""Each process is killed (SIGKILL) at each step; every message is answered once in the store, at least once at the provider.

A step is held by a lock on the table it is about to write, or by a frozen partner, so that the kill hits exactly there.
"""

from __future__ import annotations

from typing import Any

import pytest
from fakes.faults import Fault
from fakes.telegram_api import FakeTelegram
from journeys.system import System, TelegramPerson, until

QUESTION = "не платят зарплату третий месяц"


def _rows(system: System) -> list[tuple[Any, ...]]:
    """status of the message, number of answers and their status, of the newest conversation."""
    return system.ask(
        """
        SELECT i.status, count(o.id), min(o.status) FROM inbox i LEFT JOIN outbox o ON o.inbox_id = i.id
        WHERE i.conversation_id = (SELECT conversation_id FROM inbox ORDER BY received_at DESC LIMIT 1)
        GROUP BY i.id, i.status ORDER BY i.position
        """
    )


def _heard(api: FakeTelegram, person: TelegramPerson) -> list[str]:
    return [m["text"] for m in api.sent() if m["chat_id"] == person.chat]


def _settled(system: System, api: FakeTelegram, person: TelegramPerson, messages: int = 1) -> None:
    """Answered exactly once in the store, at least once at the provider, and the reckoning adds up."""
    wanted = [("answered", 1, "delivered")] * messages
    until(lambda: _rows(system) == wanted, 40, f"the message is answered once: {_rows(system)}")
    assert len(_heard(api, person)) >= messages
    received, kept = system.ask("SELECT (SELECT count(*) FROM arrivals), (SELECT count(*) FROM inbox)")[0]
    assert received == kept


def test_nothing_is_killed(system: System, api: FakeTelegram, person: TelegramPerson) -> None:
    person.writes(QUESTION)
    _settled(system, api, person)
    assert len(_heard(api, person)) == 1


def test_web_dies_before_the_message_is_stored(system: System, api: FakeTelegram, person: TelegramPerson) -> None:
    update = person.update(QUESTION)
    with system.locked("inbox"):
        assert person.post(update, timeout=1) == 0
        until(system.blocked, 5, "web waits to store")
        system.kill("web")
    system.start("web")
    system.ready("web")
    until(lambda: person.post(update) == 200, 20, "the provider's second try is acknowledged")
    _settled(system, api, person)


def test_web_dies_after_storing_and_before_acknowledging(system: System, api: FakeTelegram, person: TelegramPerson) -> None:
    update = person.update(QUESTION)
    assert person.post(update) == 200
    system.kill("web")
    system.start("web")
    system.ready("web")
    assert person.post(update) == 200  # Telegram heard nothing and sends it again
    _settled(system, api, person)
    assert len(_heard(api, person)) == 1


def test_worker_dies_before_it_takes_the_message(system: System, api: FakeTelegram, person: TelegramPerson) -> None:
    system.kill("worker")
    person.writes(QUESTION)
    system.start("worker")
    _settled(system, api, person)


def test_worker_dies_while_the_assistant_thinks(system: System, api: FakeTelegram, person: TelegramPerson) -> None:
    system.freeze("rasa")
    person.writes(QUESTION)
    until(lambda: system.ask("SELECT 1 FROM inbox WHERE status = 'waiting' AND attempts = 1"), 10, "the worker asks")
    system.kill("worker")
    system.thaw("rasa")
    system.start("worker")
    _settled(system, api, person)


def test_worker_dies_before_the_answer_is_stored(system: System, api: FakeTelegram, person: TelegramPerson) -> None:
    with system.locked("outbox"):
        person.writes(QUESTION)
        until(system.blocked, 10, "the worker waits to store the answer")
        system.kill("worker")
    system.start("worker")
    _settled(system, api, person)


def test_worker_dies_while_the_provider_takes_the_answer(system: System, api: FakeTelegram, person: TelegramPerson) -> None:
    api.faults.add(Fault(200, b"{}", delay=8.0), "sendMessage")
    person.writes(QUESTION)
    until(lambda: _heard(api, person), 10, "the provider is called")
    system.kill("worker")
    system.start("worker")
    _settled(system, api, person)
    assert len(_heard(api, person)) == 2  # once without a word of thanks, once for good


def test_worker_dies_before_the_delivery_is_noted(system: System, api: FakeTelegram, person: TelegramPerson) -> None:
    system.freeze("worker")
    person.writes(QUESTION)
    system.thaw("worker")
    until(lambda: _rows(system) and _rows(system)[0][1] == 1, 10, "the answer is stored")
    with system.locked("outbox"):
        until(lambda: system.blocked() or _rows(system)[0][2] == "delivered", 10, "the worker waits to note it")
        system.kill("worker")
    system.start("worker")
    _settled(system, api, person)


def test_rasa_dies_and_the_message_reaches_a_person(system: System, api: FakeTelegram, person: TelegramPerson) -> None:
    system.kill("rasa")
    person.writes(QUESTION)
    until(lambda: _rows(system) == [("ticketed", 1, "delivered")], 20, "the bridge answers alone")
    assert "112" in _heard(api, person)[0]
    assert system.ask("SELECT need FROM tickets WHERE need = 'assistant_silent' LIMIT 1")
    system.start("rasa")
    system.ready("rasa")


def test_the_action_server_dies_and_a_request_still_becomes_a_ticket(
    system: System, api: FakeTelegram, person: TelegramPerson
) -> None:
    system.kill("actions")
    person.writes("оператор")
    until(lambda: _rows(system) == [("answered", 2, "delivered")], 20, "it is told its number and asked how to be reached")
    newest = "SELECT conversation_id FROM inbox ORDER BY received_at DESC LIMIT 1"
    assert system.ask(f"SELECT need FROM tickets WHERE conversation_id = ({newest})") == [("talk_to_operator",)]
    system.start("actions")
    system.ready("actions")


@pytest.mark.parametrize("victim", ["web", "worker", "rasa", "actions"])
def test_a_conversation_goes_on_in_order_while_a_process_dies(
    system: System, api: FakeTelegram, person: TelegramPerson, victim: str
) -> None:
    texts = [QUESTION, "где можно переночевать", "паспорт забрал хозяин", "нужен бесплатный адвокат"]
    for number, text in enumerate(texts):
        person.writes(text)
        if number == 1:
            system.kill(victim)
            system.start(victim)
            system.ready(*({victim} - {"worker"}))
    until(lambda: len(_rows(system)) == 4 and all(r[1:] == (1, "delivered") for r in _rows(system)), 40, "all four are answered")
    order = system.ask(
        """
        SELECT i.position FROM inbox i JOIN outbox o ON o.inbox_id = i.id
        WHERE i.conversation_id = (SELECT conversation_id FROM inbox ORDER BY received_at DESC LIMIT 1) ORDER BY o.position
        """
    )
    assert order == sorted(order)
