"""The console is killed (SIGKILL) in the middle of a claim, a reply and a hand-back: each is done whole or not at all."""

from __future__ import annotations

from uuid import UUID

import pytest
from fakes.telegram_api import FakeTelegram
from journeys.operator import Operator
from journeys.system import System, TelegramPerson, until

QUESTION = "не платят зарплату третий месяц"
ANSWER = "Здравствуйте, я прочитала ваше сообщение."


@pytest.fixture(scope="module")
def desk(system: System) -> System:
    """The same processes, and the console."""
    if "console" not in system.running:
        system.start("console")
        system.ready("console")
    return system


@pytest.fixture
def anora(desk: System) -> Operator:
    return Operator(desk)


def _asks_for_a_human(system: System, api: FakeTelegram, person: TelegramPerson) -> UUID:
    person.writes("хочу поговорить с человеком")
    until(lambda: _heard(api, person), 20, "the person is told that a human will read it")
    found: UUID = system.ask("SELECT conversation_id FROM inbox ORDER BY received_at DESC LIMIT 1")[0][0]
    return found


def _heard(api: FakeTelegram, person: TelegramPerson) -> list[str]:
    return [m["text"] for m in api.sent() if m["chat_id"] == person.chat]


def _holder(system: System, conversation: UUID) -> UUID | None:
    found: UUID | None = system.ask("SELECT operator_id FROM conversations WHERE id = %s", conversation)[0][0]
    return found


def _is_answered_by_the_bot(api: FakeTelegram, person: TelegramPerson) -> None:
    before = len(_heard(api, person))
    person.writes(QUESTION)
    until(lambda: len(_heard(api, person)) > before, 20, "the bot answers")


def test_killed_in_a_claim_nobody_has_it_and_the_bot_answers(
    desk: System, api: FakeTelegram, person: TelegramPerson, anora: Operator
) -> None:
    conversation = _asks_for_a_human(desk, api, person)
    anora.is_stopped_in(conversation, "claim", "ticket_events")
    assert _holder(desk, conversation) is None
    _is_answered_by_the_bot(api, person)
    anora.does(conversation, "claim")
    assert _holder(desk, conversation) == anora.id


def test_killed_in_a_reply_nothing_goes_out_and_sent_again_it_goes_out_once(
    desk: System, api: FakeTelegram, person: TelegramPerson, anora: Operator
) -> None:
    conversation = _asks_for_a_human(desk, api, person)
    anora.does(conversation, "claim")
    anora.is_stopped_in(conversation, "reply", "transcript", text=ANSWER)
    assert desk.ask("SELECT count(*) FROM outbox WHERE author IS NOT NULL AND conversation_id = %s", conversation) == [(0,)]
    anora.does(conversation, "reply", text=ANSWER)
    until(lambda: ANSWER in _heard(api, person), 20, "the person hears the operator")
    assert _heard(api, person).count(ANSWER) == 1


def test_killed_after_a_reply_was_stored_it_reaches_the_person_all_the_same(
    desk: System, api: FakeTelegram, person: TelegramPerson, anora: Operator
) -> None:
    conversation = _asks_for_a_human(desk, api, person)
    anora.does(conversation, "claim")
    desk.freeze("worker")
    anora.does(conversation, "reply", text=ANSWER)
    desk.kill("console")
    desk.thaw("worker")
    until(lambda: ANSWER in _heard(api, person), 20, "the person hears the operator")
    desk.start("console")
    desk.ready("console")


def test_killed_in_a_hand_back_the_operator_still_has_it_and_the_bot_is_silent(
    desk: System, api: FakeTelegram, person: TelegramPerson, anora: Operator
) -> None:
    conversation = _asks_for_a_human(desk, api, person)
    anora.does(conversation, "claim")
    anora.is_stopped_in(conversation, "give-back", "ticket_events")
    assert _holder(desk, conversation) == anora.id
    before = len(_heard(api, person))
    person.writes(QUESTION)
    query = "SELECT status FROM inbox WHERE conversation_id = %s ORDER BY position DESC LIMIT 1"
    until(lambda: desk.ask(query, conversation) == [("ticketed",)], 20, "the message is the operator's")
    assert len(_heard(api, person)) == before
    anora.does(conversation, "give-back")
    assert _holder(desk, conversation) is None
    _is_answered_by_the_bot(api, person)


def test_of_two_who_claim_at_once_one_has_it_and_the_other_is_told(
    desk: System, api: FakeTelegram, person: TelegramPerson, anora: Operator
) -> None:
    conversation = _asks_for_a_human(desk, api, person)
    anora.does(conversation, "claim")
    assert Operator(desk, "Bolat").post(f"/conversations/{conversation}/claim") == 409
    assert _holder(desk, conversation) == anora.id
