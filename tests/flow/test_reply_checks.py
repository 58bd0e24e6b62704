"""What is noticed in an operator's reply."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.reading.language import Reading
from hotline_bridge.console.reply_box import Box, confirmation, pressed
from hotline_bridge.flow.reply_checks import LONGEST, Draft, Finding, To, check, must_be_asked, refusal
from hotline_bridge.messages import Channel, Voice
from hotline_bridge.safe_contact import Decision

SEND = Decision("send")
UNTIL = datetime(2026, 12, 1, 13, tzinfo=UTC)


def to(language: str | None = "ru", script: str = "cyrl", channel: Channel = Channel.TELEGRAM, **more: Any) -> To:
    given = {"silence": None, "unreachable": None, "decision": SEND} | more
    return To(channel, Voice(language or "ru", script), language, **given)


def draft(text: str = "Мы читаем вас.", language: Any = None, spans: tuple[tuple[int, int, str], ...] = ()) -> Draft:
    return Draft(text, Reading(language, 0.9, None), spans)


def found(given: Draft, person: To) -> dict[str, str]:
    return {one.name: one.weight for one in check(given, person)}


def test_an_ordinary_reply_is_let_through() -> None:
    assert check(draft(language="ru"), to()) == ()


@pytest.mark.parametrize(
    ("person", "name"),
    [
        (to(silence="stopped"), "stopped"),
        (to(silence="unsafe"), "unsafe"),
        (to(unreachable="blocked"), "unreachable"),
        (to(decision=Decision("refuse")), "method"),
    ],
)
def test_who_may_not_be_written_to_is_known_before_a_word_is_typed(person: To, name: str) -> None:
    assert found(draft(""), person) == {name: "stop"}
    refused = refusal(person.silence, person.unreachable, person.decision)
    assert refused is not None
    assert refused.reason == name


def test_a_reply_that_will_be_kept_is_asked_about() -> None:
    assert found(draft(), to(decision=Decision("ask"))) == {"held": "ask"}
    assert check(draft(), to(decision=Decision("wait", UNTIL))) == (Finding("outside_hours", "ask", {"until": UNTIL}),)
    elsewhere = to(goes_on=True)
    assert check(draft(), elsewhere) == (Finding("goes_on", "ask"),)
    unasked = to(decision=Decision("send", unasked=True), heard_at=UNTIL)
    assert check(draft(), unasked) == (Finding("unasked", "ask", {"heard_at": UNTIL}),)


@pytest.mark.parametrize(
    ("person", "read", "text", "expected"),
    [
        (to("tg"), "ru", "Мы читаем вас.", {"language": "ask"}),
        (to("tg"), "other", "We read you.", {"language": "ask"}),
        (to("tg"), None, "Мы?", {}),  # unsure is no reproach
        (to("tg"), "tg", "Мо мехонем.", {}),
        (to(None), "uz", "Biz o'qiyapmiz.", {}),  # the person's language is not known yet
        (to("uz", "latn"), "uz", "Биз ўқияпмиз.", {"script": "ask"}),
        (to("uz", "cyrl"), "uz", "Biz o'qiyapmiz.", {"script": "ask"}),
        (to("uz", "latn"), "uz", "Biz o'qiyapmiz.", {}),
        (to("kk", "latn"), "kk", "Biz oqyp otyrmyz.", {}),
        (to("ru", "cyrl"), None, "My chitaem vas.", {"script": "ask"}),
        (to("ru", "cyrl"), None, "112", {}),
    ],
)
def test_another_language_or_script_than_the_persons_is_asked_about(
    person: To, read: str | None, text: str, expected: dict[str, str]
) -> None:
    assert found(draft(text, read), person) == expected


def test_identifiers_are_shown_as_what_would_be_hidden() -> None:
    text = "Звоните +7 701 123 45 67, спросите Алию"
    spans = ((8, 24, "PHONE"), (35, 39, "PERSON"))
    (finding,) = check(draft(text, "ru", spans), to())
    assert finding == Finding("identifiers", "ask", {"hidden": (("PHONE", "+7 701 123 45 67"), ("PERSON", "Алию"))})


def test_a_placeholder_would_reach_the_person_as_it_stands() -> None:
    assert check(draft("Позвонить на [PHONE_1]?", "ru"), to()) == (Finding("placeholder", "ask", {"written": "[PHONE_1]"}),)


@pytest.mark.parametrize("text", ["см. https://egov.kz/x", "www.egov.kz", "напишите в t.me/abc", "сайт egov.kz", "gov.kz/a"])
def test_a_link_is_asked_about_in_an_sms_and_not_in_a_messenger(text: str) -> None:
    assert found(draft(text), to(channel=Channel.TWILIO))["link"] == "ask"
    assert "link" not in found(draft(text), to())


@pytest.mark.parametrize("text", ["Напишите завтра.Мы ответим", "в 10.30", "почта a@b.kz", "и т.д. и т.п."])
def test_what_only_looks_like_a_link_is_none(text: str) -> None:
    assert "link" not in found(draft(text), to(channel=Channel.TWILIO))


@pytest.mark.parametrize(
    ("text", "segments", "room", "weight"),
    [
        ("а" * 70, 1, 70, "note"),
        ("а" * 71, 2, 134, "note"),
        ("а" * 201, 3, 201, "note"),
        ("а" * 202, 4, 268, "ask"),
        ("a" * 160, 1, 160, "note"),
    ],
)
def test_an_sms_says_what_it_costs_and_a_dear_one_is_asked_about(text: str, segments: int, room: int, weight: str) -> None:
    person = to(None, channel=Channel.KANNEL)
    (finding,) = check(draft(text), person)
    assert (finding.name, finding.weight) == ("segments", weight)
    assert finding.facts == {"segments": segments, "letters": len(text), "room": room}


def test_one_dear_apostrophe_is_not_counted_because_it_is_not_sent() -> None:
    (finding,) = check(draft("Biz oʻqiyapmiz", "uz"), to("uz", "latn", Channel.TWILIO))
    assert finding.facts["room"] == 160


def test_what_is_too_long_is_stopped() -> None:
    assert found(draft("а" * (LONGEST + 1)), to()) == {"long": "stop"}
    assert found(draft("а" * 671), to(channel=Channel.TWILIO))["long_sms"] == "stop"
    assert found(draft("а" * 670), to(channel=Channel.TWILIO))["segments"] == "ask"


def test_the_weightiest_stands_first() -> None:
    person = to("tg", channel=Channel.TWILIO, silence="stopped")
    assert [one.weight for one in check(draft("Мы читаем вас, egov.kz", "ru"), person)] == ["stop", "ask", "ask", "note"]


# --- the press of the button ---

ASK, STOP, NOTE = Finding("language", "ask"), Finding("stopped", "stop"), Finding("segments", "note")


def test_without_questions_one_press_sends() -> None:
    assert pressed("Да", (), "") is None
    assert pressed("Да", (NOTE,), "") is None


def test_a_question_needs_a_second_press_and_it_counts_for_that_text_and_those_questions_alone() -> None:
    first = pressed("Да\nнет", (ASK, NOTE), "")
    assert first is not None
    assert first.confirm
    assert pressed("Да\r\nнет", (ASK,), first.confirm) is None
    assert pressed("Да, нет", (ASK,), first.confirm) is not None
    assert pressed("Да\nнет", (ASK, Finding("link", "ask")), first.confirm) is not None


def test_no_second_press_gets_past_a_stop() -> None:
    given = pressed("Да", (STOP, ASK), confirmation("Да", must_be_asked((STOP, ASK))))
    assert given == Box("Да", (STOP, ASK))
