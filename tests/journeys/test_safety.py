"""Danger is answered at once and becomes a ticket with Rasa, the action server and the provider's network down."""

from __future__ import annotations

import pytest
from fakes.faults import Fault
from fakes.telegram_api import FakeTelegram
from journeys.system import System, TelegramPerson, until

# The person's words, and a word that only an answer in their language and script holds.
CRIES = [
    ("меня бьют помогите", "полиция"),
    ("мені ұрып жатыр көмектесіңдер", "полиция"),
    ("meni urishyapti yordam beringlar", "politsiya"),
    ("мени уришяпти ёрдам беринглар", "полиция"),
    ("маро зада истодаанд ёри диҳед", "политсия"),
]


def _heard(api: FakeTelegram, person: TelegramPerson) -> list[str]:
    return [m["text"] for m in api.sent() if m["chat_id"] == person.chat]


@pytest.fixture(scope="module", autouse=True)
def without_assistant(system: System) -> None:
    """In this whole file there is neither Rasa nor the action server."""
    system.kill("rasa")
    system.kill("actions")


@pytest.mark.parametrize(("cry", "word"), CRIES)
def test_a_cry_for_help_gets_the_number_in_its_language_with_the_assistant_down(
    system: System, api: FakeTelegram, person: TelegramPerson, cry: str, word: str
) -> None:
    person.writes(cry)
    until(lambda: _heard(api, person), 10, "the safety reply")
    assert "112" in _heard(api, person)[0]
    assert word in _heard(api, person)[0].lower()
    assert system.ask("SELECT need FROM tickets ORDER BY opened_at DESC LIMIT 1") == [("danger_now",)]


def test_the_ticket_is_there_even_when_nothing_can_be_sent(system: System, api: FakeTelegram, person: TelegramPerson) -> None:
    api.faults.add(Fault(0), "sendMessage", times=3)
    before = system.ask("SELECT count(*) FROM tickets WHERE need = 'danger_now'")[0][0]
    person.writes("меня заперли и бьют")
    until(lambda: system.ask("SELECT count(*) FROM tickets WHERE need = 'danger_now'")[0][0] > before, 10, "the ticket")
    until(
        lambda: system.ask("SELECT 1 FROM outbox WHERE status = 'delivered' AND attempts = 4"), 60, "the reply gets through later"
    )


def test_one_ticket_however_often_somebody_cries(system: System, api: FakeTelegram, person: TelegramPerson) -> None:
    for _ in range(3):
        person.writes("меня бьют помогите")
    until(lambda: len(_heard(api, person)) == 3, 20, "three replies")
    newest = "SELECT conversation_id FROM inbox ORDER BY received_at DESC LIMIT 1"
    assert system.ask(f"SELECT count(*) FROM tickets WHERE conversation_id = ({newest})") == [(1,)]


def test_unsafe_to_talk_silences_everything_until_the_number_comes(
    system: System, api: FakeTelegram, person: TelegramPerson
) -> None:
    person.writes("не могу писать хозяин рядом смотрит")
    until(lambda: _heard(api, person), 10, "the short line")
    code = system.ask("SELECT return_code FROM conversations WHERE silence = 'unsafe' AND return_code IS NOT NULL")[-1][0]
    line = _heard(api, person)[0]
    assert code in line
    assert "112" not in line
    person.writes("кто это пишет")
    person.writes("меня бьют")
    until(lambda: not system.ask("SELECT 1 FROM inbox WHERE status = 'waiting'"), 10, "both are read")
    assert len(_heard(api, person)) == 1
    assert system.ask(
        "SELECT 1 FROM tickets WHERE need = 'danger_now' AND turn_id = (SELECT id FROM inbox ORDER BY received_at DESC LIMIT 1)"
    )
    person.writes(code)
    until(lambda: len(_heard(api, person)) == 2, 10, "the harmless hello")


def test_stop_is_obeyed_and_stop_him_is_not_a_stop(system: System, api: FakeTelegram, person: TelegramPerson) -> None:
    person.writes("меня бьют остановите его")
    until(lambda: len(_heard(api, person)) == 1, 10, "a safety reply")
    assert "112" in _heard(api, person)[0]
    person.writes("СТОП")
    until(lambda: len(_heard(api, person)) == 2, 10, "one last line")
    assert "START" in _heard(api, person)[1]
