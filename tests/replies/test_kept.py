"""Whoever asks is told how long what is kept, as it is set, in their own words for days."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from bot.reading.commands import Commands
from hotline_bridge.messages import Reply, Voice
from hotline_bridge.replies.render import Renderer
from hotline_bridge.retention import Limits
from hotline_bridge.settings import PROJECT

# The word for days behind 1, 3, 21 and 30.
DAYS = {
    ("ru", "cyrl"): ("день", "дня", "день", "дней"),
    ("kk", "cyrl"): ("күн",) * 4,
    ("kk", "latn"): ("kün",) * 4,
    ("uz", "latn"): ("kun",) * 4,
    ("uz", "cyrl"): ("кун",) * 4,
    ("tg", "cyrl"): ("рӯз",) * 4,
}


@pytest.mark.parametrize(("place", "number"), list(enumerate((1, 3, 21, 30))))
def test_every_limit_is_told_as_it_is_set(renderer: Renderer, voice: Voice, today: date, place: int, number: int) -> None:
    limits = Limits(idle=number, closed=number + 100, audit=number + 200, key_copies=number)
    told = replace(renderer, limits=limits)
    answer = told.render(Reply("topic", topic="ask_confidentiality"), voice, sms=False, today=today).message.text
    deleted = told.render(Reply("delete_done"), voice, sms=False, today=today).message.text
    days = f"{number} {DAYS[voice.language, voice.script][place]}"
    assert len(re.findall(rf"\b{days}\b", answer)) == 2  # idle, and the copies
    assert re.search(rf"\b{number + 100} \w+\b.*\b{number + 200} \w+\b", answer)
    assert re.search(rf"\b{days}\b.*\b{number + 200} \w+\b", deleted)  # the copies, and what our staff did


# "At least": only the next backup deletes an old copy, and it never deletes the newest one (custody/part.py).
AT_LEAST = {"ru": "минимум", "kk": "кем дегенде", "uz": "kamida", "tg": "на камтар аз"}


@pytest.mark.parametrize("key", ["kept_records", "delete_done"])
@pytest.mark.parametrize("language", AT_LEAST)
def test_nobody_is_told_that_copies_end_on_a_day(renderer: Renderer, today: date, key: str, language: str) -> None:
    voice = Voice(language, "latn" if language == "uz" else "cyrl")
    text = renderer.render(Reply(key), voice, sms=True, today=today).message.text
    assert f"{AT_LEAST[language]} {renderer.limits.key_copies} " in text


def test_by_sms_it_is_told_right_behind_the_first_answer_and_the_police(renderer: Renderer, voice: Voice, today: date) -> None:
    pages = [
        renderer.render(Reply("topic", topic="ask_confidentiality", page=page), voice, sms=True, today=today).message.text
        for page in (2, 3)
    ]
    assert "30 " in pages[0]
    assert "90 " in pages[1]


@pytest.mark.parametrize("language", ["kk", "ru", "uz", "tg"])
def test_the_words_that_are_told_delete(renderer: Renderer, today: date, language: str) -> None:
    said = renderer.render(Reply("kept_words"), Voice(language), sms=True, today=today).message.text
    words = re.findall(r"\"([^\"]+)\"|: ([^.:]+)\.", said)
    assert [Commands.load(PROJECT / "nlu" / "commands").match(one or other) for one, other in words] == ["delete", "yes"]
