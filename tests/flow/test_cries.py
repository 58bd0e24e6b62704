"""A cry for help and the yes to "are you in danger?" reach a human whoever has the person, and whatever else is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
import yaml
from fakes_bridge import ScriptedAssistant, ScriptedChannel, ask
from people import ANNA, Person
from test_compose import SOMEBODY, heard

from bot.reading.danger import Danger
from hotline_bridge import tickets
from hotline_bridge.flow import cries, operate
from hotline_bridge.flow.compose import compose
from hotline_bridge.flow.settle import settle
from hotline_bridge.flow.stations import CryLists, Stations
from hotline_bridge.messages import Channel, Kind, Reply
from hotline_bridge.settings import PROJECT
from hotline_bridge.store.engine import transaction


def listed() -> Iterator[str]:
    """Every cry that the linguist's lists know, in each language."""
    for path in sorted((PROJECT / "nlu" / "commands").glob("*.yml")):
        yield from yaml.safe_load(path.read_text(encoding="utf-8"))["cry"]


async def flags(stations: Stations) -> dict[str, bool]:
    return {row.need: row.flagged for row in await ask(stations, "SELECT need, flagged_at IS NOT NULL AS flagged FROM tickets")}


@pytest.mark.parametrize("cry", sorted(set(listed())))
def test_every_cry_is_danger_to_whoever_cannot_ask_back(lists: CryLists, cry: str) -> None:
    assert cries.danger_in(lists, cry) is not None


@pytest.mark.parametrize("text", ["помогите с работой", "yordam puli qancha", "кумак пули чанд аст", "көмек ақша қайда"])
def test_help_with_something_is_no_cry(lists: CryLists, text: str) -> None:
    assert cries.danger_in(lists, text) is None


@pytest.mark.parametrize("cry", ["помогите", "ёрӣ диҳед", "көмек", "yordam bering", "SOS"])
async def test_while_an_operator_is_there_a_cry_is_flagged_to_them(
    writer: Person, stations: Stations, telegram: ScriptedChannel, taken: UUID, cry: str
) -> None:
    before = len(telegram.sent)
    await writer.asks(cry)
    assert await flags(stations) == {"talk_to_operator": False, "danger_now": True}
    assert len(telegram.sent) == before, "the bot is silent"


@pytest.mark.parametrize("cry", ["помогите", "кумак", "көмектесіңіз", "yordam beringlar"])
async def test_in_the_silence_a_cry_is_paged_for_and_nothing_is_said(
    writer: Person, stations: Stations, telegram: ScriptedChannel, cry: str
) -> None:
    conversation = await writer.asks("не могу говорить")
    await ask(stations, "UPDATE conversations SET silence = 'unsafe', return_code = '42'")
    before = len(telegram.sent)
    await writer.asks(cry)
    assert (await ask(stations, "SELECT state FROM tickets WHERE need = 'danger_now'"))[0].state == "open"
    async with transaction(stations.store.engine) as connection:
        assert [one.conversation for one in await tickets.paging.waiting(connection)] == [conversation]
    assert len(telegram.sent) == before


@pytest.mark.parametrize("text", ["да", "ҳа", "иә", "ha"])
async def test_the_yes_to_danger_counts_though_an_operator_came_meanwhile(writer: Person, stations: Stations, text: str) -> None:
    conversation = await writer.wants_a_person()
    await writer.asks("помогите")
    await operate.claim(stations, ANNA, conversation)
    await writer.asks(text)
    assert (await flags(stations))["danger_now"]


async def test_so_does_its_button_however_late(writer: Person, stations: Stations) -> None:
    conversation = await writer.wants_a_person()
    await writer.asks("помогите")
    await operate.claim(stations, ANNA, conversation)
    await writer.asks("что делать с паспортом")
    assert "danger_now" not in await flags(stations)
    await writer.asks("да")
    assert "danger_now" not in await flags(stations), "a yes to the operator"
    await writer.asks("yes/danger_now", kind=Kind.CHOICE)
    assert (await flags(stations))["danger_now"]


async def test_by_sms_the_number_before_yes_counts_until_something_else_is_said(
    without_store: Stations,
) -> None:
    offered = ("yes/danger_now", "no/danger_now")
    asked = replace(SOMEBODY, channel=Channel.TWILIO, confirming="danger_now", offered=offered, operator_id=ANNA)
    assert (await compose(without_store, asked, heard("1"))).needs == ("danger_now",)
    later = (await compose(without_store, asked, heard("мы вдвоём"))).conversation
    assert (await compose(without_store, later, heard("1"))).needs == ()


async def test_the_yes_to_somebody_is_here_makes_komek_silent(without_store: Stations) -> None:
    asked = replace(SOMEBODY, confirming="unsafe_to_talk", operator_id=ANNA)
    assert (await compose(without_store, asked, heard("да"))).conversation.silence == "unsafe"


async def test_in_the_silence_a_late_yes_is_danger_too(without_store: Stations) -> None:
    silent = replace(SOMEBODY, silence="unsafe")
    found = await compose(without_store, silent, heard("yes/danger_now", Kind.CHOICE))
    assert (found.needs, found.replies) == (("danger_now",), ())


async def test_a_question_that_is_not_put_because_an_operator_came_is_flagged(
    writer: Person, stations: Stations, assistant: ScriptedAssistant, telegram: ScriptedChannel
) -> None:
    conversation = await writer.wants_a_person()
    assistant.next = [[Reply("danger_confirm")]]

    async def claims() -> None:
        await operate.claim(stations, ANNA, conversation)

    assistant.meanwhile = claims
    before = len(telegram.sent)
    await writer.asks("что мне теперь делать")
    assert (await flags(stations))["danger_now"]
    assert len(telegram.sent) == before
    await writer.asks("да")
    assert (await ask(stations, "SELECT confirming FROM conversations"))[0].confirming is None


# --- where nothing can be asked back ---


@pytest.mark.parametrize(("text", "kind"), [("помогите", Kind.TEXT), ("да", Kind.TEXT), ("yes/danger_now", Kind.CHOICE)])
async def test_after_too_many_faults_of_ours_it_is_danger(lists: CryLists, text: str, kind: Kind) -> None:
    asked = replace(SOMEBODY, confirming="danger_now")
    assert cries.unanswerable(lists, asked, heard(text, kind)).needs == ("danger_now",)


async def test_after_a_restore_it_is_danger(writer: Person, stations: Stations, lists: CryLists) -> None:
    await writer.writes("помогите")
    asked = replace(writer, who=str(uuid4().int % 10**6))
    await asked.writes("да")
    await ask(stations, "UPDATE conversations SET confirming = 'child_in_danger' WHERE id = :c", c=await asked.conversation())
    await settle(replace(stations, reading=None, alarm=lists))
    rows = await ask(stations, "SELECT need FROM tickets ORDER BY need")
    assert [row.need for row in rows] == ["child_in_danger", "danger_now"]


async def test_a_no_is_none(lists: CryLists) -> None:
    asked = replace(SOMEBODY, confirming="danger_now")
    assert cries.unanswerable(lists, asked, heard("нет")).needs == ("assistant_silent",)
    assert cries.danger_in(lists, "нет") is None
    assert cries.danger_in(lists, "помогите") == Danger("danger_now", "ask", "")
