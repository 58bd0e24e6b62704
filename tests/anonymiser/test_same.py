"""Within a conversation the same value keeps its number, whatever its case ending, letter case, script or separators."""

from __future__ import annotations

import pytest

from hotline_bridge.anonymiser.anonymiser import LIMIT, Anonymiser, Placeholder
from hotline_bridge.vault.sealing import Key

KEY = Key(b"k" * 32)


@pytest.mark.parametrize(
    "spellings",
    [
        ["хозяин Нурлан", "сказал нурлану", "с Нурланом", "Нұрланның үйі", "Nurlanga aytmang", "NURLAN бьёт", "Нурланро дидам"],
        ["меня зовут Дилноза", "Дилнозу увезли", "Dilnozani ko'rdim", "Дилнозадан сўранг"],
        ["Каримов не платит", "деньги у Каримова", "Karimovga ayting", "Каримовым клянусь"],
        ["Каримов Рустам подписал", "Рустама Каримова ищут", "Rustam Karimov keldi"],
        ["усто Ҷамшед", "устои мо Чамшед буд", "Jamshed aka"],
        ["Гульбахор-опа", "передайте Гульбахор-опе", "Гульбахор плачет"],
        ["Катя плачет", "передайте Кате", "видели Катю"],
        ["позвоните 87011234567", "8 (701) 123-45-67", "+7 701 123 45 67", "7о1 123 45 67"],
        ["паспорт AA1234567", "паспорт аа 1234567"],
        ["ник @Dilya_90", "t.me/dilya_90"],
        ["машина 123 ABC 02", "машина 123авс02"],
    ],
)
def test_the_same_value_has_the_same_number_however_it_is_typed(anonymiser: Anonymiser, spellings: list[str]) -> None:
    known: tuple[Placeholder, ...] = ()
    for text in spellings:
        found = anonymiser.anonymise(text, KEY, known)
        known += tuple(Placeholder(p.label, p.number, p.digest) for p in found.new)
        assert "_1]" in found.text, text
    assert len(known) == 1


def test_others_get_numbers_of_their_own(anonymiser: Anonymiser) -> None:
    found = anonymiser.anonymise("Нурлан и Серик держат Дилнозу и Зебо, главный Нурлан", KEY)
    assert found.text == "[PERSON_1] и [PERSON_2] держат [PERSON_3] и [PERSON_4], главный [PERSON_1]"


def test_husband_and_wife_are_two_people(anonymiser: Anonymiser) -> None:
    found = anonymiser.anonymise("Рустам Каримов и Мадина Каримова", KEY)
    assert found.text == "[PERSON_1] и [PERSON_2]"


def test_numbers_go_on_from_what_the_conversation_knows(anonymiser: Anonymiser) -> None:
    first = anonymiser.anonymise("87011234567", KEY).new
    known = tuple(Placeholder(p.label, p.number, p.digest) for p in first)
    again = anonymiser.anonymise("87019999999 и 87011234567", KEY, known)
    assert again.text == "[PHONE_2] и [PHONE_1]"
    assert [p.number for p in again.new] == [2]


def test_in_another_conversation_the_same_value_cannot_be_recognised(anonymiser: Anonymiser) -> None:
    mine, other = anonymiser.anonymise("87011234567", KEY), anonymiser.anonymise("87011234567", Key(b"o" * 32))
    assert mine.new[0].digest != other.new[0].digest


def test_the_value_is_kept_to_be_sealed_and_does_not_show_in_a_repr(anonymiser: Anonymiser) -> None:
    new = anonymiser.anonymise("номер 8 701 123 45 67", KEY).new
    assert new[0].value == "8 701 123 45 67"
    assert "701" not in repr(new)


def test_what_stands_behind_the_limit_is_not_passed_on(anonymiser: Anonymiser) -> None:
    assert len(anonymiser.anonymise("я" * LIMIT + " 87011234567", KEY).text) == LIMIT


def test_a_placeholder_that_somebody_typed_is_left(anonymiser: Anonymiser) -> None:
    assert anonymiser.anonymise("[PERSON_7] сказал, [PHONE_12]", KEY).text == "[PERSON_7] сказал, [PHONE_12]"
