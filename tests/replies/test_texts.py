"""Every text in every voice: no number that may not be, no dear SMS, every choice on a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from hotline_bridge.knowledge import Knowledge
from hotline_bridge.messages import Message, Reply, Voice
from hotline_bridge.replies.choices import PAGE_SEGMENTS, Rendered
from hotline_bridge.replies.render import Renderer
from hotline_bridge.settings import PROJECT
from hotline_bridge.sms_text import cost
from hotline_bridge.transliteration import into_script

MAY_BE_PRINTED = {"101", "102", "103", "104", "111", "112"}
# Filled in without digits, so that every digit left is the text's own.
VALUES = {
    "code": "CODE", "start": "START", "stop": "STOP", "hours": "H", "n": "N", "source": "S", "article": "A", "all": "yes",
    "when": "W", "known": "KNOWN", "alarm": "ALARM", "how": "labels:pick/this_chat", "message": "labels:no",
}  # fmt: skip
SUM = re.compile(r"(?<!\d)\d{1,3}(?: \d{3})+(?!\d)")


def everything(renderer: Renderer, voice: Voice, today: date) -> Iterator[tuple[str, Rendered]]:
    """All that can be said, but for the names of laws."""
    for sms in (True, False):
        for topic in renderer.knowledge.topics.values():
            for page in range(len(topic.pages) + 2):
                reply = Reply("topic", topic=topic.name, page=page)
                yield f"{topic.name}/{page}", renderer.render(reply, voice, sms=sms, today=today)
        for key in renderer.knowledge.replies:
            yield key, renderer.render(Reply(key, values=VALUES), voice, sms=sms, today=today)


def words(message: Message) -> str:
    return "\n".join([message.text, *(option.label for option in message.options)])


def test_no_number_but_those_of_help_is_ever_printed(renderer: Renderer, voice: Voice, loaded: Knowledge, today: date) -> None:
    years = {str(year) for year in loaded.mci}
    for key, said in everything(renderer, voice, today):
        text = SUM.sub(" ", words(said.message))
        assert set(re.findall(r"(?<!\d)\d{3,}(?!\d)", text)) <= MAY_BE_PRINTED | years, key
        assert not re.search(r"\+\s?\d|\d[\s()-]+\d{2}[\s-]\d{2}|\b8[\s(-]+\d", text), key


def test_no_number_that_was_looked_at_and_not_switched_on_is_printed_with_a_law_either(
    renderer: Renderer, voice: Voice, today: date
) -> None:
    hidden = re.findall(r"^    number: \"?(\+?[\d ]{5,})\"?$", (PROJECT / "knowledge/contacts.yml").read_text(), re.MULTILINE)
    assert hidden
    for topic in renderer.knowledge.topics:
        text = renderer.render(Reply("source", topic=topic), voice, sms=True, today=today).message.text
        assert not [number for number in hidden if number in text]


def test_an_answer_by_sms_costs_no_more_than_three_segments(renderer: Renderer, voice: Voice, today: date) -> None:
    dear = {
        key: segments
        for key, said in everything(renderer, voice, today)
        if not said.message.options and "/" in key and (segments := cost(said.message.text).segments) > PAGE_SEGMENTS
    }
    assert dear == {}


SHORT = [
    "danger_now", "medical_emergency", "suicidal_thoughts", "child_in_danger", "danger_confirm", "danger_denied",
    "unsafe_to_talk", "silence_over", "ticket_opened", "assistant_down", "stop_messages", "delete_done", "topic_withheld",
    "danger_waiting", "danger_waiting_again",
    "page", "page_again", "pager_added", "pager_is", "pager_removed", "pager_wrong", "pager_later", "callback_opened",
    "agree_how", "agree_number", "agree_hours", "agree_message", "agreement_made", "agreement_made_open",
    "agreement_made_elsewhere", "agreement_words", "agreement_later", "contact_check", "code_known", "code_unknown",
    "code_too_many", "ticket_status_again",
    "ticket_status_on_duty", "ticket_status_later", "report_stopped", "check_intro", "check_list_1", "check_list_2",
]  # fmt: skip


def test_safety_and_other_fixed_replies_cost_no_more_either(renderer: Renderer, voice: Voice, today: date) -> None:
    for key in SHORT:
        text = renderer.render(Reply(key, values={**VALUES, "code": "12-3456"}), voice, sms=True, today=today).message.text
        assert cost(text).segments <= PAGE_SEGMENTS, key


def test_a_first_answer_leads_on_and_to_a_person(renderer: Renderer, voice: Voice, today: date) -> None:
    for topic in renderer.knowledge.topics.values():
        sms = renderer.render(Reply("topic", topic=topic.name), voice, sms=True, today=today)
        assert "more" in sms.offered or len(topic.pages) == 1, topic.name
        chat = renderer.render(Reply("topic", topic=topic.name), voice, sms=False, today=today)
        assert {"operator", "clear"} <= set(chat.offered)
        assert tuple(option.choice for option in chat.message.options) == chat.offered


def test_the_numbers_of_a_list_stand_before_their_choices(renderer: Renderer, voice: Voice, today: date) -> None:
    for key, said in everything(renderer, voice, today):
        if said.message.options:
            continue
        for number in range(1, len(said.offered) + 1):
            assert re.search(rf"(?:^|\s){number}\b", said.message.text), (key, number)
        assert len(said.offered) <= 9


def test_nothing_that_is_said_holds_an_open_placeholder(renderer: Renderer, voice: Voice, today: date) -> None:
    for key, said in everything(renderer, voice, today):
        assert "{" not in words(said.message), key
        assert said.message.text.strip(), key


def test_buttons_fit_what_telegram_takes(renderer: Renderer, voice: Voice, today: date) -> None:
    for key, said in everything(renderer, voice, today):
        assert len(said.message.text) <= 4096, key
        for option in said.message.options:
            assert 0 < len(option.label) <= 40, key
            assert len(option.choice.encode()) <= 64, key


@pytest.mark.parametrize("key", ["greet", "goodbye", "thank", "start_over", "chat_cleared", "unsafe_to_talk", "silence_over"])
def test_a_glance_at_a_locked_phone_tells_nothing(renderer: Renderer, voice: Voice, today: date, key: str) -> None:
    first = (
        renderer.render(Reply(key, values={"code": "42"}), voice, sms=False, today=today).message.text.splitlines()[0].casefold()
    )
    telling = (
        "торгов",
        "жертв",
        "полиц",
        "насили",
        "савдо",
        "jabr",
        "politsiya",
        "жәбір",
        "қурбон",
        "saud",
        "trafficking",
        "victim",
    )
    assert not [word for word in telling if word in first]


def test_what_is_said_about_the_police_is_what_was_set(renderer: Renderer, loaded: Knowledge, voice: Voice, today: date) -> None:
    said = set()
    for duty in ("unknown", "yes", "no"):
        one = Renderer(loaded, renderer.catalogs, duty)
        said.add(one.render(Reply("topic", topic="ask_confidentiality", page=1), voice, sms=True, today=today).message.text)
    assert len(said) == 3


def test_who_can_read_it_can_be_asked_from_the_first_list_on(renderer: Renderer, voice: Voice, today: date) -> None:
    """The answer tells of the police; a person should hear it before they tell details."""
    for sms in (True, False):
        assert "topic/ask_confidentiality" in renderer.render(Reply("greet"), voice, sms=sms, today=today).offered


def test_who_else_can_read_and_what_an_operator_may_open_is_said_by_name(renderer: Renderer, voice: Voice, today: date) -> None:
    said = renderer.render(Reply("topic", topic="ask_confidentiality"), voice, sms=False, today=today).message.text
    assert re.search("Telegram|Телеграм", said)
    second = {"ru": "второго сотрудника", "kk": "екінші қызметкер", "uz": "ikkinchi xodim", "tg": "корманди дуюм"}
    assert into_script(second[voice.language], voice.language, voice.script) in said


def test_the_source_of_an_answer_is_named_with_its_article(renderer: Renderer, voice: Voice, today: date) -> None:
    text = renderer.render(Reply("source", topic="ask_unpaid_wages"), voice, sms=False, today=today).message.text
    assert "113" in text
    nothing = renderer.render(Reply("source", topic="no_such_topic"), voice, sms=False, today=today).message.text
    assert nothing
    assert nothing != text
