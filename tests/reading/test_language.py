"""The language reader is silent when it cannot know."""

from __future__ import annotations

import numpy as np
import pytest

from bot.reading.language import LanguageReader, hinted
from bot.reading.network import Network
from bot.reading.spelling import fold


@pytest.fixture
def reader() -> LanguageReader:
    grams = ["«ў", "«ы", "va", "dom", "«", "v", "d", "do"]
    model = Network(
        classes=("ru", "uz"),
        vocabulary={gram: i for i, gram in enumerate(grams)},
        idf=np.array([1] * 4 + [0.001] * 4, np.float32),
        first=np.array([[0, 6], [6, 0], [0, 6], [6, 0]] + [[0, 0]] * 4, np.int8),
        scale=np.ones(8, np.float32),
        first_bias=np.zeros(2, np.float32),
        second=np.eye(2, dtype=np.float32),
        bias=np.zeros(2, np.float32),
    )
    return LanguageReader(model)


def test_a_clear_message_is_told(reader: LanguageReader) -> None:
    assert reader.read("мой дом") == reader.read("мой ДОМ")
    assert (reader.read("мой дом").language, reader.read("мой дом").script) == ("ru", "cyrl")
    assert reader.read("ва ўзи").language == "uz"


@pytest.mark.parametrize("text", ["дом", "ok", "112", "😀", "", "ва дом дом ва"])
def test_a_short_or_even_message_keeps_the_language_of_the_conversation(reader: LanguageReader, text: str) -> None:
    assert reader.read(text).language is None


@pytest.mark.parametrize("text", ["你好，我需要帮助", "سلام کمک", "नमस्ते मदद"])
def test_other_scripts_are_other_languages_without_a_model(reader: LanguageReader, text: str) -> None:
    assert reader.read(text).language == "other"


def test_letters_that_folding_would_hide_are_kept_as_hints() -> None:
    assert hinted("Ўзбек", fold("Ўзбек")).split() == ["ozbek", "«cyrl", "«ў"]
