"""Webhooks as Twilio posts them, each with the record expected."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from fakes.hostile import HOSTILE
from fakes.twilio_api import ACCOUNT, PUBLIC, TOKEN, signed
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from hotline_bridge.channels.base import ChannelAdapter, Parsed, Request
from hotline_bridge.channels.sms_twilio import EMPTY_TWIML, MESSAGE_PATH, STATUS_PATH, TwilioChannel
from hotline_bridge.errors import Forged, Refused, Unreadable
from hotline_bridge.messages import Channel, Inbound, Kind, StatusReport

CHANNEL = TwilioChannel(ACCOUNT, TOKEN, "+12025550100", PUBLIC, None)
SID = "SM" + "0f" * 16
MESSAGE = {
    "ToCountry": "KZ", "ToState": "", "SmsMessageSid": SID, "NumMedia": "0", "ToCity": "", "FromZip": "", "SmsSid": SID,
    "FromState": "", "SmsStatus": "received", "FromCity": "", "Body": "Pasportimni olib qo'yishdi", "FromCountry": "KZ",
    "To": "+12025550100", "ToZip": "", "NumSegments": "1", "MessageSid": SID, "AccountSid": ACCOUNT,
    "From": "+77011234567", "ApiVersion": "2010-04-01",
}  # fmt: skip
STATUS = {
    "SmsSid": SID, "SmsStatus": "delivered", "MessageStatus": "delivered", "To": "+77011234567", "MessageSid": SID,
    "AccountSid": ACCOUNT, "From": "+12025550100", "ApiVersion": "2010-04-01", "RawDlrDoneDate": "2611211021",
}  # fmt: skip


def post(form: dict[str, str], path: str = MESSAGE_PATH, public: str = PUBLIC, query: str = "") -> Request:
    body, headers = signed(public + path + (f"?{query}" if query else ""), form)
    return Request("POST", path, headers, query, body)


def said(kind: Kind, text: str = "", address: str = "+77011234567") -> Parsed:
    return Parsed(inbound=(Inbound(Channel.TWILIO, address, SID, kind, text),))


def became(state: str, code: str = "") -> Parsed:
    return Parsed(statuses=(StatusReport(Channel.TWILIO, SID, state, code),))


def media(kind: str, body: str = "") -> dict[str, str]:
    return {"NumMedia": "1", "MediaContentType0": kind, "MediaUrl0": "https://api.twilio.com/2010-04-01/x", "Body": body}


MESSAGES = {
    "text": ({}, said(Kind.TEXT, "Pasportimni olib qo'yishdi")),
    "cyrillic": ({"Body": "Көмек керек, ҳужжат йўқ 🆘"}, said(Kind.TEXT, "Көмек керек, ҳужжат йўқ 🆘")),
    "uzbek number": ({"From": "+998901234567"}, said(Kind.TEXT, MESSAGE["Body"], "+998901234567")),
    "stop understood by Twilio": ({"Body": "СТОП", "OptOutType": "STOP"}, said(Kind.COMMAND, "stop")),
    "start understood by Twilio": ({"Body": "start", "OptOutType": "START"}, said(Kind.COMMAND, "start")),
    "help understood by Twilio": ({"Body": "info", "OptOutType": "HELP"}, said(Kind.COMMAND, "help")),
    "stop not understood by Twilio": ({"Body": "stop"}, said(Kind.TEXT, "stop")),
    "empty": ({"Body": ""}, said(Kind.EMPTY)),
    "blank": ({"Body": " \n"}, said(Kind.EMPTY)),
    "picture": (media("image/jpeg"), said(Kind.PHOTO)),
    "picture with words": (media("image/jpeg", "бұл мен"), said(Kind.TEXT, "бұл мен")),
    "sound": (media("audio/amr"), said(Kind.VOICE)),
    "video": (media("video/3gpp"), said(Kind.VIDEO)),
    "card": (media("text/vcard"), said(Kind.FILE)),
    "media of no type": ({"NumMedia": "1", "Body": ""}, said(Kind.FILE)),
    "a name": ({"From": "KASPI"}, Parsed()),
    "a short code": ({"From": "1414"}, Parsed()),
    "another channel": ({"From": "whatsapp:+77011234567"}, Parsed()),
    "anonymous": ({"From": ""}, Parsed()),
}
STATUSES = {
    "delivered": ({}, became("delivered")),
    "read": ({"MessageStatus": "read"}, became("delivered")),
    "undelivered": ({"MessageStatus": "undelivered", "ErrorCode": "30005"}, became("failed", "30005")),
    "failed": ({"MessageStatus": "failed", "ErrorCode": "30008"}, became("failed", "30008")),
    "failed with an odd code": ({"MessageStatus": "failed", "ErrorCode": "+77011234567"}, became("failed")),
    "sent": ({"MessageStatus": "sent"}, Parsed()),
    "queued": ({"MessageStatus": "queued"}, Parsed()),
    "of a later time": ({"MessageStatus": "teleported"}, Parsed()),
}


@pytest.mark.parametrize(("changes", "expected"), MESSAGES.values(), ids=MESSAGES.keys())
def test_a_message_becomes_the_record_expected(changes: dict[str, str], expected: Parsed) -> None:
    assert CHANNEL.parse(post(MESSAGE | changes)) == expected


@pytest.mark.parametrize(("changes", "expected"), STATUSES.values(), ids=STATUSES.keys())
def test_a_status_becomes_the_record_expected(changes: dict[str, str], expected: Parsed) -> None:
    assert CHANNEL.parse(post(STATUS | changes, STATUS_PATH)) == expected


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_passes_unharmed(text: str) -> None:
    assert CHANNEL.parse(post(MESSAGE | {"Body": text})) == said(Kind.TEXT, text)


PROXIED = {
    "as configured": ("https://help.example.kz", "https://help.example.kz"),
    "with a slash": ("https://help.example.kz/", "https://help.example.kz"),
    "Twilio signs the usual port": ("https://help.example.kz", "https://help.example.kz:443"),
    "we are configured with it": ("https://help.example.kz:443", "https://help.example.kz"),
    "a port of its own": ("https://help.example.kz:8443", "https://help.example.kz:8443"),
    "Twilio leaves a port of its own out": ("https://help.example.kz:8443", "https://help.example.kz"),
    "under a path": ("https://example.kz/komek", "https://example.kz/komek"),
    "plain HTTP": ("http://help.example.kz", "http://help.example.kz:80"),
}


@pytest.mark.parametrize(("configured", "seen"), PROXIED.values(), ids=PROXIED.keys())
def test_the_signature_holds_behind_a_proxy_and_with_a_port(configured: str, seen: str) -> None:
    channel = TwilioChannel(ACCOUNT, TOKEN, "+12025550100", configured, None)
    assert channel.parse(post(MESSAGE, public=seen)) == MESSAGES["text"][1]


def test_a_query_is_part_of_the_signature() -> None:
    assert CHANNEL.parse(post(MESSAGE, query="a=1&b=%20")).inbound
    with pytest.raises(Forged):
        CHANNEL.parse(Request("POST", MESSAGE_PATH, post(MESSAGE).headers, "a=1", post(MESSAGE).body))


def test_our_fake_signs_as_twilios_own_library_does() -> None:
    _, headers = signed(PUBLIC + MESSAGE_PATH, MESSAGE)
    assert RequestValidator(TOKEN).compute_signature(PUBLIC + MESSAGE_PATH, MESSAGE) == headers["x-twilio-signature"]


def test_an_unsigned_or_wrongly_signed_call_is_forged() -> None:
    good = post(MESSAGE)
    changed = urlencode(MESSAGE | {"From": "+77010000000"}).encode()
    for headers, body in (
        ({}, good.body),
        ({"x-twilio-signature": ""}, good.body),
        ({"x-twilio-signature": "ключ"}, good.body),
        ({"x-twilio-signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}, good.body),
        (good.headers, changed),
        (signed(PUBLIC + MESSAGE_PATH, MESSAGE, "another token")[1], good.body),
        (signed("https://evil.example" + MESSAGE_PATH, MESSAGE)[1], good.body),
        (signed(PUBLIC + STATUS_PATH, MESSAGE)[1], good.body),
    ):
        with pytest.raises(Forged):
            CHANNEL.parse(Request("POST", MESSAGE_PATH, headers, "", body))


@pytest.mark.parametrize("absent", ["MessageSid", "From"])
def test_a_message_without_its_id_or_sender_is_unreadable(absent: str) -> None:
    form = {name: value for name, value in MESSAGE.items() if name not in (absent, "SmsMessageSid")}
    with pytest.raises(Unreadable):
        CHANNEL.parse(post(form))


def test_a_status_without_its_id_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        CHANNEL.parse(post({"MessageStatus": "sent"}, STATUS_PATH))


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_any_body_is_refused_and_nothing_else(body: bytes) -> None:
    with pytest.raises(Refused):
        CHANNEL.parse(Request("POST", MESSAGE_PATH, {"x-twilio-signature": "a"}, "", body))


UNICODE = st.text(st.characters(codec="utf-8"), max_size=20)


@given(st.dictionaries(st.sampled_from(sorted(MESSAGE)) | UNICODE, UNICODE), st.sampled_from([MESSAGE_PATH, STATUS_PATH]))
def test_any_signed_form_is_read_or_unreadable(form: dict[str, str], path: str) -> None:
    try:
        assert isinstance(CHANNEL.parse(post(form, path)), Parsed)
    except Unreadable:
        return


def test_the_answer_says_nothing() -> None:
    assert EMPTY_TWIML == '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def test_the_channel_keeps_the_contract() -> None:
    assert isinstance(CHANNEL, ChannelAdapter)
