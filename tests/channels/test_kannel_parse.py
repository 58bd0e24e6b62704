"""Requests as Kannel's smsbox makes them, each with the record expected."""

from __future__ import annotations

from urllib.parse import quote, quote_plus

import pytest
from fakes.hostile import HOSTILE
from fakes.kannel_api import INBOUND_SECRET, NUMBER, PASSWORD, USERNAME
from hypothesis import given
from hypothesis import strategies as st

from hotline_bridge.channels.base import ChannelAdapter, Parsed, Request
from hotline_bridge.channels.sms_kannel import KannelChannel
from hotline_bridge.errors import Forged, Refused, Unreadable
from hotline_bridge.messages import Channel, Inbound, Kind, StatusReport

CHANNEL = KannelChannel("http://127.0.0.1:1/", USERNAME, PASSWORD, NUMBER, INBOUND_SECRET, "http://127.0.0.1:8080")
ID = "582220e5-f6cc-4ab5-845d-4b838ea24a91"
SECRET = quote(INBOUND_SECRET)


def get(text: bytes, coding: str = "0", charset: str = "UTF-8", sender: str = "77011234567", secret: str = SECRET) -> Request:
    known = f"secret={secret}&from={quote(sender)}&to=1515&id={ID}&time=1795299873&coding={coding}&charset={charset}"
    query = f"{known}&text={quote_plus(text)}"
    return Request("GET", "/sms/kannel", {"user-agent": "Kannel/1.4.5"}, query, b"")


def post(body: bytes, coding: str, charset: str) -> Request:
    query = f"secret={SECRET}&from=77011234567&to=1515&id={ID}&time=1795299873&coding={coding}&charset={charset}"
    headers = {"content-type": f'text/plain; charset="{charset}"', "x-kannel-coding": coding}
    return Request("POST", "/sms/kannel", headers, query, body)


def report(state: str, reference: str = "dc9205a8c1e147a39e058f4ee3892999") -> Request:
    return Request("GET", "/sms/kannel/status", {}, f"secret={SECRET}&id={reference}&state={state}", b"")


def said(kind: Kind, text: str = "", address: str = "+77011234567") -> Parsed:
    return Parsed(inbound=(Inbound(Channel.KANNEL, address, ID, kind, text),))


CYRILLIC = "Көмек ұл 🆘"
TABLE = {
    "gsm": (get(b"Yordam kerak"), said(Kind.TEXT, "Yordam kerak")),
    "gsm with its signs": (get("ёки é £ [€]".encode()), said(Kind.TEXT, "ёки é £ [€]")),
    "ucs-2": (get(CYRILLIC.encode("utf-16-be"), "2", "UTF-16BE"), said(Kind.TEXT, CYRILLIC)),
    "ucs-2 without a charset": (get(CYRILLIC.encode("utf-16-be"), "2", ""), said(Kind.TEXT, CYRILLIC)),
    "recoded by Kannel": (get("Көмек".encode(), "0", "utf-8"), said(Kind.TEXT, "Көмек")),
    "recoded to Windows": (get("é".encode("cp1252"), "0", "windows-1252"), said(Kind.TEXT, "é")),
    "posted gsm": (post(b"Yordam & 5% + kerak", "0", "UTF-8"), said(Kind.TEXT, "Yordam & 5% + kerak")),
    "posted ucs-2": (post(CYRILLIC.encode("utf-16-be"), "2", "UTF-16BE"), said(Kind.TEXT, CYRILLIC)),
    "posted nothing": (post(b"", "0", "UTF-8"), said(Kind.EMPTY)),
    "posted as a form": (
        Request("POST", "/sms/kannel", {"content-type": "application/x-www-form-urlencoded"}, "", get(b"a+b c").query.encode()),
        said(Kind.TEXT, "a+b c"),
    ),
    "empty": (get(b""), said(Kind.EMPTY)),
    "blank": (get(b" \n"), said(Kind.EMPTY)),
    "half an emoji at the end": (
        get("Көмек керек!".encode("utf-16-be") + b"\xd8\x3d", "2", "UTF-16BE"),
        said(Kind.TEXT, "Көмек керек!\ufffd"),
    ),
    "binary": (get(b"\x01\x02", "1", "binary"), said(Kind.UNREADABLE)),
    "binary that looks like words": (get(b"salom", "1", ""), said(Kind.UNREADABLE)),
    "not utf-8": (get(b"\xff\xfe\xfa"), said(Kind.UNREADABLE)),
    "half a letter": (get(b"\x04", "2", "UTF-16BE"), said(Kind.UNREADABLE)),
    "a charset that unpacks archives": (get(b"a", "0", "zip"), said(Kind.UNREADABLE)),
    "local form": (get(b"a", sender="87011234567"), said(Kind.TEXT, "a")),
    "uzbek number": (get(b"a", sender="998901234567"), said(Kind.TEXT, "a", "+998901234567")),
    "short number": (get(b"a", sender="1414"), said(Kind.TEXT, "a", "1414")),
    "a name": (get(b"Balans 0", sender="BEELINE"), Parsed()),
}  # fmt: skip
REPORTS = {
    "delivered": ("1", Parsed(statuses=(StatusReport(Channel.KANNEL, "dc9205a8c1e147a39e058f4ee3892999", "delivered"),))),
    "undelivered": ("2", Parsed(statuses=(StatusReport(Channel.KANNEL, "dc9205a8c1e147a39e058f4ee3892999", "failed", "dlr2"),))),
    "refused": ("16", Parsed(statuses=(StatusReport(Channel.KANNEL, "dc9205a8c1e147a39e058f4ee3892999", "failed", "dlr16"),))),
    "queued": ("4", Parsed()),
    "at the operator": ("8", Parsed()),
    "on the way": ("32", Parsed()),
}


@pytest.mark.parametrize(("request_", "expected"), TABLE.values(), ids=TABLE.keys())
def test_a_message_becomes_the_record_expected(request_: Request, expected: Parsed) -> None:
    assert CHANNEL.parse(request_) == expected


@pytest.mark.parametrize(("state", "expected"), REPORTS.values(), ids=REPORTS.keys())
def test_a_report_becomes_the_record_expected(state: str, expected: Parsed) -> None:
    assert CHANNEL.parse(report(state)) == expected


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_passes_unharmed(text: str) -> None:
    for request in (get(text.encode()), get(text.encode("utf-16-be"), "2", "UTF-16BE"), post(text.encode(), "0", "UTF-8")):
        assert CHANNEL.parse(request) == said(Kind.TEXT, text)


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", quote("ключ"), "%FF"])
def test_a_wrong_secret_is_forged(secret: str) -> None:
    with pytest.raises(Forged):
        CHANNEL.parse(get(b"a", secret=secret))
    with pytest.raises(Forged):
        CHANNEL.parse(Request("GET", "/sms/kannel/status", {}, f"secret={secret}&id=1&state=1"))


def test_a_missing_secret_is_forged() -> None:
    with pytest.raises(Forged):
        CHANNEL.parse(Request("GET", "/sms/kannel", {}, "from=77011234567&id=1&text=a"))


def test_without_an_id_the_same_request_still_has_the_same_one() -> None:
    first, second, other = (
        CHANNEL.parse(Request("GET", "/sms/kannel", {}, f"secret={SECRET}&from=77011234567&time={time}&text=a")).inbound[0]
        for time in (1, 1, 2)
    )
    assert first.provider_id == second.provider_id != other.provider_id


@pytest.mark.parametrize("query", ["id=1&text=a", "from=&id=1&text=a"])
def test_a_message_without_a_sender_is_unreadable(query: str) -> None:
    with pytest.raises(Unreadable):
        CHANNEL.parse(Request("GET", "/sms/kannel", {}, f"secret={SECRET}&{query}"))


@pytest.mark.parametrize("query", ["id=1", "state=1", "id=1&state=", "id=1&state=x", "id=1&state=%D9%A1"])
def test_a_report_without_id_or_state_is_unreadable(query: str) -> None:
    with pytest.raises(Unreadable):
        CHANNEL.parse(Request("GET", "/sms/kannel/status", {}, f"secret={SECRET}&{query}"))


CODINGS, CHARSETS = ["0", "1", "2", "-1", "", "9"], ["UTF-8", "UTF-16BE", "", "rot13", "x"]


@given(st.binary(max_size=100), st.sampled_from(CODINGS), st.sampled_from(CHARSETS))
def test_any_bytes_become_one_record(data: bytes, coding: str, charset: str) -> None:
    (inbound,) = CHANNEL.parse(get(data, coding, charset)).inbound
    assert inbound.kind in (Kind.TEXT, Kind.EMPTY, Kind.UNREADABLE)


@given(st.text(max_size=200), st.binary(max_size=100))
def test_any_unsigned_request_is_refused(query: str, body: bytes) -> None:
    with pytest.raises(Refused):
        CHANNEL.parse(Request("POST", "/sms/kannel", {"content-type": "application/x-www-form-urlencoded"}, query, body))


def test_the_channel_keeps_the_contract() -> None:
    assert isinstance(CHANNEL, ChannelAdapter)
