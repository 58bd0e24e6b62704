"""Long polling: an offset is confirmed only when the caller comes back for more."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

import pytest
from fakes.faults import Fault
from fakes.telegram_api import FakeTelegram

from hotline_bridge.channels import telegram_polling
from hotline_bridge.channels.telegram import TelegramChannel
from hotline_bridge.errors import OutOfOrder
from hotline_bridge.messages import Kind

PERSON = {"id": 4201, "is_bot": False, "first_name": "A"}


def update(number: int, **fields: Any) -> dict[str, Any]:
    chat = {"id": 4201, "type": "private", "first_name": "A"}
    return {"update_id": number, "message": {"message_id": number, "from": PERSON, "chat": chat, "date": 1, "text": "a"} | fields}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_sleep(seconds: float) -> None:
        await real(0)

    real = asyncio.sleep
    monkeypatch.setattr(telegram_polling.asyncio, "sleep", no_sleep)


async def test_a_batch_that_was_not_stored_comes_again(telegram: TelegramChannel, bot_api: FakeTelegram) -> None:
    bot_api.updates = [update(7), update(8)]
    for _ in range(2):  # the caller dies before it asks for the next batch
        async with aclosing(telegram.poll()) as polling:
            parsed, offset = await anext(polling)
            assert ([i.provider_id for i in parsed.inbound], offset) == (["u7", "u8"], 9)


async def test_the_next_batch_confirms_the_one_before(telegram: TelegramChannel, bot_api: FakeTelegram) -> None:
    bot_api.updates = [update(7)]
    async with aclosing(telegram.poll()) as polling:
        await anext(polling)
        asking = asyncio.ensure_future(anext(polling))
        while bot_api.updates:
            await asyncio.wait([asking], timeout=0.05)
        bot_api.updates = [update(8)]
        parsed, offset = await asking
    assert ([i.provider_id for i in parsed.inbound], offset) == (["u8"], 9)


async def test_polling_takes_the_webhook_away_and_keeps_what_waits(telegram: TelegramChannel, bot_api: FakeTelegram) -> None:
    bot_api.updates = [update(7)]
    async with aclosing(telegram.poll(5)) as polling:
        await anext(polling)
    first, second, *_ = bot_api.calls
    assert (first.method, first.parameters.get("drop_pending_updates", False)) == ("deleteWebhook", False)
    assert second.parameters == {
        "offset": 5,
        "timeout": 25,
        "allowed_updates": ["message", "callback_query", "my_chat_member", "channel_post"],
    }


async def test_one_unreadable_update_does_not_stop_the_others(telegram: TelegramChannel, bot_api: FakeTelegram) -> None:
    bot_api.updates = [update(7, voice=3, text=None), {"update_id": 8, "poll": 1}, update(9)]
    async with aclosing(telegram.poll()) as polling:
        parsed, offset = await anext(polling)
    assert [(i.provider_id, i.kind) for i in parsed.inbound] == [("u7", Kind.UNREADABLE), ("u9", Kind.TEXT)]
    assert offset == 10


async def test_passing_faults_are_waited_out(telegram: TelegramChannel, bot_api: FakeTelegram) -> None:
    bot_api.updates = [update(7)]
    for fault in (Fault(502), Fault(200, b"<html>"), Fault(200, b'{"ok":true,"result":5}'), Fault(0)):
        bot_api.faults.add(fault, "getUpdates")
    bot_api.refuse(429, "Too Many Requests", "getUpdates", retry_after=3)
    async with aclosing(telegram.poll()) as polling:
        parsed, _ = await anext(polling)
    assert len(parsed.inbound) == 1


@pytest.mark.parametrize(("status", "said"), [(401, "Unauthorized"), (409, "Conflict: can't use getUpdates")])
async def test_a_second_poller_or_a_wrong_token_needs_an_operator(
    telegram: TelegramChannel, bot_api: FakeTelegram, status: int, said: str
) -> None:
    bot_api.refuse(status, said, "getUpdates")
    with pytest.raises(OutOfOrder):
        await anext(telegram.poll())


async def test_the_webhook_is_registered_with_its_secret(telegram: TelegramChannel, bot_api: FakeTelegram) -> None:
    await telegram.register_webhook("https://help.example.kz/telegram")
    (call,) = bot_api.calls
    assert call.method == "setWebhook"
    assert call.parameters == {
        "url": "https://help.example.kz/telegram",
        "secret_token": "webhook_secret-7",
        "allowed_updates": ["message", "callback_query", "my_chat_member", "channel_post"],
        "drop_pending_updates": False,
    }
