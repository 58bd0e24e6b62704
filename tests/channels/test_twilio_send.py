"""What we send to Twilio, and what each of its answers means."""

from __future__ import annotations

import pytest
from fakes.faults import Fault
from fakes.twilio_api import ACCOUNT, PUBLIC, FakeTwilio

from hotline_bridge.channels import sms_twilio as module
from hotline_bridge.channels.sms_twilio import TwilioChannel
from hotline_bridge.channels.sms_twilio_errors import BY_CODE, PAUSE
from hotline_bridge.errors import Gone, NeverAgain, OutOfOrder, SendError, SlowDown, TryAgain
from hotline_bridge.messages import Channel, Inbound, Kind, Message


async def test_twilio_is_told_to_keep_neither_words_nor_number(twilio: TwilioChannel, twilio_api: FakeTwilio) -> None:
    receipt = await twilio.send("+77011234567", Message("Көмек: 1 - тағы"))
    assert receipt.reference == "SM" + "0" * 31 + "1"
    assert receipt.final is False
    assert twilio_api.sent == [
        {
            "To": "+77011234567",
            "From": "+12025550100",
            "Body": "Көмек: 1 - тағы",
            "StatusCallback": PUBLIC + "/sms/twilio/status",
            "ContentRetention": "discard",
            "AddressRetention": "obfuscate",
        }
    ]


async def test_an_apostrophe_does_not_make_a_message_dearer(twilio: TwilioChannel, twilio_api: FakeTwilio) -> None:
    await twilio.send("+77011234567", Message("Oʻzbekcha – “ha”"))
    assert twilio_api.sent[0]["Body"] == 'O\'zbekcha - "ha"'


@pytest.mark.parametrize("code", BY_CODE)
async def test_each_code_has_its_row(twilio: TwilioChannel, twilio_api: FakeTwilio, code: int) -> None:
    row, name = BY_CODE[code]
    twilio_api.refuse(400, code)
    with pytest.raises(SendError) as caught:
        await twilio.send("+77011234567", Message("Салем"))
    assert (type(caught.value), caught.value.code) == (row, name)
    assert "7701" not in str(caught.value)


ANSWERS = {
    "opted out": (400, 21610, Gone),
    "no such number": (400, 21211, Gone),
    "landline": (400, 30006, Gone),
    "too long": (400, 21617, NeverAgain),
    "country not enabled": (400, 21408, OutOfOrder),
    "trial account": (400, 21608, OutOfOrder),
    "sender cannot send": (400, 21606, OutOfOrder),
    "redaction is off": (400, 30029, OutOfOrder),
    "wrong token": (401, 20003, OutOfOrder),
    "unknown code": (400, 29999, NeverAgain),
    "unknown code of a 401": (401, 29999, OutOfOrder),
    "no such account": (404, 20404, OutOfOrder),
    "too many": (429, 20429, SlowDown),
    "too many with a new code": (429, 29998, SlowDown),
    "conflict": (409, 29997, NeverAgain),
    "server": (500, 20500, TryAgain),
    "unavailable": (503, 20503, TryAgain),
}


@pytest.mark.parametrize(("status", "code", "row"), ANSWERS.values(), ids=ANSWERS.keys())
async def test_each_refusal_has_its_row(
    twilio: TwilioChannel, twilio_api: FakeTwilio, status: int, code: int, row: type[SendError]
) -> None:
    twilio_api.refuse(status, code)
    with pytest.raises(SendError) as caught:
        await twilio.send("+77011234567", Message("Салем"))
    assert type(caught.value) is row
    if isinstance(caught.value, SlowDown):
        assert caught.value.seconds == PAUSE


PROBLEM = b'{"type":"https://x","title":"Too many","status":429,"code":20429}'


@pytest.mark.parametrize(
    ("fault", "row"),
    [
        (Fault(201, b"<html>"), TryAgain),
        (Fault(201, b"[]"), TryAgain),
        (Fault(500, b"<html>"), TryAgain),
        (Fault(502, b""), TryAgain),
        (Fault(302, b""), TryAgain),
        (Fault(0), TryAgain),
        (Fault(429, b""), SlowDown),
        (Fault(429, PROBLEM), SlowDown),
        (Fault(400, b'{"code":"21610"}'), NeverAgain),
    ],
    ids=repr,
)
async def test_a_malformed_answer_has_its_row(
    twilio: TwilioChannel, twilio_api: FakeTwilio, fault: Fault, row: type[SendError]
) -> None:
    twilio_api.faults.add(fault)
    with pytest.raises(SendError) as caught:
        await twilio.send("+77011234567", Message("Салем"))
    assert type(caught.value) is row


async def test_a_time_out_is_tried_again(twilio: TwilioChannel, twilio_api: FakeTwilio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.2)
    twilio_api.faults.add(Fault(201, b"{}", delay=0.5))
    with pytest.raises(TryAgain) as caught:
        await twilio.send("+77011234567", Message("Салем"))
    assert caught.value.code == "timeout"


async def test_nobody_listening_is_tried_again() -> None:
    channel = TwilioChannel(ACCOUNT, "token", "+12025550100", PUBLIC, "http://127.0.0.1:1")
    with pytest.raises(TryAgain) as caught:
        await channel.send("+77011234567", Message("Салем"))
    assert caught.value.code == "network"
    await channel.close()


async def test_a_wrong_token_of_ours_needs_an_operator(twilio: TwilioChannel, twilio_api: FakeTwilio) -> None:
    twilio_api.token = "changed"
    with pytest.raises(OutOfOrder) as caught:
        await twilio.send("+77011234567", Message("Салем"))
    assert caught.value.code == "credentials"


async def test_the_library_keeps_no_copy_of_what_was_sent(twilio: TwilioChannel) -> None:
    await twilio.send("+77011234567", Message("Салем"))
    client = twilio._client
    assert client is not None
    assert client.http_client._test_only_last_request is None
    assert client.http_client._test_only_last_response is None


async def test_it_works_again_after_it_was_closed(twilio: TwilioChannel, twilio_api: FakeTwilio) -> None:
    await twilio.send("+77011234567", Message("Салем"))
    await twilio.close()
    await twilio.send("+77011234567", Message("Салем"))
    await twilio.acknowledge(Inbound(Channel.TWILIO, "+77011234567", "SM1", Kind.TEXT, "a"))
    await twilio.leave("+77011234567")
    assert len(twilio_api.sent) == 2
