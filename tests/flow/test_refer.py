"""refer: with the person's words, no more than is needed, by a link that works once and that nobody can read in the database."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from fakes_bridge import Clock, ask
from people import ANNA, Person

from hotline_bridge import organisations, referrals, safe_contact
from hotline_bridge.errors import DeskError, Forgotten, Identifying, NotYours
from hotline_bridge.flow import operate, refer, reveal, take_up
from hotline_bridge.flow.refer import Draft, Made
from hotline_bridge.flow.stations import DeskStations, Stations
from hotline_bridge.flow.unseal import unseal
from hotline_bridge.referrals import FIELDS, Packet
from hotline_bridge.safe_contact import Agreement
from hotline_bridge.settings import PROJECT
from hotline_bridge.store.engine import transaction

BOLAT = uuid4()
ORGANISATIONS = organisations.load(PROJECT / "knowledge")
SANA_SEZIM = ORGANISATIONS["O-N1"]
CONSENT = "да, передайте им"
DRAFT = Draft(SANA_SEZIM, CONSENT, True, frozenset({"needs", "language", "age", "sex"}), ("shelter", "legal"), "adult", "woman")


async def rows(stations: Stations) -> list[Any]:
    return await ask(stations, "SELECT * FROM referrals ORDER BY made_at")


async def state(stations: Stations) -> str:
    found: str = (await rows(stations))[0].state
    return found


async def audited(stations: Stations) -> list[tuple[UUID | None, str, dict[str, str]]]:
    query = "SELECT actor, action, facts FROM audit WHERE action LIKE 'referral%' ORDER BY sequence"
    return [
        (r.actor, r.action, {k: v for k, v in r.facts.items() if k in ("by", "why", "revealed")})
        for r in await ask(stations, query)
    ]


# --- what is given ---


async def test_the_reader_gets_what_was_ticked_and_nothing_else(
    desk: DeskStations, stations: Stations, conversation: UUID
) -> None:
    made = await refer.make(desk, ANNA, conversation, DRAFT)
    opened = await take_up.read(stations, made.token)
    assert opened
    assert opened.packet == Packet(made.referral.reference, False, ("shelter", "legal"), language="ru", age="adult", sex="woman")
    assert made.referral.fields == ("needs", "language", "age", "sex")


async def test_what_is_known_but_not_ticked_stays(desk: DeskStations, stations: Stations, conversation: UUID) -> None:
    await ask(stations, "UPDATE conversations SET region = 'R-TUR'")
    assert stations.desk
    async with transaction(stations.store.engine) as connection:
        key = await stations.desk.find_or_make(connection, conversation)
        await safe_contact.save(connection, conversation, Agreement(hours=("evening",), words=("олма", "анор")), key)
    least = await refer.make(desk, ANNA, conversation, replace(DRAFT, give=frozenset({"needs"}), age="", sex=""))
    most = await refer.make(desk, ANNA, conversation, replace(DRAFT, give=frozenset({"needs", "region", "contact"})))
    first, second = await take_up.read(stations, least.token), await take_up.read(stations, most.token)
    assert first
    assert second
    assert first.packet == Packet(least.referral.reference, needs=("shelter", "legal"))
    assert second.packet.region == "R-TUR"
    assert second.packet.contact == ("this_chat", ("evening",), False)
    assert "олма" not in json.dumps(second.packet.contact)  # the agreed words are for the two who agreed them


async def test_danger_makes_it_urgent(desk: DeskStations, stations: Stations, person: Person, conversation: UUID) -> None:
    await person.asks("меня убивают")
    made = await refer.make(desk, ANNA, conversation, DRAFT)
    opened = await take_up.read(stations, made.token)
    assert opened
    assert opened.packet.urgent


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"consent": ""}, "consent"),
        ({"consent": " . "}, "consent"),
        ({"consent": "1"}, "consent"),
        ({"consent": "да" * 300}, "consent"),
        ({"told": False}, "told"),
        ({"organisation": ORGANISATIONS["O-S17"]}, "organisation"),
        ({"give": frozenset({"needs", "name"})}, "give"),
        ({"needs": ("money",)}, "give"),
        ({"age": "27"}, "give"),
        ({"sex": "Guldana"}, "give"),
        ({"needs": ()}, "needs"),
        ({"give": frozenset({"language"})}, "needs"),
        ({"note": "слово " * 200, "give": frozenset({"needs", "note"})}, "note_long"),
    ],
)
async def test_without_consent_or_with_what_is_no_choice_nothing_is_given(
    desk: DeskStations, stations: Stations, conversation: UUID, change: dict[str, Any], reason: str
) -> None:
    with pytest.raises(DeskError) as refused:
        await refer.make(desk, ANNA, conversation, replace(DRAFT, **change))
    assert refused.value.reason == reason
    assert await rows(stations) == []
    assert await audited(stations) == []


@pytest.mark.parametrize("said", ["да", "ҳа", "иә", "хуб", "mayli"])
async def test_a_yes_in_any_language_is_consent_and_kept_sealed(
    desk: DeskStations, stations: Stations, conversation: UUID, said: str
) -> None:
    made = await refer.make(desk, ANNA, conversation, replace(DRAFT, consent=said))
    row = (await rows(stations))[0]
    assert said.encode() not in row.sealed_consent
    assert stations.desk
    async with transaction(stations.store.engine) as connection:
        key = await stations.desk.key(connection, conversation)
        assert await referrals.consent(connection, made.referral.id, key) == said


async def test_only_who_has_the_conversation_refers(desk: DeskStations, conversation: UUID) -> None:
    with pytest.raises(NotYours):
        await refer.make(desk, BOLAT, conversation, DRAFT)


WITH_NOTE = replace(DRAFT, give=frozenset({"needs", "note"}))


@pytest.mark.parametrize(
    ("note", "label"),
    [
        ("звонить +7 701 123 45 67", "PHONE"),
        ("пишите на gul@mail.kz", "EMAIL"),
        ("телефон у [PHONE_1]", "PHONE_1"),
        ("8 701 123 45 67 и [PHONE_1]", "PHONE"),
    ],
)
async def test_a_note_that_tells_who_somebody_is_is_refused_without_repeating_it(
    desk: DeskStations, stations: Stations, conversation: UUID, note: str, label: str
) -> None:
    with pytest.raises(Identifying) as refused:
        await refer.make(desk, ANNA, conversation, replace(WITH_NOTE, note=note))
    assert label in refused.value.labels
    assert "701" not in str(refused.value)
    assert await rows(stations) == []


async def test_a_note_that_names_nobody_goes_along(desk: DeskStations, stations: Stations, conversation: UUID) -> None:
    note = "Не получает зарплату три месяца, нужен переводчик. Вечером может говорить."
    made = await refer.make(desk, ANNA, conversation, replace(WITH_NOTE, note=note))
    opened = await take_up.read(stations, made.token)
    assert opened
    assert opened.packet.note == note


async def opened_value(stations: Stations, person: Person, conversation: UUID) -> UUID:
    await person.asks("меня убивают")
    one = await reveal.ask(stations, ANNA, conversation, "PHONE_1", "They must call her, she agreed")
    await unseal(stations, conversation)
    return one.id


async def test_a_value_goes_along_only_when_it_was_opened_and_chosen(
    desk: DeskStations, stations: Stations, person: Person, conversation: UUID, clock: Clock
) -> None:
    shown = await opened_value(stations, person, conversation)
    give = frozenset({"needs", "note", "values"})
    draft = replace(DRAFT, give=give, note="Звоните на [PHONE_1] вечером", reveals=(shown, shown))
    made = await refer.make(desk, ANNA, conversation, draft)
    opened = await take_up.read(stations, made.token)
    assert opened
    assert opened.packet.values == (("PHONE_1", "+7 701 123 45 67"),)
    assert opened.packet.note == "Звоните на +7 701 123 45 67 вечером"
    assert (await ask(stations, "SELECT shown FROM reveals"))[0].shown == 1
    assert len(await ask(stations, "SELECT 1 FROM audit WHERE action = 'reveal_shown'")) == 1
    assert (await audited(stations))[0][2] == {"revealed": "1"}
    for wrong in (replace(draft, give=give - {"values"}), replace(draft, reveals=())):
        with pytest.raises(Identifying):
            await refer.make(desk, ANNA, conversation, wrong)
    clock.advance(minutes=10)
    with pytest.raises(DeskError) as refused:
        await refer.make(desk, ANNA, conversation, draft)
    assert refused.value.reason == "over"


async def test_a_value_of_another_conversation_does_not_go_along(
    desk: DeskStations, stations: Stations, person: Person, conversation: UUID
) -> None:
    shown = await opened_value(stations, person, conversation)
    other = await Person(stations, "2002").asks("что делать")
    await operate.claim(stations, ANNA, other)
    with pytest.raises(DeskError) as refused:
        await refer.make(desk, ANNA, other, replace(DRAFT, give=frozenset({"needs", "values"}), reveals=(shown,)))
    assert refused.value.reason == "over"


# --- the link ---


async def test_the_link_is_read_once(desk: DeskStations, stations: Stations, conversation: UUID) -> None:
    made = await refer.make(desk, ANNA, conversation, DRAFT)
    both = await asyncio.gather(*(take_up.read(stations, made.token) for _ in range(4)))
    assert sum(one is not None for one in both) == 1
    assert await take_up.read(stations, made.token) is None
    assert await state(stations) == "read"


async def test_a_guess_opens_nothing(desk: DeskStations, stations: Stations, conversation: UUID) -> None:
    made = await refer.make(desk, ANNA, conversation, DRAFT)
    for guess in ("", "x", made.token[:-1], made.token + "x", made.token.swapcase(), "\ud800", referrals.new_token()):
        assert await take_up.read(stations, guess) is None
        assert await take_up.answer(stations, guess, accepted=True) is False
    assert await take_up.answer(stations, made.token, accepted=True) is False  # the link alone answers nothing
    assert await state(stations) == "sent"


async def test_the_database_and_all_keys_of_the_house_open_no_packet(
    desk: DeskStations, stations: Stations, conversation: UUID
) -> None:
    made = await refer.make(desk, ANNA, conversation, replace(WITH_NOTE, note="очень нужен переводчик"))
    row = (await rows(stations))[0]
    assert row.token_hash == referrals.fingerprint(made.token)
    stored = b"".join(bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row)
    assert made.token.encode() not in stored
    assert "переводчик".encode() not in stored
    assert stations.desk
    async with transaction(stations.store.engine) as connection:
        keys = [await stations.desk.key(connection, conversation), await stations.vault.key(connection, conversation)]
    for key in keys:
        with pytest.raises(Forgotten):
            key.open(f"packet:{row.id}", row.sealed_packet)
    with pytest.raises(Forgotten):
        referrals.opened(row.sealed_packet, made.token, uuid4())


# --- the records ---


def test_a_reference_is_six_digits_and_the_same_for_both_sides() -> None:
    one = uuid4()
    assert referrals.reference(one) == referrals.reference(UUID(str(one)))
    assert [part.isdigit() for part in referrals.reference(one).split("-")] == [True, True]


def test_every_field_of_a_packet_has_its_tick() -> None:
    assert set(Packet.__dataclass_fields__) - {"reference", "urgent"} == set(FIELDS)


def test_a_packet_comes_out_as_it_went_in() -> None:
    packet = Packet(
        "1-2", True, ("pay",), "tg", "R-ALM", ("call", ("day", "night"), True), "adult", "man", "нет", (("PHONE_1", "+7"),)
    )
    token, id = referrals.new_token(), uuid4()
    assert referrals.opened(referrals.sealed(packet, token, id), token, id) == packet
    assert "+7" not in repr(packet)


def test_repr_of_what_is_made_shows_no_token_and_no_words() -> None:
    made = Made.__dataclass_fields__["token"].repr
    assert made is False
    assert CONSENT not in repr(DRAFT)
