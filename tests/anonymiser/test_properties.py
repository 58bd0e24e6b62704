"""Whatever is typed: nothing raises or overlaps, no text grows without bound, a second pass finds nothing, no network is used."""

from __future__ import annotations

import itertools
import json
import socket
from pathlib import Path
from typing import Any, NoReturn

import pytest
from anonymiser.odd import ODD
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hotline_bridge.anonymiser.anonymiser import LIMIT, Anonymiser
from hotline_bridge.vault.sealing import Key

KEY = Key(b"k" * 32)
READY = Anonymiser()
LONGEST_PLACEHOLDER = len("[WORKPLACE_4000]")
MESSAGES = [
    json.loads(line)["text"]
    for file in sorted((Path(__file__).parent / "dev").glob("*.jsonl"))
    for line in file.read_text(encoding="utf-8").splitlines()
]
TYPED = st.one_of(
    st.text(max_size=120),
    st.lists(st.sampled_from(MESSAGES), min_size=1, max_size=3).map(" ".join),
    st.lists(st.sampled_from([w for m in MESSAGES for w in m.split()]), max_size=25).map(" ".join),
)


def check(text: str) -> None:
    spans = READY.spans(text)
    for before, after in itertools.pairwise(spans):
        assert before.end <= after.start
    assert all(0 <= s.start < s.end <= len(text[:LIMIT]) for s in spans)
    found = READY.anonymise(text, KEY)
    assert len(found.text) <= len(text[:LIMIT]) + LONGEST_PLACEHOLDER * len(spans)
    for span in spans:
        assert any(c.isalnum() for c in text[span.start : span.end])


@settings(max_examples=150, deadline=None)
@given(TYPED)
def test_any_text_can_be_read_and_spans_never_overlap(text: str) -> None:
    check(text)


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_strings_are_read(text: str) -> None:
    check(text)


def test_a_second_pass_over_its_own_output_changes_nothing() -> None:
    for text in MESSAGES:
        once = READY.anonymise(text, KEY).text
        assert READY.anonymise(once, KEY).text == once


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(MESSAGES), min_size=2, max_size=2).map("\n".join))
def test_so_it_is_when_two_messages_stand_in_one(text: str) -> None:
    once = READY.anonymise(text, KEY).text
    assert READY.anonymise(once, KEY).text == once


@settings(max_examples=60, deadline=None)
@given(
    st.text("абвoqʻ ,.\n", max_size=20), st.integers(0, 9_999_999), st.sampled_from(["+7701{:07}", "8 701 {:07}", "+99890{:07}"])
)
@example("", 0, "8 701 {:07}")
def test_no_telephone_number_of_ours_is_left_in_a_text(before: str, digits: int, form: str) -> None:
    number = form.format(digits)
    assert number not in READY.anonymise(f"{before} {number}", KEY).text


def test_building_and_using_it_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: Any, **__: Any) -> NoReturn:
        raise AssertionError("a socket was asked for")

    for name in ("socket", "create_connection", "getaddrinfo", "gethostbyname", "socketpair", "create_server"):
        monkeypatch.setattr(socket, name, forbidden)
    made = Anonymiser()
    for text in MESSAGES:
        made.anonymise(text, KEY)


def test_what_an_operator_sees_before_sending_is_what_is_hidden(anonymiser: Anonymiser) -> None:
    text = "Здравствуйте! Вам поможет Нурлан, 8 701 123 45 67. В опасности звоните 112 или 102, бесплатно 111, скорая 103"
    assert [(text[s.start : s.end], s.label) for s in anonymiser.spans(text)] == [
        ("Нурлан", "PERSON"),
        ("8 701 123 45 67", "PHONE"),
    ]
