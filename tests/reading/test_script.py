"""The script of a message is that of most of its letters."""

from __future__ import annotations

import pytest

from bot.reading.script import script_of, share_of_foreign


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Қайда тұрамын", "cyrl"),
        ("qayda turamyn", "latn"),
        ("oʻgʻlim", "latn"),
        ("Ñañ äğa", "latn"),
        ("паспорт yoq деди ular", "cyrl"),
        ("menga ish kerak прописка", "latn"),
        ("112", None),
        ("😀", None),
        ("", None),
        ("да ok", None),
        ("你好", None),
    ],
)
def test_script(text: str, script: str | None) -> None:
    assert script_of(text) == script


def test_foreign_letters_are_counted_among_letters_only() -> None:
    assert share_of_foreign("سلام 112") == 1.0
    assert share_of_foreign("salom 112") == 0.0
    assert share_of_foreign("112") == 0.0
