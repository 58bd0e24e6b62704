"""A conversation both ways through Debian's bearerbox, smsbox and fakesmsc, configured by the example in docs/kannel."""

from __future__ import annotations

import asyncio
import subprocess
import time
from pathlib import Path

import pytest
from fakes.kannel_daemons import FAKESMSC, Kannel
from fakes.kannel_inbound import Inbox

from hotline_bridge.channels.sms_kannel import KannelChannel
from hotline_bridge.errors import Forged, NeverAgain, OutOfOrder, TryAgain
from hotline_bridge.messages import Channel, Inbound, Kind, Message, StatusReport
from hotline_bridge.sms_text import cost

PHONE = "77011234567"
LATIN = "Pasportimni olib qo'yishdi, yordam kerak"
CYRILLIC = "Көмек керек, ұйден шығармайды 🆘"
LONG = "Сизнинг ҳақларингиз бор. " * 7 + "Рақам: 1."  # three segments of UCS-2


def read(channel: KannelChannel, inbox: Inbox, count: int = 1) -> list[Inbound]:
    return [i for request in inbox.messages(count) for i in channel.parse(request).inbound]


@pytest.mark.parametrize("text", [LATIN, CYRILLIC, "a & b = 50% + c?", "stop"])
async def test_what_a_person_writes_arrives_as_it_was_written(
    kannel: Kannel, channel: KannelChannel, inbox: Inbox, text: str
) -> None:
    kannel.person_writes(PHONE, text)
    (inbound,) = read(channel, inbox)
    assert (inbound.channel, inbound.address, inbound.kind, inbound.text) == (Channel.KANNEL, "+" + PHONE, Kind.TEXT, text)


async def test_an_empty_and_a_binary_message_arrive_as_what_they_are(
    kannel: Kannel, channel: KannelChannel, inbox: Inbox
) -> None:
    kannel.person_writes(PHONE, "")
    (empty,) = read(channel, inbox)
    kannel.phones.write_raw(f"{PHONE} {kannel.number} data %01%02%FF")
    binary = read(channel, inbox, 2)[1]
    assert (empty.kind, binary.kind) == (Kind.EMPTY, Kind.UNREADABLE)


async def test_each_message_has_an_id_of_its_own(kannel: Kannel, channel: KannelChannel, inbox: Inbox) -> None:
    kannel.person_writes(PHONE, "ha")
    kannel.person_writes(PHONE, "ha")
    first, second = read(channel, inbox, 2)
    assert first.provider_id != second.provider_id


async def test_pieces_of_a_long_message_arrive_as_one(kannel: Kannel, channel: KannelChannel, inbox: Inbox) -> None:
    for place, part in enumerate(("Meni uyga qamab", " qo'yishdi, kalit", " egasida"), start=1):
        udh = f"%05%00%03%2A%03%{place:02X}"
        kannel.phones.write_raw(f"{PHONE} {kannel.number} udh-text {udh} {part}")
    (inbound,) = read(channel, inbox)
    assert inbound.text == "Meni uyga qamab qo'yishdi, kalit egasida"


async def test_an_answer_in_the_gsm_alphabet_is_one_segment(kannel: Kannel, channel: KannelChannel) -> None:
    text = "Oʻzbekcha: 1 - ha, 2 - yo‘q [€5]"
    await channel.send("+" + PHONE, Message(text))
    (segment,) = kannel.phones.wait_for(lambda segments: len(segments) == 1)
    assert (segment.sender, segment.receiver, segment.type) == (kannel.number, "+" + PHONE, "text")
    assert kannel.phones.texts(PHONE) == ["O'zbekcha: 1 - ha, 2 - yo'q [€5]"]


async def test_an_answer_in_cyrillic_is_ucs2(kannel: Kannel, channel: KannelChannel) -> None:
    await channel.send("+" + PHONE, Message(CYRILLIC))
    (segment,) = kannel.phones.wait_for(lambda segments: len(segments) == 1)
    assert "ucs" in segment.type
    assert kannel.phones.texts(PHONE) == [CYRILLIC]


async def test_a_long_answer_costs_the_segments_that_we_count(kannel: Kannel, channel: KannelChannel) -> None:
    assert cost(LONG).segments == 3
    await channel.send("+" + PHONE, Message(LONG))
    kannel.phones.wait_for(lambda segments: len(segments) == 3)
    assert kannel.phones.texts(PHONE) == [LONG]


async def test_the_delivery_report_names_our_message(kannel: Kannel, channel: KannelChannel, inbox: Inbox) -> None:
    short = await channel.send("+" + PHONE, Message("Yordam"))
    long = await channel.send("+" + PHONE, Message(LONG))
    reports = [status for request in inbox.reports(4) for status in channel.parse(request).statuses]
    for receipt in (short, long):
        assert receipt.reference is not None
        assert not receipt.final
        assert StatusReport(Channel.KANNEL, receipt.reference, "delivered") in reports


async def test_a_question_and_its_answer(kannel: Kannel, channel: KannelChannel, inbox: Inbox) -> None:
    kannel.person_writes("998901234567", "salom")
    (inbound,) = read(channel, inbox)
    await channel.send(inbound.address, Message("Салом! 1 - ёрдам"))
    kannel.phones.wait_for(lambda segments: len(segments) == 1)
    assert kannel.phones.texts("998901234567") == ["Салом! 1 - ёрдам"]
    assert kannel.phones.texts(PHONE) == []


async def test_a_message_that_we_could_not_store_is_offered_again_and_kannel_says_nothing_itself(
    kannel: Kannel, channel: KannelChannel, inbox: Inbox
) -> None:
    inbox.refuse = 2
    kannel.person_writes(PHONE, LATIN)
    (inbound,) = read(channel, inbox)
    assert inbound.text == LATIN
    assert [channel.parse(r).inbound[0].provider_id for r in inbox.refused] == [inbound.provider_id] * 2
    await asyncio.sleep(0.5)
    assert kannel.received == []


async def test_a_wrong_password_and_a_wrong_path_need_an_operator(kannel: Kannel, inbox: Inbox) -> None:
    for url, password in ((kannel.sendsms_url, "wrong"), (kannel.sendsms_url + "x", kannel.password)):
        channel = KannelChannel(url, kannel.username, password, kannel.number, kannel.secret, inbox.url)
        with pytest.raises(OutOfOrder):
            await channel.send("+" + PHONE, Message("Yordam"))
        await channel.close()
    assert kannel.received == []


async def test_a_name_is_no_receiver(kannel: Kannel, channel: KannelChannel) -> None:
    with pytest.raises(NeverAgain):
        await channel.send("BEELINE", Message("Yordam"))


async def test_a_message_waits_while_the_operator_is_away(kannel: Kannel, channel: KannelChannel) -> None:
    kannel.phones.switch_off()
    await asyncio.sleep(0.5)
    receipt = await channel.send("+" + PHONE, Message("Yordam"))
    assert receipt.reference
    kannel.phones.switch_on()
    kannel.phones.wait_for(lambda segments: len(segments) == 1, seconds=70)


async def test_without_kannel_we_try_again(kannel: Kannel, channel: KannelChannel) -> None:
    kannel.stop()
    with pytest.raises(TryAgain):
        await channel.send("+" + PHONE, Message("Yordam"))


async def test_a_secret_that_the_example_does_not_have_is_forged(kannel: Kannel, channel: KannelChannel, inbox: Inbox) -> None:
    kannel.person_writes(PHONE, "salom")
    (request,) = inbox.messages(1)
    other = KannelChannel(kannel.sendsms_url, kannel.username, kannel.password, kannel.number, "another", inbox.url)
    with pytest.raises(Forged):
        other.parse(request)


# tests/kannel/install.sh, which ./run.sh test runs, brings it along; a Kannel that is not packed by Debian may have none.
@pytest.mark.skipif(not FAKESMSC.exists(), reason="kannel-extras is not installed")
async def test_debians_fakesmsc_carries_a_message_too(kannel: Kannel, channel: KannelChannel, inbox: Inbox) -> None:
    kannel.phones.switch_off()
    await asyncio.sleep(0.5)
    command = [str(FAKESMSC), "-v", "1", "-H", "127.0.0.1", "-r", str(kannel.phones.port), "-m", "1"]
    log = kannel.folder / "fakesmsc.log"
    with log.open("wb") as out:
        process = subprocess.Popen([*command, f"{PHONE} {kannel.number} text salom"], stdout=out, stderr=out, cwd=kannel.folder)  # noqa: ASYNC220
    try:
        (inbound,) = read(channel, inbox)
        await channel.send(inbound.address, Message("Yordam beramiz"))
        assert _said(log, f"Got message 1: <{kannel.number} +{PHONE} text Yordam beramiz>")
    finally:
        process.terminate()
        process.wait(10)


async def test_the_daemons_logs_hold_no_words_and_no_number(kannel: Kannel, channel: KannelChannel, inbox: Inbox) -> None:
    kannel.person_writes(PHONE, LATIN)
    read(channel, inbox)
    await channel.send("+" + PHONE, Message("Yordam beramiz"))
    kannel.phones.wait_for(lambda segments: len(segments) == 1)
    kannel.stop()
    logs = {path.name: path.read_text(errors="replace") for path in kannel.folder.glob("*.log")}
    assert logs.keys() >= {"bearerbox.log", "smsbox.log"}, "no logs, so this test proves nothing"
    assert not [word for word in ("Pasport", "Yordam", PHONE, kannel.password, kannel.secret) if word in "".join(logs.values())]


def _said(log: Path, words: str, seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if words in log.read_text(errors="replace"):
            return True
        time.sleep(0.1)
    raise AssertionError(log.read_text(errors="replace"))
