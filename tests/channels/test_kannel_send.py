"""What we send to Kannel, and what each of its answers means."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from fakes.faults import Fault
from fakes.hostile import HOSTILE
from fakes.kannel_api import INBOUND_SECRET, NUMBER, PASSWORD, USERNAME, FakeKannel

from hotline_bridge.channels import sms_kannel as module
from hotline_bridge.channels.sms_kannel import KannelChannel
from hotline_bridge.errors import Gone, NeverAgain, OutOfOrder, SendError, SlowDown, TryAgain
from hotline_bridge.messages import Channel, Inbound, Kind, Message


async def test_a_message_goes_out_with_a_report_asked_for(kannel_channel: KannelChannel, smsbox: FakeKannel) -> None:
    receipt = await kannel_channel.send("+77011234567", Message("Yordam: 1"))
    (sent,) = smsbox.sent
    assert (sent.to, sent.text) == ("+77011234567", "Yordam: 1")
    assert (sent.headers["x-kannel-coding"], sent.headers["x-kannel-from"]) == ("0", NUMBER)
    assert sent.headers["x-kannel-dlr-mask"] == "31"
    assert receipt.final is False
    # Kannel turns %% into % and %d into the state before it calls, and every other letter behind % into something else.
    called = urlsplit(re.sub("%(.)", lambda code: {"%": "%", "d": "1"}[code[1]], sent.headers["x-kannel-dlr-url"]))
    assert called.path == "/sms/kannel/status"
    assert parse_qs(called.query) == {"secret": [INBOUND_SECRET], "id": [receipt.reference], "state": ["1"]}


async def test_without_an_address_of_our_own_no_report_is_asked_for(kannel_channel: KannelChannel, smsbox: FakeKannel) -> None:
    silent = KannelChannel(kannel_channel._url, USERNAME, PASSWORD, NUMBER, INBOUND_SECRET, None)
    receipt = await silent.send("+77011234567", Message("Yordam"))
    await silent.close()
    assert receipt.final is True
    assert not [name for name in smsbox.sent[0].headers if "dlr" in name]


@pytest.mark.parametrize(
    ("text", "coding"),
    [("Yordam kerak", "0"), ("Pul: 5€ [ha] ~", "0"), ("Oʻzbekcha – ha", "0"), ("Көмек", "2"), ("Ko'mak 🆘", "2"), ("ç", "2")],
)
async def test_only_what_gsm_cannot_say_goes_in_ucs2(
    kannel_channel: KannelChannel, smsbox: FakeKannel, text: str, coding: str
) -> None:
    await kannel_channel.send("+77011234567", Message(text))
    assert smsbox.sent[0].headers["x-kannel-coding"] == coding


@pytest.mark.parametrize("text", [t for t in HOSTILE if "ʻ" not in t], ids=range(len(HOSTILE) - 1))
async def test_hostile_words_go_out_as_they_are(kannel_channel: KannelChannel, smsbox: FakeKannel, text: str) -> None:
    await kannel_channel.send("+77011234567", Message(text))
    assert smsbox.sent[0].text == text.replace("`", "'")


ANSWERS = {
    "accepted": (202, "0: Accepted for delivery", None),
    "queued": (202, "3: Queued for later delivery", None),
    "immediate": (202, "Sent.", None),
    "immediate and long": (202, "Sent. Message splits: 3", None),
    "accepted with 200": (200, "0: Accepted for delivery", None),
    "not routable": (403, "Not routable. Do not try again.", NeverAgain),
    "wrong password": (403, "Authorization failed for sendsms", OutOfOrder),
    "forbidden": (403, "Forbidden", OutOfOrder),
    "temporal": (503, "Temporal failure, try again later.", TryAgain),
    "failed": (500, "Sending failed.", TryAgain),
    "no sender": (400, "Sender missing and no global set, rejected", OutOfOrder),
    "no receiver": (400, "Empty receiver number not allowed, rejected", Gone),
    "listed": (400, "Number(s) has/have been denied by white- and/or black-lists.", NeverAgain),
    "callback": (400, "DLR-URL field misformed, rejected", OutOfOrder),
    "misformed": (400, "Priority field misformed, rejected", NeverAgain),
    "wrong path": (404, "Unknown request.", OutOfOrder),
    "content type": (415, "Unsupported content-type, rejected", OutOfOrder),
    "too many": (429, "", SlowDown),
    "not Kannel at all": (200, "<html>Welcome</html>", TryAgain),
    "202 of something else": (202, "", TryAgain),
    "an older code": (202, "4: Unknown error", TryAgain),
}  # fmt: skip


@pytest.mark.parametrize(("status", "sentence", "row"), ANSWERS.values(), ids=ANSWERS.keys())
async def test_each_answer_has_its_row(
    kannel_channel: KannelChannel, smsbox: FakeKannel, status: int, sentence: str, row: type[SendError] | None
) -> None:
    smsbox.refuse(status, sentence)
    if row is None:
        await kannel_channel.send("+77011234567", Message("Yordam"))
        return
    with pytest.raises(SendError) as caught:
        await kannel_channel.send("+77011234567", Message("Yordam"))
    assert type(caught.value) is row


async def test_a_broken_connection_is_tried_again(kannel_channel: KannelChannel, smsbox: FakeKannel) -> None:
    smsbox.faults.add(Fault(0))
    with pytest.raises(TryAgain):
        await kannel_channel.send("+77011234567", Message("Yordam"))


async def test_a_time_out_is_tried_again(
    kannel_channel: KannelChannel, smsbox: FakeKannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.2)
    smsbox.faults.add(Fault(202, b"", delay=0.5))
    with pytest.raises(TryAgain) as caught:
        await kannel_channel.send("+77011234567", Message("Yordam"))
    assert caught.value.code == "timeout"


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "nonsense", "http://[", "http://a:b:c/"])
async def test_an_address_where_no_kannel_is_never_raises_anything_else(url: str) -> None:
    channel = KannelChannel(url, USERNAME, PASSWORD, NUMBER, INBOUND_SECRET, None)
    with pytest.raises(SendError):
        await channel.send("+77011234567", Message("Yordam"))
    await channel.close()


@pytest.mark.parametrize("address", ["", "+7701 1234567", "+77011234567\r\nX-Kannel-SMSC: a"])
async def test_one_message_never_has_two_receivers(kannel_channel: KannelChannel, smsbox: FakeKannel, address: str) -> None:
    with pytest.raises(NeverAgain):
        await kannel_channel.send(address, Message("Yordam"))
    assert smsbox.sent == []


async def test_an_empty_message_is_not_sent(kannel_channel: KannelChannel, smsbox: FakeKannel) -> None:
    with pytest.raises(NeverAgain):
        await kannel_channel.send("+77011234567", Message(" "))
    assert smsbox.sent == []


async def test_it_works_again_after_it_was_closed(kannel_channel: KannelChannel, smsbox: FakeKannel) -> None:
    await kannel_channel.send("+77011234567", Message("Yordam"))
    await kannel_channel.close()
    await kannel_channel.send("+77011234567", Message("Yordam"))
    await kannel_channel.acknowledge(Inbound(Channel.KANNEL, "+77011234567", "1", Kind.TEXT, "a"))
    await kannel_channel.leave("+77011234567")
    assert len(smsbox.sent) == 2
