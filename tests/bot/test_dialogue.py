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
    "talk_to_operator": ["ticket_opened", "agree_how"],
    "request_callback": ["callback_opened", "agree_number"],
    "ask_ticket_status": ["ticket_status_none"],
    "report_someone_else": ["report_ask_where"],
}
ANSWERS = {
    **{intent: [intent] for intent in OWN_REPLY + SAFETY},
    **{intent: ["topic"] for intent in TOPICS},
    **OTHERS,
}
FORMS = {"talk_to_operator": "agree_how", "request_callback": "agree_number", "report_someone_else": "report_ask_where"}
LEFT = {"talk_to_operator": "agreement_later", "request_callback": "agree_hours", "report_someone_else": "report_stopped"}
# Nobody's sentences: the bridge and the classifier alone send these.
SENT = {"start_self_check", "start_agreement", "pick", "no_danger", "maybe_danger", "nlu_fallback"}


def test_the_table_holds_all_fifty_intents() -> None:
    assert len(ANSWERS) == 50


def test_the_domain_knows_these_and_what_buttons_and_the_classifier_send(agent: Agent) -> None:
    ours = {intent for intent in agent.domain.intents if intent not in ("restart", "back", "session_start", "out_of_scope")}
    assert ours == (set(ANSWERS) - {"out_of_scope"}) | SENT


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
    said = await person.says("/talk_to_operator")
    assert {"reply": "ticket_already", "values": {"code": "K-1"}} in said
    assert await person.says("/ask_ticket_status") == [
        {"reply": "ticket_status_waiting", "values": {"code": "K-1", "hours": "3"}},
        {"reply": "agree_how"},
    ]


# For what a human is wanted: told to the bridge too, which opens the ticket when the action server is down.


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize(
    ("messages", "wanted"),
    [
        (["/talk_to_operator"], {"need": "talk_to_operator", "told": "ticket_opened"}),
        (["/request_callback"], {"need": "request_callback", "told": "callback_opened"}),
        (["/report_someone_else"], {"need": "report_someone_else"}),
        (["/nlu_fallback", "/nlu_fallback"], {"need": "not_understood", "told": "operator_offer"}),
    ],
)
async def test_the_bridge_is_told_for_what_a_human_is_wanted(
    person: Person, tickets: FakeTickets, messages: list[str], wanted: dict[str, str], down: bool
) -> None:
    tickets.down = down
    for text in messages[:-1]:
        await person.says(text)
    assert await person.wants(messages[-1]) == [wanted]
    assert [ticket[2] for ticket in tickets.opened] == ([] if down else [wanted["need"]])


async def test_a_finished_report_is_told_with_its_closed_answers_also_when_no_ticket_can_be_opened(
    person: Person, tickets: FakeTickets
) -> None:
    tickets.down = True
    for text in ("/report_someone_else", "абракадабра"):
        await person.says(text)
    said = await person.says("/affirm")
    facts = {"report_where": "given", "report_danger": "yes"}
    assert said == [
        {"reply": "danger_now"},
        {"reply": "wanted", "values": {"need": "report_someone_else", "told": "report_done", **facts}},
    ]


# Forms.


async def test_a_report_with_danger_gets_the_numbers_first(person: Person, tickets: FakeTickets) -> None:
    assert await person.keys("/report_someone_else") == ["report_ask_where"]
    assert [ticket[2:] for ticket in tickets.opened] == [("report_someone_else", None)], "before any question"
    assert await person.keys("абракадабра") == ["report_ask_danger"]
    assert await person.keys("/affirm") == ["danger_now", "report_done"]
    assert tickets.opened[1][2:] == ("report_someone_else", {"report_where": "given", "report_danger": "yes"})


@pytest.mark.parametrize(("form", "question"), FORMS.items())
async def test_a_right_inside_a_form_is_answered_and_the_form_asks_again(person: Person, form: str, question: str) -> None:
    await person.says(f"/{form}")
    assert await person.keys("/ask_shelter") == ["topic", question]


@pytest.mark.parametrize("intent", SAFETY)
@pytest.mark.parametrize("opening", [["talk_to_operator"], ["request_callback"], ["report_someone_else"],
                                     ["report_someone_else", "nlu_fallback"], ["start_self_check"]])  # fmt: skip
async def test_a_cry_for_help_is_never_taken_for_an_answer(person: Person, opening: list[str], intent: str) -> None:
    for text in opening:
        await person.says(f"/{text}")
    assert await person.keys(f"/{intent}") == [intent]
    assert await person.keys("/greet") == ["greet"], "the form is left"


@pytest.mark.parametrize(("form", "answer"), LEFT.items())
async def test_no_leaves_a_form_or_its_question(person: Person, form: str, answer: str) -> None:
    await person.says(f"/{form}")
    assert await person.keys("/deny") == [answer]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("leaving", "answer"), [("goodbye", "goodbye"), ("stop_messages", "stop_messages")])
async def test_goodbye_and_stop_leave_any_form_and_are_obeyed(person: Person, form: str, leaving: str, answer: str) -> None:
    await person.says(f"/{form}")
    said = await person.keys(f"/{leaving}")
    assert said == (["report_stopped"] if form == "report_someone_else" else []) + (
        [answer] if form != "report_someone_else" or leaving == "stop_messages" else []
    )
    assert await person.keys("/greet") == ["greet"]


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


@pytest.mark.parametrize("before", [["talk_to_operator"], ["request_callback"], ["report_someone_else"], ["start_self_check"]])
@pytest.mark.parametrize("no", ["/deny", "/no_danger"])
async def test_the_question_about_danger_stops_a_form_without_answering_it(
    person: Person, tickets: FakeTickets, before: list[str], no: str
) -> None:
    for text in before:
        [*_, question] = await person.keys(f"/{text}")
    assert await person.keys("/maybe_danger") == ["danger_confirm"]
    assert await person.keys(no) == ["danger_denied", question]
    await person.says("/maybe_danger")
    assert await person.keys("/affirm") == ["danger_now"]
    assert tickets.opened[-1][2] == "danger_now"
    assert await person.keys("/affirm") == ["affirm"]


async def test_a_no_to_the_bridges_own_question_lets_a_form_go_on(person: Person) -> None:
    await person.says("/report_someone_else")
    assert await person.keys("/no_danger") == ["danger_denied", "report_ask_where"]
    await person.says("/goodbye")
    assert await person.keys("/no_danger") == ["danger_denied"]


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
