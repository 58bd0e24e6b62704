"""What we send to Telegram, and what each of its answers means."""

from __future__ import annotations

import asyncio
import json

import pytest
from fakes.faults import Fault
from fakes.hostile import HOSTILE
from fakes.server import serving
from fakes.telegram_api import TOKEN, FakeTelegram

from hotline_bridge.channels import telegram as module
from hotline_bridge.channels.telegram import TelegramChannel
from hotline_bridge.errors import Gone, NeverAgain, OutOfOrder, SendError, SlowDown, TryAgain
from hotline_bridge.messages import Channel, Inbound, Kind, Message, Option, Receipt

TITLED = "Иш ҳақи тўланмаса\n\nҚонун сиз томонда. Шикоят қилиш мумкин."


async def test_a_message_goes_out_silent_plain_and_without_previews(telegram: TelegramChannel, bot_api: FakeTelegram) -> None:
    receipt = await telegram.send("4201", Message("Қоидалар: https://adilet.zan.kz *эмас*", (Option("Яна", "more"),)))
    assert receipt == Receipt("1001", final=True)
    assert bot_api.sent() == [
        {
            "chat_id": 4201,
            "text": "Қоидалар: https://adilet.zan.kz *эмас*",
            "disable_notification": True,
            "link_preview_options": {"is_disabled": True},
            "reply_markup": {"inline_keyboard": [[{"text": "Яна", "callback_data": "more"}]]},
        }
    ]


async def test_a_page_to_an_operator_makes_a_sound(telegram: TelegramChannel, bot_api: FakeTelegram) -> None:
    await telegram.send("4201", Message("Something waits.", loud=True))
    assert bot_api.sent()[0].get("disable_notification", False) is False


async def test_the_title_is_bold_by_an_entity(telegram: TelegramChannel, bot_api: FakeTelegram) -> None:
    await telegram.send("4201", Message(TITLED))
    assert bot_api.sent()[0]["text"] == TITLED
    assert bot_api.sent()[0]["entities"] == [{"type": "bold", "offset": 0, "length": 17}]


SHORT = [text for text in HOSTILE if len(text) < 4096]


@pytest.mark.parametrize("text", SHORT, ids=range(len(SHORT)))
async def test_hostile_words_go_out_as_they_are(telegram: TelegramChannel, bot_api: FakeTelegram, text: str) -> None:
    await telegram.send("4201", Message(text))
    assert bot_api.sent()[0]["text"] == text
    assert not {"entities", "parse_mode"} & bot_api.sent()[0].keys()


async def test_a_long_message_has_its_buttons_on_the_last_piece(telegram: TelegramChannel, bot_api: FakeTelegram) -> None:
    text = "\n\n".join(["Б" * 3000, "В" * 3000, "Г" * 3000])
    receipt = await telegram.send("4201", Message(text, (Option("Яна", "more"),)))
    assert [p["text"][0] * 2 + str(len(p["text"])) for p in bot_api.sent()] == ["ББ3000", "ВВ3000", "ГГ3000"]
    assert ["reply_markup" in p for p in bot_api.sent()] == [False, False, True]
    assert receipt.reference == "1001,1002,1003"


async def test_everything_is_taken_back_before_the_new_message(telegram: TelegramChannel, bot_api: FakeTelegram) -> None:
    references = ("1003,1002", "c4382", *(str(i) for i in range(1, 151)))
    await telegram.send("4201", Message("Тайёр.", take_back=references))
    deleted = [call.parameters["message_ids"] for call in bot_api.calls[:-1]]
    assert sorted(i for ids in deleted for i in ids) == sorted([1003, 1002, *range(1, 151)])
    assert sorted(map(len, deleted)) == [52, 100]
    assert bot_api.calls[-1].method == "sendMessage"


async def test_one_message_that_is_too_old_does_not_keep_the_others_on_the_screen(
    telegram: TelegramChannel, bot_api: FakeTelegram
) -> None:
    bot_api.undeletable = {3}
    await telegram.send("4201", Message("Тайёр.", take_back=tuple("12345678")))
    gone = {i for call in bot_api.calls if call.method == "deleteMessages" for i in call.parameters["message_ids"]
            if not bot_api.undeletable & set(call.parameters["message_ids"])}  # fmt: skip
    assert gone == {1, 2, 4, 5, 6, 7, 8}
    assert len(bot_api.sent()) == 1


async def test_a_blocked_bot_cannot_take_back_and_says_so(telegram: TelegramChannel, bot_api: FakeTelegram) -> None:
    bot_api.refuse(403, "Forbidden: bot was blocked by the user")
    with pytest.raises(Gone):
        await telegram.send("4201", Message("Тайёр.", take_back=("1",)))
    assert bot_api.sent() == []


async def test_a_chat_that_is_gone_is_asked_once_to_take_back(telegram: TelegramChannel, bot_api: FakeTelegram) -> None:
    bot_api.refuse(400, "Bad Request: chat not found")
    with pytest.raises(Gone):
        await telegram.send("4201", Message("Тайёр.", take_back=tuple("12345678")))
    assert [call.method for call in bot_api.calls] == ["deleteMessages"]


async def test_nothing_to_say_sends_nothing(telegram: TelegramChannel, bot_api: FakeTelegram) -> None:
    assert await telegram.send("4201", Message(" ", take_back=("1",))) == Receipt(None)
    assert [call.method for call in bot_api.calls] == ["deleteMessages"]


ANSWERS = {
    "blocked": (403, "Forbidden: bot was blocked by the user", Gone, "blocked"),
    "deactivated": (403, "Forbidden: user is deactivated", Gone, "blocked"),
    "never wrote": (403, "Forbidden: bot can't initiate conversation with a user", Gone, "blocked"),
    "no chat": (400, "Bad Request: chat not found", Gone, "chat_not_found"),
    "no user": (400, "Bad Request: user not found", Gone, "user_not_found"),
    "no peer": (400, "Bad Request: PEER_ID_INVALID", Gone, "peer_invalid"),
    "bad button": (400, "Bad Request: BUTTON_DATA_INVALID", NeverAgain, "bad_request"),
    "too long": (400, "Bad Request: message is too long", NeverAgain, "bad_request"),
    "bad token": (401, "Unauthorized", OutOfOrder, "token_refused"),
    "no method": (404, "Not Found", OutOfOrder, "token_refused"),
    "conflict": (409, "Conflict: terminated by other getUpdates request", OutOfOrder, "polled_elsewhere"),
    "server": (500, "Internal Server Error", TryAgain, "network"),
    "gateway": (502, "Bad Gateway", TryAgain, "network"),
    "unavailable": (503, "Service Unavailable", TryAgain, "network"),
    "flood without a time": (429, "Too Many Requests", TryAgain, "network"),
}


@pytest.mark.parametrize(("status", "said", "row", "code"), ANSWERS.values(), ids=ANSWERS.keys())
async def test_each_refusal_has_its_row(
    telegram: TelegramChannel, bot_api: FakeTelegram, status: int, said: str, row: type[SendError], code: str
) -> None:
    bot_api.refuse(status, said)
    with pytest.raises(SendError) as caught:
        await telegram.send("4201", Message("Салом"))
    assert (type(caught.value), caught.value.code) == (row, code)


async def test_flood_control_names_its_seconds(telegram: TelegramChannel, bot_api: FakeTelegram) -> None:
    bot_api.refuse(429, "Too Many Requests: retry after 17", retry_after=17)
    with pytest.raises(SlowDown) as caught:
        await telegram.send("4201", Message("Салом"))
    assert caught.value.seconds == 17.0


async def test_flood_control_in_the_librarys_old_form_too(
    telegram: TelegramChannel, bot_api: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "false")
    bot_api.refuse(429, "Too Many Requests: retry after 17", retry_after=17)
    with pytest.warns(match="retry_after"), pytest.raises(SlowDown) as caught:
        await telegram.send("4201", Message("Салом"))
    assert caught.value.seconds == 17.0


@pytest.mark.parametrize(
    "fault",
    [
        Fault(200, b"<html>"),
        Fault(200, b"[]"),
        Fault(200, b"{}"),
        Fault(200, b'{"ok":true,"result":true}'),
        Fault(200, b'{"ok":true,"result":{"message_id":"x"}}'),
        Fault(500, b"<html>"),
        Fault(502, b""),
        Fault(0),
    ],
    ids=repr,
)
async def test_a_malformed_answer_is_tried_again(telegram: TelegramChannel, bot_api: FakeTelegram, fault: Fault) -> None:
    bot_api.faults.add(fault)
    with pytest.raises(TryAgain):
        await telegram.send("4201", Message("Салом"))


async def test_a_time_out_is_tried_again(
    telegram: TelegramChannel, bot_api: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.2)
    bot_api.faults.add(Fault(200, b"", delay=0.5))
    with pytest.raises(TryAgain) as caught:
        await telegram.send("4201", Message("Салом"))
    assert caught.value.code == "timeout"


async def test_nobody_listening_is_tried_again() -> None:
    channel = TelegramChannel(TOKEN, "http://127.0.0.1:1", None)
    with pytest.raises(TryAgain):
        await channel.send("4201", Message("Салом"))
    await channel.close()


@pytest.mark.parametrize("address", ["", "gulnora", "@gulnora", "1.5"])
async def test_an_address_that_is_no_chat_is_never_tried_again(telegram: TelegramChannel, address: str) -> None:
    with pytest.raises(NeverAgain):
        await telegram.send(address, Message("Салом"))


async def test_thirty_go_out_at_once(telegram: TelegramChannel, bot_api: FakeTelegram) -> None:
    body = json.dumps({"ok": True, "result": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}}}).encode()
    bot_api.faults.add(Fault(200, body, delay=1.0), times=30)
    async with asyncio.timeout(5):
        receipts = await asyncio.gather(*(telegram.send(str(i), Message("Салом")) for i in range(1, 31)))
    assert len(receipts) == 30


async def test_a_pressed_button_stops_waiting(telegram: TelegramChannel, bot_api: FakeTelegram) -> None:
    pressed = Inbound(Channel.TELEGRAM, "4201", "u1", Kind.CHOICE, "more", "c4382bfdwdsb323b2d9")
    await telegram.acknowledge(pressed)
    assert [(c.method, c.parameters) for c in bot_api.calls] == [
        ("answerCallbackQuery", {"callback_query_id": "4382bfdwdsb323b2d9"})
    ]


async def test_words_need_no_acknowledgement(telegram: TelegramChannel, bot_api: FakeTelegram) -> None:
    await telegram.acknowledge(Inbound(Channel.TELEGRAM, "4201", "u1", Kind.TEXT, "a", "31"))
    assert bot_api.calls == []


async def test_acknowledging_and_leaving_never_raise(telegram: TelegramChannel, bot_api: FakeTelegram) -> None:
    bot_api.refuse(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    await telegram.acknowledge(Inbound(Channel.TELEGRAM, "4201", "u1", Kind.CHOICE, "a", "c1"))
    bot_api.refuse(403, "Forbidden: bot is not a member of the supergroup chat")
    await telegram.leave("-1001")
    for answer in (b"<html>", b"{}", b"[]"):
        bot_api.faults.add(Fault(200, answer))
        await telegram.leave("-1001")
    await telegram.leave("nowhere")
    await telegram.close()
    await telegram.acknowledge(Inbound(Channel.TELEGRAM, "4201", "u1", Kind.CHOICE, "a", "c1"))
    assert [c.method for c in bot_api.calls] == ["answerCallbackQuery", *["leaveChat"] * 4]


async def test_a_bot_api_server_of_ones_own_may_have_a_path(bot_api: FakeTelegram) -> None:
    async def under_a_path(scope: dict[str, object], receive: object, send: object) -> None:
        assert str(scope["path"]).startswith("/own/bot1")
        await bot_api({**scope, "path": str(scope["path"]).removeprefix("/own")}, receive, send)  # type: ignore[arg-type]

    with serving(under_a_path) as url:
        channel = TelegramChannel(TOKEN, url + "/own/", None)
        await channel.send("4201", Message("Салом"))
        await channel.close()
    assert len(bot_api.sent()) == 1


async def test_both_sides_messages_are_erased_a_hundred_at_a_time(telegram: TelegramChannel, bot_api: FakeTelegram) -> None:
    bot_api.undeletable = {7}  # older than 48 hours: it stays, and the others go
    await telegram.erase("4201", (*(str(n) for n in range(1, 150)), "150,151", "c77"))
    asked = [call.parameters["message_ids"] for call in bot_api.calls if call.method == "deleteMessages"]
    assert max(len(ids) for ids in asked) == 100
    assert {n for ids in asked if 7 not in ids for n in ids} == set(range(1, 152)) - {7}
    with pytest.raises(NeverAgain):
        await telegram.erase("no chat", ("1",))
