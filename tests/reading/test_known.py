"""What was learned is known again word for word or nearly, in any spelling; what was not is not."""

from __future__ import annotations

import pytest

from bot.known import Known, alike, pieces
from bot.reading.spelling import fold

LEARNED = ["хозяин забрал мой паспорт и не отдаёт", "мне негде ночевать", "да", "men uyga qaytmoqchiman"]


@pytest.fixture(scope="module")
def known() -> Known:
    return Known(LEARNED)


@pytest.mark.parametrize(
    ("text", "same", "nearly"),
    [
        ("мне негде ночевать", True, True),
        ("MNE NEGDE NOCHEVAT!!", True, True),
        ("хозяин забрал мой паспорт и не отдает", False, True),
        ("хозяин забрал мой паспорт, не отдаёт", False, True),
        ("хозяин забрал паспорт", False, False),
        ("мен уйга кайтмокчиман", True, True),
        ("где можно переночевать", False, False),
        ("дай", False, False),
        ("😀", True, False),
    ],
)
def test_a_message_is_known_the_same_or_nearly_or_not(known: Known, text: str, same: bool, nearly: bool) -> None:
    assert (known.same(text), known.nearly(text)) == (same, nearly)


def test_the_shortcut_finds_what_comparing_all_with_all_finds() -> None:
    words = ("паспорт", "хозяин", "деньги", "домой", "завтра")
    texts = [f"{one} {two} {three}" for one in words for two in words for three in words]
    known = Known(texts[::2])
    sets = [pieces(text) for text in _folded(texts[::2])]
    slowly = [any(alike(pieces(text), other) for other in sets) for text in _folded(texts)]
    assert [known.nearly(text) for text in texts] == slowly
    assert 0 < sum(slowly) - len(sets) < len(texts) - len(sets), "some that were not learned are near, some are not"


def _folded(texts: list[str]) -> list[str]:
    return [fold(text) for text in texts]
