"""What the dialogue answers: each intent, the forms, and safety before everything."""

from __future__ import annotations

import pytest
from assistant_fakes import FakeTickets, Person
from rasa.core.agent import Agent

OWN_REPLY = ["greet", "goodbye", "thank", "affirm", "deny", "ask_help", "start_over", "not_understood", "stop_messages",
             "out_of_scope", "choose_language"]  # fmt: skip
SAFETY = ["danger_now", "medical_emergency", "suicidal_thoughts", "child_in_danger", "unsafe_to_talk"]
TOPICS = ["ask_who_are_you", "ask_confidentiality", "ask_cost", "ask_am_i_trafficked", "labour_exploitation",
          "sexual_exploitation", "debt_bondage", "domestic_violence", "ask_reflection_period", "ask_compensation",
          "ask_victim_status", "ask_special_social_services", "ask_shelter", "ask_legal_aid", "ask_psychological_help",
          "ask_medical_help", "ask_documents_taken", "ask_unpaid_wages", "ask_immigration_status", "ask_work_permit",
          "ask_return_home", "ask_police_report", "ask_court_rights", "ask_non_punishment", "ask_embassy_contact",
          "ask_hotline_numbers", "ask_children_rights", "ask_job_offer_check", "ask_referral_mechanism"]  # fmt: skip
OTHERS = {
    "delete_my_data": ["delete_ask"],
    "talk_to_operator": ["ticket_opened"],
    "request_callback": ["callback_ask_when"],
    "ask_ticket_status": ["ticket_status_none"],
    "report_someone_else": ["report_ask_where"],
}
ANSWERS = {
    **{intent: [intent] for intent in OWN_REPLY + SAFETY},
    **{intent: ["topic"] for intent in TOPICS},
    **OTHERS,
}
FORMS = {"request_callback": "callback_ask_when", "report_someone_else": "report_ask_where"}


def test_the_table_holds_all_fifty_intents() -> None:
    assert len(ANSWERS) == 50


def test_the_domain_knows_these_and_what_buttons_and_the_classifier_send(agent: Agent) -> None:
    ours = {intent for intent in agent.domain.intents if intent not in ("restart", "back", "session_start", "out_of_scope")}
    assert ours == (set(ANSWERS) - {"out_of_scope"}) | {"start_self_check", "maybe_danger", "nlu_fallback"}


@pytest.mark.parametrize(("intent", "keys"), ANSWERS.items())
async def test_each_intent_has_its_answer(person: Person, intent: str, keys: list[str]) -> None:
    assert await person.keys(f"/{intent}") == keys


@pytest.mark.parametrize("topic", TOPICS)
async def test_a_right_is_answered_by_its_topic(person: Person, topic: str) -> None:
    [custom] = await person.says(f"/{topic}")
    assert custom["topic"] == topic


async def test_the_question_whether_it_is_trafficking_offers_the_self_check(person: Person) -> None:
    [custom] = await person.says("/ask_am_i_trafficked")
    assert custom["options"] == ["start_self_check"]


@pytest.mark.parametrize("intent", SAFETY[:4])
async def test_safety_opens_a_ticket_for_itself(person: Person, tickets: FakeTickets, intent: str) -> None:
    await person.says(f"/{intent}")
    assert tickets.opened == [(person.conversation, person.turn, intent, None)]


async def test_somebody_who_is_watched_gets_one_reply_and_no_ticket(person: Person, tickets: FakeTickets) -> None:
    assert await person.keys("/unsafe_to_talk") == ["unsafe_to_talk"]
    assert tickets.opened == []


async def test_the_safety_reply_comes_also_when_no_ticket_can_be_opened(person: Person, tickets: FakeTickets) -> None:
    tickets.down = True
    assert await person.keys("/danger_now") == ["danger_now"]


async def test_a_second_call_for_an_operator_names_the_same_ticket(person: Person) -> None:
    await person.says("/talk_to_operator")
    assert await person.says("/talk_to_operator") == [{"reply": "ticket_already", "values": {"code": "K-1"}}]
    assert await person.says("/ask_ticket_status") == [
        {"reply": "ticket_status_waiting", "values": {"code": "K-1", "hours": "3"}}
    ]


# Forms.


async def test_a_callback_is_asked_for_in_two_questions(person: Person, tickets: FakeTickets) -> None:
    assert await person.keys("/request_callback") == ["callback_ask_when"]
    assert await person.says("абракадабра") == [{"reply": "callback_ask_message", "options": ["yes", "no"]}]
    assert await person.says("/affirm") == [{"reply": "callback_done", "values": {"code": "K-1"}}]
    facts = {"callback_when": "given", "callback_message": "yes"}
    assert tickets.opened == [(person.conversation, person.turn, "request_callback", facts)]


async def test_a_second_callback_asks_everything_again(person: Person) -> None:
    for text in ("/request_callback", "абракадабра", "/deny"):
        await person.says(text)
    assert await person.keys("/request_callback") == ["callback_ask_when"]


async def test_a_report_with_danger_gets_the_numbers_first(person: Person, tickets: FakeTickets) -> None:
    assert await person.keys("/report_someone_else") == ["report_ask_where"]
    assert await person.keys("абракадабра") == ["report_ask_danger"]
    assert await person.keys("/affirm") == ["danger_now", "report_done"]
    assert tickets.opened[0][2:] == ("report_someone_else", {"report_where": "given", "report_danger": "yes"})


async def test_asking_for_a_call_again_is_taken_for_the_answer_when(person: Person) -> None:
    await person.says("/request_callback")
    assert await person.keys("/request_callback") == ["callback_ask_message"]


@pytest.mark.parametrize(("form", "question"), FORMS.items())
async def test_a_right_inside_a_form_is_answered_and_the_form_asks_again(person: Person, form: str, question: str) -> None:
    await person.says(f"/{form}")
    assert await person.keys("/ask_shelter") == ["topic", question]
    assert await person.keys("абракадабра") != [question]


@pytest.mark.parametrize("intent", SAFETY)
@pytest.mark.parametrize("opening", [["request_callback"], ["request_callback", "nlu_fallback"], ["report_someone_else"],
                                     ["report_someone_else", "nlu_fallback"], ["start_self_check"]])  # fmt: skip
async def test_a_cry_for_help_is_never_taken_for_an_answer(person: Person, opening: list[str], intent: str) -> None:
    for text in opening:
        await person.says(f"/{text}")
    assert await person.keys(f"/{intent}") == [intent]
    assert await person.keys("/greet") == ["greet"], "the form is left"


@pytest.mark.parametrize("form", FORMS)
async def test_no_and_goodbye_leave_a_form(person: Person, form: str) -> None:
    for leaving in ("/deny", "/goodbye"):
        await person.says(f"/{form}")
        assert await person.keys(leaving) == ["callback_cancelled"]
    assert await person.keys("/greet") == ["greet"]


@pytest.mark.parametrize("form", FORMS)
async def test_stop_inside_a_form_leaves_it_and_is_obeyed(person: Person, form: str) -> None:
    await person.says(f"/{form}")
    assert await person.keys("/stop_messages") == ["callback_cancelled", "stop_messages"]


async def test_a_no_to_the_last_question_of_a_form_is_its_answer(person: Person, tickets: FakeTickets) -> None:
    for text in ("/request_callback", "абракадабра", "/deny"):
        answer = await person.keys(text)
    assert answer == ["callback_done"]
    assert tickets.opened[0][3] == {"callback_when": "given", "callback_message": "no"}


# Danger that is not certain.


async def test_perhaps_danger_is_asked_about_and_yes_is_danger(person: Person, tickets: FakeTickets) -> None:
    assert await person.says("/maybe_danger") == [{"reply": "danger_confirm", "options": ["yes", "no"]}]
    assert await person.keys("/affirm") == ["danger_now"]
    assert [ticket[2] for ticket in tickets.opened] == ["danger_now"]


async def test_no_danger_is_taken_at_its_word(person: Person, tickets: FakeTickets) -> None:
    await person.says("/maybe_danger")
    assert await person.keys("/deny") == ["danger_denied"]
    assert await person.keys("/deny") == ["deny"]
    assert tickets.opened == []


@pytest.mark.parametrize("before", [["request_callback"], ["request_callback", "nlu_fallback"], ["start_self_check"]])
async def test_the_question_about_danger_stops_a_form_without_answering_it(
    person: Person, tickets: FakeTickets, before: list[str]
) -> None:
    for text in before:
        [*_, question] = await person.keys(f"/{text}")
    assert await person.keys("/maybe_danger") == ["danger_confirm"]
    assert await person.keys("/deny") == ["danger_denied", question]
    await person.says("/maybe_danger")
    assert await person.keys("/affirm") == ["danger_now"]
    assert [ticket[2] for ticket in tickets.opened] == ["danger_now"]
    assert await person.keys("/affirm") == ["affirm"]


# Not understood, languages, erasing, the self-check.


async def test_not_understood_twice_in_a_row_calls_a_person(person: Person, tickets: FakeTickets) -> None:
    assert await person.keys("/nlu_fallback") == ["fallback_offer"]
    assert await person.keys("/nlu_fallback") == ["operator_offer"]
    assert [ticket[2] for ticket in tickets.opened] == ["not_understood"]
    assert await person.keys("/nlu_fallback") == ["fallback_offer"]


async def test_not_understood_with_an_answer_between_is_not_twice_in_a_row(person: Person) -> None:
    for text in ("/nlu_fallback", "/ask_shelter"):
        await person.says(text)
    assert await person.keys("/nlu_fallback") == ["fallback_offer"]


async def test_a_language_named_is_changed_to(person: Person) -> None:
    assert await person.says('/choose_language{"language": "tg"}') == [{"reply": "language_changed", "language": "tg"}]
    assert await person.says("пишите на казахском") == [{"reply": "language_changed", "language": "kk"}]
    assert await person.keys('/choose_language{"language": "xx"}') == ["choose_language"]


async def test_erasing_needs_a_yes_at_once(person: Person) -> None:
    assert await person.says("/delete_my_data") == [{"reply": "delete_ask", "options": ["yes", "no"]}]
    assert await person.keys("/affirm") == ["delete_now"]
    assert await person.keys("/affirm") == ["affirm"], "one yes erases once"
    await person.says("/delete_my_data")
    await person.says("/ask_shelter")
    assert await person.keys("/affirm") == ["affirm"], "a yes to something else erases nothing"


@pytest.mark.parametrize(("signs", "result"), [(0, "none"), (1, "some"), (2, "some"), (3, "many"), (11, "many")])
async def test_the_self_check_counts_signs(person: Person, signs: int, result: str) -> None:
    assert await person.keys("/start_self_check") == ["check_intro", "check_1"]
    for number in range(1, 11):
        yes = number <= signs
        assert await person.keys("/affirm" if yes else "/deny") == [f"check_{number + 1}"]
    assert await person.keys("/affirm" if signs == 11 else "/deny") == [f"check_result_{result}"]
    assert await person.keys("/affirm") == ["affirm"]


async def test_the_self_check_can_be_asked_through_and_stopped(person: Person) -> None:
    await person.says("/start_self_check")
    assert await person.keys("/ask_police_report") == ["topic", "check_1"]
    assert await person.keys("/nlu_fallback") == ["check_1"]
    assert await person.keys("/affirm") == ["check_2"]
    assert await person.keys("/goodbye") == ["check_stopped"]
    assert await person.keys("/start_self_check") == ["check_intro", "check_1"]
    assert await person.keys("/stop_messages") == ["check_stopped"]
