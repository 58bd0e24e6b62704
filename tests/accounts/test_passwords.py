"""Passwords: which are accepted, and how one is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline_bridge.accounts import passwords


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "too_short"),
        ("elevenchars", "too_short"),
        ("x" * 129, "too_long"),
        ("my name is dilyara.s, hello", "like_login"),
        ("Dilyara.S-velvet-orbit", "like_login"),
        ("qwerty123456", "common"),
        ("Password2024!", "common"),
        ("passwordpassword", "common"),
        ("111111111111", "common"),
        ("abababababab", "common"),
        ("komekkomekkomek", "common"),
        ("Supervisor2026!!", "common"),
        ("Көмек-2026-2026", "common"),
        ("казахстанказахстан", "common"),
        ("+7 Оператор 112", "common"),
        ("йцукенгшщзхъ", "common"),
        ("парольпароль1", "common"),
    ],
)
def test_a_password_that_is_guessed_first_is_refused(password: str, why: str) -> None:
    assert passwords.fault(password, "dilyara.s") == why


@pytest.mark.parametrize(
    "password",
    [
        "velvet canoe orbit thistle",
        "ақ қайың жел соқты",
        "олма дарахти гуллади",
        "aaaabbbbccccddddeeee",
        "🌊🌊🌱🌱🔥🔥⭐⭐🍎🍎🌙🌙",
        "x7#kQp!v92Lm",
    ],
)
def test_any_characters_make_a_password(password: str) -> None:
    assert passwords.fault(password, "dilyara.s") is None


@given(st.text(max_size=140))
def test_no_text_breaks_the_rules_and_length_is_counted_in_characters(text: str) -> None:
    normal = passwords.normal(text)
    found = passwords.fault(text, "login")
    assert (found == "too_short") == (len(normal) < 12)
    assert (found == "too_long") == (len(normal) > 128)


async def test_a_password_is_kept_as_argon2id_with_the_parameters_that_owasp_asks_for() -> None:
    kept = await passwords.hashed("velvet canoe orbit thistle")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert "velvet" not in kept
    assert kept != await passwords.hashed("velvet canoe orbit thistle")
    assert await passwords.fits(kept, "velvet canoe orbit thistle")
    assert not await passwords.fits(kept, "velvet canoe orbit thistlE")
    assert not passwords.is_outdated(kept)


async def test_a_password_from_another_keyboard_is_the_same() -> None:
    composed, decomposed = "\u0439од и \u0451лка, вечер", "\u0438\u0306од и \u0435\u0308лка, вечер"
    assert composed != decomposed
    assert await passwords.fits(await passwords.hashed(composed), decomposed)


async def test_where_there_is_no_hash_nothing_fits() -> None:
    assert not await passwords.fits(None, "nobody has this password")
    assert not await passwords.fits("unusable", "unusable")


def test_a_hash_with_old_parameters_is_known() -> None:
    old = "$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$W0oMTq0m3hXpQdqmMo1m0Qh3u3R3p2xKXo7o5yE0o5k"
    assert passwords.is_outdated(old)
