"""The ticket's page and what is done on it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from console.cases import add_line
from console.conftest import Browser
from console.desk.conftest import agree
from fakes_bridge import ScriptedAssistant, ScriptedChannel, ask
from people import Person

from hotline_bridge import transcript
from hotline_bridge.console import names
from hotline_bridge.console.pieces import Piece, pieces
from hotline_bridge.errors import Gone
from hotline_bridge.flow.deliver import deliver
from hotline_bridge.flow.forget import forget
from hotline_bridge.flow.lost import give_back_lost
from hotline_bridge.flow.reply import reply
from hotline_bridge.flow.stations import DeskStations, Stations, today
from hotline_bridge.local_time import ZONE
from hotline_bridge.messages import Kind, Reply
from hotline_bridge.retention import REOPENS
from hotline_bridge.safe_contact import METHODS, PARTS, Agreement
from hotline_bridge.store.engine import transaction
from hotline_bridge.tickets import open_once
from hotline_bridge.tickets.needs import NEEDS, OUTCOMES

HX = {"hx-request": "true"}


def test_everything_closed_has_a_name() -> None:
    assert set(names.NEEDS) == set(NEEDS)
    assert set(names.OUTCOMES) == set(OUTCOMES)
    assert set(names.METHODS) == set(METHODS)
    assert set(names.PARTS_OF_DAY) == set(PARTS)
    assert set(names.KINDS) == {kind.value for kind in Kind} - {"text"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("слово", [Piece("слово")]),
        ("[PHONE_1]", [Piece("[PHONE_1]", "PHONE", 1)]),
        ("это [PERSON_12], да", [Piece("это "), Piece("[PERSON_12]", "PERSON", 12), Piece(", да")]),
        ("[phone_1] [PHONE_] [_1]", [Piece("[phone_1] [PHONE_] [_1]")]),
    ],
)
def test_a_line_is_cut_at_its_placeholders_and_loses_nothing(text: str, expected: list[Piece]) -> None:
    assert pieces(text) == expected
    assert "".join(piece.text for piece in pieces(text)) == text


async def test_the_conversation_shows_placeholders_as_chips_and_never_the_number(anna: Browser, conversation: UUID) -> None:
    page = (await anna.get(f"/conversations/{conversation}")).text
    assert 'data-placeholder="[PHONE_1]"' in page
    assert "telephone number 1" in page
    assert "123 45 67" not in page


async def test_what_the_person_wrote_is_shown_as_text(anna: Browser, person: Person) -> None:
    conversation = await person.asks("<script>alert(1)</script> не платят зарплату")
    page = (await anna.get(f"/conversations/{conversation}")).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


async def test_the_bots_words_stand_beside_their_meaning_in_the_operators_language(
    anna: Browser, person: Person, assistant: ScriptedAssistant
) -> None:
    conversation = await person.asks("маро зада истодаанд ёрӣ диҳед")
    assistant.next = [[Reply("topic", topic="ask_unpaid_wages")]]
    await person.asks("музди маошамро намедиҳанд")
    page = (await anna.get(f"/conversations/{conversation}")).text
    assert "If you can, call 112 now, it is free." in page
    assert 'lang="tg-Cyrl"' in page
    assert 'class="text gloss" lang="en"' in page
    assert "Not paid for work" in page


async def test_by_sms_the_gloss_is_of_the_page_that_was_sent(
    anna: Browser, by_sms: Person, assistant: ScriptedAssistant, stations: DeskStations
) -> None:
    assistant.always = [Reply("topic", topic="ask_unpaid_wages")]
    conversation = await by_sms.asks("не платят зарплату")
    async with transaction(stations.store.engine) as connection:
        await open_once(connection, conversation=conversation, turn=None, need="talk_to_operator")
    page = (await anna.get(f"/conversations/{conversation}")).text
    pages = stations.renderer().knowledge.topics["ask_unpaid_wages"].pages
    assert pages[0].text.split("{")[0] in page
    assert pages[1].text.split("{")[0] not in page


async def test_the_page_names_needs_signs_region_and_agreement(
    anna: Browser, conversation: UUID, stations: DeskStations, bridge: Stations
) -> None:
    async with transaction(stations.store.engine) as connection:
        facts = {"indicators": "7 8", "report_danger": "yes"}
        await open_once(connection, conversation=conversation, turn=None, need="request_callback", facts=facts)
    agreement = Agreement("number", ("evening",), True, "[PHONE_1]", ("арбуз", "дыня"))
    await agree(stations, conversation, agreement)
    await ask(bridge, "UPDATE conversations SET region = 'R-ALM'")
    page = (await anna.get(f"/conversations/{conversation}")).text
    for said in (
        "Wants to be called",
        "Papers kept",
        "Wages withheld",
        "Almaty region",
        "The other person is in danger",
        "On another number",
        "Evening",
        "A message may be left",
        "арбуз",
        "дыня",
    ):
        assert said in page, said
    assert "Isolation" not in page


async def test_the_heading_names_danger_first_as_the_queue_does(
    anna: Browser, conversation: UUID, stations: DeskStations
) -> None:
    for need in ("danger_now", "request_callback"):
        async with transaction(stations.store.engine) as connection:
            await open_once(connection, conversation=conversation, turn=None, need=need)
    heading = (await anna.get(f"/conversations/{conversation}")).text.partition("<h1>")[2].partition("</h1>")[0]
    wanted = [names.NEEDS[need] for need in ("danger_now", "request_callback")]
    row = (await anna.get("/queue/rows")).text
    for text in (heading, row):
        assert text.index(wanted[0]) < text.index(wanted[1])


async def test_what_was_not_asked_does_not_stand_there_as_a_no(anna: Browser, conversation: UUID, stations: DeskStations) -> None:
    await agree(stations, conversation, Agreement("this_chat", ("evening",)))
    page = (await anna.get(f"/conversations/{conversation}")).text
    assert "In this chat" in page
    assert "A message may be left" not in page


async def test_a_conversation_without_a_ticket_is_nobodys_to_read(
    anna: Browser, person: Person, assistant: ScriptedAssistant
) -> None:
    assistant.always = [Reply("greet")]
    conversation = await person.asks("здравствуйте")
    assert (await anna.get(f"/conversations/{conversation}")).status_code == 404
    assert (await anna.get(f"/conversations/{uuid4()}")).status_code == 404


async def test_what_was_forgotten_is_gone_from_an_open_page(anna: Browser, taken: UUID, bridge: Stations) -> None:
    await forget(bridge, taken)
    assert (await anna.get(f"/conversations/{taken}")).status_code == 404
    gone = await anna.get(f"/conversations/{taken}/now", headers=HX)
    assert gone.headers["hx-redirect"] == "/queue"


async def test_earlier_lines_are_a_link_away_and_stay_when_the_page_refreshes(
    anna: Browser, conversation: UUID, stations: DeskStations
) -> None:
    for number in range(transcript.LATEST):
        await add_line(stations, conversation, f"строка {number}")
    first = "мне не платят зарплату"
    page = (await anna.get(f"/conversations/{conversation}")).text
    assert first not in page
    link = re.search(r'href="([^"]+lines=400)"', page)
    assert link is not None
    page = (await anna.get(link[1])).text
    assert first in page
    assert "Show earlier ones" not in page
    again = re.search(r'hx-get="([^"]+/now[^"]*)"', page)
    assert again is not None
    assert first in (await anna.get(again[1].replace("&amp;", "&"), headers=HX)).text
    assert (await anna.get(f"/conversations/{conversation}?lines=-1")).status_code == 200


# --- who has it ---


async def test_the_second_of_two_operators_is_told_who_has_it(anna: Browser, bolat: Browser, taken: UUID) -> None:
    refused = await bolat.submit(f"/conversations/{taken}/claim")
    assert refused.status_code == 409
    assert "Anna was quicker" in refused.text
    fragment = await bolat.post(f"/conversations/{taken}/claim", headers=HX | {"x-csrf-token": bolat.csrf})
    assert fragment.status_code == 409
    assert "<html" not in fragment.text
    assert "Anna" in (await bolat.get(f"/conversations/{taken}")).text


async def test_a_supervisor_takes_it_over_and_the_open_page_of_whoever_had_it_says_so(
    anna: Browser, bolat: Browser, browser_of: Callable[..., Awaitable[Browser]], taken: UUID
) -> None:
    chief = await browser_of("supervisor", name="Chief")
    assert "Take over" not in (await bolat.get(f"/conversations/{taken}")).text
    assert "Take over" in (await chief.get(f"/conversations/{taken}")).text
    assert "You do not have this" not in (await anna.get(f"/conversations/{taken}/now?writing=yes", headers=HX)).text
    assert (await bolat.submit(f"/conversations/{taken}/take-over")).status_code == 403
    assert (await chief.submit(f"/conversations/{taken}/take-over")).status_code == 303
    assert "You do not have this" in (await anna.get(f"/conversations/{taken}/now?writing=yes", headers=HX)).text
    page = (await chief.get(f"/conversations/{taken}")).text
    assert 'id="reply"' in page
    assert "Taken over from a colleague: Anna" in page


async def test_taken_it_can_be_written_in_and_by_nobody_else(anna: Browser, bolat: Browser, taken: UUID) -> None:
    assert 'id="reply"' in (await anna.get(f"/conversations/{taken}")).text
    assert 'id="reply"' not in (await bolat.get(f"/conversations/{taken}")).text
    refused = await bolat.submit(f"/conversations/{taken}/reply", text="Здравствуйте")
    assert refused.status_code == 409
    assert "not yours" in refused.text


async def test_handed_over_it_is_the_colleagues(anna: Browser, bolat: Browser, taken: UUID) -> None:
    page = (await anna.get(f"/conversations/{taken}")).text
    assert f'value="{bolat.account.id}"' in page
    assert "here now" in page
    assert (await anna.submit(f"/conversations/{taken}/hand-over", to=bolat.account.id)).status_code == 303
    assert 'id="reply"' in (await bolat.get(f"/conversations/{taken}")).text
    timeline = (await bolat.get(f"/conversations/{taken}")).text
    assert "Handed over: Bolat" in timeline


async def test_nobody_is_given_a_conversation_who_may_not_have_one(
    anna: Browser, browser_of: Callable[..., Awaitable[Browser]], taken: UUID
) -> None:
    auditor = await browser_of("auditor")
    for to in (auditor.account.id, uuid4(), anna.account.id):
        refused = await anna.submit(f"/conversations/{taken}/hand-over", to=to)
        assert refused.status_code == 422
        assert "Choose an operator" in refused.text


async def test_given_back_it_waits_and_closed_it_is_gone_from_the_queue(anna: Browser, taken: UUID) -> None:
    await anna.submit(f"/conversations/{taken}/give-back")
    assert str(taken) in (await anna.get("/queue")).text
    await anna.submit(f"/conversations/{taken}/claim")
    assert (await anna.submit(f"/conversations/{taken}/close", outcome="informed")).status_code == 303
    queue = (await anna.get("/queue?tab=all")).text
    assert str(taken) not in queue
    assert f"It opens again if the person writes within {REOPENS.days} days." in queue
    closed = (await anna.get(f"/conversations/{taken}")).text
    assert "Closed: Informed about rights" in closed


@pytest.mark.parametrize(("outcome", "opens"), [("informed", True), ("test", True), ("ended_by_person", False)])
async def test_the_page_says_whether_it_opens_again(anna: Browser, taken: UUID, outcome: str, opens: bool) -> None:
    await anna.submit(f"/conversations/{taken}/close", outcome=outcome)
    assert ("It opens again if" in (await anna.get("/queue")).text) == opens
    page = (await anna.get(f"/conversations/{taken}")).text
    assert (f"It opens again if the person writes within {REOPENS.days} days." in page) == opens
    assert ("there is a new request" in page) != opens


@pytest.mark.parametrize(("days", "opens"), [(REOPENS.days, True), (REOPENS.days + 1, False)])
async def test_the_page_counts_the_days_in_which_it_opens_again(
    anna: Browser, taken: UUID, bridge: Stations, days: int, opens: bool
) -> None:
    await anna.submit(f"/conversations/{taken}/close", outcome="informed")
    await anna.get("/queue")  # what is said once is said there
    ended = datetime.combine(today(bridge) - timedelta(days=days), time(), ZONE)  # as flow/coarse.py leaves it
    await ask(bridge, "UPDATE tickets SET closed_at = :ended", ended=ended)
    assert ("It opens again if" in (await anna.get(f"/conversations/{taken}")).text) == opens


async def test_the_page_goes_by_the_ticket_that_was_closed_last(anna: Browser, taken: UUID, bridge: Stations) -> None:
    await anna.submit(f"/conversations/{taken}/close", outcome="informed")
    await ask(bridge, "UPDATE tickets SET closed_at = closed_at - interval '2 days'")
    async with transaction(bridge.store.engine) as connection:
        await open_once(connection, conversation=taken, turn=None, need="danger_now")
    await anna.submit(f"/conversations/{taken}/claim")
    await anna.submit(f"/conversations/{taken}/close", outcome="ended_by_person")
    assert "It does not open again by itself." in (await anna.get(f"/conversations/{taken}")).text


@pytest.mark.parametrize("outcome", ["", "won"])
async def test_closing_needs_an_outcome(anna: Browser, taken: UUID, outcome: str) -> None:
    refused = await anna.submit(f"/conversations/{taken}/close", outcome=outcome)
    assert refused.status_code == 422
    assert "Choose how it ended" in refused.text


async def test_when_the_person_writes_again_it_opens_again(
    anna: Browser, taken: UUID, person: Person, assistant: ScriptedAssistant
) -> None:
    assistant.always = [Reply("greet")]
    await anna.submit(f"/conversations/{taken}/close", outcome="informed")
    await person.asks("мне опять не платят")
    assert "Opened again" in (await anna.get("/queue?tab=all")).text


async def test_a_lost_operators_conversation_is_free_again(anna: Browser, bolat: Browser, taken: UUID, bridge: Stations) -> None:
    await ask(bridge, "UPDATE conversations SET operator_seen_at = now() - interval '16 minutes'")
    assert await give_back_lost(bridge) == 1
    assert str(taken) in (await bolat.get("/queue")).text
    assert "the operator was gone" in (await bolat.get(f"/conversations/{taken}")).text
    late = await anna.post(f"/conversations/{taken}/reply", data={"text": "Я здесь"}, headers=HX | {"x-csrf-token": anna.csrf})
    assert late.status_code == 409
    assert "Я здесь</textarea>" in late.text


# --- writing ---


async def test_only_who_writes_is_given_the_key_of_what_they_type(anna: Browser, bolat: Browser, taken: UUID) -> None:
    page = (await anna.get(f"/conversations/{taken}")).text
    assert re.search(r'data-draft="[A-Za-z0-9+/]{22}=="', page)
    assert "data-draft" not in (await bolat.get(f"/conversations/{taken}")).text
    await anna.submit(f"/conversations/{taken}/give-back")
    assert "data-draft" not in (await anna.get(f"/conversations/{taken}")).text


async def test_an_answer_goes_out_and_stands_in_the_conversation_with_its_delivery(
    anna: Browser, taken: UUID, bridge: Stations, telegram: ScriptedChannel
) -> None:
    assert (await anna.submit(f"/conversations/{taken}/reply", text="Мы читаем вас.")).status_code == 303
    page = (await anna.get(f"/conversations/{taken}")).text
    assert "Мы читаем вас." in page
    assert "Waits to be sent" in page
    await deliver(bridge, taken)
    assert telegram.texts[-1] == "Мы читаем вас."
    assert "Delivered" in (await anna.get(f"/conversations/{taken}")).text


async def test_a_failed_delivery_says_why(anna: Browser, taken: UUID, bridge: Stations, telegram: ScriptedChannel) -> None:
    telegram.faults.append(Gone("blocked"))
    await anna.submit(f"/conversations/{taken}/reply", text="Мы читаем вас.")
    await deliver(bridge, taken)
    page = (await anna.get(f"/conversations/{taken}")).text
    assert "Not delivered: the person has blocked this chat" in page


@pytest.mark.parametrize("silence", ["stopped", "unsafe"])
async def test_to_somebody_who_must_not_be_written_to_nothing_goes_and_the_words_stay_in_the_box(
    anna: Browser, taken: UUID, bridge: Stations, silence: str
) -> None:
    await ask(bridge, "UPDATE conversations SET silence = :s", s=silence)
    refused = await anna.post(
        f"/conversations/{taken}/reply", data={"text": "Мы здесь"}, headers=HX | {"x-csrf-token": anna.csrf}
    )
    assert refused.status_code == 422
    assert "Мы здесь</textarea>" in refused.text
    assert names.REFUSALS[silence] in refused.text
    assert await ask(bridge, "SELECT 1 FROM outbox WHERE author IS NOT NULL") == []


async def test_an_answer_that_is_kept_until_it_is_safe_says_so(
    anna: Browser, taken: UUID, stations: DeskStations, bridge: Stations, telegram: ScriptedChannel
) -> None:
    await agree(stations, taken, Agreement())
    await ask(bridge, "UPDATE agreements SET confirmed_at = now() - interval '1 day'")
    await ask(bridge, "UPDATE inbox SET received_at = now() - interval '2 hours'")
    assert "An answer is held until the person says that it is safe" in (await anna.get(f"/conversations/{taken}")).text
    before = len(telegram.sent)
    headers = HX | {"x-csrf-token": anna.csrf}
    first = await anna.post(f"/conversations/{taken}/reply", data={"text": "Вы там?"}, headers=headers)
    confirmed = re.search(r'name="confirmed" value="(\w+)"', first.text)
    assert confirmed
    again = {"text": "Вы там?", "confirmed": confirmed[1]}
    done = await anna.post(f"/conversations/{taken}/reply", data=again, headers=headers)
    assert "It is held until the person says that it is safe" in done.text
    await deliver(bridge, taken)
    assert len(telegram.sent) == before
    page = (await anna.get(f"/conversations/{taken}")).text
    assert "Held until the person says that it is safe" in page
    assert "is then not sent any more" in page, "where it is closed"


@pytest.mark.parametrize(("reason", "said"), [("closed", "the ticket was closed before"), ("unsaid", "for two days the person")])
async def test_an_answer_that_was_kept_and_is_not_sent_any_more_says_why(
    anna: Browser, taken: UUID, stations: DeskStations, bridge: Stations, reason: str, said: str
) -> None:
    await reply(stations, anna.account.id, taken, "Вы там?")
    await ask(bridge, "UPDATE outbox SET status = 'failed', error = :reason WHERE author IS NOT NULL", reason=reason)
    assert said in (await anna.get(f"/conversations/{taken}")).text


async def test_the_refreshed_part_holds_no_field_that_somebody_types_in(anna: Browser, taken: UUID) -> None:
    fragment = (await anna.get(f"/conversations/{taken}/now?writing=yes", headers=HX)).text
    assert "<textarea" not in fragment
    assert "<html" not in fragment
    assert {"holder", "facts", "notes", "timeline", "heard"} <= set(re.findall(r'id="(\w+)"[^>]*hx-swap-oob', fragment))


# --- notes ---


async def test_a_note_is_kept_with_its_writer(anna: Browser, bolat: Browser, taken: UUID) -> None:
    done = await bolat.post(f"/conversations/{taken}/note", data={"text": "спит днём"}, headers=HX | {"x-csrf-token": bolat.csrf})
    assert done.status_code == 200
    assert "спит днём" not in done.text
    page = (await anna.get(f"/conversations/{taken}")).text
    assert "спит днём" in page
    assert "Bolat" in page


async def test_an_empty_note_is_refused_where_it_was_typed(anna: Browser, taken: UUID) -> None:
    refused = await anna.post(f"/conversations/{taken}/note", data={"text": " "}, headers=HX | {"x-csrf-token": anna.csrf})
    assert refused.status_code == 422
    assert "Write something first" in refused.text


async def test_whoever_has_the_conversation_can_have_its_person_forgotten(anna: Browser, conversation: UUID) -> None:
    page = f"/conversations/{conversation}"
    await anna.submit(f"{page}/claim")
    shown = (await anna.get(page)).text
    assert "Forget for good" in shown
    assert (await anna.submit(f"{page}/forget", reason="test")).status_code == 422  # not confirmed
    answer = await anna.submit(f"{page}/forget", reason="test", sure="yes")
    assert (answer.status_code, answer.headers["location"]) == (303, "/queue")
    assert (await anna.get(page)).status_code == 404


async def test_danger_of_somebody_who_may_not_be_written_to_has_a_button_that_ends_the_calls(
    anna: Browser, person: Person, stations: DeskStations
) -> None:
    conversation = await person.asks("меня убивают")
    await anna.submit(f"/conversations/{conversation}/claim")
    assert "I have seen it" not in (await anna.get(f"/conversations/{conversation}")).text
    await person.asks("меня убивают")
    assert "I have seen it" not in (await anna.get(f"/conversations/{conversation}")).text, "an answer ends the calls"
    assert (await anna.submit(f"/conversations/{conversation}/flag-seen")).status_code == 409
    await ask(stations.store, "UPDATE conversations SET silence = 'stopped'")
    shown = (await anna.get(f"/conversations/{conversation}/now?writing=yes", headers=HX)).text
    assert "I have seen it" in shown
    assert 'class="claim"' not in shown, "the key that takes a conversation presses nothing here (keys.js)"
    await anna.submit(f"/conversations/{conversation}/flag-seen")
    page = (await anna.get(f"/conversations/{conversation}")).text
    assert "I have seen it" not in page
    assert names.EVENTS["flag_seen"] in page


async def test_a_number_in_a_note_is_refused_where_it_was_typed(anna: Browser, taken: UUID) -> None:
    text = "перезвонить на 8 701 234 56 78"
    refused = await anna.post(f"/conversations/{taken}/note", data={"text": text}, headers=HX | {"x-csrf-token": anna.csrf})
    assert refused.status_code == 422
    assert "Remove the number or the address" in refused.text
    assert "234 56 78" not in (await anna.get(f"/conversations/{taken}")).text
