"""Sealing: bound to the name and the key; what was changed does not open; no key ever shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline_bridge.errors import Forgotten
from hotline_bridge.vault.sealing import Key, new_key

KEY = Key(b"\x07" * 32)
WORDS = st.text(st.characters(exclude_categories=()))


@given(WORDS)
def test_what_is_sealed_opens_again_letter_by_letter(words: str) -> None:
    assert KEY.open("inbox:1", KEY.seal("inbox:1", words)) == words


@given(st.text(min_size=4))
def test_nothing_of_the_words_is_in_the_sealed_bytes(words: str) -> None:
    assert words.encode() not in KEY.seal("inbox:1", words)


def test_the_same_words_never_look_the_same() -> None:
    assert len({KEY.seal("inbox:1", "да") for _ in range(50)}) == 50


@pytest.mark.parametrize(("key", "name"), [(KEY, "inbox:2"), (KEY, "outbox:1"), (KEY, ""), (Key(b"\x08" * 32), "inbox:1")])
def test_under_another_name_or_key_it_does_not_open(key: Key, name: str) -> None:
    with pytest.raises(Forgotten):
        key.open(name, KEY.seal("inbox:1", "слова"))


@given(st.data())
def test_one_changed_bit_and_it_does_not_open(data: st.DataObject) -> None:
    sealed = bytearray(KEY.seal("inbox:1", "слова"))
    at = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[at // 8] ^= 1 << at % 8
    with pytest.raises(Forgotten):
        KEY.open("inbox:1", bytes(sealed))


@given(st.binary(max_size=60))
def test_bytes_that_were_never_sealed_do_not_open(sealed: bytes) -> None:
    with pytest.raises(Forgotten):
        KEY.open("inbox:1", sealed)


def test_a_key_shows_in_no_repr_and_no_error() -> None:
    key = Key(new_key())
    shown = [repr(key), str(key), f"{[key]!r}"]
    with pytest.raises(Forgotten) as failed:
        key.open("inbox:1", b"x" * 40)
    shown.append(repr(failed.value))
    for form in (key.raw.hex(), repr(key.raw)[2:-1]):
        assert not any(form in one for one in shown)


def test_equal_words_are_known_again_in_their_conversation_and_nowhere_else() -> None:
    assert KEY.digest("placeholder:PHONE", "1") == KEY.digest("placeholder:PHONE", "1")
    assert len({KEY.digest("a", "1"), KEY.digest("a", "2"), KEY.digest("b", "1"), Key(b"\x08" * 32).digest("a", "1")}) == 4
    assert KEY.digest("a", "\ud800")
