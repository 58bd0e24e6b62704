"""Updates as Telegram posts them, each with the record expected."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fakes.hostile import HOSTILE
from fakes.telegram_api import TOKEN, WEBHOOK_SECRET
from hypothesis import given
from hypothesis import strategies as st

from hotline_bridge.channels.base import ChannelAdapter, Parsed, Request
from hotline_bridge.channels.telegram import TelegramChannel
from hotline_bridge.channels.telegram_updates import read_update
from hotline_bridge.errors import Forged, Unreadable
from hotline_bridge.messages import Channel, Inbound, Kind

CHANNEL = TelegramChannel(TOKEN, "http://127.0.0.1:1", WEBHOOK_SECRET)
PERSON = {"id": 4201, "is_bot": False, "first_name": "Gulnora", "language_code": "uz"}
BOT = {"id": 777, "is_bot": True, "first_name": "Bot", "username": "other_bot"}
PRIVATE = {"id": 4201, "first_name": "Gulnora", "type": "private"}
GROUP = {"id": -1001, "title": "Ishchilar", "type": "supergroup"}
POSTS = {"id": -1002, "title": "Yangiliklar", "type": "channel"}
FILE = {"file_id": "AgAD", "file_unique_id": "QQAD", "file_size": 1}


def message(**fields: Any) -> dict[str, Any]:
    base = {"message_id": 31, "from": PERSON, "chat": PRIVATE, "date": 1760000000}
    return {"update_id": 9001, "message": base | fields}


def press(**fields: Any) -> dict[str, Any]:
    ours = {"message_id": 30, "from": BOT, "chat": PRIVATE, "date": 1760000000, "text": "?"}
    base = {"id": "4382bfdwdsb323b2d9", "from": PERSON, "message": ours, "chat_instance": "-1", "data": "ask_shelter"}
    return {"update_id": 9002, "callback_query": base | fields}


def member(chat: dict[str, Any], status: str) -> dict[str, Any]:
    us = {"user": BOT, "status": status} | ({"until_date": 0} if status == "kicked" else {})
    change = {"chat": chat, "from": PERSON, "date": 1, "old_chat_member": {"user": BOT, "status": "left"}, "new_chat_member": us}
    return {"update_id": 9003, "my_chat_member": change}


def request(body: bytes, secret: str | None = WEBHOOK_SECRET) -> Request:
    headers = {"content-type": "application/json"}
    if secret is not None:
        headers["x-telegram-bot-api-secret-token"] = secret
    return Request("POST", "/telegram", headers, "", body)


def parse(update: object) -> Parsed:
    return CHANNEL.parse(request(json.dumps(update).encode()))


def said(kind: Kind, text: str = "", reference: str | None = "31", provider_id: str = "u9001") -> Parsed:
    return Parsed(inbound=(Inbound(Channel.TELEGRAM, "4201", provider_id, kind, text, reference),))


LOCATION = {"latitude": 43.2, "longitude": 76.9}
ORIGIN = {"type": "hidden_user", "sender_user_name": "Kimdir", "date": 1}
TABLE = {
    "text": (message(text="Pasportimni olib qo'yishdi"), said(Kind.TEXT, "Pasportimni olib qo'yishdi")),
    "start": (message(text="/start"), said(Kind.COMMAND, "start")),
    "start with payload": (message(text="/start ref_Gulnora-77"), said(Kind.COMMAND, "start")),
    "start with an operator's code": (message(text="/start PG-K7M2-9QXD"), said(Kind.TEXT, "PG-K7M2-9QXD")),
    "start for a named bot": (message(text="/start@komek_bot"), said(Kind.COMMAND, "start")),
    "start with words": (message(text="/start meni qamab qo'yishdi"), said(Kind.TEXT, "/start meni qamab qo'yishdi")),
    "start with one word": (message(text="/start көмек"), said(Kind.TEXT, "/start көмек")),
    "stop": (message(text="/stop"), said(Kind.COMMAND, "stop")),
    "stop him": (message(text="/stop him"), said(Kind.TEXT, "/stop him")),
    "capitals": (message(text="/HELP"), said(Kind.COMMAND, "help")),
    "language": (message(text="/language"), said(Kind.COMMAND, "language")),
    "clear": (message(text="/clear"), said(Kind.COMMAND, "clear")),
    "delete": (message(text="/delete "), said(Kind.COMMAND, "delete")),
    "menu": (message(text="/menu"), said(Kind.COMMAND, "menu")),
    "intent": (message(text='/danger_now{"a":1}'), said(Kind.TEXT, '/danger_now{"a":1}')),
    "slash": (message(text="/"), said(Kind.TEXT, "/")),
    "command without slash": (message(text="stop"), said(Kind.TEXT, "stop")),
    "empty": (message(text=""), said(Kind.EMPTY)),
    "blank": (message(text=" \n\t "), said(Kind.EMPTY)),
    "photo with words": (message(photo=[FILE | {"width": 1, "height": 1}], caption="я заперт"), said(Kind.TEXT, "я заперт")),
    "photo": (message(photo=[FILE | {"width": 1, "height": 1}], caption=" "), said(Kind.PHOTO)),
    "voice": (message(voice=FILE | {"duration": 3}), said(Kind.VOICE)),
    "audio": (message(audio=FILE | {"duration": 3}), said(Kind.VOICE)),
    "video": (message(video=FILE | {"width": 1, "height": 1, "duration": 3}), said(Kind.VIDEO)),
    "video note": (message(video_note=FILE | {"length": 1, "duration": 3}), said(Kind.VIDEO)),
    "animation": (
        message(animation=FILE | {"width": 1, "height": 1, "duration": 3}, document=FILE),
        said(Kind.VIDEO),
    ),
    "sticker": (
        message(sticker=FILE | {"type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}),
        said(Kind.STICKER),
    ),
    "location": (message(location=LOCATION), said(Kind.LOCATION)),
    "venue": (message(location=LOCATION, venue={"location": LOCATION, "title": "a", "address": "b"}), said(Kind.LOCATION)),
    "contact": (message(contact={"phone_number": "+77011234567", "first_name": "A"}), said(Kind.CONTACT)),
    "document": (message(document=FILE), said(Kind.FILE)),
    "forwarded text": (message(text="/start", forward_origin=ORIGIN), said(Kind.FORWARDED)),
    "dice": (message(dice={"emoji": "🎲", "value": 3}), said(Kind.OTHER)),
    "newer than the library": (message(hologram={"depth": 3}), said(Kind.OTHER)),
    "a field of a newer form": (message(voice="AgAD"), said(Kind.UNREADABLE, reference=None)),
    "pressed button": (press(), said(Kind.CHOICE, "ask_shelter", "c4382bfdwdsb323b2d9", "u9002")),
    "button on a message that is too old": (
        press(message={"message_id": 30, "chat": PRIVATE, "date": 0}),
        said(Kind.CHOICE, "ask_shelter", "c4382bfdwdsb323b2d9", "u9002"),
    ),
    "button without data": (press(data=None), Parsed()),
    "button in a group": (
        press(message={"message_id": 30, "chat": GROUP, "date": 0}),
        Parsed(leave=("-1001",)),
    ),
    "edited": ({"update_id": 9001, "edited_message": message(text="a")["message"] | {"edit_date": 1}}, Parsed()),
    "another bot": (message(text="salom", **{"from": BOT}), Parsed()),
    "group": (message(text="salom", chat=GROUP), Parsed(leave=("-1001",))),
    "old group": (message(text="salom", chat={"id": -7, "title": "a", "type": "group"}), Parsed(leave=("-7",))),
    "channel post": (
        {"update_id": 9, "channel_post": {"message_id": 1, "chat": POSTS, "date": 1, "text": "a"}},
        Parsed(leave=("-1002",)),
    ),
    "added to a group": (member(GROUP, "member"), Parsed(leave=("-1001",))),
    "put out of a group": (member(GROUP, "left"), Parsed()),
    "blocked": (member(PRIVATE, "kicked"), Parsed()),
    "unblocked": (member(PRIVATE, "member"), Parsed()),
    "pinned": (message(pinned_message=message(text="a")["message"]), Parsed()),
    "unknown update": ({"update_id": 9001, "telepathy": {}}, Parsed()),
}  # fmt: skip


@pytest.mark.parametrize(("update", "expected"), TABLE.values(), ids=TABLE.keys())
def test_an_update_becomes_the_record_expected(update: dict[str, Any], expected: Parsed) -> None:
    assert parse(update) == expected


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_passes_unharmed(text: str) -> None:
    assert parse(message(text=text)) == said(Kind.TEXT, text)


def test_half_a_surrogate_pair_becomes_a_question_mark() -> None:
    assert parse(message(text="a\ud83d")) == said(Kind.TEXT, "a?")


@pytest.mark.parametrize("secret", [None, "", "webhook_secret-8", WEBHOOK_SECRET + " ", "ключ"])
def test_a_wrong_or_missing_secret_is_forged(secret: str | None) -> None:
    with pytest.raises(Forged):
        CHANNEL.parse(request(json.dumps(message(text="a")).encode(), secret))


@pytest.mark.parametrize("secret", [None, ""])
def test_without_a_secret_of_ours_every_webhook_is_forged(secret: str | None) -> None:
    closed = TelegramChannel("1:a", "http://127.0.0.1:1", None)
    with pytest.raises(Forged):
        closed.parse(request(b"{}", secret))


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff", b"{", b"[]", b"null", b"1", b'"a"', b"{}", b'{"update_id": "1"}', b'{"update_id": true}', b"[" * 60_000],
)
def test_what_is_no_update_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        CHANNEL.parse(request(body))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(["private", "kicked"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
PATHS = [
    ("message",), ("message", "chat"), ("message", "chat", "id"), ("message", "chat", "type"), ("message", "from"),
    ("message", "from", "is_bot"), ("message", "text"), ("message", "date"), ("message", "message_id"), ("message", "photo"),
    ("message", "entities"), ("message", "forward_origin"), ("message", "location"), ("message", "poll"), ("update_id",),
    ("message", "reply_to_message"), ("callback_query",), ("callback_query", "message"), ("callback_query", "data"),
    ("callback_query", "from"), ("callback_query", "id"), ("my_chat_member",), ("my_chat_member", "new_chat_member"),
    ("my_chat_member", "new_chat_member", "status"), ("channel_post",), ("channel_post", "chat"),
]  # fmt: skip


@given(path=st.sampled_from(PATHS), value=JSON, base=st.sampled_from(["message", "press", "member"]))
def test_hostile_json_raises_nothing_but_unreadable(path: tuple[str, ...], value: object, base: str) -> None:
    update = json.loads(json.dumps({"message": message(text="a"), "press": press(), "member": member(GROUP, "member")}[base]))
    place = update
    for step in path[:-1]:
        place = place.setdefault(step, {})
    place[path[-1]] = value
    try:
        parsed = read_update(update)
    except Unreadable:
        return
    assert isinstance(parsed, Parsed)


@given(JSON)
def test_any_json_raises_nothing_but_unreadable(value: object) -> None:
    try:
        read_update(value)
    except Unreadable:
        return


def test_the_channel_keeps_the_contract() -> None:
    assert isinstance(CHANNEL, ChannelAdapter)
