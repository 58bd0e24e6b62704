"""How somebody is reached, over real processes: agreed, asked before a held reply goes out, resumed by SMS, ended by one word."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fakes.server import serving
from fakes.telegram_api import TOKEN, WEBHOOK_SECRET, FakeTelegram
from fakes.twilio_api import ACCOUNT, PUBLIC, FakeTwilio, signed
from fakes.twilio_api import TOKEN as TWILIO_TOKEN
from journeys.system import System, TelegramPerson, until

from bot.reading.agreed_words import AgreedWords
from hotline_bridge import bootstrap, settings
from hotline_bridge.errors import CannotBeWritten
from hotline_bridge.flow import operate
from hotline_bridge.flow.reply import Replied, reply
from hotline_bridge.flow.stations import DeskStations
from hotline_bridge.flow.unlock import unlock
from hotline_bridge.settings import PROJECT
from hotline_bridge.transliteration import into_script

ANNA = uuid4()
PHONE = "+77010009988"
REPLY = "Мы здесь, рассказывайте."
_chats, _texts = count(8_400_001), count(1)


@pytest.fixture(scope="module")
def providers() -> Iterator[tuple[FakeTelegram, FakeTwilio, dict[str, str]]]:
    """Telegram and Twilio, and the settings that lead to them."""
    telegram, twilio = FakeTelegram(), FakeTwilio()
    with serving(telegram) as chats, serving(twilio) as sms:
        yield telegram, twilio, {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_ROOT": chats,
            "TELEGRAM_MODE": "webhook",
            "TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TWILIO_TOKEN,
            "TWILIO_FROM": "+12025550100",
            "TWILIO_API_ROOT": sms,
            "KOMEK_PUBLIC_URL": PUBLIC,
        }  # fmt: skip


@pytest.fixture(scope="module")
def system(module_database: str, providers: tuple[Any, Any, dict[str, str]]) -> Iterator[System]:
    """web, worker, actions and rasa, on both channels."""
    with tempfile.TemporaryDirectory(prefix="komek-") as folder:
        made = System(module_database, Path(folder), providers[2])
        made.start("rasa", "actions", "web", "worker")
        try:
            made.ready("web", "actions", "rasa")
            yield made
        finally:
            made.stop()


class Chat:
    """Somebody's messenger: what they write and what they have heard."""

    def __init__(self, system: System, api: FakeTelegram) -> None:
        self._api = api
        self._person = TelegramPerson(system, WEBHOOK_SECRET, next(_chats))

    def says(self, text: str) -> None:
        """Write without waiting for an answer."""
        self._person.writes(text)

    def heard(self) -> list[str]:
        """Everything so far."""
        return [m["text"] for m in self._api.sent() if m["chat_id"] == self._person.chat]

    def asks(self, text: str, answers: int = 1) -> list[str]:
        """Write, and the next messages that come."""
        before = len(self.heard())
        self.says(text)
        until(lambda: len(self.heard()) >= before + answers, 20, f"{answers} answers to {text}")
        return self.heard()[before:]


def writes_sms(system: System, text: str, phone: str = PHONE) -> None:
    """An SMS, as Twilio posts it."""
    sid = f"SM{next(_texts):032x}"
    form = {"MessageSid": sid, "SmsSid": sid, "AccountSid": ACCOUNT, "From": phone, "To": "+12025550100", "Body": text}
    body, headers = signed(f"{PUBLIC}/sms/twilio", {**form, "NumMedia": "0", "ApiVersion": "2010-04-01"})
    assert httpx.post(f"{system.web_url}/sms/twilio", content=body, headers=headers, timeout=10).status_code == 200


def at_the_desk(system: System, step: Callable[[DeskStations], Awaitable[Any]]) -> Any:
    """What an operator does, with the desk's key alone."""

    async def run() -> Any:
        orders = bootstrap.for_orders(settings.load({"KOMEK_DATA": str(system.data)}), system.url)
        stations = replace(orders, anonymiser=bootstrap.anonymiser)
        await unlock(stations.store.engine, stations.desk)
        try:
            async with stations.store.queue.open_async():
                return await step(stations)
        finally:
            await stations.store.engine.dispose()

    return asyncio.run(run())


def newest(system: System) -> UUID:
    """The conversation in which was written last."""
    found: UUID = system.ask("SELECT conversation_id FROM inbox ORDER BY received_at DESC LIMIT 1")[0][0]
    return found


def a_day_passes(system: System, conversation: UUID) -> None:
    """What is remembered of it happened a day earlier."""
    for table, columns in {"agreements": ("confirmed_at", "asked_at"), "inbox": ("received_at",)}.items():
        moved = ", ".join(f"{c} = {c} - interval '1 day'" for c in columns)
        system.ask(f"UPDATE {table} SET {moved} WHERE conversation_id = %s RETURNING 1", conversation)


def test_agreed_asked_resumed_and_ended_by_one_word(
    system: System, providers: tuple[FakeTelegram, FakeTwilio, dict[str, str]]
) -> None:
    telegram, twilio, _ = providers
    chat = Chat(system, telegram)

    # A request, and how to be reached.
    opened, how = chat.asks("хочу поговорить с живым человеком", 2)
    code = re.findall(r"\d\d-\d{4}", opened)[0]
    assert "Как с вами связаться" in how
    assert "В какое время" in chat.asks("здесь")[0]
    noted, told = chat.asks("в любое время", 2)
    assert "писать сюда; в любое время" in noted
    known, alarm, again = re.findall(r"«(\w+)»", told)
    assert known == again != alarm
    conversation = newest(system)
    assert system.ask("SELECT need, state FROM tickets WHERE conversation_id = %s", conversation) == [
        ("talk_to_operator", "open")
    ]

    # The first contact of another day: a worker that is killed while it asks, asks once all the same.
    a_day_passes(system, conversation)
    at_the_desk(system, lambda desk: operate.claim(desk, ANNA, conversation))
    before = len(chat.heard())
    with system.locked("agreements"):
        done: Replied = at_the_desk(system, lambda desk: reply(desk, ANNA, conversation, REPLY))
        assert done.held
        until(system.blocked, 20, "the worker stands in the middle of asking")
        system.kill("worker")
    system.start("worker")
    until(lambda: len(chat.heard()) > before, 40, "the question whether it is safe")
    assert chat.heard()[before:] == [f"{known.capitalize()}. Сейчас удобно писать? Да или нет?"]

    # Something else than a yes lets nothing out; a yes does.
    chat.says("кто это пишет")
    until(lambda: not system.ask("SELECT 1 FROM inbox WHERE status = 'waiting'"), 20, "it is read")
    assert chat.asks("да, могу") == [REPLY]

    # The number of the request, by SMS from another phone and with Rasa down.
    heard = len(chat.heard())
    system.kill("rasa")
    writes_sms(system, code.replace("-", " "))
    until(lambda: twilio.sent, 20, "an SMS")
    assert "Мы нашли ваше обращение" in twilio.sent[0]["Body"]
    assert REPLY not in twilio.sent[0]["Body"]
    assert system.ask(
        "SELECT n.need, o.conversation_id FROM tickets n JOIN tickets o ON o.id = n.resumes WHERE n.conversation_id = %s",
        newest(system),
    ) == [("talk_to_operator", conversation)]
    assert len(chat.heard()) == heard, "nothing on the old phone"

    # One word, in Latin letters and inside a sentence, and nothing is ever said or sent.
    latin = into_script(alarm, "ru", "latn")
    chat.says(f"купи {latin.upper()} и хлеб")
    until(lambda: system.ask("SELECT 1 FROM ticket_events WHERE kind = 'alarm'"), 20, "the operator is told")
    with pytest.raises(CannotBeWritten, match="watching"):
        at_the_desk(system, lambda desk: reply(desk, ANNA, conversation, "Вы там?"))
    assert system.ask("SELECT count(*) FROM tickets WHERE conversation_id = %s AND flagged_at IS NOT NULL", conversation) == [
        (2,)
    ]
    chat.says("алло кто тут")
    until(lambda: not system.ask("SELECT 1 FROM inbox WHERE status = 'waiting'"), 20, "it is read")
    assert len(chat.heard()) == heard
    assert len(chat.asks(known)) == 1, "the other word ends the silence"
    system.start("rasa")
    system.ready("rasa")


IN_EVERY_LANGUAGE = [
    ("kk", "cyrl", "жалақымды бермей жатыр", "адам керек", "Осында жазу"),
    ("kk", "latn", "jalaqymdy bermei jatyr", "оператор", "Osynda jazu"),
    ("ru", "cyrl", "не платят зарплату третий месяц", "оператор", "Писать сюда"),
    ("uz", "latn", "oyligimni uch oydan beri bermayapti", "operator kerak", "Shu yerga yozish"),
    ("uz", "cyrl", "ойлигимни уч ойдан бери бермаяпти", "оператор", "Шу ерга ёзиш"),
    ("tg", "cyrl", "маоши маро се моҳ боз намедиҳанд", "одам даркор", "Ба ҳамин ҷо навиштан"),
]


@pytest.mark.parametrize(("language", "script", "question", "wish", "here"), IN_EVERY_LANGUAGE)
def test_by_sms_it_is_agreed_in_every_language_and_script(
    system: System, providers: tuple[FakeTelegram, FakeTwilio, dict[str, str]],
    language: str, script: str, question: str, wish: str, here: str,
) -> None:  # fmt: skip
    phone = f"+7702{next(_texts):07d}"

    def heard() -> list[str]:
        return [form["Body"] for form in providers[1].sent if form["To"] == phone]

    def asks(text: str, answers: int = 1) -> list[str]:
        before = len(heard())
        writes_sms(system, text, phone)
        until(lambda: len(heard()) >= before + answers, 30, f"{answers} answers to {text}")
        return heard()[before:]

    asks(question)
    _, how = asks(wish, 2)
    assert f"1 {here}" in how
    asks("1")
    noted, told = asks("1 3", 2)
    assert "6-12" in noted
    assert "18-24" in noted
    words = {into_script(word, language, script) for word in AgreedWords.load(PROJECT / "nlu/agreed_words").lists[language]}
    known, alarm, again = (word for word in re.findall(r'"(\w+)"', told))
    assert known == again != alarm
    assert {known, alarm} <= words
    assert system.ask("SELECT method, hours FROM agreements WHERE conversation_id = %s", newest(system)) == [
        ("this_chat", ["morning", "evening"])
    ]


def test_with_the_action_server_down_every_wish_for_a_human_is_one_ticket(
    system: System, providers: tuple[FakeTelegram, FakeTwilio, dict[str, str]]
) -> None:
    system.kill("actions")
    wishes = {
        "хочу поговорить с живым человеком": "talk_to_operator",
        "перезвоните мне пожалуйста": "request_callback",
        "хочу сообщить про соседку ей не платят и забрали паспорт": "report_someone_else",
    }
    for wish, need in wishes.items():
        chat = Chat(system, providers[0])
        for _ in range(2):
            chat.asks(wish)
        query = "SELECT need FROM tickets WHERE conversation_id = %s"
        assert system.ask(query, newest(system)) == [(need,)], wish
    system.start("actions")
    system.ready("actions")
