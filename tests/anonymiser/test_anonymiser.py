"""The anonymiser: identifiers become numbered placeholders, wages and dates stay."""

from __future__ import annotations

import socket
from typing import Any, NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline_bridge.anonymiser.anonymiser import LIMIT, Anonymiser, Placeholder
from hotline_bridge.anonymiser.recognisers import iin_is_valid
from hotline_bridge.vault.sealing import Key

KEY = Key(b"k" * 32)
READY = Anonymiser()

FOUND = [
    # telephones, as people of five countries type them
    ("PHONE", "мой номер 8 701 123 45 67", "мой номер [PHONE_1]"),
    ("PHONE", "позвоните 87011234567 вечером", "позвоните [PHONE_1] вечером"),
    ("PHONE", "телефоным +7 (701) 123-45-67", "телефоным [PHONE_1]"),
    ("PHONE", "нөмірім 8-701-123-45-67", "нөмірім [PHONE_1]"),
    ("PHONE", "raqamim +998 90 123 45 67", "raqamim [PHONE_1]"),
    ("PHONE", "рақамим 998901234567", "рақамим [PHONE_1]"),
    ("PHONE", "рақами ман +992 93 123 4567", "рақами ман [PHONE_1]"),
    ("PHONE", "рақам 00992931234567", "рақам [PHONE_1]"),
    ("PHONE", "87о1 12345о7", "[PHONE_1]"),
    ("PHONE", "тел.87011234567", "тел.[PHONE_1]"),
    ("PHONE", "спросите о 87011234567 о зарплате", "спросите о [PHONE_1] о зарплате"),
    # cards, identity numbers, accounts
    ("CARD", "карта 4400 4301 2345 6789", "карта [CARD_1]"),
    ("CARD", "karta 4400430123456789", "karta [CARD_1]"),
    ("IIN", "иин 900101300017", "иин [IIN_1]"),
    ("IIN", "ЖСН 900101300017", "ЖСН [IIN_1]"),
    ("IBAN", "счёт KZ86125KZT5004100100", "счёт [IBAN_1]"),
    # post, handles, profiles
    ("EMAIL", "пишите ivan.petrov+1@mail.ru", "пишите [EMAIL_1]"),
    ("EMAIL", "pochtam ali@mail.uz", "pochtam [EMAIL_1]"),
    ("HANDLE", "мой ник @dilnoza_1990", "мой ник [HANDLE_1]"),
    ("HANDLE", "саҳифаи ман t.me/farhod", "саҳифаи ман [HANDLE_1]"),
    ("HANDLE", "https://www.instagram.com/aigul.k", "[HANDLE_1]"),
    # passports
    ("PASSPORT", "паспорт AA1234567", "паспорт [PASSPORT_1]"),
    ("PASSPORT", "pasportim AB 1234567", "pasportim [PASSPORT_1]"),
    ("PASSPORT", "төлқұжат N12345678", "төлқұжат [PASSPORT_1]"),
]
LEFT_ALONE = [
    "позвонил 112 и 102, потом 103",
    "зарплата 150000 тенге",
    "обещали 150 000 - 200 000 тенге",
    "250 000 - 300 000 тг в месяц",
    "2 500 000 - 3 000 000 so'm",
    "oyligim 3 500 000 so'm edi",
    "жалақым 180 000 теңге",
    "маош 2000 сомонӣ",
    "работаю с 01.09.2026 до 30.11.2026",
    "2026-11-21 дан бери",
    "01.09.2026-30.11.2026",
    "с 9:00 до 21:00 без выходных",
    "нас 25 человек, мне 19 лет",
    "статья 113 закона 2024 года",
    "заявка 12-3456",
    "115, 125 или 150 мекенжай",
]


@pytest.mark.parametrize(("label", "text", "seen"), FOUND)
def test_an_identifier_is_replaced_by_a_placeholder(label: str, text: str, seen: str) -> None:
    found = READY.anonymise(text, KEY)
    assert found.text == seen
    assert [p.label for p in found.new] == [label]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_wages_dates_and_emergency_numbers_stay(text: str) -> None:
    assert READY.anonymise(text, KEY).text == text


def test_the_same_value_has_the_same_number_however_it_is_typed() -> None:
    found = READY.anonymise("87011234567, потом 8 (701) 123-45-67 и 87019999999", KEY)
    assert found.text == "[PHONE_1], потом [PHONE_1] и [PHONE_2]"
    assert len(found.new) == 2


def test_numbers_go_on_from_what_the_conversation_knows() -> None:
    first = READY.anonymise("87011234567", KEY).new
    known = tuple(Placeholder(p.label, p.number, p.digest) for p in first)
    again = READY.anonymise("87019999999 и 87011234567", KEY, known)
    assert again.text == "[PHONE_2] и [PHONE_1]"
    assert [p.number for p in again.new] == [2]


def test_in_another_conversation_the_same_value_cannot_be_recognised() -> None:
    mine, other = READY.anonymise("87011234567", KEY), READY.anonymise("87011234567", Key(b"o" * 32))
    assert mine.new[0].digest != other.new[0].digest


def test_a_value_does_not_show_in_a_repr() -> None:
    assert "701" not in repr(READY.anonymise("87011234567", KEY).new)


def test_what_stands_behind_the_limit_is_not_passed_on() -> None:
    assert len(READY.anonymise("я" * LIMIT + " 87011234567", KEY).text) == LIMIT


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120))
def test_any_text_can_be_read(text: str) -> None:
    READY.anonymise(text, KEY)


@settings(max_examples=60, deadline=None)
@given(
    st.text("абвoqʻ ,.\n", max_size=20), st.integers(0, 9_999_999), st.sampled_from(["+7701{:07}", "8 701 {:07}", "+99890{:07}"])
)
def test_no_telephone_number_of_ours_is_left_in_a_text(before: str, digits: int, form: str) -> None:
    number = form.format(digits)
    assert number not in READY.anonymise(f"{before} {number}", KEY).text


@pytest.mark.parametrize(
    ("digits", "valid"), [("900101300017", True), ("900101300011", False), ("90010130001", False), ("90010130001x", False)]
)
def test_the_check_digit_of_an_identity_number_counts(digits: str, valid: bool) -> None:
    assert iin_is_valid(digits) is valid


def test_building_and_using_it_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: Any, **__: Any) -> NoReturn:
        raise AssertionError("a socket was asked for")

    monkeypatch.setattr(socket, "socket", forbidden)
    monkeypatch.setattr(socket, "create_connection", forbidden)
    monkeypatch.setattr(socket, "getaddrinfo", forbidden)
    made = Anonymiser()
    for _, text, seen in FOUND:
        assert made.anonymise(text, KEY).text == seen
