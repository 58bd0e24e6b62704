"""Orders that erase: delete my data, on the real way through Rasa's question and the person's yes."""

from __future__ import annotations

from fakes.telegram_api import FakeTelegram
from journeys.system import System, TelegramPerson, until

TABLES = {
    "conversations": "id",
    "inbox": "conversation_id",
    "outbox": "conversation_id",
    "placeholders": "conversation_id",
    "vault.keys": "conversation_id",
    "vault.identities": "conversation_id",
    "dialogue.memory": "conversation",
}


def _heard(api: FakeTelegram, person: TelegramPerson) -> list[str]:
    return [m["text"] for m in api.sent() if m["chat_id"] == person.chat]


def test_delete_my_data_leaves_nothing_but_a_count(system: System, api: FakeTelegram, person: TelegramPerson) -> None:
    person.writes("паспорт забрал хозяин")
    until(lambda: len(_heard(api, person)) == 1, 10, "an answer")
    conversation = system.ask("SELECT conversation_id FROM inbox ORDER BY received_at DESC LIMIT 1")[0][0]
    person.writes("удалите мои данные")
    until(lambda: len(_heard(api, person)) == 2, 10, "the question")
    person.writes("да")
    until(lambda: len(_heard(api, person)) == 3, 10, "the last line")
    for table, column in TABLES.items():
        gone = f"SELECT 1 FROM {table} WHERE {column} = %s"
        until(lambda query=gone: not system.ask(query, conversation), 10, f"{table} forgets")
    assert not system.ask("SELECT 1 FROM procrastinate_jobs WHERE args->>'conversation' = %s", str(conversation))
    received, left = system.ask(
        "SELECT (SELECT count(*) FROM arrivals), (SELECT count(*) FROM inbox) + (SELECT sum(messages) FROM departures)"
    )[0]
    assert received == left
    deleted = [i for c in api.calls if c.method == "deleteMessages" for i in c.parameters["message_ids"]]
    assert len(deleted) == 5  # three of theirs, two of ours; the line that tells of it stays
