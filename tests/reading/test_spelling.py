"""However a word was typed, it folds to one form."""

from __future__ import annotations

import pytest

from bot.reading.spelling import fold, tokens

SAME = [
    # Kazakh: own letters, without them, Latin of two kinds
    ["Қожайын паспортымды алып қойды", "кожайын паспортымды алып койды", "qojaiyn pasportymdy alyp qoydy"],
    ["менің үйім", "менин уйим", "menin uiim", "mening uyim"],
    # Uzbek: every apostrophe, none, Cyrillic
    ["o'g'lim", "oʻgʻlim", "o‘g‘lim", "o`g`lim", "o’g’lim", "oglim", "ўғлим", "O'G'LIM"],
    ["Xo'jayin pulimni bermayapti", "хўжайин пулимни бермаяпти"],
    ["shu yerda chiqolmayman", "шу ерда чиқолмайман"],
    # Tajik: own letters, without them, Latin
    ["ҳуҷҷат", "хуҷҷат", "hujjat"],
    ["ёрӣ диҳед", "ёри дихед", "yori dihed"],
    # Russian: Latin of several kinds, slips of the keyboard
    ["помогите", "pomogite", "ПОМОГИТЕ!!!", "помогитееее", "п\u200bомогите", "помoгитe"],
    ["меня бьют", "menya byut"],
    ["ещё жду", "еще жду", "eshe zhdu"],
    ["поезд", "poezd", "poyezd"],
    ["хочу уехать", "hochu uehat", "xochu uexat'", "kho4u uekhat"],
]


@pytest.mark.parametrize("spellings", SAME, ids=lambda spellings: spellings[0])
def test_spellings_of_one_word_fold_alike(spellings: list[str]) -> None:
    assert {fold(s) for s in spellings} == {fold(spellings[0])}


@pytest.mark.parametrize(("one", "other"), [("дом", "дым"), ("кот", "год"), ("112", "12"), ("том", "дом")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_folding_twice_changes_nothing() -> None:
    for spellings in SAME:
        for spelling in spellings:
            assert fold(fold(spelling)) == fold(spelling)


def test_what_the_anonymiser_put_in_place_of_a_value_is_no_word() -> None:
    assert tokens("звоните <PHONE_1> или {EMAIL 2} срочно") == tokens("звоните или срочно")


@pytest.mark.parametrize("text", ["", " ", "😀😀", "?!", "\x00", "\u202e\u202d", "_", "…"])
def test_a_text_without_letters_folds_to_nothing(text: str) -> None:
    assert tokens(text.replace("\x00", "")) == []
    assert isinstance(fold(text), str)


def test_short_numbers_stay_and_long_ones_lose_their_digits() -> None:
    assert fold("112 или 87011234567") == "112 ili 0"


def test_other_scripts_pass_through() -> None:
    assert fold("你好 سلام") == "你好 سلام"
