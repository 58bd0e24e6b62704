"""Fake providers on loopback and our channels before them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from fakes.kannel_api import INBOUND_SECRET, NUMBER, PASSWORD, USERNAME, FakeKannel
from fakes.server import serving
from fakes.telegram_api import TOKEN, WEBHOOK_SECRET, FakeTelegram
from fakes.twilio_api import ACCOUNT, PUBLIC, FakeTwilio
from fakes.twilio_api import TOKEN as TWILIO_TOKEN

from hotline_bridge.channels.sms_kannel import KannelChannel
from hotline_bridge.channels.sms_twilio import TwilioChannel
from hotline_bridge.channels.telegram import TelegramChannel


class Stage:
    """One server for all tests; each puts its own fake on it."""

    app: Any = None
    url = ""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    made = Stage()
    with serving(made) as made.url:
        yield made


@pytest.fixture
def bot_api() -> Iterator[FakeTelegram]:
    """Fails the test at the end when we sent what the Bot API does not know."""
    fake = FakeTelegram()
    yield fake
    assert fake.wrong == []


@pytest.fixture
async def telegram(stage: Stage, bot_api: FakeTelegram) -> AsyncIterator[TelegramChannel]:
    stage.app = bot_api
    channel = TelegramChannel(TOKEN, stage.url, WEBHOOK_SECRET)
    yield channel
    await channel.close()


@pytest.fixture
def twilio_api() -> Iterator[FakeTwilio]:
    fake = FakeTwilio()
    yield fake
    assert fake.wrong == []


@pytest.fixture
async def twilio(stage: Stage, twilio_api: FakeTwilio) -> AsyncIterator[TwilioChannel]:
    stage.app = twilio_api
    channel = TwilioChannel(ACCOUNT, TWILIO_TOKEN, "+12025550100", PUBLIC, stage.url)
    yield channel
    await channel.close()


@pytest.fixture
def smsbox() -> Iterator[FakeKannel]:
    fake = FakeKannel()
    yield fake
    assert fake.wrong == []


@pytest.fixture
async def kannel_channel(stage: Stage, smsbox: FakeKannel) -> AsyncIterator[KannelChannel]:
    stage.app = smsbox
    sendsms = f"{stage.url}/cgi-bin/sendsms"
    channel = KannelChannel(sendsms, USERNAME, PASSWORD, NUMBER, INBOUND_SECRET, "http://127.0.0.1:8080")
    yield channel
    await channel.close()
