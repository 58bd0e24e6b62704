"""suggest: a misunderstood sentence, with its writer's words, without names; gone with whoever is forgotten."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from fakes_bridge import ScriptedAssistant, ask
from people import Person

from hotline_bridge import transcript
from hotline_bridge.errors import DeskError, NotYours
from hotline_bridge.flow import look, operate, suggest, trail
from hotline_bridge.flow.expire import expire
from hotline_bridge.flow.forget import forget
from hotline_bridge.flow.reply import reply
from hotline_bridge.flow.stations import DeskStations, Stations
from hotline_bridge.flow.suggest import Draft, Sentence
from hotline_bridge.local_time import ZONE
from hotline_bridge.retention import Limits
from hotline_bridge.store.engine import transaction
from hotline_bridge.suggestions import LONGEST, generalised, says_something, understood

ANNA, BOLAT, SAULE = uuid4(), uuid4(), uuid4()
SAID = "хозяин забрал документы, мой номер +7 701 123 45 67"
CONSENT = "да, можно показать"


@pytest.fixture
async def conversation(person: Person, assistant: ScriptedAssistant) -> UUID:
    """Somebody whom Anna has."""
    assistant.always = None
    return await person.is_taken_by(ANNA, SAID)


@pytest.fixture
async def draft(desk: DeskStations, conversation: UUID) -> Draft:
    case = await look.at_case(desk, conversation)
    assert case
    return Draft(next(line.id for line in case.lines if line.speaker == "person"), "ask_documents_taken", CONSENT)


async def rows(stations: Stations) -> list[Any]:
    return await ask(stations, "SELECT * FROM suggestions ORDER BY id")


async def audited(stations: Stations) -> list[tuple[UUID | None, str, UUID | None, dict[str, str]]]:
    query = (
        "SELECT actor, action, subject, facts FROM audit WHERE action LIKE 'suggestion%' OR action = 'exported' ORDER BY sequence"
    )
    return [
        (r.actor, r.action, r.subject, {k: v for k, v in r.facts.items() if k != "suggestion"})
        for r in await ask(stations, query)
    ]


async def offered(desk: DeskStations) -> UUID:
    return (await suggest.pile(desk)).offered[0].one.id


async def accept(desk: DeskStations, text: str = "хозяин забрал документы", *, language: str = "ru") -> None:
    await suggest.accept(desk, SAULE, await offered(desk), text=text, language=language, meant="ask_documents_taken")


# --- what is kept ---


async def test_a_line_that_a_page_shows_only_when_earlier_ones_are_asked_for_can_be_suggested(
    desk: DeskStations, stations: Stations, conversation: UUID, draft: Draft
) -> None:
    async with transaction(stations.store.engine) as connection:
        key = await desk.desk.key(connection, conversation)
        for _ in range(transcript.LATEST):
            await transcript.add(connection, conversation, key, speaker="bot", text="ещё", key="reply/greet")
    await suggest.make(desk, ANNA, conversation, draft)
    assert len((await suggest.pile(desk)).offered) == 1


async def test_it_is_kept_without_names_and_with_the_persons_words(
    desk: DeskStations, stations: Stations, conversation: UUID, draft: Draft
) -> None:
    await suggest.make(desk, ANNA, conversation, draft)
    (shown,) = (await suggest.pile(desk)).offered
    assert shown.text == "хозяин забрал документы, мой номер [PHONE]"
    assert (shown.consent, shown.one.language, shown.one.meant) == (CONSENT, "ru", "ask_documents_taken")
    assert shown.one.made_on == stations.clock().astimezone(ZONE).date()
    (row,) = await rows(stations)
    clear = repr(tuple(row)).lower()
    assert not [word for word in ("хозяин", "документы,", "можно", "701") if word.encode().hex() in clear or word in clear]


async def test_the_anonymiser_looks_once_more_at_a_line_that_it_had_passed(
    desk: DeskStations, stations: Stations, conversation: UUID, draft: Draft
) -> None:
    assert stations.desk
    async with stations.store.engine.begin() as connection:
        key = await stations.desk.key(connection, conversation)
        missed = key.seal(f"transcript:{draft.line}", "[PERSON_1] пишите на +7 701 765 43 21")
    await ask(stations, "UPDATE transcript SET sealed_text = :t WHERE id = :id", t=missed, id=draft.line)
    await suggest.make(desk, ANNA, conversation, draft)
    assert (await suggest.pile(desk)).offered[0].text == "[PERSON] пишите на [PHONE]"


async def test_without_consent_a_meaning_or_a_sentence_nothing_is_kept(
    desk: DeskStations, stations: Stations, conversation: UUID, draft: Draft
) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"consent": ""}, "consent_to_show"),
        ({"consent": "1"}, "consent_to_show"),
        ({"consent": "да" * 300}, "consent_to_show"),
        ({"meant": ""}, "meant"),
        ({"meant": "ask_for_money"}, "meant"),
        ({"line": uuid4()}, "sentence"),
    ]
    for change, reason in wrong:
        with pytest.raises(DeskError) as refused:
            await suggest.make(desk, ANNA, conversation, replace(draft, **change))
        assert refused.value.reason == reason
    assert await rows(stations) == []
    assert await audited(stations) == []


async def test_what_the_program_or_an_operator_said_is_no_sentence_to_learn_from(
    desk: DeskStations, stations: Stations, conversation: UUID, draft: Draft
) -> None:
    await reply(stations, ANNA, conversation, "Здравствуйте")
    case = await look.at_case(desk, conversation)
    assert case
    ours = [line.id for line in case.lines if line.speaker != "person"]
    assert ours
    for line in ours:
        with pytest.raises(DeskError, match="no sentence"):
            await suggest.make(desk, ANNA, conversation, replace(draft, line=line))


async def test_only_whoever_has_the_conversation_suggests_and_only_once(
    desk: DeskStations, stations: Stations, conversation: UUID, draft: Draft
) -> None:
    with pytest.raises(NotYours):
        await suggest.make(desk, BOLAT, conversation, draft)
    await suggest.make(desk, ANNA, conversation, draft)
    with pytest.raises(DeskError) as again:
        await suggest.make(desk, ANNA, conversation, replace(draft, meant="greet"))
    assert again.value.reason == "suggested"
    assert [row.meant for row in await rows(stations)] == ["ask_documents_taken"]


# --- taken back, forgotten ---


async def test_forgetting_leaves_nothing_of_what_was_suggested_or_accepted(
    desk: DeskStations, stations: Stations, person: Person, conversation: UUID, draft: Draft
) -> None:
    await suggest.make(desk, ANNA, conversation, draft)
    await person.asks("мне нужен юрист")
    case = await look.at_case(desk, conversation)
    assert case
    await suggest.make(desk, ANNA, conversation, replace(draft, line=case.lines[-1].id, meant="ask_legal_aid"))
    await accept(desk)
    assert sorted(row.state for row in await rows(stations)) == ["accepted", "offered"]
    await forget(stations, conversation)
    assert await rows(stations) == []
    assert await suggest.take_out(desk, SAULE) == []


async def test_what_goes_from_the_transcript_by_age_goes_from_here(
    desk: DeskStations, stations: Stations, conversation: UUID, draft: Draft
) -> None:
    await suggest.make(desk, ANNA, conversation, draft)
    await operate.close(stations, ANNA, conversation, "informed")
    await ask(stations, "UPDATE tickets SET closed_at = now() - interval '31 days'")
    await ask(stations, "UPDATE transcript SET at = now() - interval '31 days'")
    await expire(stations, Limits(closed=30))
    assert await rows(stations) == []


async def test_the_person_takes_it_back(desk: DeskStations, stations: Stations, conversation: UUID, draft: Draft) -> None:
    await suggest.make(desk, ANNA, conversation, draft)
    one = await offered(desk)
    await suggest.withdraw(desk, BOLAT, one)
    assert await rows(stations) == []
    for step in (
        suggest.withdraw(desk, BOLAT, one),
        suggest.drop(desk, SAULE, one),
        suggest.accept(desk, SAULE, one, text="да да", language="ru", meant="affirm"),
    ):
        with pytest.raises(DeskError) as gone:
            await step
        assert gone.value.reason == "suggestion_gone"
    assert [action for _, action, _, _ in await audited(stations)] == ["suggestion_made", "suggestion_withdrawn"]


# --- reviewed, taken out ---


async def test_a_correction_cannot_bring_a_number_back(
    desk: DeskStations, stations: Stations, conversation: UUID, draft: Draft
) -> None:
    await suggest.make(desk, ANNA, conversation, draft)
    await accept(desk, "хозяин забрал документы, мой номер +7 701 123 45 67", language="kk")
    (shown,) = (await suggest.pile(desk)).accepted
    assert (shown.text, shown.one.language) == ("хозяин забрал документы, мой номер [PHONE]", "kk")


async def test_what_says_nothing_or_has_no_place_is_not_accepted(
    desk: DeskStations, stations: Stations, conversation: UUID, draft: Draft
) -> None:
    await suggest.make(desk, ANNA, conversation, draft)
    for text, language, meant in ((" [PHONE_1] . ", "ru", "greet"), ("да да", "en", "greet"), ("да да", "ru", "x")):
        with pytest.raises(DeskError):
            await suggest.accept(desk, SAULE, await offered(desk), text=text, language=language, meant=meant)
    assert [row.state for row in await rows(stations)] == ["offered"]


async def test_what_is_taken_out_leaves_nothing_here_and_every_step_in_the_trail(
    desk: DeskStations, stations: Stations, conversation: UUID, draft: Draft
) -> None:
    await suggest.make(desk, ANNA, conversation, draft)
    assert await suggest.take_out(desk, SAULE) == []  # nobody has looked at it yet
    await accept(desk)
    assert await suggest.take_out(desk, SAULE) == [Sentence("ru", "ask_documents_taken", "хозяин забрал документы")]
    assert await rows(stations) == []
    assert await suggest.take_out(desk, SAULE) == []
    assert await audited(stations) == [
        (ANNA, "suggestion_made", conversation, {}),
        (SAULE, "suggestion_accepted", conversation, {}),
        (SAULE, "exported", None, {"what": "suggestions", "rows": "1"}),
    ]
    assert (await trail.verify(stations, SAULE)).fault is None


async def test_more_than_a_page_waits_behind_it(
    desk: DeskStations, stations: Stations, conversation: UUID, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    await suggest.make(desk, ANNA, conversation, draft)
    monkeypatch.setattr(suggest, "MOST", 0)
    pile = await suggest.pile(desk)
    assert (pile.offered, pile.more) == ([], 1)


# --- pure ---


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("[PERSON_1] и [PERSON_2] у [WORKPLACE_12]", "[PERSON] и [PERSON] у [WORKPLACE]"),
        ("уже [PERSON] без номера", "уже [PERSON] без номера"),
        ("строка\nи\u2028ещё\x07 одна", "строка и ещё одна"),
        ("скобки [1] и [word_1]", "скобки [1] и [word_1]"),
    ],
)
def test_marks_lose_their_numbers_and_a_sentence_is_one_line(text: str, bare: str) -> None:
    assert generalised(text, lambda _: []) == bare


def test_what_is_found_around_a_mark_hides_the_mark_too() -> None:
    text = "живу на улице [PERSON_1] 15 там"
    assert generalised(text, lambda bare: [(8, 27, "ADDRESS")] if len(bare) == len(text) else []) == "живу на [ADDRESS] там"


def test_nobody_passes_on_what_was_not_looked_at() -> None:
    assert len(generalised("а" * LONGEST + " Айгуль", lambda _: [])) == LONGEST


@pytest.mark.parametrize(("text", "says"), [("да", True), ("[PERSON]", False), ("12 34", False), ("", False)])
def test_marks_and_numbers_alone_say_nothing(text: str, says: bool) -> None:
    assert says_something(text) is says


@pytest.mark.parametrize(
    ("answers", "intent"),
    [
        (["topic/ask_shelter/2"], "ask_shelter"),
        (["reply/danger_now", "topic/ask_cost"], "danger_now"),
        (["reply/fallback_offer"], None),
        (["source/ask_cost", None], None),
        ([], None),
    ],
)
def test_the_answer_tells_what_it_was_taken_for(answers: list[str | None], intent: str | None) -> None:
    assert understood(answers) == intent


def test_nothing_sealed_or_said_is_shown_by_repr() -> None:
    assert "шш" not in repr(Draft(uuid4(), "greet", "шш")) + repr(Sentence("ru", "greet", "шш"))
