"""Twilio's records of messages: deleted from the account, emptied where they cannot be yet."""

from __future__ import annotations

import pytest
from fakes.faults import Fault
from fakes.twilio_api import FakeTwilio

from hotline_bridge.channels.sms_twilio import TwilioChannel
from hotline_bridge.errors import OutOfOrder, SendError, SlowDown, TryAgain

ONE, OTHER = "SM" + "1" * 32, "SM" + "2" * 32


async def test_the_records_are_deleted_by_their_ids(twilio: TwilioChannel, twilio_api: FakeTwilio) -> None:
    await twilio.erase("", (ONE, OTHER))
    assert (twilio_api.deleted, twilio_api.redacted) == ([ONE, OTHER], [])


async def test_a_record_that_is_gone_is_no_fault(twilio: TwilioChannel, twilio_api: FakeTwilio) -> None:
    twilio_api.gone = {ONE}
    await twilio.erase("", (ONE, OTHER))
    assert twilio_api.deleted == [OTHER]


async def test_a_record_of_a_message_under_way_loses_its_words_and_is_tried_again(
    twilio: TwilioChannel, twilio_api: FakeTwilio
) -> None:
    twilio_api.under_way = {ONE}
    with pytest.raises(TryAgain) as caught:
        await twilio.erase("", (ONE,))
    assert caught.value.code == "under_way"
    assert (twilio_api.deleted, twilio_api.redacted) == ([], [ONE])
    twilio_api.under_way = set()
    await twilio.erase("", (ONE,))
    assert twilio_api.deleted == [ONE]


@pytest.mark.parametrize(
    ("fault", "row"),
    [(Fault(401, b"{}"), OutOfOrder), (Fault(429, b"{}"), SlowDown), (Fault(503, b""), TryAgain), (Fault(0), TryAgain)],
    ids=repr,
)
async def test_what_fails_is_tried_again_and_nothing_is_redacted(
    twilio: TwilioChannel, twilio_api: FakeTwilio, fault: Fault, row: type[SendError]
) -> None:
    twilio_api.faults.add(fault)
    with pytest.raises(row):
        await twilio.erase("", (ONE,))
    assert (twilio_api.deleted, twilio_api.redacted) == ([], [])
