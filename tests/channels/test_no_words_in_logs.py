"""With every logger at DEBUG, no log line holds a word, a number or a token, whatever the provider answers."""

from __future__ import annotations

import logging
import logging.config
from collections.abc import Awaitable, Iterator

import pytest
from fakes.faults import Fault
from fakes.kannel_api import INBOUND_SECRET, PASSWORD, FakeKannel
from fakes.telegram_api import TOKEN, FakeTelegram
from fakes.twilio_api import TOKEN as TWILIO_TOKEN
from fakes.twilio_api import FakeTwilio

from hotline_bridge.channels.quiet import TALKATIVE
from hotline_bridge.channels.sms_kannel import KannelChannel
from hotline_bridge.channels.sms_twilio import TwilioChannel
from hotline_bridge.channels.telegram import TelegramChannel
from hotline_bridge.errors import SendError
from hotline_bridge.messages import Message

WORDS = "Зулмхона"
PHONE = "77011234567"
SECRETS = (WORDS, PHONE, "4201777", TOKEN, TOKEN.split(":")[1], TWILIO_TOKEN, PASSWORD, INBOUND_SECRET)
ECHO = f'{{"ok":false,"error_code":400,"description":"{WORDS} {PHONE} {TOKEN}"}}'.encode()


class Everything(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def log() -> Iterator[Everything]:
    """Somebody has turned every level of every logger up."""
    handler = Everything()
    root = logging.getLogger()
    names = ["", *TALKATIVE, "httpcore", "telegram", "telegram.ext", "twilio", "aiohttp", "asyncio", "hotline_bridge"]
    levels = {name: logging.getLogger(name).level for name in names}
    root.addHandler(handler)
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def assert_clean(log: Everything, also: str = "") -> None:
    assert [line for line in (*log.lines, also) for secret in SECRETS if secret in line] == []


async def outcome(call: Awaitable[object]) -> str:
    """What an error would show to somebody who logs it; nothing when there is none."""
    try:
        await call
    except SendError as error:
        return repr(error) + str(error)
    return ""


FAULTS = [None, Fault(400, ECHO), Fault(200, ECHO[:-1]), Fault(500, ECHO), Fault(0), Fault(200, b'{"ok":true,"result":5}')]


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
async def test_telegram_logs_nothing_of_it(
    telegram: TelegramChannel, bot_api: FakeTelegram, log: Everything, fault: Fault | None
) -> None:
    if fault:
        bot_api.faults.add(fault)
    assert_clean(log, await outcome(telegram.send("4201777", Message(WORDS))))


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
async def test_polling_logs_nothing_of_it(
    telegram: TelegramChannel, bot_api: FakeTelegram, log: Everything, fault: Fault | None,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    chat = {"id": 4201777, "type": "private"}
    said = {"message_id": 1, "chat": chat, "date": 1, "text": WORDS, "voice": fault and 3}
    bot_api.updates = [{"update_id": 1, "message": said}]
    if fault:
        bot_api.faults.add(fault, "getUpdates")
    raised = await outcome(anext(telegram.poll()))
    assert_clean(log, raised + "".join(capsys.readouterr()))


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
async def test_twilio_logs_nothing_of_it(
    twilio: TwilioChannel, twilio_api: FakeTwilio, log: Everything, fault: Fault | None
) -> None:
    if fault:
        twilio_api.faults.add(fault)
    assert_clean(log, await outcome(twilio.send(f"+{PHONE}", Message(WORDS))))


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
async def test_kannel_logs_nothing_of_it(
    kannel_channel: KannelChannel, smsbox: FakeKannel, log: Everything, fault: Fault | None
) -> None:
    if fault:
        smsbox.faults.add(fault)
    assert_clean(log, await outcome(kannel_channel.send(f"+{PHONE}", Message(WORDS))))


async def test_a_logging_configuration_made_later_brings_nothing_back(
    telegram: TelegramChannel, log: Everything, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As uvicorn does when it starts.
    logging.config.dictConfig({"version": 1, "disable_existing_loggers": False})
    await telegram.send("4201777", Message(WORDS))
    assert [line for line in log.lines if "sendMessage" in line] == []
    assert_clean(log)


async def test_even_a_logger_that_speaks_again_does_not_know_the_token(
    telegram: TelegramChannel, bot_api: FakeTelegram, log: Everything, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("httpx", "httpcore.connection", "httpcore.http11"):
        monkeypatch.setattr(logging.getLogger(name), "filters", [])
    await telegram.send("4201777", Message("a"))
    spoken = [line for line in log.lines if "/bot/sendMessage" in line]
    assert spoken, "httpx says nothing any more, so this test proves nothing"
    assert not [line for line in log.lines if TOKEN in line or TOKEN.split(":")[1] in line]
    assert len(bot_api.sent()) == 1
