"""Segments of an SMS, as 3GPP TS 23.038 and 23.040 count them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline_bridge.sms_text import Cost, cost, plain


@pytest.mark.parametrize(
    ("text", "alphabet", "segments", "units"),
    [
        ("a", "gsm7", 1, 1),
        ("a" * 160, "gsm7", 1, 160),
        ("a" * 161, "gsm7", 2, 161),
        ("a" * 306, "gsm7", 2, 306),
        ("a" * 307, "gsm7", 3, 307),
        ("€" * 80, "gsm7", 1, 160),
        ("€" * 81, "gsm7", 2, 162),
        # an escaped letter is not parted: 153 septets hold 76 of them
        ("€" * 153, "gsm7", 3, 306),
        ("я" * 70, "ucs2", 1, 70),
        ("я" * 71, "ucs2", 2, 71),
        ("я" * 134, "ucs2", 2, 134),
        ("я" * 135, "ucs2", 3, 135),
        ("я" * 201, "ucs2", 3, 201),
        ("я" * 202, "ucs2", 4, 202),
        ("😀" * 35, "ucs2", 1, 70),
        ("😀" * 36, "ucs2", 2, 72),
        ("o'zbek", "gsm7", 1, 6),
        ("oʻzbek", "ucs2", 1, 6),
        ("қ", "ucs2", 1, 1),
    ],
)
def test_a_text_costs_what_the_standard_says(text: str, alphabet: str, segments: int, units: int) -> None:
    assert cost(text) == Cost(alphabet, segments, units)


def test_an_empty_text_costs_one_segment() -> None:
    assert cost("").segments == 1


@given(st.text(st.characters(exclude_categories=()), max_size=500))
def test_any_text_has_a_price_and_more_text_is_never_cheaper(text: str) -> None:
    found = cost(text)
    assert found.segments >= 1
    assert cost(text + "я").segments >= cost(text + "").segments or found.alphabet == "gsm7"
    assert found.units <= found.segments * (160 if found.alphabet == "gsm7" else 70)


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("Oʻzbekiston gʻarbi", "O'zbekiston g'arbi"),
        ("maʼlumot ’a‘ `b`", "ma'lumot 'a' 'b'"),
        ("«да» “yes”", '"да" "yes"'),
        ("1–2 — 3…", "1-2 - 3..."),
        ("129\u00a0750", "129 750"),
    ],
)
def test_marks_that_would_make_a_message_dear_become_plain(typed: str, sent: str) -> None:
    assert plain(typed) == sent


def test_uzbek_in_latin_letters_fits_the_cheap_alphabet() -> None:
    assert cost(plain("Oʻrtada gʻalati soʻz, maʼnosi yoʻq")).alphabet == "gsm7"


@given(st.text(max_size=200))
def test_plain_marks_stay_plain(text: str) -> None:
    assert plain(plain(text)) == plain(text)
