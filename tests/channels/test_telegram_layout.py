"""Pieces, titles and rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline_bridge.channels.telegram_layout import keyboard, pieces, title, units
from hotline_bridge.messages import Option


@given(st.text(alphabet="аб \n😀", max_size=300), st.integers(4, 40))
def test_no_piece_is_too_long_and_no_word_is_lost(text: str, limit: int) -> None:
    found = pieces(text, limit)
    assert all(0 < units(piece) <= limit for piece in found)
    assert "".join("".join(found).split()) == "".join(text.split())


def test_a_piece_ends_between_paragraphs_where_it_can() -> None:
    assert pieces("ааа ааа\n\nббб ббб\nввв", 18) == ["ааа ааа", "ббб ббб\nввв"]
    assert pieces("ааа ааа\nббб ббб\nввв", 18) == ["ааа ааа\nббб ббб", "ввв"]
    assert pieces("ааа ааа ббб ббб ввв", 18) == ["ааа ааа ббб ббб", "ввв"]
    assert pieces("а\n\n" + "б" * 20, 20) == ["а\n\n" + "б" * 17, "ббб"]


def test_an_emoji_is_never_cut_in_half() -> None:
    assert pieces("😀" * 5, 5) == ["😀😀", "😀😀", "😀"]


@pytest.mark.parametrize(
    ("text", "bold"),
    [
        ("Маош\n\nҚонун", 4),
        ("😀 Маош\n\nҚонун", 7),
        ("Паспортим қаерда?\n\nҚонун", 17),
        ("Салом!\n\nМен ёрдамчиман", 0),
        ("Маош\nҚонун", 0),
        ("Маош", 0),
        ("Маош\n\n", 0),
        ("М" * 81 + "\n\nҚонун", 0),
    ],
)
def test_only_a_line_that_stands_alone_above_is_a_title(text: str, bold: int) -> None:
    assert sum(entity.length for entity in title(text)) == bold


def rows(*labels: str) -> list[int]:
    board = keyboard(tuple(Option(label, label) for label in labels))
    return [len(row) for row in board.inline_keyboard] if board else []


def test_up_to_three_options_have_a_row_each() -> None:
    assert rows() == []
    assert rows("ҳа", "йўқ") == [1, 1]
    assert rows("а", "б", "в") == [1, 1, 1]


def test_of_more_options_short_neighbours_share_a_row() -> None:
    assert rows("Қазақша", "Русский", "O'zbekcha", "Тоҷикӣ", "Оператор билан гаплашиш") == [2, 2, 1]
    assert rows("Оператор билан гаплашиш", "а", "Оператор билан гаплашиш", "б", "в") == [1, 1, 1, 2]
